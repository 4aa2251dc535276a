"""Decisions of the warehouse: what is comparable, and what may be shown."""
