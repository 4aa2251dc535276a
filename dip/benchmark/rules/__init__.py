"""Decisions of the trends: which finding heads a page, which closures to mention."""
