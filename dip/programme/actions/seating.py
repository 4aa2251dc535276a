"""Rank templates and surcharges of a hall."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from dip.programme.actions.theatres import UnableToKeep, editable_hall
from dip.programme.models import Hall, RankTemplate, Surcharge
from dip.programme.rules.checks import seat_findings
from dip.programme.rules.ranks import trimmed
from dip.programme.terms import Finding, FindingCode
from dip.registry.terms import Access
from dip.registry.trail import write_line

SURCHARGES = ("theatre_cents", "consumption_cents", "service_cents", "wardrobe_cents")


@transaction.atomic
def set_rank_template(
    *, access: Access, at: datetime, hall_id: int, name: str, seats: Sequence[int], is_default: bool = False
) -> RankTemplate:
    """Keep a layout of a hall under a name: seats of rank 1, 2 … up to ten. The first one, or one marked so, is the default that
    new performances take. Raises UnableToKeep with a finding per field."""
    hall = editable_hall(access, hall_id)
    ranks = trimmed(seats)
    findings = [f for f in seat_findings(ranks, 0) if not f.is_warning]
    if not name.strip():
        findings.append(Finding(FindingCode.NAME_MISSING, "name", name))
    if not sum(ranks):
        findings.append(Finding(FindingCode.SEATS_UNREADABLE, "seats", " + ".join(map(str, seats))))
    if findings:
        raise UnableToKeep(findings)
    others = RankTemplate.objects.filter(hall=hall).exclude(name=name.strip())
    is_default = is_default or not others.filter(is_default=True).exists()
    if is_default:
        others.update(is_default=False)
    values = {"seats": ranks, "is_default": is_default}
    template, _ = RankTemplate.objects.update_or_create(hall=hall, name=name.strip(), defaults=values)
    _write(access, at, "set_rank_template", hall, {template.name: [None, ranks]})
    return template


@transaction.atomic
def drop_rank_template(*, access: Access, at: datetime, hall_id: int, name: str) -> None:
    """Forget a layout; performances keep the seats they took from it. The largest left becomes the default. Repeating is harmless."""
    hall = editable_hall(access, hall_id)
    found = RankTemplate.objects.filter(hall=hall, name=name).first()
    if found is None:
        return
    found.delete()
    left = sorted(RankTemplate.objects.filter(hall=hall), key=lambda t: -sum(t.seats))
    if found.is_default and left:
        RankTemplate.objects.filter(pk=left[0].pk).update(is_default=True)
    _write(access, at, "drop_rank_template", hall, {name: [found.seats, None]})


@transaction.atomic
def set_surcharges(*, access: Access, at: datetime, hall_id: int, valid_from: date, **cents: int) -> Surcharge:
    """Set what comes on top of a ticket in a hall from a date on, in cents (``SURCHARGES``; those left out are 0).

    The period before ends there by itself; the same date again replaces its amounts.
    """
    hall = editable_hall(access, hall_id)
    unknown = set(cents) - set(SURCHARGES)
    if unknown:
        raise TypeError(f"set_surcharges does not take {', '.join(sorted(unknown))}")
    wrong = [Finding(FindingCode.AMOUNT_UNREADABLE, name, str(value)) for name, value in cents.items() if value < 0]
    if wrong:
        raise UnableToKeep(wrong)
    amounts = dict.fromkeys(SURCHARGES, 0) | cents
    surcharge, _ = Surcharge.objects.update_or_create(hall=hall, valid_from=valid_from, defaults=amounts)
    _write(access, at, "set_surcharges", hall, {valid_from.isoformat(): [None, amounts]})
    return surcharge


def _write(access: Access, at: datetime, verb: str, hall: Hall, changes: dict[str, list[object]]) -> None:
    label = f"{hall.theatre.name}, {hall.name}"
    write_line(access=access, at=at, verb=verb, subject="hall", subject_id=hall.pk, label=label, changes=changes)
