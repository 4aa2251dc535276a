"""How the organisation wants its agreements handled, and what a new concept begins with per format."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dip.contracts.actions.settings import UnableToChangeSettings, change_settings
from dip.contracts.forms.drafting import TermsForm, completed_data, shown_codes
from dip.contracts.forms.settings import SettingsForm
from dip.contracts.models import ContractSettings
from dip.contracts.queries.parties import own_settings
from dip.contracts.rules.drafts import read_given
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import defaults, field_of, stored
from dip.contracts.terms.fields import FieldGroup, Value
from dip.contracts.wording import format_name, said, value_text
from dip.contracts.words import finding_text
from dip.definitions import queries as standard
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module

_VIEW, _MANAGE = requires(Module.CONTRACTS), requires(Module.CONTRACTS, Level.MANAGE)
_PROVIDER = requires(Module.CONTRACTS, Level.MANAGE, providers_only=True)
#: What belongs to a hall, and is not the same in every agreement.
_WITHOUT = (FieldGroup.PRICES, FieldGroup.SURCHARGES)


@_VIEW
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, access: Access) -> HttpResponse:
    """Everybody with a part in contracts reads them; whoever manages contracts changes them, four eyes whoever approves."""
    if not (access.is_provider or access.is_taker):
        raise Http404
    may_change = access.allows(Module.CONTRACTS, Level.MANAGE)
    if request.method == "POST" and not may_change:
        raise Http404
    kept = own_settings(access)
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        is_provider=access.is_provider,
        may_approve=access.allows(Module.CONTRACTS, Level.APPROVE),
        initial={name: getattr(kept, name) for name in ("four_eyes", "answer_days", "reminder_days", "contact_email")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_settings(access=access, at=clock.now(), **form.cleaned_data)
            messages.success(request, _("The settings are saved. They hold for what is proposed and signed from now on."))
            return redirect("contracts-settings")
        except UnableToChangeSettings as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    drafts = _drafts(kept) if access.is_provider else []
    context = {"module": "contracts", "form": form, "may_change": may_change, "drafts": drafts}
    return render(request, "contracts/settings.html", context, status=400 if form.errors else 200)


@_PROVIDER
@require_http_methods(["GET", "POST"])
def draft_terms(request: HttpRequest, access: Access, format_code: str) -> HttpResponse:
    """What a new concept in a format begins with, where that is not what the standard says."""
    if format_code not in {one.code for one in formats()}:
        raise Http404
    kept, usual = own_settings(access), _usual(format_code)
    own, _findings = read_given(format_code, kept.draft_terms.get(format_code, {}))
    form = _terms_form(request, format_code, {**usual, **own})
    if request.method == "POST" and request.POST.get("act") != "rows" and form.is_valid():
        chosen = {code: value for code, value in form.values().items() if value != usual.get(code)}
        try:
            terms = {**kept.draft_terms, format_code: stored(chosen)}
            change_settings(access=access, at=clock.now(), draft_terms=terms)
            messages.success(request, _("New concepts in %(format)s begin so.") % {"format": format_name(format_code)})
            return redirect("contracts-settings")
        except UnableToChangeSettings as refusal:
            form.tell(refusal.findings, finding_text)
    context = {
        "module": "contracts",
        "format_name": format_name(format_code),
        "terms": form,
        "shown": shown_codes(form),
        "main": form.controls(FieldGroup.SHARE, FieldGroup.RIGHTS, FieldGroup.PRACTICAL),
        "readings": form.controls(FieldGroup.READING),
    }
    is_wrong = bool(form.errors or form.findings) and request.POST.get("act") != "rows"
    return render(request, "contracts/settings_terms.html", context, status=400 if is_wrong else 200)


def _terms_form(request: HttpRequest, format_code: str, values: dict[str, Value]) -> TermsForm:
    options: dict[str, Any] = {"format_code": format_code, "values": values, "without": _WITHOUT}
    if request.method != "POST":
        return TermsForm(**options)
    posted = [name for name in request.POST if name.startswith("t-tranches-")]
    options["rows"] = len(posted) // 2 + (2 if request.POST.get("act") == "rows" else 0)
    return TermsForm(completed_data(request.POST, TermsForm(**options)), **options)


def _usual(format_code: str) -> dict[str, Value]:
    """What a concept begins with when an organisation says nothing."""
    values = defaults(format_code)
    if "royalties_percentage" in values:
        today = clock.local(clock.now()).date()
        values["royalties_percentage"] = (Decimal(str(standard.rate_term("royalties", today).value)) * 100).normalize()
    return values


def _drafts(kept: ContractSettings) -> list[tuple[str, str, list[str]]]:
    """Each format with what its new concepts begin with, in words."""
    found = []
    for one in formats():
        own, _findings = read_given(one.code, kept.draft_terms.get(one.code, {}))
        specs = {code: field_of(one.code, code) for code in own}
        texts = [f"{said(spec.names)}: {value_text(spec, own[code])}" for code, spec in specs.items()]
        found.append((one.code, said(one.names), texts))
    return found
