"""The layer on torch."""
