"""Template tags of 民情."""
