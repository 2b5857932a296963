"""What templates of this app draw in Python."""
