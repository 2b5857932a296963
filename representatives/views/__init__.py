"""Pages of representatives and seats."""
