"""Pure decisions of the Audience Monitor."""
