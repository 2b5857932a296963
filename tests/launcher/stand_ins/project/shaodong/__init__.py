"""Stands in for the composing package."""
