"""Every write of 双约双评, a module for each thing that is written."""
