"""Pages about the organisation, its people and clients, its trail, and oneself."""
