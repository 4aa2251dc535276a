"""The document of a version of an agreement, or of its provider's draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.contracts import wording
from dip.contracts.models import Agreement, AgreementPerformance, AgreementVersion, FieldAnswer, Framework
from dip.contracts.queries.papers import parts
from dip.contracts.queries.papers.chart import chart_part
from dip.contracts.queries.papers.fields import terms_sections
from dip.contracts.queries.papers.people import parties_section
from dip.contracts.queries.papers.statement import check_line, definitions_part, statement_part
from dip.contracts.rules.bases import columns
from dip.contracts.rules.values import check_terms, field_of, restored
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.fields import Values
from dip.contracts.terms.papers import Paper, PaperKind
from dip.definitions import queries as standard
from dip.kernel.clock import local
from dip.registry.terms import Access
from dip.web import formats

#: The number of the provider's draft, which no theatre ever sees.
DRAFT = 0
_CITED = "an agreement cites the framework between its parties, and whoever reads it reads that"


@dataclass(frozen=True, slots=True)
class _Offer:
    """A version, or the draft in the same shape."""

    number: int
    format: str
    values: Values
    performances: tuple[PerformanceFigures, ...]
    at: datetime
    outcome: str
    by: str = ""
    proposed_at: datetime | None = None
    proposed_by: str = ""

    @property
    def stage(self) -> str:
        """``draft``, ``proposed``, or how it was answered."""
        return "draft" if self.number == DRAFT else self.outcome or "proposed"


def agreement_of(access: Access, agreement_id: int) -> Agreement | None:
    """The agreement with its parties; None when the access may not see it. One query."""
    related = ("provider", "producer", "agency", "theatre__organisation", "production", "parent")
    found: Agreement | None = Agreement.objects.within(access).select_related(*related).filter(pk=agreement_id).first()
    return found


def stage_of(access: Access, agreement: Agreement, number: int) -> str | None:
    """Where a version stands, as its paper is kept under; None when there is no such version that the access may see. One query."""
    if number == DRAFT:
        return "draft" if access.is_provider else None
    row = (
        AgreementVersion.objects.within(access).filter(agreement=agreement, number=number).values_list("outcome", flat=True).first()
    )
    return None if row is None else row or "proposed"


def agreement_paper(access: Access, agreement: Agreement, number: int, language: str) -> Paper | None:
    """The document of a version, or of the draft (``DRAFT``, for the provider's side only) in a language; None where there is none."""
    offer = _draft(access, agreement) if number == DRAFT else _version(access, agreement, number)
    if offer is None:
        return None
    with translation.override(language):
        data = _data(access, agreement, offer)
    suffix = "concept" if number == DRAFT else f"v{number}"
    return Paper(
        kind=PaperKind.AGREEMENT,
        agreement_id=agreement.pk,
        number=number,
        stage=offer.stage,
        language=language,
        at=offer.at,
        name=f"{agreement.reference}-{suffix}-{language}",
        data=data,
        is_sealed=number != DRAFT,
    )


def _version(access: Access, agreement: Agreement, number: int) -> _Offer | None:
    row = AgreementVersion.objects.within(access).filter(agreement=agreement, number=number).first()
    if row is None:
        return None
    return _Offer(
        number=row.number,
        format=row.format,
        values=restored(row.format, row.terms),
        performances=tuple(sorted((_proposed(raw) for raw in row.performances), key=lambda one: one.starts_at)),
        at=row.answered_at or row.proposed_at,
        outcome=row.outcome,
        by=row.answered_by,
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
    )


def _proposed(raw: dict[str, Any]) -> PerformanceFigures:
    """A performance as its version keeps it."""
    starts_at = datetime.fromisoformat(raw["starts_at"])
    on = date.fromisoformat(raw["date"]) if raw.get("date") else local(starts_at).date()
    seats = tuple(raw.get("capacity_by_rank") or raw.get("capacity") or ())
    return _performance(raw["number"], on, starts_at, raw.get("hall", ""), raw.get("hall_id", 0), seats)


def _performance(number: int, on: date, starts_at: datetime, hall: str, hall_id: int, seats: tuple[int, ...]) -> PerformanceFigures:
    return PerformanceFigures(
        number=number,
        on=on,
        starts_at=starts_at,
        hall=hall,
        hall_id=hall_id,
        seats=seats,
        is_cancelled=False,
        tickets=None,
        free_tickets=0,
        recette_cents=0,
        true_at=None,
        confirmed_at=None,
        source="",
    )


def _draft(access: Access, agreement: Agreement) -> _Offer | None:
    if not access.is_provider:
        return None
    rows = AgreementPerformance.objects.within(access).filter(agreement=agreement).select_related("performance__hall")
    evenings = [row.performance for row in rows.order_by("performance__starts_at", "performance_id")]
    found = tuple(
        _performance(
            one.pk,
            one.performance_date,
            one.starts_at,
            one.hall.name,
            one.hall_id,
            tuple(one.capacity_by_rank or ([one.capacity] if one.capacity else ())),
        )
        for one in evenings
    )
    values = restored(agreement.format, agreement.terms)
    return _Offer(DRAFT, agreement.format, values, found, agreement.modified_at, "")


def _data(access: Access, agreement: Agreement, offer: _Offer) -> dict[str, Any]:
    reference = agreement.reference if offer.number == DRAFT else _version_name(agreement.reference, offer.number)
    standing = _standing(agreement, offer)
    return parts.framed(
        kind=_("Agreement"),
        reference=reference,
        heading=agreement.production.title,
        author=agreement.provider.name,
        facts=_facts(agreement, offer),
        standing=standing,
        sections=[
            parties_section(agreement),
            parts.section(_("Performances"), _performances(offer)),
            *terms_sections(offer.format, offer.values),
            _framework_section(agreement, offer),
            *_history(access, agreement, offer),
        ],
        annexes=_annexes(agreement, offer),
        watermark="" if standing[0] else _("Concept") if offer.number == DRAFT else _("Not binding"),
        is_sealed=offer.number != DRAFT,
    )


def _version_name(reference: str, number: int) -> str:
    return _("{reference}, version {number}").format(reference=reference, number=number)


def _facts(agreement: Agreement, offer: _Offer) -> list[str]:
    count = len(offer.performances)
    theatre = agreement.theatre
    return [
        wording.format_name(offer.format),
        f"{theatre.name}, {theatre.city}",
        ngettext("{count} performance", "{count} performances", count).format(count=count),
        agreement.production.dip_id,
        agreement.name,
        _("revises {reference}").format(reference=agreement.parent.reference) if agreement.parent else "",
    ]


def _standing(agreement: Agreement, offer: _Offer) -> tuple[bool, str, str]:
    told = {"moment": formats.moment(offer.at), "who": offer.by, "theatre": agreement.theatre.name}
    if offer.number == DRAFT:
        return False, _("Concept"), _("This is a draft of {moment}. It was not proposed and binds nobody.").format(**told)
    if offer.outcome == "approved":
        sentence = _("Approved on {moment} by {who} for {theatre}. It binds both parties.") if offer.by else ""
        sentence = sentence or _("Approved on {moment} for {theatre}. It binds both parties.")
        return True, _("Approved"), sentence.format(**told)
    ended = {
        "rejected": (_("Rejected"), _("Rejected on {moment}. This version binds nobody.")),
        "withdrawn": (_("Withdrawn"), _("Withdrawn on {moment}. This version binds nobody.")),
        "expired": (_("Expired"), _("Not answered in time, and expired on {moment}. This version binds nobody.")),
    }
    proposed = (_("Proposed, not binding"), _("Proposed on {moment}. It binds nobody until the theatre approves it."))
    title, sentence = ended.get(offer.outcome, proposed)
    return False, title, sentence.format(**told)


def _performances(offer: _Offer) -> parts.Part:
    rows = [
        (
            formats.full_day(one.on),
            formats.clock_time(one.starts_at),
            one.hall,
            " + ".join(formats.number(seats) for seats in one.seats) if len(one.seats) > 1 else "",
            formats.number(one.capacity) if one.seats else formats.MISSING,
            str(one.number),
        )
        for one in offer.performances
    ]
    heads = [_("Date"), _("Time"), _("Hall"), _("Seats by rank"), _("Seats"), _("Number")]
    return parts.listing(heads, ["auto", "auto", "1fr", "auto", "auto", "auto"], rows or [(formats.MISSING,) * 6], numbers=4)


def _framework_section(agreement: Agreement, offer: _Offer) -> parts.Section:
    title = _("Framework agreement")
    if not offer.values.get("framework_applies"):
        return parts.section(title, parts.text(_("No framework agreement applies.")))
    found = _framework(agreement, offer)
    if found is None:
        said = _("The framework agreement between the parties applies. It is not on the platform.")
        return parts.section(title, parts.text(said))
    until = _("until {day}").format(day=formats.plain_day(found.valid_until)) if found.valid_until else _("until further notice")
    said = _(
        "“{title}” applies, valid from {day} {until}. Where this agreement says nothing else, it follows the framework."
    ).format(title=found.title, day=formats.plain_day(found.valid_from), until=until)
    mark = _("File {name}, SHA-256 {digest}").format(name=found.file_name, digest=found.digest)
    return parts.section(title, parts.text(said), parts.note(mark))


def _framework(agreement: Agreement, offer: _Offer) -> Framework | None:
    """The one between the parties that held on the first performance, and was there when the version was proposed."""
    on = min((one.on for one in offer.performances), default=agreement.first_date)
    asked = offer.proposed_at or offer.at
    rows = Framework.objects.across_tenants(_CITED).defer("content").filter(
        provider_id=agreement.provider_id, taker_id=agreement.theatre.organisation_id, valid_from__lte=on, uploaded_at__lte=asked
    )  # fmt: skip
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=on), Q(ended_at=None) | Q(ended_at__gt=asked))
    found: Framework | None = rows.order_by("-valid_from", "-pk").first()
    return found


def _history(access: Access, agreement: Agreement, offer: _Offer) -> list[parts.Section]:
    """The versions up to this one, who proposed and answered them, and what was rejected."""
    if offer.number == DRAFT:
        return []
    names = {"approved": _("Approved"), "rejected": _("Rejected"), "withdrawn": _("Withdrawn"), "expired": _("Expired")}
    every = AgreementVersion.objects.within(access).filter(agreement=agreement, number__lte=offer.number).order_by("number")
    rows = []
    for row in every:
        rows.append(
            (_("Version {number}").format(number=row.number), _("Proposed"), formats.moment(row.proposed_at), row.proposed_by)
        )
        if row.outcome:
            rows.append(("", names.get(row.outcome, row.outcome), formats.moment(row.answered_at), row.answered_by))
    heads = [_("Version"), _("Act"), _("Moment"), _("By")]
    listed = parts.listing(heads, ["28mm", "28mm", "38mm", "1fr"], rows)
    return [parts.section(_("Versions and approvals"), listed, *_rejections(access, agreement, every))]


def _rejections(access: Access, agreement: Agreement, every: Sequence[AgreementVersion]) -> list[parts.Part]:
    """Fields that were rejected in answers that were sent."""
    answered = [row.pk for row in every if row.outcome == "rejected" and row.answered_at]
    rows = FieldAnswer.objects.within(access).filter(version__in=answered, is_accepted=False).select_related("version")
    said = [
        (_("Version {number}").format(number=row.version.number), _field_name(row.version.format, row.field), row.reason)
        for row in rows.order_by("version__number", "at", "id")
    ]
    if not said:
        return []
    heads = [_("Version"), _("Rejected"), _("Reason")]
    return [parts.subheading(_("What was rejected")), parts.listing(heads, ["28mm", "50mm", "1fr"], said)]


def _field_name(format_code: str, code: str) -> str:
    others = {"format": _("Format"), "performances": _("Performances"), "hall": _("Hall")}
    if code in others:
        return others[code]
    try:
        return wording.said(field_of(format_code, code).names)
    except KeyError:
        return code


def _annexes(agreement: Agreement, offer: _Offer) -> list[parts.Section]:
    """What the terms give when every seat is sold. Not for a draft whose terms are incomplete."""
    refused = [finding for finding in check_terms(offer.format, offer.values) if not finding.is_warning]
    if refused or not any(one.capacity for one in offer.performances):
        return []
    potential = columns(
        offer.format,
        offer.values,
        offer.performances,
        low=lambda day: standard.rate("vat_low", day),
        high=lambda day: standard.rate("vat_high", day),
        today=local(offer.at).date(),
    ).potential
    seats = {one.number: one for one in offer.performances}
    heads = [f"{formats.day(seats[n].on)}\n{_seats(seats[n].capacity)}" for n in potential.statement.numbers]
    on = local(offer.at).date()
    total = _("Sold out") + "\n" + _seats(potential.statement.tickets)
    lead = _(
        "What these terms give when every seat is sold at its entrance price, at the VAT rates of each day: an example, no promise."
    )
    made = statement_part(
        potential.statement,
        offer.values,
        heads,
        total=total,
        provider=agreement.provider.name,
        theatre=agreement.theatre.name,
        on=on,
    )
    shown = [parts.text(lead), made, check_line(potential.statement), chart_part(offer.format, offer.values, potential)]
    return [
        parts.section(_("Annex 1: statement, sold out"), *shown),
        parts.section(_("Annex 2: what each line is"), definitions_part(potential.statement, on)),
    ]


def _seats(count: int) -> str:
    return ngettext("{count} seat", "{count} seats", count).format(count=formats.number(count))
