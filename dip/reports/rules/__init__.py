"""Arithmetic of the reports: weeks, sums, what needs attention. Values in, values out."""
