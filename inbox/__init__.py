"""Messages to people inside the product, and channels that point to them."""
