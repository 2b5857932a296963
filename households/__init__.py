"""Households, their categories, contact links, and the assignment proposal."""
