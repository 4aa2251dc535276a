"""What the programme refuses, as problems: each finding with the member that it is about."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction

from dip.exchange.problems import Problem, error_at
from dip.programme.actions import UnableToAct
from dip.programme.terms import Finding
from dip.programme.words import finding_text

#: Members by the programme's names of fields.
_MEMBERS: Mapping[str, str] = {
    "title": "title",
    "season_year": "season",
    "genre": "genreId",
    "producer": "producerId",
    "agency": "agencyId",
    "co_producers": "coProducerIds",
    "starts_at": "startsAt",
    "theatre": "theatreId",
    "hall": "hallId",
    "capacity_by_rank": "capacityByRank",
    "reason": "cancelReason",
    "status": "status",
}


@contextmanager
def refusals_told(*, in_rows: bool = False) -> Iterator[None]:
    """All or nothing of what is written inside; what is refused becomes a :class:`Problem` 422. ``in_rows``: the body is an array."""
    try:
        with transaction.atomic():
            yield
    except UnableToAct as error:
        raise refused(error.findings, in_rows=in_rows) from error
    except IntegrityError as error:
        if "_ref_once" not in str(error):
            raise
        told = "externalRef was used before, for something else. Choose another reference."
        raise Problem("refused", f"Nothing was written. {told}", errors=[error_at("#/externalRef", told, "ref_taken")]) from error


def refused(findings: Sequence[Finding], *, in_rows: bool = False) -> Problem:
    """The refusal of a whole body: nothing of it was written."""
    errors = [told(finding, in_rows=in_rows) for finding in findings]
    return Problem("refused", f"Nothing was written. {errors[0]['pointer']}: {errors[0]['detail']}", errors=errors)


def told(finding: Finding, *, in_rows: bool = False) -> dict[str, Any]:
    """A finding with its place in the body."""
    member = _MEMBERS.get(finding.field, finding.field)
    steps = [str(finding.row or 0)] if in_rows else []
    return error_at("#/" + "/".join([*steps, member] if member else steps), finding_text(finding), finding.code.value)
