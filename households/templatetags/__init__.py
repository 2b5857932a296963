"""Template tags of the roll of households."""
