"""Invoices of an agreement: what can be issued and what is missing for it, what was issued, and the details of the parties."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum

from dip.contracts.models import Agreement, Invoice, InvoiceSeries, PartyDetails, SelfBilling, Settlement
from dip.contracts.queries.settlements import settling_terms, side_of
from dip.contracts.rules.formats import format_of
from dip.contracts.rules.invoices import checks, ubl
from dip.contracts.rules.invoices.content import Bill, charged_cents, contradictions, make_content, seller_of
from dip.contracts.rules.invoices.numbering import OWN_PREFIX, invoice_number, prefix_of
from dip.contracts.rules.kept import restored_figures, restored_statement
from dip.contracts.terms.fields import Values
from dip.contracts.terms.invoices import InvoiceContent, InvoiceKind, PartyFacts, Preceding, RuleFinding, VatRegime
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import SettlementStatus
from dip.registry.models import Organisation
from dip.registry.terms import Access

REASON = "an invoice shows the details of both parties of an agreement that the access is party to"
INVOICEABLE = (SettlementStatus.SIGNED, SettlementStatus.PAID)
_FACTS = [name for name in PartyFacts.__dataclass_fields__ if name != "regime"]
#: What an invoice shows of its buyer; of a seller it shows everything.
_PRIVATE: dict[str, Any] = {"iban": "", "bic": "", "email": "", "payment_terms": ""}


@dataclass(frozen=True, slots=True)
class Sides:
    """Who is who on the invoices of an agreement. ``seller`` and ``buyer`` by what the settlement says."""

    provider: Organisation
    """In whose name the provider's side invoices: the producer, or the agency in its own name."""
    theatre: Organisation | None
    """None while nobody runs the theatre on the platform."""
    seller_side: Party
    own: Party | None
    """The side that the access acts for; None for who only reads."""

    @property
    def seller(self) -> Organisation | None:
        """Who sells."""
        return self.provider if self.seller_side is Party.PROVIDER else self.theatre

    @property
    def buyer(self) -> Organisation | None:
        """Who buys."""
        return self.theatre if self.seller_side is Party.PROVIDER else self.provider

    @property
    def is_self_billed(self) -> bool:
        """Whether an invoice that the access makes is made for the other."""
        return self.own is Party.THEATRE and self.seller_side is Party.PROVIDER


@dataclass(frozen=True, slots=True)
class InvoiceDraft:
    """The invoice that could be issued now, and everything that is wrong with it."""

    content: InvoiceContent
    document: bytes
    findings: tuple[RuleFinding, ...]

    @property
    def is_ready(self) -> bool:
        """Nothing that refuses it."""
        return all(finding.is_warning for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice or credit note that was issued."""

    id: int
    agreement_id: int
    agreement: str
    settlement_number: int
    kind: InvoiceKind
    number: str
    seller: str
    buyer: str
    maker: str
    title: str
    issue_date: date
    due_date: date
    net_cents: int
    vat_cents: int
    total_cents: int
    due_cents: int
    is_standing: bool
    is_own: bool
    """Made by the access's own organisation."""
    credits: str
    """Number of the invoice that it takes back."""
    replaces: str
    paid_date: date | None
    mailed_at: datetime | None
    issued_by: str


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """The invoices of an agreement. ``draft`` is None when nothing can be issued now; ``why`` says what is waited for then."""

    agreement_id: int
    reference: str
    title: str
    provider: str
    theatre: str
    city: str
    settlement_id: int | None
    settlement_number: int
    status: SettlementStatus | None
    why: str
    """signed · nothing · issued · nobody · other: settlement not signed, nothing to charge, standing already, no organisation, credit first."""
    sides: Sides | None
    self_billing: bool
    """Agreed between the two."""
    draft: InvoiceDraft | None
    issued: tuple[Issued, ...]
    reopened: tuple[Issued, ...]
    """Standing invoices of borderellen that were reopened since."""
    paid_date: date | None


def facts_of(row: PartyDetails | None) -> PartyFacts:
    """Details as an invoice takes them; empty ones when nothing was filled in."""
    if row is None:
        return PartyFacts()
    return PartyFacts(**{name: getattr(row, name) for name in _FACTS}, regime=VatRegime(row.regime))


def own_details(access: Access) -> PartyDetails | None:
    """The details of the access's own organisation. One query."""
    found: PartyDetails | None = PartyDetails.objects.within(access).first()
    return found


def invoicing_provider(agreement: Agreement) -> Organisation:
    """In whose name the provider's side invoices: the agency only when the agreement says so. Reads provider, producer."""
    is_agency = agreement.agency_id is not None and agreement.provider_id == agreement.agency_id
    return agreement.producer if is_agency and not agreement.agency_as_provider else agreement.provider


def agreement_row(access: Access, agreement_id: int) -> Agreement | None:
    """An agreement with its parties; None where the access may not see it. One query."""
    rows = Agreement.objects.within(access).select_related("provider", "producer", "theatre__organisation", "production")
    found: Agreement | None = rows.filter(pk=agreement_id).first()
    return found


def standing_settlement(access: Access, agreement: Agreement) -> Settlement | None:
    """The borderel that stands. One query."""
    rows = Settlement.objects.within(access).filter(agreement=agreement).exclude(status=SettlementStatus.REOPENED)
    found: Settlement | None = rows.first()
    return found


def sides_of(access: Access, agreement: Agreement, settlement: Settlement) -> Sides:
    """Who sells and who buys by a borderel that was confirmed. No query."""
    statement = restored_statement(settlement.statement or {})
    return Sides(invoicing_provider(agreement), agreement.theatre.organisation, seller_of(statement), side_of(access, agreement))


def details_of(organisations: list[Organisation]) -> dict[int, PartyDetails]:
    """Details of parties, whose agreement the access was seen to be party to. One query."""
    rows = PartyDetails.objects.across_tenants(REASON).filter(organisation__in=organisations)
    return {row.organisation_id: row for row in rows}


def make_bill(access: Access, agreement: Agreement, settlement: Settlement, sides: Sides) -> tuple[Bill, str]:
    """What a borderel gives to invoice, and the language of who gets the invoice. Two queries."""
    known = details_of([one for one in (sides.provider, sides.theatre) if one is not None])
    rows = {
        Party.PROVIDER: known.get(sides.provider.pk),
        Party.THEATRE: known.get(sides.theatre.pk) if sides.theatre else None,
    }
    facts = {party: facts_of(row) for party, row in rows.items()}
    buyer_side = Party.THEATRE if sides.seller_side is Party.PROVIDER else Party.PROVIDER
    facts[buyer_side] = replace(facts[buyer_side], **_PRIVATE)
    reader = rows[sides.seller_side if sides.is_self_billed else buyer_side]
    values = settling_terms(access, settlement)
    bill = Bill(
        statement=restored_statement(settlement.statement or {}),
        format_names=format_of(agreement.format).names,
        vat_choice=_vat_choice(values),
        title=agreement.production.title,
        days=tuple(sorted(one.on for one in restored_figures(settlement.figures))),
        agreement=agreement.reference,
        borderel=f"{agreement.reference}-B{settlement.number}",
        provider=facts[Party.PROVIDER],
        theatre=facts[Party.THEATRE],
        payment_days=_days(values),
    )
    return bill, reader.language if reader else "nl"


def _vat_choice(values: Values) -> str:
    return str(values.get("share_vat") or values.get("use_vat") or "")


def _days(values: Values) -> int:
    days = values.get("payment_days")
    return days if isinstance(days, int) and days >= 0 else 14


def draft_of(bill: Bill, number: str, issue_date: date, language: str, *, sides: Sides, preceding: list[Preceding]) -> InvoiceDraft:
    """The invoice as it would be issued, with every finding. Pure but for its arguments."""
    content = make_content(
        bill, number=number, issue_date=issue_date, language=language, is_self_billed=sides.is_self_billed, preceding=preceding
    )
    document = ubl.written(content)
    found = [*contradictions(content), *checks.check(document)]
    return InvoiceDraft(content, document, tuple(sorted(found, key=lambda finding: finding.is_warning)))


def next_number(access: Access, seller: Organisation, maker_id: int, year: int, after: int = 0) -> str:
    """The number that the next invoice would get, after so many credit notes; it is given out only when one is issued. Two queries."""
    rows = InvoiceSeries.objects.within(access).filter(seller=seller, maker_id=maker_id)
    series = rows.filter(year=year).first()
    if series is None:
        before = rows.order_by("-year").first()
        maker = None if maker_id == seller.pk else Organisation.objects.get(pk=maker_id).number
        return invoice_number(before.prefix if before else prefix_of(maker), year, 1 + after)
    return invoice_number(series.prefix, year, max(series.last + 1, series.first) + after)


def self_billing_agreed(access: Access, seller: Organisation, buyer: Organisation | None) -> bool:
    """Whether the buyer may make the seller's invoices. One query; a producer for whom an agency acts reads its own."""
    if buyer is None:
        return False
    return SelfBilling.objects.across_tenants(REASON).filter(seller=seller, buyer=buyer, ended_at=None).exists()


def invoice_page(access: Access, agreement_id: int, today: date) -> InvoicePage | None:
    """Everything that the page of an agreement's invoices shows; None where the access may not see it."""
    agreement = agreement_row(access, agreement_id)
    if agreement is None:
        return None
    settlement = standing_settlement(access, agreement)
    issued = tuple(invoices_of(access, Invoice.objects.within(access).filter(agreement=agreement)))
    number = settlement.number if settlement else 0
    reopened = tuple(one for one in issued if one.is_standing and one.settlement_number != number)
    signed = settlement is not None and settlement.status in INVOICEABLE and settlement.statement is not None
    sides = sides_of(access, agreement, settlement) if settlement and signed else None
    page = InvoicePage(
        agreement_id=agreement.pk, reference=agreement.reference, title=agreement.production.title, provider=agreement.provider.name,
        theatre=agreement.theatre.name, city=agreement.theatre.city, settlement_id=settlement.pk if settlement else None,
        settlement_number=number, status=SettlementStatus(settlement.status) if settlement else None, why="signed", sides=sides,
        self_billing=sides is not None and self_billing_agreed(access, sides.provider, sides.theatre), draft=None, issued=issued,
        reopened=reopened, paid_date=settlement.paid_date if settlement else None,
    )  # fmt: skip
    if settlement is None or sides is None:
        return page
    why = _why_not(settlement, sides, issued)
    if why:
        return replace(page, why=why)
    return replace(page, why="", draft=_draft(access, agreement, settlement, sides, today, reopened))


def _why_not(settlement: Settlement, sides: Sides, issued: tuple[Issued, ...]) -> str:
    if sides.theatre is None:
        return "nobody"
    if any(one.is_standing and one.settlement_number == settlement.number for one in issued):
        return "issued"
    return "" if is_chargeable(settlement) else "nothing"


def is_chargeable(settlement: Settlement) -> bool:
    """Whether a confirmed borderel charges anything at all."""
    statement = restored_statement(settlement.statement or {})
    return bool(charged_cents(statement)) or any(item.cents for item in statement.items)


def _draft(
    access: Access, agreement: Agreement, settlement: Settlement, sides: Sides, today: date, reopened: tuple[Issued, ...]
) -> InvoiceDraft:
    bill, language = make_bill(access, agreement, settlement, sides)
    maker = access.organisation_id if sides.own is not None else sides.provider.pk
    number = next_number(access, sides.seller or sides.provider, maker, today.year, sum(one.is_own for one in reopened))
    preceding = [Preceding(one.number, one.issue_date) for one in reopened]
    return draft_of(bill, number, today, language, sides=sides, preceding=preceding)


def invoices_of(access: Access, rows: "QuerySet[Invoice]") -> list[Issued]:
    """Invoices of a queryset that was narrowed to the access, newest first. One query."""
    parts = ("agreement__production", "settlement", "seller", "buyer", "maker", "credits", "replaces")
    found = rows.select_related(*parts).defer("document").order_by("-issued_at", "-id")
    return [_issued(access, row) for row in found]


def _issued(access: Access, row: Invoice) -> Issued:
    return Issued(
        id=row.pk, agreement_id=row.agreement_id, agreement=row.agreement.reference, settlement_number=row.settlement.number,
        kind=InvoiceKind(row.kind), number=row.number, seller=row.seller.name, buyer=row.buyer.name, maker=row.maker.name,
        title=row.agreement.production.title, issue_date=row.issue_date, due_date=row.due_date, net_cents=row.net_cents,
        vat_cents=row.vat_cents, total_cents=row.total_cents, due_cents=row.due_cents, is_standing=row.is_standing,
        is_own=row.maker_id == access.organisation_id, credits=row.credits.number if row.credits else "",
        replaces=row.replaces.number if row.replaces else "", paid_date=row.settlement.paid_date if row.is_standing else None,
        mailed_at=row.mailed_at, issued_by=row.issued_by,
    )  # fmt: skip


def all_invoices(access: Access, *, year: int | None = None, which: str = "") -> "QuerySet[Invoice]":
    """Invoices of the access's agreements: of a year, and only what is still to be paid (``open``) or credit notes (``credit``)."""
    rows = Invoice.objects.within(access)
    if year is not None:
        rows = rows.filter(issue_date__year=year)
    if which == "open":
        rows = rows.filter(is_standing=True, due_cents__gt=0).exclude(settlement__status=SettlementStatus.PAID)
    if which == "credit":
        rows = rows.filter(credits__isnull=False)
    return rows


def invoice_row(access: Access, agreement_id: int, number: str) -> Invoice | None:
    """One invoice with its document, by its number; None where the access may not see it. One query."""
    rows = Invoice.objects.within(access).filter(agreement_id=agreement_id, number=number)
    found: Invoice | None = (
        rows.select_related("agreement__theatre", "agreement__production", "settlement", "seller", "buyer", "maker", "credits")
        .order_by("id")
        .first()
    )
    return found


def own_series(access: Access, year: int) -> InvoiceSeries:
    """The series of the access's own invoices in a year; an unsaved one, with last year's prefix, while none was begun. Two queries."""
    rows = InvoiceSeries.objects.within(access).filter(seller_id=access.organisation_id, maker_id=access.organisation_id)
    found: InvoiceSeries | None = rows.filter(year=year).first()
    if found is not None:
        return found
    before = rows.order_by("-year").first()
    return InvoiceSeries(
        seller_id=access.organisation_id,
        maker_id=access.organisation_id,
        year=year,
        prefix=before.prefix if before else OWN_PREFIX,
    )


@dataclass(frozen=True, slots=True)
class InvoiceTotals:
    """Sums of a list: what stands, and what of it is still to be paid. Own and others' together."""

    standing_cents: int
    open_cents: int


def invoice_totals(rows: "QuerySet[Invoice]") -> InvoiceTotals:
    """Sums of a queryset that was narrowed to the access. One query."""
    unpaid = Q(is_standing=True) & ~Q(settlement__status=SettlementStatus.PAID)
    found = rows.aggregate(
        standing=Sum("total_cents", filter=Q(is_standing=True)),
        open=Sum("due_cents", filter=unpaid),
    )
    return InvoiceTotals(found["standing"] or 0, found["open"] or 0)


def invoice_years(access: Access, this_year: int) -> list[int]:
    """Years in which something was issued, and this one, newest first. One query."""
    days = Invoice.objects.within(access).order_by().dates("issue_date", "year")
    return sorted({this_year, *(day.year for day in days)}, reverse=True)
