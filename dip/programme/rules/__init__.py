"""Decisions of the programme: values in, values or findings out."""
