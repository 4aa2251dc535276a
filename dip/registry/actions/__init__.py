"""Writes of the registry, a file for each thing that is written; every one leaves a line in the audit trail."""
