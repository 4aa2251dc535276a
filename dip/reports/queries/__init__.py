"""Reads of the reports: a week put together from the monitors' answers, the archive, and who gets the mail."""
