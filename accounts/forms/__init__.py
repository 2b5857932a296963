"""Forms of accounts: signing in, one's own account, those one manages, the log."""
