"""Jobs of the warehouse, found here by the queue."""

from dip.warehouse.jobs.applying import apply, tend
from dip.warehouse.jobs.refreshing import refresh

__all__ = ["apply", "refresh", "tend"]
