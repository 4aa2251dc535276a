"""Agreements, surcharges and contacts for other systems. A fixed number of queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion, FieldAnswer
from dip.contracts.rules.values import restored
from dip.contracts.terms.states import AgreementStatus
from dip.contracts.terms.wire import HallFees, SurchargePeriod, TheatreFees, WireContract, WirePart, WirePerformance
from dip.kernel import clock
from dip.programme.models import Production, Surcharge, Theatre
from dip.programme.queries.visibility import called
from dip.registry.models import Organisation
from dip.registry.terms import Access, Role

#: The wire knows no withdrawn and no expired agreement: both are told as rejected, with the reason.
STATUSES = {AgreementStatus.WITHDRAWN: "rejected", AgreementStatus.EXPIRED: "rejected"}
ENDS = {AgreementStatus.WITHDRAWN: "Withdrawn by the provider.", AgreementStatus.EXPIRED: "Not answered in time."}


def wire_contracts(
    access: Access, *, ids: Iterable[int] | None = None, dip_id: str | None = None, modified_since: datetime | None = None
) -> list[WireContract]:
    """The agreements that the access may see, oldest change first. At most six queries."""
    where = Q()
    if ids is not None:
        where &= Q(pk__in=list(ids))
    if dip_id is not None:
        where &= Q(production__in=Production.objects.filter(called(dip_id)).order_by().values("pk"))
    if modified_since is not None:
        where &= Q(modified_at__gte=modified_since)
    rows = list(
        Agreement.objects.within(access)
        .filter(where)
        .select_related("provider", "producer", "agency", "theatre", "production")
        .order_by("modified_at", "pk")
    )
    return _contracts(access, rows)


def _contracts(access: Access, rows: list[Agreement]) -> list[WireContract]:
    keys = [row.pk for row in rows]
    played: dict[int, list[WirePerformance]] = defaultdict(list)
    under = AgreementPerformance.objects.within(access).filter(agreement_id__in=keys).select_related("performance__theatre")
    for one in under.order_by("performance_id"):
        evening = one.performance
        local = clock.local(evening.starts_at, ZoneInfo(evening.theatre.time_zone))
        played[one.agreement_id].append(WirePerformance(evening.pk, local))
    children: dict[int, list[int]] = defaultdict(list)
    for key, parent in Agreement.objects.within(access).filter(parent_id__in=keys).values_list("pk", "parent_id").order_by("pk"):
        children[parent].append(key)
    versions = _versions(access, rows)
    rejected = _rejected(access, keys)
    return [
        _contract(row, versions.get(row.pk), tuple(played[row.pk]), tuple(children[row.pk]), rejected.get(row.pk, ()))
        for row in rows
    ]


def _versions(access: Access, rows: list[Agreement]) -> dict[int, AgreementVersion]:
    """The newest version of each, for a theatre: it never sees what the provider is changing."""
    if not access.is_taker:
        return {}
    newest = AgreementVersion.objects.within(access).filter(agreement__in=[row.pk for row in rows], number=F("agreement__version"))
    return {version.agreement_id: version for version in newest}


def _rejected(access: Access, keys: list[int]) -> dict[int, tuple[str, ...]]:
    """Fields rejected in the last answer that was sent, per agreement."""
    answers = FieldAnswer.objects.within(access).filter(
        version__agreement_id__in=keys, is_accepted=False, version__answered_at__isnull=False
    )
    found: dict[int, tuple[int, list[str]]] = {}
    for key, number, field in answers.values_list("version__agreement_id", "version__number", "field").order_by("pk"):
        newest, fields = found.get(key, (0, []))
        if number > newest:
            found[key] = (number, [field])
        elif number == newest:
            fields.append(field)
    return {key: tuple(fields) for key, (_, fields) in found.items()}


def _contract(
    row: Agreement,
    version: AgreementVersion | None,
    performances: tuple[WirePerformance, ...],
    children: tuple[int, ...],
    rejected: tuple[str, ...],
) -> WireContract:
    format_code, terms = (version.format, version.terms) if version else (row.format, row.terms)
    status = AgreementStatus(row.status)
    return WireContract(
        id=row.pk,
        format=format_code,
        name=row.name,
        status=STATUSES.get(status, status.value),
        reject_reason=row.reject_reason or ENDS.get(status, ""),
        modified=row.modified_at,
        contact_theatre=row.theatre_contact,
        contact_provider=row.provider_contact,
        agency_as_provider=row.agency_as_provider,
        agency=_organisation(row.agency) if row.agency else None,
        producer=_organisation(row.producer),
        theatre=WirePart(row.theatre_id, row.theatre.name),
        production=WirePart(row.production.dip_id, row.production.title),
        first_date=row.first_date,
        performances=performances,
        values=restored(format_code, terms),
        parent_id=row.parent_id or 0,
        child_ids=children,
        rejected=rejected,
    )


def _organisation(organisation: Organisation) -> WirePart:
    kind = "Producer" if organisation.plays(Role.PRODUCER) else "Agency"
    return WirePart(organisation.number, organisation.name, kind)


def theatre_fees(access: Access, theatre_id: int | None = None) -> list[TheatreFees]:
    """Surcharge periods per hall of the theatres in use, by name; public facts of the programme. One query."""
    where = Q(hall__merged_into=None, hall__theatre__merged_into=None)
    if theatre_id is not None:
        where &= Q(hall__theatre_id=theatre_id)
    halls: dict[int, list[Surcharge]] = defaultdict(list)
    for row in (
        Surcharge.objects.filter(where).select_related("hall__theatre").order_by("hall__theatre__name", "hall_id", "-valid_from")
    ):
        halls[row.hall_id].append(row)
    theatres: dict[int, list[HallFees]] = defaultdict(list)
    names: dict[int, str] = {}
    for periods in halls.values():
        hall = periods[0].hall
        names[hall.theatre_id] = hall.theatre.name
        theatres[hall.theatre_id].append(HallFees(hall.pk, hall.name, _periods(periods)))
    return [TheatreFees(key, names[key], tuple(found)) for key, found in theatres.items()]


def _periods(rows: list[Surcharge]) -> tuple[SurchargePeriod, ...]:
    later = [None, *(row.valid_from - timedelta(days=1) for row in rows)]
    return tuple(
        SurchargePeriod(r.valid_from, until, r.theatre_cents, r.consumption_cents, r.service_cents, r.wardrobe_cents)
        for r, until in zip(rows, later, strict=False)
    )


def contract_contacts(access: Access) -> list[tuple[WirePart, tuple[str, ...]]]:
    """E-mail addresses for proposals per theatre: the theatre's own, and those that the caller's agreements used. Two queries."""
    used: dict[int, list[str]] = defaultdict(list)
    rows = (
        Agreement.objects.within(access)
        .exclude(theatre_contact="")
        .order_by("-modified_at")
        .values_list("theatre_id", "theatre_contact")
    )
    for key, email in rows:
        if email not in used[key]:
            used[key].append(email)
    theatres = Theatre.objects.filter(merged_into=None, do_not_use=False).filter(~Q(contact_email="") | Q(pk__in=used))
    if access.is_taker:
        theatres = theatres.filter(organisation_id=access.organisation_id)
    found = []
    for theatre in theatres.order_by("name", "pk"):
        emails = dict.fromkeys([theatre.contact_email, *used[theatre.pk]])
        found.append((WirePart(theatre.pk, theatre.name), tuple(email for email in emails if email)))
    return found
