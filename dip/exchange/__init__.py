"""What goes out to other systems: the modern API ``/api/v2`` with changes since a cursor, and webhooks.

In: productions, performances and positions as they change. Out: pages of changes, and signed notices that are tried again.
"""
