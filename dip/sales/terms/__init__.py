"""Words of the Sales Monitor: the state of a performance, how it stands, what a page is told."""

from dip.sales.terms.alerts import AlertKind, AlertRow, AlertUnit, Found, MailMode, Movement, RuleRow, RuleSpec
from dip.sales.terms.answers import Comparison, Group, KeyFigure, Sales, SeasonCurve, Tour
from dip.sales.terms.counts import Bridge, BridgeLine, CountRow, OwnNumber, Part, Parts, ReportRow, ReportStatus
from dip.sales.terms.goals import Goal, GoalChange, GoalEntry, GoalFinding, GoalRow, Origin, Progress
from dip.sales.terms.history import DatePoint, DayState, MeasureFact, Pace, PositionLine, Restatement
from dip.sales.terms.morning import Change, Morning, News
from dip.sales.terms.sharing import LinkRow, LinkState, OpeningRow, ViewRow
from dip.sales.terms.states import Evening, Expectation, Line, Standing, State, Totals
from dip.sales.terms.words import AsOf, Cadence, CurveScope, Limits, Sentence, Status, Which

__all__ = [
    "AlertKind",
    "AlertRow",
    "AlertUnit",
    "AsOf",
    "Bridge",
    "BridgeLine",
    "Cadence",
    "Change",
    "Comparison",
    "CountRow",
    "CurveScope",
    "DatePoint",
    "DayState",
    "Evening",
    "Expectation",
    "Found",
    "Goal",
    "GoalChange",
    "GoalEntry",
    "GoalFinding",
    "GoalRow",
    "Group",
    "KeyFigure",
    "Limits",
    "Line",
    "LinkRow",
    "LinkState",
    "MailMode",
    "MeasureFact",
    "Morning",
    "Movement",
    "News",
    "OpeningRow",
    "Origin",
    "OwnNumber",
    "Pace",
    "Part",
    "Parts",
    "PositionLine",
    "Progress",
    "ReportRow",
    "ReportStatus",
    "Restatement",
    "RuleRow",
    "RuleSpec",
    "Sales",
    "SeasonCurve",
    "Sentence",
    "Standing",
    "State",
    "Status",
    "Totals",
    "Tour",
    "ViewRow",
    "Which",
]
