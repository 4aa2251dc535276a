"""Sales Monitor: how every performance sells, against its own past and against comparable performances.

In: current states, positions, the warehouse's door. Out: pages, curves and spreadsheets.
"""
