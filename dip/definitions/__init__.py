"""The national standard as versioned data: metrics, code lists, genres, thresholds, seasons.

In: the standard that working groups own, shipped as files. Out: the words, formulas and limits beside every number.
"""
