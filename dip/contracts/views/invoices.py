"""The invoices of an agreement: what it would say, what is missing, issuing, crediting, mailing, its files; and the list of all."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from dip.contracts.actions import invoice_documents as documents
from dip.contracts.actions import invoice_parties as parties
from dip.contracts.actions import invoices as actions
from dip.contracts.invoice_words import KINDS, owner_name, remedy, rule_finding
from dip.contracts.queries import invoices as queries
from dip.contracts.queries.papers.invoice import file_name
from dip.contracts.terms.invoices import InvoiceContent, Owner, RuleFinding
from dip.contracts.terms.statement import Party
from dip.contracts.views.invoice_rows import amount_rows, issued_rows, lede, sheet_rows
from dip.kernel import clock
from dip.registry import sheets
from dip.registry.guard import requires
from dip.registry.seals import UnableToSeal
from dip.registry.terms import Access, Level, Module, Refusal

PAGE_ROWS = 50
_WHICH = ("", "open", "credit")


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """What one party can mend: heading, remedy, its findings, and whether it is the reader's own to mend."""

    name: str
    remedy: str
    findings: list[tuple[str, str, bool]]
    """Code, sentence, and whether it is only a warning."""
    is_own: bool


@requires(Module.CONTRACTS, Level.VIEW)
@require_http_methods(["GET", "POST"])
def invoice(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """The page. A POST issues, credits, mails, or agrees to and ends self-billing."""
    page = queries.invoice_page(access, agreement_id, clock.local(clock.now()).date())
    if page is None:
        raise Http404("no such agreement")
    if request.method == "POST":
        if not access.allows(Module.CONTRACTS, Level.MANAGE):
            raise PermissionDenied("needs the right to manage contracts")
        _act(request, access, agreement_id)
        return redirect("contracts-invoice", agreement_id)
    return render(request, "contracts/invoice.html", _context(access, page))


def _act(request: HttpRequest, access: Access, agreement_id: int) -> None:
    """Do what was asked, and say how it went."""
    kind, number = request.POST.get("do", ""), request.POST.get("number", "")
    given: dict[str, Any] = {"access": access, "at": clock.now(), "agreement_id": agreement_id}
    acts = {
        "issue": lambda: _("Invoice {number} is issued.").format(number=actions.issue_invoice(**given).number),
        "credit": lambda: _("Credit note {number} is issued.").format(number=actions.credit_invoice(**given, number=number).number),
        "mail": lambda: (
            _("{number} is on its way by mail.").format(number=number) if documents.mail_invoice(**given, number=number) else ""
        ),
        "agree": lambda: _("The theatre can make your invoices now.") if parties.agree_self_billing(**given) else "",
        "end": lambda: _end(given),
    }
    if kind not in acts:
        raise Http404("no such act")
    try:
        messages.success(request, acts[kind]())
    except Refusal as refusal:
        messages.error(request, refusal.message)


def _end(given: dict[str, Any]) -> str:
    parties.end_self_billing(**given)
    return _("From now on the provider makes its own invoices.")


def _context(access: Access, page: queries.InvoicePage) -> dict[str, Any]:
    may = _rights(access, page)
    content = page.draft.content if page.draft else None
    return {
        "module": "contracts",
        "page": page,
        "may": may,
        "lede": lede(page, may),
        "content": content,
        "kind": KINDS[content.kind] if content else "",
        "amounts": amount_rows(content) if content else [],
        "groups": _groups(access, page),
        "rows": issued_rows(page.issued),
        "reopened": page.reopened,
        "seller": _named(page, content, is_seller=True),
        "buyer": _named(page, content, is_seller=False),
    }


def _named(page: queries.InvoicePage, content: InvoiceContent | None, *, is_seller: bool) -> str:
    """A party's legal name, or its name on the platform while that is not filled in."""
    if page.sides is None or content is None:
        return ""
    facts, organisation = (content.seller, page.sides.seller) if is_seller else (content.buyer, page.sides.buyer)
    return facts.legal_name or (organisation.name if organisation else "")


def _rights(access: Access, page: queries.InvoicePage) -> dict[str, bool]:
    """What this reader can do here now, by act."""
    sides = page.sides
    own = sides.own if sides else None
    manages = access.allows(Module.CONTRACTS, Level.MANAGE) and own is not None
    sells = sides is not None and own is sides.seller_side
    makes = sells or (sides is not None and sides.is_self_billed and page.self_billing)
    is_provider = own is Party.PROVIDER
    provider_sells = sides is not None and sides.seller_side is Party.PROVIDER
    return {
        "issue": manages and makes and page.draft is not None and page.draft.is_ready,
        "make": manages and makes,
        "credit": access.allows(Module.CONTRACTS, Level.MANAGE),
        "agree": is_provider and provider_sells and access.allows(Module.CONTRACTS, Level.APPROVE) and not page.self_billing,
        "end": manages and page.self_billing,
    }


def _groups(access: Access, page: queries.InvoicePage) -> list[FindingGroup]:
    """Findings by who can mend them, refusing ones first; none when there is nothing to issue."""
    if page.draft is None or page.sides is None:
        return []
    sides, content = page.sides, page.draft.content
    seller, buyer = _named(page, content, is_seller=True), _named(page, content, is_seller=False)
    organisations = {Owner.SELLER: sides.seller, Owner.BUYER: sides.buyer}
    groups = []
    for owner in Owner:
        found = [finding for finding in page.draft.findings if finding.owner is owner]
        if found:
            whose = organisations.get(owner)
            is_own = whose is not None and whose.pk == access.organisation_id
            groups.append(FindingGroup(owner_name(owner, seller, buyer), remedy(owner, seller, buyer), _said(found), is_own))
    return groups


def _said(findings: list[RuleFinding]) -> list[tuple[str, str, bool]]:
    return [(finding.code, rule_finding(finding), finding.is_warning) for finding in findings]


# --- files ------------------------------------------------------------------------------------------------------------------------


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def invoice_xml(request: HttpRequest, access: Access, agreement_id: int, number: str) -> HttpResponse:
    """The UBL of an invoice, byte for byte as it was issued."""
    row = queries.invoice_row(access, agreement_id, number)
    if row is None:
        raise Http404("no such invoice")
    return _file(bytes(row.document), documents.XML_TYPE, f"{file_name(row)}.xml", "attachment")


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def invoice_pdf(request: HttpRequest, access: Access, agreement_id: int, number: str) -> HttpResponse:
    """The PDF of an invoice, sealed, with its UBL inside."""
    try:
        made = documents.invoice_document(access=access, at=clock.now(), agreement_id=agreement_id, number=number)
    except UnableToSeal as error:
        return render(request, "contracts/unsealed.html", {"module": "contracts", "said": error.message}, status=503)
    if made is None:
        raise Http404("no such invoice")
    return _file(made.content, "application/pdf", made.name, "inline")


def _file(content: bytes, content_type: str, name: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


# --- the list ---------------------------------------------------------------------------------------------------------------------


@requires(Module.CONTRACTS, Level.VIEW)
@require_GET
def invoices(request: HttpRequest, access: Access) -> HttpResponse:
    """Every invoice and credit note of the reader's agreements, of a year."""
    if not (access.is_provider or access.is_taker):
        raise Http404("this role has no agreements")
    year, which = _asked(request)
    rows = queries.all_invoices(access, year=year, which=which)
    number = request.GET.get("page", "")
    keys = rows.order_by("-issued_at", "-id").values_list("pk", flat=True)
    paged = Paginator(keys, PAGE_ROWS).get_page(int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1)
    shown = queries.invoices_of(access, rows.filter(pk__in=list(paged.object_list)))
    context = {
        "module": "contracts",
        "year": year,
        "years": queries.invoice_years(access, clock.local(clock.now()).year),
        "which": which,
        "choices": [("", _("All")), ("open", _("To be paid")), ("credit", _("Credit notes"))],
        "paged": paged,
        "rows": issued_rows(shown),
        "totals": queries.invoice_totals(rows),
    }
    return render(request, "contracts/invoices.html", context)


@requires(Module.CONTRACTS, Level.VIEW)
@require_GET
def export(request: HttpRequest, access: Access) -> HttpResponse:
    """The list as CSV: all of its pages."""
    if not (access.is_provider or access.is_taker):
        raise Http404("this role has no agreements")
    year, which = _asked(request)
    heads, rows = sheet_rows(queries.invoices_of(access, queries.all_invoices(access, year=year, which=which)))
    return _file(sheets.as_csv(heads, rows).encode(), "text/csv; charset=utf-8", f"invoices-{year}.csv", "attachment")


def _asked(request: HttpRequest) -> tuple[int, str]:
    text, which = request.GET.get("year", ""), request.GET.get("which", "")
    today = clock.local(clock.now()).year
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today
    return year, which if which in _WHICH else ""
