"""Tables of the Sales Monitor: targets, own counts and reported differences, alerts, saved views, links."""

from dip.sales.models.alerts import Alert, AlertMark, AlertRule
from dip.sales.models.counts import DifferenceReport, OwnCount
from dip.sales.models.sharing import FirstView, SavedView, ShareLink, ShareOpening
from dip.sales.models.targets import Target, TargetChange

__all__ = [
    "Alert",
    "AlertMark",
    "AlertRule",
    "DifferenceReport",
    "FirstView",
    "OwnCount",
    "SavedView",
    "ShareLink",
    "ShareOpening",
    "Target",
    "TargetChange",
]
