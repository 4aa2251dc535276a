"""What the checks of a connector share: records that have the right shape, and evidence of questions without an answer."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from dip.ticketing.conformance.observing import Asked
from dip.ticketing.conformance.reading_shapes import misshapen
from dip.ticketing.conformance.terms import Evidence
from dip.ticketing.connector import SourcePerformance, SourceSnapshot

_UNANSWERED = "%(question)s was not answered: %(problem)s"
#: Evidence against the system; empty: nothing is wrong; None: there was nothing to judge.
Found = Iterable[Evidence] | None


def performances(asked: Asked) -> list[SourcePerformance]:
    """Performances that came, those of a wrong shape left out: another check tells of them."""
    return [one for one in asked.answer or () if not misshapen(one)]


def snapshots(asked: Asked) -> list[SourceSnapshot]:
    """States that came, those of a wrong shape left out."""
    return [one for one in asked.answer or () if not misshapen(one)]


def unanswered(*questions: Asked) -> list[Evidence]:
    """Evidence of questions that got no answer but should have."""
    return [
        Evidence(_UNANSWERED, {"question": one.question, "problem": one.accident or f"{one.trouble}, {one.detail}"})
        for one in questions
        if not one.is_answered
    ]


def repeated(values: Iterable[Any]) -> list[Any]:
    """Values that come more than once."""
    return [value for value, count in Counter(values).items() if count > 1]
