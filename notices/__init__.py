"""公示: public notices with an end, masked by construction, and objections."""
