"""Finding what one may open: a place by name or code, anybody by name from any page."""
