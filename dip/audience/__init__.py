"""Audience Monitor: who orders, from where, how often; and the desk where a theatre looks after the orders that it delivers.

In: the warehouse's one door for numbers, and what it keeps of deliveries. Out: pages with table twins and exports. Orders, not visitors.
"""
