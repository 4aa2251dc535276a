"""Invoices of the demo: details of the parties, and invoices of borderellen that both signed, issued as anybody would."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from dip.contracts.actions.invoices import UnableToInvoice, issue_invoice
from dip.contracts.models import PartyDetails, Settlement
from dip.contracts.rules.invoices.identifiers import is_dutch_vat, mod97
from dip.contracts.terms.states import SettlementStatus
from dip.programme.models import Theatre
from dip.registry.models import Membership, Organisation
from dip.registry.terms import Access, Door, Level, Module, Role
from dip.site.demo.record import Written
from dip.site.demo.stops import SHOWN

#: So many are issued of what is paid, and of what is signed (each second one, the others wait for theirs): it is to take a second or two.
MOST_PAID, MOST_SIGNED = 14, 12
_REASON = "the demo's own invoices"
_PARTS = ("agreement__provider", "agreement__producer", "agreement__theatre__organisation")


def add_invoices(written: Written, at: datetime) -> dict[str, int]:
    """Details of every party of a signed borderel, and invoices of some that are paid and some that are not."""
    signed = Settlement.objects.across_tenants(_REASON).filter(status__in=(SettlementStatus.SIGNED, SettlementStatus.PAID))
    rows = list(signed.select_related(*_PARTS).order_by("signed_at", "pk"))
    seen = _of_logins()
    rows.sort(key=lambda row: all(one.pk not in seen for one in _parties(row)))  # what can be looked at comes first
    parties = {one.pk: one for row in rows for one in _parties(row)}
    _write_details(parties.values(), at)
    paid = [row for row in rows if row.status == SettlementStatus.PAID][:MOST_PAID]
    waiting = [row for row in rows if row.status == SettlementStatus.SIGNED][::2][:MOST_SIGNED]
    issued = sum(_issue(row, at) for row in [*paid, *waiting])
    return {"invoices": issued}


def _of_logins() -> set[int]:
    """Organisations of the people who can sign in."""
    people = [f"{login}@demo.example" for login in SHOWN]
    return set(Membership.objects.filter(person__email__in=people).values_list("organisation_id", flat=True))


def _parties(row: Settlement) -> list[Organisation]:
    agreement = row.agreement
    return [one for one in (agreement.provider, agreement.producer, agreement.theatre.organisation) if one is not None]


def _write_details(parties: Iterable[Organisation], at: datetime) -> None:
    places = {
        theatre.organisation_id: theatre for theatre in Theatre.objects.filter(organisation__in=list(parties)).order_by("-pk")
    }
    known = set(PartyDetails.objects.across_tenants(_REASON).values_list("organisation_id", flat=True))
    PartyDetails.objects.bulk_create(
        _details(one, places.get(one.pk), at) for one in sorted(parties, key=lambda one: one.pk) if one.pk not in known
    )


def _details(one: Organisation, theatre: Theatre | None, at: datetime) -> PartyDetails:
    """Invented numbers that are right as numbers; the bank does not exist."""
    return PartyDetails(
        organisation=one,
        legal_name=f"Stichting {one.name}",
        street=f"Coulissenstraat {one.number % 180 + 1}",
        postcode=f"{3000 + one.number % 5000} AB",
        city=theatre.city if theatre else "Nergenshuizen",
        kvk=f"{90_000_000 + one.number % 9_000_000:08d}",
        vat_number=vat_number(one.number),
        iban=iban(one.number),
        email=f"administratie-{one.number}@demo.example",
        changed_at=at,
        changed_by="Demo",
    )


def iban(number: int) -> str:
    """A Dutch account of a bank that does not exist, right by its check digits: ``iban(7) == "NL28DIPX0000000007"``."""
    account = f"DIPX{number:010d}"
    return f"NL{98 - mod97(f'{account}NL00'):02d}{account}"


def vat_number(number: int) -> str:
    """A Dutch VAT number, right by its check digits, of a series that is not given out."""
    nine = f"{990_000_000 + number % 9_000_000:09d}"
    return next(text for text in (f"NL{nine}B{suffix:02d}" for suffix in range(2, 100)) if is_dutch_vat(text))


def _issue(row: Settlement, at: datetime) -> int:
    """1 when the invoice of a borderel was issued, 0 where something about it cannot be invoiced."""
    agreement, moment = row.agreement, min(at, (row.signed_at or at) + timedelta(hours=20))
    seller = agreement.theatre.organisation if agreement.format == "rent" else agreement.provider
    if seller is None:
        return 0
    role = Role.THEATRE if agreement.format == "rent" else _role_of(agreement.provider)
    rights = {Module.CONTRACTS: Level.APPROVE}
    access = Access(seller.pk, seller.name, role, rights, door=Door.JOB, actor="Administratie")
    try:
        issue_invoice(access=access, at=moment, agreement_id=agreement.pk)
    except UnableToInvoice:
        return 0
    return 1


def _role_of(organisation: Organisation) -> Role:
    return Role.AGENCY if organisation.plays(Role.AGENCY) else Role.PRODUCER
