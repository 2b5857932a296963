"""Forms of 双约双评."""
