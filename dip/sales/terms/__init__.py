"""Words of the Sales Monitor: the state of a performance, how it stands, what a page is told."""

from dip.sales.terms.answers import Comparison, Group, KeyFigure, Sales, SeasonCurve, Tour
from dip.sales.terms.history import DatePoint, DayState, MeasureFact, Pace, PositionLine, Restatement
from dip.sales.terms.states import Evening, Expectation, Line, Standing, State, Totals
from dip.sales.terms.words import AsOf, Cadence, CurveScope, Limits, Sentence, Status, Which

__all__ = [
    "AsOf",
    "Cadence",
    "Comparison",
    "CurveScope",
    "DatePoint",
    "DayState",
    "Evening",
    "Expectation",
    "Group",
    "KeyFigure",
    "Limits",
    "Line",
    "MeasureFact",
    "Pace",
    "PositionLine",
    "Restatement",
    "Sales",
    "SeasonCurve",
    "Sentence",
    "Standing",
    "State",
    "Status",
    "Totals",
    "Tour",
    "Which",
]
