"""Pages of households, of who looks after whom, and of the city's categories."""
