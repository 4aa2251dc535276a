"""Decisions of the exchange: cursors, tags, signatures, retries and what an event says. Values in, values out."""
