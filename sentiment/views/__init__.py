"""Pages of 民情, by whom they are for."""
