"""Jobs of the warehouse, found here by the queue."""

from dip.warehouse.jobs.applying import apply, tend
from dip.warehouse.jobs.expiring import expire
from dip.warehouse.jobs.orders import read_orders, start_orders
from dip.warehouse.jobs.peers import tend_peers
from dip.warehouse.jobs.refreshing import refresh

__all__ = ["apply", "expire", "read_orders", "refresh", "start_orders", "tend", "tend_peers"]
