"""Shapes of what people fill in around the audience."""
