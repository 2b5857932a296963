"""What is filled in about money."""
