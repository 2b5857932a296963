"""One of everything in each of three villages, for pages and programs to be asked about."""
