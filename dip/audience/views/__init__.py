"""Pages of the Audience Monitor."""
