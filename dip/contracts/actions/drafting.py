"""Concepts: made, changed, and copied for another theatre. Only their provider sees them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from dip.contracts.actions.entitlement import UnableToAct, need_provider, own_agreement
from dip.contracts.actions.history import record
from dip.contracts.models import Agreement, AgreementPerformance
from dip.contracts.queries.drafts import draft_values, standing_of
from dip.contracts.queries.evenings import evening_facts
from dip.contracts.queries.figures import numbers_of
from dip.contracts.rules.drafts import OF_THE_HALL, clean, ranks_in_use, read_given, with_settlement_prices, wrong_in
from dip.contracts.rules.formats import formats
from dip.contracts.rules.readiness import drafting_findings
from dip.contracts.rules.values import completed, differences, fields_of, restored, stored
from dip.contracts.terms.fields import TermsFinding, Value
from dip.contracts.terms.states import AgreementStatus, Happening
from dip.contracts.terms.workflow import EveningFacts, Standing
from dip.contracts.words import STATUSES
from dip.kernel.clock import local
from dip.kernel.periods import season_year
from dip.programme.models import Production, Theatre
from dip.registry.terms import Access, AccessDenied

_MINT = """
INSERT INTO contracts_agreementserial (season_year, last) VALUES (%s, 1)
ON CONFLICT (season_year) DO UPDATE SET last = contracts_agreementserial.last + 1
RETURNING last
"""
CHANGEABLE = (AgreementStatus.CONCEPT, AgreementStatus.REJECTED)


class UnableToDraft(UnableToAct):
    """An agreement cannot be drafted or changed as stated."""


@transaction.atomic
def draft_agreement(
    *,
    access: Access,
    at: datetime,
    format_code: str,
    production_id: int,
    theatre_id: int,
    numbers: Sequence[int],
    values: Mapping[str, Any],
    name: str = "",
    theatre_contact: str = "",
    provider_contact: str = "",
    agency_as_provider: bool = False,
) -> Agreement:
    """A concept for one to six performances of a production in a theatre. ``values``: what is known of the terms, as values or as they
    are stored; the rest begins as :func:`dip.contracts.queries.drafts.draft_values` says. It may be incomplete, not wrong.

    Raises :class:`UnableToDraft` with a finding per field; AccessDenied for whoever neither manages contracts nor is the production's
    agency, or its producer while there is no agency.
    """
    need_provider(access)
    _need_format(format_code)
    production, theatre = _production(production_id), _theatre(theatre_id)
    need_entitled(access, production)
    today, wanted = local(at).date(), sorted(set(numbers))
    begun = draft_values(
        access, format_code=format_code, production_id=production_id, theatre_id=theatre_id, numbers=wanted, on=today
    )
    given, findings = read_given(format_code, values)
    terms = with_settlement_prices(begun, {**begun, **given}, given)
    facts = evening_facts(wanted)
    findings += drafting_findings(standing_of(access, production, theatre, today), wanted, facts.values())
    findings += wrong_in(format_code, terms, ranks_in_use([evening.ranks for evening in facts.values()]))
    said = {"name": name, "theatre_contact": theatre_contact, "provider_contact": provider_contact}
    extra, more = _read_extra({**said, "agency_as_provider": agency_as_provider}, production.agency_id is not None)
    if findings or more:
        raise UnableToDraft.told([*findings, *more], format_code)
    agreement = new_concept(
        at=at, production=production, theatre=theatre, format_code=format_code, terms=stored(terms), facts=facts, extra=extra
    )
    record(agreement, Happening.DRAFTED, access=access, at=at, verb="draft_agreement", is_internal=True)
    return agreement


def new_concept(
    *,
    at: datetime,
    production: Production,
    theatre: Theatre,
    format_code: str,
    terms: dict[str, Any],
    facts: Mapping[int, EveningFacts],
    extra: Mapping[str, Any],
    parent: Agreement | None = None,
) -> Agreement:
    """The row of a concept and its performances; the caller has checked them."""
    days = [evening.on for evening in facts.values()]
    agreement = Agreement.objects.create(
        reference=_mint(season_year(min(days))),
        parent=parent,
        format=format_code,
        provider=production.agency or production.producer,
        producer=production.producer,
        agency=production.agency,
        theatre=theatre,
        production=production,
        first_date=min(days),
        last_date=max(days),
        terms=terms,
        created_at=at,
        modified_at=at,
        **extra,
    )
    AgreementPerformance.objects.bulk_create(AgreementPerformance(agreement=agreement, performance_id=number) for number in facts)
    made: Agreement = agreement
    return made


@transaction.atomic
def change_agreement(
    *,
    access: Access,
    at: datetime,
    agreement_id: int,
    values: Mapping[str, Any] | None = None,
    numbers: Sequence[int] | None = None,
    format_code: str | None = None,
    name: str | None = None,
    theatre_contact: str | None = None,
    provider_contact: str | None = None,
    agency_as_provider: bool | None = None,
    seen_at: datetime | None = None,
) -> Agreement:
    """Change a concept, or a rejected agreement for its next version; what is None stays, and of ``values`` what is not given.

    With another format the fields that both have stay. The same again changes nothing. ``seen_at``: ``modified_at`` of the page that
    was filled in; what a colleague saved since is not overwritten. Raises :class:`UnableToDraft`, AccessDenied.
    """
    agreement = own_agreement(access, agreement_id)
    _need_changeable(agreement, seen_at)
    code = format_code or agreement.format
    _need_format(code)
    before = restored(agreement.format, agreement.terms)
    given, findings = read_given(code, values or {})
    known = {field.code for field in fields_of(code)}
    after = completed(code, {**{field: value for field, value in before.items() if field in known}, **given})
    after = with_settlement_prices(before, after, given)
    held = numbers_of(access, agreement)
    wanted = held if numbers is None else sorted(set(numbers))
    facts = evening_facts(wanted, but=[agreement.pk, agreement.parent_id])
    if numbers is not None:
        standing = _standing(access, agreement, at)
        findings += drafting_findings(standing, wanted, facts.values())
    findings += wrong_in(code, after, ranks_in_use([evening.ranks for evening in facts.values()]))
    said: dict[str, Any] = {"name": name, "theatre_contact": theatre_contact, "provider_contact": provider_contact}
    said |= {"agency_as_provider": agency_as_provider}
    extra, more = _read_extra({key: value for key, value in said.items() if value is not None}, agreement.agency_id is not None)
    if findings or more:
        raise UnableToDraft.told([*findings, *more], code)
    changes = _changes(agreement, code, before, after, extra, (held, wanted))
    if changes:
        _write(agreement, at, code, after, extra, facts)
        record(agreement, Happening.CHANGED, access=access, at=at, verb="change_agreement", changes=changes, is_internal=True)
    return agreement


@transaction.atomic
def copy_agreement(
    *, access: Access, at: datetime, agreement_id: int, theatre_id: int, numbers: Sequence[int], production_id: int | None = None
) -> Agreement:
    """A new concept with the terms of an agreement in any state, for other performances, in the same theatre or another: then with the
    surcharges of its own hall. ``production_id``: of the performances, that of the agreement unless given."""
    source = own_agreement(access, agreement_id)
    values = restored(source.format, source.terms)
    if theatre_id != source.theatre_id:
        own = (*OF_THE_HALL, "settlement_prices", "framework_applies")
        values = {code: value for code, value in values.items() if code not in own}
    is_same = theatre_id == source.theatre_id
    production = _production(production_id or source.production_id)
    return draft_agreement(
        access=access,
        at=at,
        format_code=source.format,
        production_id=production.pk,
        theatre_id=theatre_id,
        numbers=numbers,
        values=values,
        name=source.name,
        theatre_contact=source.theatre_contact if is_same else "",
        provider_contact=source.provider_contact,
        agency_as_provider=source.agency_as_provider and production.agency_id is not None,
    )


def need_entitled(access: Access, production: Production) -> None:
    """Refuse whoever may not propose agreements of a production: with words for its producer and co-producers, else AccessDenied."""
    provider = production.agency or production.producer
    if access.organisation_id == provider.pk:
        return
    is_party = access.organisation_id == production.producer_id
    if is_party or production.co_producers.filter(pk=access.organisation_id).exists():
        raise UnableToDraft.told([TermsFinding("not_entitled", "production", {"provider": provider.name})], "")
    raise AccessDenied(f"agreements for {production.dip_id} are proposed by its agency or producer")


def _standing(access: Access, agreement: Agreement, at: datetime) -> Standing:
    return standing_of(access, agreement.production, agreement.theatre, local(at).date(), agreement.parent)


def _need_format(code: str) -> None:
    if code not in {one.code for one in formats()}:
        known = ", ".join(one.code for one in formats())
        told = _("Format: “%(format)s” is no format; choose one of %(known)s.") % {"format": code, "known": known}
        raise UnableToDraft(told, "format")


def _need_changeable(agreement: Agreement, seen_at: datetime | None) -> None:
    if agreement.status not in CHANGEABLE:
        told = _("%(reference)s is “%(status)s” and cannot be changed. Withdraw it and copy it, or revise it once it is approved.")
        raise UnableToDraft(told % {"reference": agreement.reference, "status": STATUSES[agreement.status]})
    if seen_at is not None and agreement.modified_at > seen_at:
        told = _("A colleague changed %(reference)s while you had it open. Compare, and save again.")
        raise UnableToDraft(told % {"reference": agreement.reference})


def _production(production_id: int) -> Production:
    found = Production.objects.select_related("producer", "agency").filter(pk=production_id).first()
    if found is None:
        told = _("Production: there is no production %(number)s; choose one of yours.") % {"number": production_id}
        raise UnableToDraft(told, "production")
    return found


def _theatre(theatre_id: int) -> Theatre:
    found = Theatre.objects.select_related("organisation", "merged_into__organisation").filter(pk=theatre_id).first()
    if found is None:
        told = _("Theatre: there is no theatre %(number)s; choose one where the production plays.") % {"number": theatre_id}
        raise UnableToDraft(told, "theatre")
    return found.merged_into or found


def _read_extra(said: Mapping[str, Any], has_agency: bool) -> tuple[dict[str, Any], list[TermsFinding]]:
    """The agreement's own columns beside its terms, trimmed, and what is wrong with them."""
    found = []
    values = {key: clean(value).strip() if isinstance(value, str) else value for key, value in said.items()}
    for key in ("theatre_contact", "provider_contact"):
        if values.get(key) and not _is_email(values[key]):
            found.append(TermsFinding("email_unreadable", key, {"value": values[key]}))
    if len(values.get("name", "")) > 80:
        found.append(TermsFinding("too_long", "name", {"characters": len(values["name"]), "most": 80}))
    if values.get("agency_as_provider") and not has_agency:
        found.append(TermsFinding("no_agency", "agency_as_provider"))
    return values, found


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


def _changes(
    agreement: Agreement,
    code: str,
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    extra: Mapping[str, Any],
    performances: tuple[list[int], list[int]],
) -> dict[str, list[Any]]:
    """What differs, field → [before, after], as terms are stored."""
    changed = {field: [*stored({"a": old, "b": new}).values()] for field, (old, new) in differences(code, before, after).items()}
    facts: Iterable[tuple[str, Any, Any]] = (
        ("format", agreement.format, code),
        ("performances", *performances),
        *((key, getattr(agreement, key), value) for key, value in extra.items()),
    )
    return changed | {key: [old, new] for key, old, new in facts if old != new}


def _write(
    agreement: Agreement,
    at: datetime,
    code: str,
    values: Mapping[str, Value],
    extra: Mapping[str, Any],
    facts: Mapping[int, EveningFacts],
) -> None:
    agreement.format, agreement.terms, agreement.modified_at = code, stored(values), at
    for key, value in extra.items():
        setattr(agreement, key, value)
    if facts:
        days = [evening.on for evening in facts.values()]
        agreement.first_date, agreement.last_date = min(days), max(days)
    agreement.save()
    held = AgreementPerformance.objects.across_tenants("the agreement is locked by its provider").filter(agreement=agreement)
    held.exclude(performance_id__in=list(facts)).delete()
    known = set(held.values_list("performance_id", flat=True))
    AgreementPerformance.objects.bulk_create(
        AgreementPerformance(agreement=agreement, performance_id=number) for number in facts if number not in known
    )


def _mint(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_MINT, [year])
        return f"A{year % 100:02d}-{cursor.fetchone()[0]:05d}"
