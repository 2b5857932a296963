"""Stands in for the web server."""
