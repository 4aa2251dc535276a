"""Who takes part: organisations and their roles, people, rights, API clients, tenancy and the audit trail.

In: invitations, grants, credentials. Out: :class:`~dip.registry.terms.Access`, the first argument of every query and action.
"""
