"""Agreements between providers and theatres: five formats, from proposal to settlement.

In: terms that a provider proposes and a theatre answers, and the figures that ticketing accepted. Out: for each agreement one statement in three
columns (potential, estimated, actual), the signed settlement (borderel), its documents and its invoice.
"""
