"""Stands in for the task queue."""
