"""Trends: how the sector sells, by region, genre, weekday, season and price class.

In: the warehouse's one door for numbers. Out: pages with composition, table twins and exports.
"""
