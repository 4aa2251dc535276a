"""Decisions and arithmetic of the Sales Monitor: values in, values and sentences out."""
