"""Template tags of the Sales Monitor."""
