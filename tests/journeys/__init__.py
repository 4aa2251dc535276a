"""Journeys in a real browser, named for a person's task."""
