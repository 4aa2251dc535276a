"""Pages of ticketing: translate, one call, translate back. One file a subject."""
