"""Writes of the Sales Monitor: targets, own counts and reports, alerts, saved views, links."""
