"""Pages of the trends."""
