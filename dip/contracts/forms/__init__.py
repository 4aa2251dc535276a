"""Shapes of input of agreements."""
