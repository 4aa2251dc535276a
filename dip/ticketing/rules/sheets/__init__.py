"""Figures that a theatre types: what the columns are called, what a row says, and what it would change. Plain Python."""
