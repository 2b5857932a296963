"""Pages of 双约双评."""
