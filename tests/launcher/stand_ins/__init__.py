"""Small programs that stand in for the large ones."""
