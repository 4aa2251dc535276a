"""Tixly: its CRM interface, read with a bearer token."""
