"""The standard format in columns: facts pulled from a watermark, rollups, published files, and the one door for numbers.

In: positions that ticketing accepted. Out: ``queries.py``, with disclosure control in it.
"""
