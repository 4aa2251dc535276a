"""Reads of the exchange. First argument ``access``; frozen results."""
