"""Production by containers: what docker-compose.yml runs besides the application."""
