"""Pages of visits, by who opens them."""
