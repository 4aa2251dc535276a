"""Reads of the Sales Monitor: what an access may see, its states now or as known then, curves, and national comparisons."""
