"""What people say: issues, talk meetings, the month's review."""
