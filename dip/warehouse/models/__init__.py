"""Tables of the warehouse: how far it has read, what theatres delivered of their orders, and who is compared with whom."""

from dip.warehouse.models.consents import Consent
from dip.warehouse.models.files import FileMapping
from dip.warehouse.models.looks import Look
from dip.warehouse.models.orders import LandedBatch, Removal, SourceCode, TicketSource
from dip.warehouse.models.peers import PeerChange, PeerEdition, PeerGroup, PeerMember, PeerValue, PeerVersion
from dip.warehouse.models.segments import SegmentTable
from dip.warehouse.models.watermark import Watermark

__all__ = [
    "Consent",
    "FileMapping",
    "LandedBatch",
    "Look",
    "PeerChange",
    "PeerEdition",
    "PeerGroup",
    "PeerMember",
    "PeerValue",
    "PeerVersion",
    "Removal",
    "SegmentTable",
    "SourceCode",
    "TicketSource",
    "Watermark",
]
