"""Whether an agreement can be drafted and proposed, apart from its terms: its performances and its parties."""

from collections.abc import Iterable, Sequence
from datetime import date

from dip.contracts.terms.fields import TermsFinding
from dip.contracts.terms.workflow import EveningFacts, Standing

MOST_PERFORMANCES = 6
FIELD = "performances"


def drafting_findings(standing: Standing, numbers: Sequence[int], evenings: Iterable[EveningFacts]) -> list[TermsFinding]:
    """What refuses a concept: no or too many performances, of another production or theatre, or bound by another agreement."""
    known = {evening.number: evening for evening in evenings}
    found = []
    if not 1 <= len(numbers) <= MOST_PERFORMANCES:
        found.append(TermsFinding("performances_count", FIELD, {"count": len(numbers), "most": MOST_PERFORMANCES}))
    for number in numbers:
        evening = known.get(number)
        if evening is None:
            found.append(TermsFinding("performance_unknown", FIELD, {"number": number}))
        else:
            found += _of_this_agreement(standing, evening)
    if standing.is_production_merged:
        found.append(TermsFinding("production_merged", "production", {"production": standing.production}))
    return found


def _of_this_agreement(standing: Standing, evening: EveningFacts) -> list[TermsFinding]:
    told = {"number": evening.number, "on": evening.on}
    if evening.merged_into is not None:
        return [TermsFinding("performance_merged", FIELD, {**told, "into": evening.merged_into})]
    if evening.production_id != standing.production_id:
        return [TermsFinding("performance_of_other_production", FIELD, {**told, "production": evening.production})]
    if evening.theatre_id != standing.theatre_id:
        return [TermsFinding("performance_in_other_theatre", FIELD, {**told, "theatre": evening.theatre})]
    if evening.bound_by:
        return [TermsFinding("performance_bound", FIELD, {**told, "reference": evening.bound_by})]
    return []


def proposing_findings(
    standing: Standing, evenings: Sequence[EveningFacts], today: date, *, framework_applies: bool
) -> list[TermsFinding]:
    """What refuses a proposal besides what refuses a concept, and what is remarkable; the caller adds the findings of the terms."""
    found = [finding for evening in evenings for finding in _ready(evening, today)]
    found += _parties_ready(standing)
    if framework_applies and not standing.has_framework:
        found.append(TermsFinding("framework_missing", "framework_applies", {"theatre": standing.theatre}, is_warning=True))
    return found


def _ready(evening: EveningFacts, today: date) -> list[TermsFinding]:
    told = {"number": evening.number, "on": evening.on}
    found = []
    if evening.is_cancelled:
        found.append(TermsFinding("performance_cancelled", FIELD, told))
    elif not evening.is_published:
        found.append(TermsFinding("performance_unpublished", FIELD, told))
    elif evening.on < today:
        found.append(TermsFinding("performance_played", FIELD, told, is_warning=True))
    elif not evening.is_confirmed:
        found.append(TermsFinding("performance_unconfirmed", FIELD, told, is_warning=True))
    if evening.proposed_by:
        found.append(TermsFinding("performance_proposed", FIELD, {**told, "reference": evening.proposed_by}))
    return found


def _parties_ready(standing: Standing) -> list[TermsFinding]:
    told = {"theatre": standing.theatre}
    found = []
    if not standing.is_entitled:
        found.append(TermsFinding("not_entitled", "production", {"provider": standing.provider}))
    if not standing.is_connected:
        found.append(TermsFinding("theatre_unconnected", "theatre", told))
    elif not standing.has_answerers:
        found.append(TermsFinding("nobody_answers", "theatre", told))
    elif not standing.has_approvers:
        found.append(TermsFinding("nobody_approves", "theatre", told, is_warning=True))
    if not standing.is_parent_approved:
        found.append(TermsFinding("parent_not_approved", "parent", {"reference": standing.parent}))
    return found
