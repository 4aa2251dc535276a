"""Template tags of agreements."""
