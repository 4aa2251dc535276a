"""The page with an organisation's own details for invoices, and its numbers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dip.contracts.actions import invoice_parties as actions
from dip.contracts.forms.invoices import PartyForm, SeriesForm
from dip.contracts.invoice_words import party_finding
from dip.contracts.models import PartyDetails
from dip.contracts.queries import invoices as queries
from dip.contracts.rules.invoices.numbering import invoice_number
from dip.contracts.rules.invoices.parties import address_of, check_party
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.queries import organisation_facts
from dip.registry.terms import Access, Level, Module, Refusal


@requires(Module.CONTRACTS, Level.VIEW)
@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, access: Access) -> HttpResponse:
    """Read the details, or with *manage* change them. A POST with ``do=series`` sets the numbers instead."""
    if not (access.is_provider or access.is_taker):
        raise Http404("this role has no agreements")
    form: PartyForm | None = None
    series: SeriesForm | None = None
    if request.method == "POST":
        if not access.allows(Module.CONTRACTS, Level.MANAGE):
            raise PermissionDenied("needs the right to manage contracts")
        form, series = (None, _number(request, access)) if request.POST.get("do") == "series" else (_change(request, access), None)
        if form is None and series is None:
            return redirect(_back(request) or "contracts-party")
    context = _context(request, access, form, series)
    return render(request, "contracts/party.html", context, status=400 if form or series else 200)


def _change(request: HttpRequest, access: Access) -> PartyForm | None:
    """The form with its errors; None when it is done."""
    form = PartyForm(request.POST)
    if not form.is_valid():
        return form
    try:
        actions.change_party(access=access, at=clock.now(), facts=form.facts(), language=form.cleaned_data["language"])
    except Refusal as refusal:
        form.show(refusal)
        return form
    messages.success(request, _("Your details are kept. They stand on every invoice from now on."))
    return None


def _number(request: HttpRequest, access: Access) -> SeriesForm | None:
    form = SeriesForm(request.POST)
    if not form.is_valid():
        return form
    year = clock.local(clock.now()).year
    try:
        row = actions.change_series(access=access, at=clock.now(), year=year, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return form
    messages.success(
        request, _("Your first invoice of this year is {number}.").format(number=invoice_number(row.prefix, year, row.first))
    )
    return None


def _back(request: HttpRequest) -> str:
    """Back to the invoice from which somebody came."""
    agreement = request.POST.get("agreement", "")
    return f"/contracts/{int(agreement)}/invoice/" if agreement.isascii() and agreement.isdigit() and len(agreement) < 10 else ""


def _context(request: HttpRequest, access: Access, form: PartyForm | None, series: SeriesForm | None) -> dict[str, Any]:
    row = queries.own_details(access)
    facts = queries.facts_of(row)
    year = clock.local(clock.now()).year
    numbers = queries.own_series(access, year)
    scheme, value = address_of(facts)
    may_change = access.allows(Module.CONTRACTS, Level.MANAGE)
    form = form or PartyForm(initial=_initial(access, row))
    series = series or SeriesForm(initial={"prefix": numbers.prefix, "first": numbers.first})
    if not may_change:
        for field in [*form.fields.values(), *series.fields.values()]:
            field.disabled = True
    return {
        "module": "contracts",
        "form": form,
        "series_form": series,
        "row": row,
        "missing": [party_finding(finding) for finding in check_party(facts)] if row else [],
        "address": f"{scheme}:{value}" if scheme else "",
        "next_number": invoice_number(numbers.prefix, year, max(numbers.last + 1, numbers.first)),
        "has_numbers": numbers.pk is not None and numbers.last >= numbers.first,
        "year": year,
        "may_change": may_change,
        "agreement": request.GET.get("agreement") or request.POST.get("agreement", ""),
    }


def _initial(access: Access, row: PartyDetails | None) -> dict[str, Any]:
    """What was kept; before that, what the platform knows of the organisation."""
    if row is not None:
        return {name: getattr(row, name) for name in PartyForm.base_fields}
    known = organisation_facts(access)
    return {
        "legal_name": known.name,
        "city": known.city,
        "email": known.email,
        "country": "NL",
        "regime": "normal",
        "language": "nl",
    }
