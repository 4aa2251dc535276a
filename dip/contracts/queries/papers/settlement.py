"""The document of a borderel: the figures that settle, the statement they give, remarks, and who confirmed and signed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.contracts import wording
from dip.contracts.models import Agreement, AgreementVersion, Settlement, SettlementRemark
from dip.contracts.queries.papers import parts
from dip.contracts.queries.papers.people import parties_section
from dip.contracts.queries.papers.statement import amount, check_line, definition_of, definitions_part, rate_text, statement_part
from dip.contracts.rules.kept import restored_figures, restored_statement
from dip.contracts.rules.values import restored
from dip.contracts.terms.papers import Paper, PaperKind
from dip.contracts.terms.settlements import SettledFigures, Sold
from dip.contracts.terms.statement import Party, Statement
from dip.contracts.terms.states import SettlementStatus
from dip.kernel.clock import local
from dip.registry.terms import Access
from dip.web import formats


def settlement_of(access: Access, agreement: Agreement, number: int) -> Settlement | None:
    """A borderel of an agreement; None when there is none of that number. One query."""
    found: Settlement | None = Settlement.objects.within(access).filter(agreement=agreement, number=number).first()
    return found


def settlement_stage(settlement: Settlement) -> str | None:
    """Where a borderel stands, as its paper is kept under; None before it was confirmed. Paid is not on it: the bank says that."""
    if settlement.statement is None or settlement.confirmed_at is None:
        return None
    signed = settlement.signed_at is not None
    word = "reopened" if settlement.status == SettlementStatus.REOPENED else "signed" if signed else settlement.status
    return f"{word} {_moment_of(settlement):%Y%m%dT%H%M%S}"


def _moment_of(settlement: Settlement) -> datetime:
    moments = (settlement.confirmed_at, settlement.signed_at, settlement.reopened_at)
    newest = max(moment for moment in moments if moment is not None)
    said = SettlementRemark.objects.across_tenants("the moment of the last remark").filter(settlement=settlement)
    for pair in said.values_list("at", "replied_at"):
        newest = max([newest, *(moment for moment in pair if moment is not None)])
    return newest


def settlement_paper(access: Access, agreement: Agreement, settlement: Settlement, language: str) -> Paper:
    """The document of a borderel that was confirmed, in a language."""
    with translation.override(language):
        data = _data(access, agreement, settlement)
    return Paper(
        kind=PaperKind.SETTLEMENT,
        agreement_id=agreement.pk,
        number=settlement.number,
        stage=settlement_stage(settlement) or "",
        language=language,
        at=_moment_of(settlement),
        name=f"{agreement.reference}-borderel-{settlement.number}-{language}",
        data=data,
        is_sealed=True,
    )


def _data(access: Access, agreement: Agreement, settlement: Settlement) -> dict[str, Any]:
    statement = restored_statement(settlement.statement)
    figures = restored_figures(settlement.figures)
    version = AgreementVersion.objects.within(access).get(agreement=agreement, number=settlement.version)
    values = restored(version.format, version.terms)
    on = local(_moment_of(settlement)).date()
    standing = _standing(agreement, settlement)
    made = statement_part(
        statement,
        values,
        [f"{formats.day(one.on)}\n{_tickets(one.sold.tickets if one.sold else 0)}" for one in figures],
        total=_("Total") + "\n" + _tickets(statement.tickets),
        provider=agreement.provider.name,
        theatre=agreement.theatre.name,
        on=on,
    )
    return parts.framed(
        kind=_("Borderel"),
        reference=_reference(agreement, settlement),
        heading=agreement.production.title,
        author=agreement.theatre.name,
        facts=_facts(agreement, settlement, version.format, len(figures)),
        standing=standing,
        sections=[
            parties_section(agreement),
            _figures_section(figures),
            parts.section(_("Statement"), made, check_line(statement)),
            _payable_section(agreement, statement),
            *_remarks(access, settlement, on),
            _signatures(agreement, settlement),
        ],
        annexes=[parts.section(_("Annex: what each line is"), definitions_part(statement, on))],
        watermark="" if standing[0] else _("Not signed") if settlement.status != SettlementStatus.REOPENED else _("Reopened"),
    )


def _reference(agreement: Agreement, settlement: Settlement) -> str:
    return _("{reference}, borderel {number}").format(reference=agreement.reference, number=settlement.number)


def _facts(agreement: Agreement, settlement: Settlement, format_code: str, count: int) -> list[str]:
    return [
        _("{format}, by version {number} of the agreement").format(
            format=wording.format_name(format_code), number=settlement.version
        ),
        f"{agreement.theatre.name}, {agreement.theatre.city}",
        ngettext("{count} performance", "{count} performances", count).format(count=count),
        agreement.production.dip_id,
        agreement.name,
    ]


def _standing(agreement: Agreement, settlement: Settlement) -> tuple[bool, str, str]:
    told = {"confirmed": formats.moment(settlement.confirmed_at), "theatre": agreement.theatre.name}
    told |= {"signed": formats.moment(settlement.signed_at), "provider": agreement.provider.name}
    told |= {"reopened": formats.moment(settlement.reopened_at), "reason": settlement.reopen_reason}
    if settlement.status == SettlementStatus.REOPENED:
        return False, _("Reopened"), _("Reopened on {reopened}: {reason}. A later borderel takes its place.").format(**told)
    if settlement.signed_at is not None:
        sentence = _("Confirmed by {theatre} on {confirmed} and signed by {provider} on {signed}. It may be invoiced.")
        return True, _("Signed by both"), sentence.format(**told)
    if settlement.status == SettlementStatus.DISPUTED:
        sentence = _("Confirmed by {theatre} on {confirmed}; {provider} disputes it. It may not be invoiced yet.")
        return False, _("Disputed"), sentence.format(**told)
    sentence = _("Confirmed by {theatre} on {confirmed}; {provider} has still to sign. It may not be invoiced yet.")
    return False, _("Confirmed, not signed"), sentence.format(**told)


def _figures_section(figures: Sequence[SettledFigures]) -> parts.Section:
    rows = [
        (
            formats.full_day(one.on),
            one.hall,
            one.source or formats.MISSING,
            formats.number(one.seats) if one.seats else formats.MISSING,
            _count(one.sold, "tickets"),
            _count(one.sold, "free_tickets"),
            formats.money(one.sold.recette_cents) if one.sold else formats.MISSING,
        )
        for one in figures
    ]
    heads = [_("Date"), _("Hall"), _("Source"), _("Seats"), _("Paid tickets"), _("Free tickets"), _("Recette incl. VAT")]
    widths = ["auto", "1fr", "1fr", "auto", "auto", "auto", "auto"]
    corrected = [one for one in figures if one.is_corrected]
    listed = parts.listing(heads, widths, rows, numbers=3)
    return parts.section(_("Figures"), listed, *_corrections(corrected))


def _count(sold: Sold | None, name: str) -> str:
    return formats.number(getattr(sold, name)) if sold else formats.MISSING


def _corrections(corrected: Sequence[SettledFigures]) -> list[parts.Part]:
    if not corrected:
        return []
    rows = [
        (
            formats.full_day(one.on),
            _sold(one.told),
            _sold(one.sold),
            one.reason or formats.MISSING,
            one.corrected_by or formats.MISSING,
        )
        for one in corrected
    ]
    heads = [_("Date"), _("Ticketing system stated"), _("Settled with"), _("Why"), _("By")]
    listed = parts.listing(heads, ["auto", "34mm", "34mm", "1fr", "28mm"], rows)
    return [parts.subheading(_("Corrections by the theatre")), listed]


def _sold(sold: Sold | None) -> str:
    if sold is None:
        return _("nothing")
    paid = _tickets(sold.tickets)
    free = _("{count} free").format(count=formats.number(sold.free_tickets))
    return f"{paid}, {free}\n{formats.money(sold.recette_cents)}"


def _tickets(count: int) -> str:
    return ngettext("{count} ticket", "{count} tickets", count).format(count=formats.number(count))


def _payable_section(agreement: Agreement, statement: Statement) -> parts.Section:
    """Who invoices whom, for what, and what is left to pay."""
    issuer = agreement.provider.name if statement.issuer is Party.PROVIDER else agreement.theatre.name
    rows = [
        (_item(item.code), formats.money(item.cents), rate_text(item.vat_rate), formats.money(item.vat_cents))
        for item in statement.items
    ]
    heads = [_("Invoiced by {party}").format(party=issuer), _("Excl. VAT"), _("VAT rate"), _("VAT")]
    owes = _("{theatre} pays {provider} {amount}, VAT included.")
    if statement.payable_cents < 0:
        owes = _("{provider} pays {theatre} {amount}, VAT included.")
    said = owes.format(
        theatre=agreement.theatre.name, provider=agreement.provider.name, amount=formats.money(abs(statement.payable_cents))
    )
    listed = parts.listing(heads, ["1fr", "30mm", "20mm", "30mm"], rows, numbers=1) if rows else None
    return parts.section(_("To pay"), parts.text(said), listed)


def _item(code: str) -> str:
    names = {"share": _("Share"), "rent": _("Rent"), "other_charges": _("Other charges")}
    return names.get(code, code)


def _remarks(access: Access, settlement: Settlement, on: date) -> list[parts.Section]:
    """What the provider disputed, and what the theatre replied."""
    rows = []
    for row in SettlementRemark.objects.within(access).filter(settlement=settlement).order_by("at", "id"):
        line = _("Figures") if row.line == "figures" else definition_of(f"settlement_{row.line}", on).name
        expected = _("expected {amount}").format(amount=amount(row.expected_cents)) if row.expected_cents is not None else ""
        said = "\n".join(part for part in (row.reason, expected) if part)
        rows.append((line, f"{row.by}\n{formats.moment(row.at)}", said))
        if row.reply:
            rows.append(("", f"{row.replied_by}\n{formats.moment(row.replied_at)}", row.reply))
    heads = [_("Line"), _("By"), _("Remark")]
    return [parts.section(_("Remarks"), parts.listing(heads, ["42mm", "42mm", "1fr"], rows))] if rows else []


def _signatures(agreement: Agreement, settlement: Settlement) -> parts.Section:
    rows = [
        (
            _("Confirmed for {party}").format(party=agreement.theatre.name),
            settlement.confirmed_by,
            formats.moment(settlement.confirmed_at),
        ),
        (
            _("Signed for {party}").format(party=agreement.provider.name),
            settlement.signed_by or formats.MISSING,
            formats.moment(settlement.signed_at),
        ),
    ]
    return parts.section(_("Signatures"), parts.listing([_("Act"), _("By"), _("Moment")], ["1fr", "52mm", "40mm"], rows))
