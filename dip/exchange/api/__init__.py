"""``/api/v2``: every operation is declared once, with its shapes, and from that come the addresses and the specification."""
