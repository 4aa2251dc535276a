"""Ticketing on the external API: the cumulative writes, and what stands in the halls."""
