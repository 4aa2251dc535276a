"""Doors of the External API: agreements, surcharges, contacts and settlement sheets."""
