"""Tables of the warehouse: how far it has read, and what theatres delivered of their orders."""

from dip.warehouse.models.looks import Look
from dip.warehouse.models.orders import LandedBatch, Removal, SourceCode, TicketSource
from dip.warehouse.models.segments import SegmentTable
from dip.warehouse.models.watermark import Watermark

__all__ = ["LandedBatch", "Look", "Removal", "SegmentTable", "SourceCode", "TicketSource", "Watermark"]
