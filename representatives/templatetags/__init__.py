"""Template tags of the roll of representatives."""
