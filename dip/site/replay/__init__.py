"""Acting as a booking and a ticketing system, over HTTP only: real sales are replayed through the external API.

In: a file of sales, an address, credentials. Out: productions, performances and figures on that platform, and a table that sets its
totals beside the file's. Nothing here knows the platform's tables.
"""
