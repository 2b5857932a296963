"""Forms of households: the roll, who looks after whom, leaving, the city's categories."""
