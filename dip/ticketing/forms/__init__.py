"""Shapes of ticketing's input. One file a subject."""
