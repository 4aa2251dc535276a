"""Writes of the programme: keyword-only, one transaction, an audit line, the clock passed in as ``at``."""

from dip.programme.actions.performances import add_performances, publish_performances
from dip.programme.actions.productions import UnableToEnter, create_production

__all__ = ["UnableToEnter", "add_performances", "create_production", "publish_performances"]
