"""What comes in from ticketing systems: the external API's write side and the positions it accepts.

In: cumulative states of a performance, pushed. Out: append-only, bitemporal positions and the current state.
"""
