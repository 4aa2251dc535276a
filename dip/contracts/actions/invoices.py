"""Issuing invoices of signed borderellen, crediting them after a reopening, and mailing them to the other party."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions import history
from dip.contracts.actions.entitlement import locked_agreement, need_level
from dip.contracts.invoice_words import rule_finding
from dip.contracts.models import Agreement, Invoice, InvoiceSeries, Settlement
from dip.contracts.queries import invoices as queries
from dip.contracts.queries.settlements import side_of
from dip.contracts.rules.invoices import checks, ubl
from dip.contracts.rules.invoices.content import credit_of
from dip.contracts.rules.invoices.kept import restored_content, stored_content
from dip.contracts.rules.invoices.numbering import MOST, OWN_PREFIX, invoice_number, prefix_of
from dip.contracts.terms.invoices import InvoiceContent, InvoiceKind, Preceding, RuleFinding
from dip.contracts.terms.states import Happening, SettlementStatus
from dip.kernel.clock import local
from dip.registry.models import Organisation
from dip.registry.terms import Access, AccessDenied, Level, Refusal
from dip.registry.trail import write_line


class UnableToInvoice(Refusal):
    """There is nothing to invoice yet, it was invoiced before, or something is missing. ``findings``: what the document lacks."""

    findings: tuple[RuleFinding, ...] = ()


class UnableToCredit(Refusal):
    """The invoice still stands for its borderel, is a credit note itself, or was made by the other party."""


class UnableToMailInvoice(Refusal):
    """There is nobody to mail it to."""


@dataclass(frozen=True, slots=True)
class _Document:
    """What is about to be issued: its content and bytes, and who is who."""

    content: InvoiceContent
    bytes: bytes
    language: str
    settlement: Settlement
    seller: Organisation
    buyer: Organisation


@transaction.atomic
def issue_invoice(*, access: Access, at: datetime, agreement_id: int) -> Invoice:
    """Issue the invoice of the standing borderel, which both signed: by who sells, or by the theatre for it, when that was agreed.

    Needs *manage*: every amount was approved by both. An invoice of a borderel that was reopened since is credited in the same act, by
    the maker that issued it. Nothing is issued when a rule is broken, and no number is lost. Raises AccessDenied, :class:`UnableToInvoice`.
    """
    agreement, settlement, sides = _standing(access, agreement_id)
    _may_make(access, sides)
    before = _credited(access, at, agreement, settlement)
    bill, language = queries.make_bill(access, agreement, settlement, sides)
    today = local(at).date()
    seller, buyer = sides.seller, sides.buyer
    if seller is None or buyer is None:
        raise UnableToInvoice(_("Nobody runs this theatre on the platform. The platform connects it; then an invoice can be made."))
    number = _claim(seller, access.organisation_id, today.year)
    preceding = [Preceding(one.number, one.issue_date) for one in before]
    draft = queries.draft_of(bill, number, today, language, sides=sides, preceding=preceding)
    refused = [finding for finding in draft.findings if not finding.is_warning]
    if refused:
        refusal = UnableToInvoice(" ".join(rule_finding(finding) for finding in refused[:3]))
        refusal.findings = tuple(refused)
        raise refusal
    document = _Document(draft.content, draft.document, language, settlement, seller, buyer)
    return _keep(access, at, agreement, document, replaces=before[-1] if before else None)


def _standing(access: Access, agreement_id: int) -> tuple[Agreement, Settlement, queries.Sides]:
    """The agreement, locked, with the borderel that both signed and was not invoiced yet."""
    need_level(access, Level.MANAGE)
    agreement = locked_agreement(access, agreement_id)
    if side_of(access, agreement) is None:
        raise AccessDenied("the producer for whom an agency acts only reads")
    settlement = queries.standing_settlement(access, agreement)
    if settlement is None or settlement.status not in queries.INVOICEABLE or settlement.statement is None:
        raise UnableToInvoice(_("Only a borderel that both parties signed can be invoiced. Wait until it is signed."))
    standing = (
        Invoice.objects.within(access).filter(settlement=settlement, is_standing=True).values_list("number", flat=True).first()
    )
    if standing is not None:
        text = _("Invoice {number} stands for this borderel already. To change it, reopen the borderel.")
        raise UnableToInvoice(text.format(number=standing))
    sides = queries.sides_of(access, agreement, settlement)
    if not queries.is_chargeable(settlement):
        raise UnableToInvoice(_("Nothing is charged in this borderel, so there is no invoice to make."))
    return agreement, settlement, sides


def _may_make(access: Access, sides: queries.Sides) -> None:
    """Who sells makes the invoice; the theatre also for the provider, when that was agreed."""
    if sides.own is sides.seller_side:
        return
    if not sides.is_self_billed:
        raise AccessDenied("the theatre makes this invoice")
    if not queries.self_billing_agreed(access, sides.provider, sides.theatre):
        text = _("{provider} has not agreed that you make its invoices. Ask it to issue this one, or to agree.")
        raise UnableToInvoice(text.format(provider=sides.provider.name))


def _claim(seller: Organisation, maker_id: int, year: int) -> str:
    """The next number of a series, under its lock until the transaction ends: without gaps, and none twice."""
    mine = InvoiceSeries.objects.across_tenants("the maker's own series, locked")
    given = {"prefix": _prefix(seller, maker_id)}
    rows = mine.select_for_update()
    series = rows.filter(seller=seller, maker_id=maker_id, year=year).first()
    if series is None:
        mine.get_or_create(seller=seller, maker_id=maker_id, year=year, defaults=given)
        series = rows.get(seller=seller, maker_id=maker_id, year=year)
    serial = max(series.last + 1, series.first)
    if serial > MOST:
        raise UnableToInvoice(_("The series of {year} is full.").format(year=year))
    series.last = serial
    series.save(update_fields=["last"])
    return invoice_number(series.prefix, year, serial)


def _prefix(seller: Organisation, maker_id: int) -> str:
    """That of the year before; else the one with which every series begins."""
    rows = InvoiceSeries.objects.across_tenants("the maker's own series").filter(seller=seller, maker_id=maker_id)
    before = rows.order_by("-year").values_list("prefix", flat=True).first()
    if before:
        return str(before)
    return OWN_PREFIX if maker_id == seller.pk else prefix_of(Organisation.objects.get(pk=maker_id).number)


def _keep(
    access: Access,
    at: datetime,
    agreement: Agreement,
    document: _Document,
    *,
    credits: Invoice | None = None,
    replaces: Invoice | None = None,
) -> Invoice:
    content = document.content
    row: Invoice = Invoice.objects.create(
        agreement=agreement, settlement=document.settlement, kind=content.kind.value, number=content.number, seller=document.seller,
        buyer=document.buyer, maker_id=access.organisation_id, issue_date=content.issue_date, due_date=content.due_date,
        net_cents=content.net_cents, vat_cents=content.vat_cents, total_cents=content.total_cents, due_cents=content.due_cents,
        language=document.language, content=stored_content(content), document=document.bytes, digest=sha256(document.bytes).hexdigest(),
        is_standing=not content.kind.is_credit, credits=credits, replaces=replaces, issued_at=at, issued_by=access.actor[:160],
    )  # fmt: skip
    write_line(
        access=access, at=at, verb="credit_invoice" if credits else "issue_invoice", subject="invoice", subject_id=row.pk,
        label=f"{row.number}, {agreement.reference}", changes={"total_cents": [None, row.total_cents], "digest": [None, row.digest]},
    )  # fmt: skip
    note = f"{row.number} → {credits.number}" if credits else row.number
    history.record(agreement, Happening.INVOICED, access=access, at=at, note=note)
    return row


# --- crediting --------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def credit_invoice(*, access: Access, at: datetime, agreement_id: int, number: str) -> Invoice:
    """Take back the invoice of a borderel that was reopened, whole, by a credit note that names it. Needs *manage*, of its maker.

    A repeat gives the credit note that is there. Raises AccessDenied, :class:`UnableToCredit`.
    """
    need_level(access, Level.MANAGE)
    agreement = locked_agreement(access, agreement_id)
    if side_of(access, agreement) is None:
        raise AccessDenied("the producer for whom an agency acts only reads")
    row = queries.invoice_row(access, agreement_id, number)
    if row is None:
        raise UnableToCredit(_("There is no invoice {number} of this agreement.").format(number=number))
    there = Invoice.objects.within(access).filter(credits=row).first()
    if there is not None:
        return there  # type: ignore[no-any-return]
    if InvoiceKind(row.kind).is_credit:
        raise UnableToCredit(_("{number} is a credit note itself.").format(number=number))
    if row.settlement.status != SettlementStatus.REOPENED:
        raise UnableToCredit(_("{number} stands for its borderel. Reopen the borderel first, with a reason.").format(number=number))
    return _credit(access, at, agreement, row)


def _credited(access: Access, at: datetime, agreement: Agreement, settlement: Settlement) -> list[Invoice]:
    """Invoices in whose place the new one comes: what still stood is credited now."""
    rows = Invoice.objects.within(access).filter(agreement=agreement, is_standing=True).exclude(settlement=settlement)
    standing = list(rows.select_related("settlement", "seller", "buyer", "maker").order_by("id"))
    for row in standing:
        _credit(access, at, agreement, row)
    if standing:
        return standing
    replaced = Invoice.objects.within(access).filter(agreement=agreement, credits=None, is_standing=False)
    last = replaced.order_by("-id").first()
    return [last] if last is not None and not _has_replacement(access, last) else []


def _has_replacement(access: Access, row: Invoice) -> bool:
    return bool(Invoice.objects.within(access).filter(replaces=row).exists())


def _credit(access: Access, at: datetime, agreement: Agreement, row: Invoice) -> Invoice:
    if row.maker_id != access.organisation_id:
        text = _("{maker} made invoice {number}, so it makes the credit note. Ask it to; then a new invoice can be made.")
        raise UnableToCredit(text.format(maker=row.maker.name, number=row.number))
    today = local(at).date()
    number = _claim(row.seller, access.organisation_id, today.year)
    content = credit_of(restored_content(row.content), number=number, issue_date=today, language=row.language)
    written = ubl.written(content)
    if refused := [finding for finding in checks.check(written) if not finding.is_warning]:
        raise UnableToCredit(" ".join(rule_finding(finding) for finding in refused))
    Invoice.objects.within(access).filter(pk=row.pk).update(is_standing=False)
    document = _Document(content, written, row.language, row.settlement, row.seller, row.buyer)
    return _keep(access, at, agreement, document, credits=row)
