"""Words of conformance: checks, what came of them, and the verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much hangs on a check: a failed ``must`` is no conformance, a failed ``should`` a remark, ``may`` is a courtesy."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Outcome(StrEnum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    WAITING = "waiting"
    """Not seen yet, while a run goes on."""
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """What a whole report says."""

    CONFORMS = "conforms"
    REMARKS = "remarks"
    """Conforms; something that it should do, it does not."""
    INCOMPLETE = "incomplete"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a system must, should or may do. Texts are English patterns for translation."""

    code: str
    severity: Severity
    title: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen or lacks: an English pattern, and the values that it names. Those of runs are marked for translation."""

    pattern: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """In English."""
        return self.pattern % self.values if self.values else self.pattern


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one check, with what was seen; of many like things only the first few, and how many more."""

    code: str
    outcome: Outcome
    seen: tuple[Evidence, ...] = ()
    more: int = 0


def verdict(results: Iterable[Result], checks: Mapping[str, Check]) -> Verdict:
    """The weakest of the results, weighed by severity."""
    by_outcome: dict[Outcome, set[Severity]] = {}
    for result in results:
        by_outcome.setdefault(result.outcome, set()).add(checks[result.code].severity)
    failed, waiting = by_outcome.get(Outcome.FAILED, set()), by_outcome.get(Outcome.WAITING, set())
    if Severity.MUST in failed:
        return Verdict.FAILS
    if Severity.MUST in waiting:
        return Verdict.INCOMPLETE
    return Verdict.REMARKS if Severity.SHOULD in failed | waiting else Verdict.CONFORMS


def gettext_noop(text: str) -> str:
    """Mark a text for translation; the page that shows it translates it."""
    return text
