"""Acts of the reports: making and mailing the editions of a week, asking for one again, choosing, tidying."""
