"""A theatre without a coupling with its uploads, one of them waiting with something to correct; a tour that waits at the producer's."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from dip.kernel.clock import local
from dip.programme.actions.tour import keep_tour
from dip.programme.models.tour import TourColumns
from dip.registry.models import Membership
from dip.registry.terms import PROVIDERS, TAKERS, Access, Door, Level, Module, Role
from dip.site.demo.record import UNCOUPLED, Written
from dip.ticketing.actions.sheets import keep_upload
from dip.ticketing.models import Delivery, SheetUpload
from dip.ticketing.queries.sheets import sheet_performances
from dip.ticketing.rules.sheets.changes import Known
from dip.ticketing.rules.sheets.fields import FIGURES, MONEY, Field, name_of
from dip.ticketing.terms import SPREADSHEET, Measure, SheetStatus

#: Performances in the sheet that waits.
_ROWS = 9
#: How the producer's planning calls its columns.
_HEADS = ("Speeldag", "Aanvang", "Huis", "Stad", "Ruimte", "Aard", "Jauge")


def add_sheets(written: Written, at: datetime) -> dict[str, int]:
    """Uploads of the theatre that signs in without a coupling, and a tour sheet of the producer."""
    counts = {"uploaded sheets": 0, "tour sheets": 0}
    theatre, producer = _access(f"{UNCOUPLED}@demo.example", TAKERS), _access("producer@demo.example", PROVIDERS)
    if theatre is not None:
        counts["uploaded sheets"] = _history(theatre, at) + _waiting(theatre, at)
    if producer is not None:
        counts["tour sheets"] = _tour(written, producer, at)
    return counts


def _access(email: str, roles: frozenset[Role]) -> Access | None:
    """As the person with this address acts."""
    found = Membership.objects.filter(person__email=email).select_related("organisation", "person").first()
    role = next((Role(one) for one in found.organisation.roles if Role(one) in roles), None) if found else None
    if found is None or role is None:
        return None
    rights = dict.fromkeys(Module, Level.APPROVE)
    return Access(
        found.organisation_id, found.organisation.name, role, rights, found.person_id, door=Door.JOB, actor=found.person.name
    )


def _history(access: Access, at: datetime) -> int:
    """What was confirmed before: one file for each of the last evenings on which the ledger has the theatre's figures."""
    known = sheet_performances(access, local(at).date(), None)[:_ROWS]
    told = (
        Delivery.objects.within(access)
        .filter(measure=Measure.TICKETS, source=SPREADSHEET, accepted_count__gt=0)
        .order_by("-received_at")[:4]
    )
    rows = []
    for delivery in told:
        content = _workbook([(one, one.figures) for one in known])
        stamp = local(delivery.received_at)
        rows.append(
            SheetUpload(
                organisation_id=access.organisation_id, uploaded_at=delivery.received_at - timedelta(minutes=3), uploaded_by=access.actor,
                file_name=f"kassa {stamp:%d-%m}.xlsx", digest=hashlib.sha256(content + str(delivery.pk).encode()).hexdigest(),
                content=content, true_at=delivery.received_at - timedelta(minutes=20), columns=_columns(), status=SheetStatus.CONFIRMED,
                settled_at=delivery.received_at, settled_by=access.actor, changed_count=delivery.accepted_count,
                same_count=delivery.unchanged_count, left_count=0, deliveries=[delivery.pk],
            )
        )  # fmt: skip
    SheetUpload.objects.bulk_create(rows)
    return len(rows)


def _waiting(access: Access, at: datetime) -> int:
    """A file of this morning with slips: no number, too many tickets, fewer than before, free tickets with recette, a wrong DIP-id."""
    known = [one for one in sheet_performances(access, local(at).date(), None) if one.tickets is not None][:_ROWS]
    if len(known) < 3:
        return 0
    rows: list[tuple[Known | str, Mapping[Field, Any]]] = [(one, _grown(one, place)) for place, one in enumerate(known)]
    slips: list[Mapping[Field, Any]] = [
        {Field.NORMAL: "veertig"},
        {Field.NORMAL: known[1].figures[Field.CAPACITY] + 12},
        {Field.NORMAL: max(known[2].figures[Field.NORMAL] // 2, 0)},
    ]
    for place, slip in enumerate(slips):
        rows[place] = (rows[place][0], {**rows[place][1], **slip})
    if len(rows) > 4:
        rows[3] = (rows[3][0], {**rows[3][1], Field.FREE: 4, Field.FREE_RECETTE: 60})
        rows[4] = ("NL-25-00001-00001|999999", rows[4][1])
    name = f"kassa {local(at):%d-%m}.xlsx"
    keep_upload(access=access, at=at - timedelta(hours=1), file_name=name, content=_workbook(rows), true_at=at - timedelta(hours=2))
    return 1


def _grown(one: Known, place: int) -> dict[Field, Any]:
    """A few tickets more than is known, at the price known; euros."""
    figures = dict(one.figures)
    more = 3 + place % 5
    price = figures[Field.NORMAL_RECETTE] // figures[Field.NORMAL] if figures[Field.NORMAL] else 2450
    figures[Field.NORMAL] += more
    figures[Field.NORMAL_RECETTE] += more * price
    return figures


def _columns() -> dict[str, str]:
    return {str(place): field.value for place, field in enumerate((Field.DIP_ID, *FIGURES))}


def _workbook(rows: Sequence[tuple[Known | str, Mapping[Field, Any]]]) -> bytes:
    """DIP-id and figures, as a person saves the downloaded sheet. Amounts in cents become euros."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("Cijfers")
    for place, field in enumerate((Field.DIP_ID, *FIGURES)):
        page.write_string(0, place, name_of(field, "nl"))
    for line, (who, figures) in enumerate(rows, 1):
        page.write_string(line, 0, who if isinstance(who, str) else who.dip_id)
        for place, field in enumerate(FIGURES, 1):
            value = figures.get(field)
            if value is not None:
                page.write(line, place, value / 100 if field in MONEY and isinstance(value, int) else value)
    book.close()
    return out.getvalue()


def _tour(written: Written, access: Access, at: datetime) -> int:
    """The producer's planning of a new production: most halls known by name, one town with several, one name with a slip."""
    fields = dict(zip((head.lower() for head in _HEADS), ("date", "time", "theatre", "city", "hall", "kind", "seats"), strict=True))
    TourColumns.objects.create(organisation_id=access.organisation_id, fields=fields, halls={}, changed_at=at - timedelta(days=40))
    theatres = [one for one in written.theatres if one.organisation_id and not one.do_not_use and not one.merged_into_id][:9]
    halls = {key[0]: hall for key, hall in reversed(written.halls.items())}
    places = {theatre.pk: halls[n] for n, theatre in enumerate(written.theatres) if n in halls}
    lines = ["\t".join(_HEADS)]
    first = local(at).date() + timedelta(days=95)
    for place, theatre in enumerate(theatres):
        day = first + timedelta(days=place * 3)
        name = theatre.name[:-1] if place == 4 else theatre.name
        hall = "" if place in (2, 6) else places[theatre.pk].name
        kind = "try-out" if place < 2 else "première" if place == 2 else ""
        clock = "kwart over acht" if place == 5 else "20.15"
        lines.append("\t".join([f"{day:%d-%m-%Y}", clock, name, theatre.city, hall, kind, ""]))
    keep_tour(access=access, at=at - timedelta(days=1, hours=2), production=None, content="\n".join(lines))
    return 1
