"""Raw codes: what a source's own kinds, channels and events mean, decided once, in bulk."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dip.audience.forms.desk import EveningForm
from dip.audience.views import desk_words as words
from dip.audience.views.desk import page
from dip.audience.views.desk_door import before_of, desk, may_manage, number_of
from dip.kernel import clock
from dip.registry.terms import Access, AccessDenied
from dip.warehouse.actions.mapping import Decision, decide_many
from dip.warehouse.queries import codes as reads
from dip.warehouse.queries import sources
from dip.warehouse.queries.evenings import find_evenings
from dip.warehouse.rules.landed import CodeField
from dip.web import formats


@desk()
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest, access: Access, of: str) -> HttpResponse:
    """Codes of one sort, those that nobody decided, or the decided ones; and deciding them."""
    if of not in set(CodeField):
        raise Http404("no such sort of code")
    field = CodeField(of)
    if request.method == "POST":
        return _decided(request, access, field)
    is_decided, source_id, before = "decided" in request.GET, number_of(request.GET.get("source")), before_of(request)
    found = reads.codes(access, field, is_decided=is_decided, source_id=source_id, before=before)
    rows, counts = found[: reads.PAGE], reads.undecided_counts(access)
    words_of = words.KINDS if field is CodeField.KIND else words.CHANNELS
    context = {
        "of": field.value,
        "sorts": [(one.value, words.CODES[one], counts[one]) for one in CodeField],
        "rows": [(row, words_of.get(row.value, row.value)) for row in rows],
        "choices": [] if field is CodeField.EVENT else list(words_of.items()),
        "suggested": sum(bool(row.suggested) for row in rows),
        "is_decided": is_decided,
        "source_id": source_id,
        "names": sources.names(access),
        "older": rows[-1].id if len(found) > reads.PAGE else None,
    }
    return page(request, access, "codes", "codes", context)


def _decided(request: HttpRequest, access: Access, field: CodeField) -> HttpResponse:
    """Decide every code for which something was chosen; the page names those that were refused."""
    if not may_manage(access):
        raise AccessDenied("needs a theatre's right to manage the audience module")
    given = {int(key[5:]): value for key, value in request.POST.items() if key.startswith("code-") and key[5:].isdecimal() and len(key) < 20}  # fmt: skip
    chosen = {key: str(value) for key, value in given.items() if value}
    rows = reads.named(access, field, chosen)
    decisions = [
        Decision(source_id, field, raw, chosen[key].strip()) for key, source_id, raw, value in rows if chosen[key] != value
    ]
    refused = decide_many(access=access, at=clock.now(), decisions=decisions)
    for one, why in refused.items():
        messages.error(request, f"{one.raw}: {why}")
    done = len(decisions) - len(refused)
    if done:
        told = ngettext("%(n)s code is decided.", "%(n)s codes are decided.", done) % {"n": formats.tickets(done)}
        messages.success(request, f"{told} {_('What landed with it is read anew within a minute.')}")
    elif not refused:
        messages.warning(request, _("Nothing was chosen, so nothing was changed."))
    kept = {name: request.POST[name] for name in ("source",) if request.POST.get(name)}
    kept |= {"decided": "1"} if request.POST.get("decided") else {}
    address = reverse("audience-desk-codes", args=[field.value])
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)


@desk()
@require_GET
def evenings(request: HttpRequest, access: Access) -> HttpResponse:
    """Performances of the theatre to couple an event to: a part of a page, for the field of one code."""
    key, form = number_of(request.GET.get("code")), EveningForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    is_asked = key is not None and bool(asked.get("q") or asked.get("on"))
    found = find_evenings(access, asked.get("q", ""), asked.get("on")) if is_asked else []
    return render(request, "audience/desk/parts/evenings.html", {"rows": found, "key": key, "is_asked": is_asked})
