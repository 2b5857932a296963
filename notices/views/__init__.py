"""What staff do with notices, and what everybody reads."""
