"""Reads of ticketing. First argument ``access``, frozen results. One file a subject."""
