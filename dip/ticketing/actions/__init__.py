"""Writes of ticketing."""

from dip.ticketing.actions.accept import accept_positions

__all__ = ["accept_positions"]
