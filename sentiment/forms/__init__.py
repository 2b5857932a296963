"""What people fill in about issues: steps, new ones, filters."""
