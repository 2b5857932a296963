"""Running the product: doctor, retention, metrics, and reading from a replica."""
