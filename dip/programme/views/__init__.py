"""Doors of the programme: translate, one call, translate back."""
