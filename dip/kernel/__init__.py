"""Plain values that every floor uses: money, clock, periods, identifiers. No Django, no tables, no I/O."""
