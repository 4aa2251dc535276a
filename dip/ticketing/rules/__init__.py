"""Decisions of ticketing: reading bodies, checking rows, and placing states in time. Plain Python."""
