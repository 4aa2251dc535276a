"""Ticketmatic: read with a pair of keys that signs every question."""
