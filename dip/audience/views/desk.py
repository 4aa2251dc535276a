"""The desk for orders: sources, deliveries with their verdicts, and how to deliver."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dip.audience.forms.desk import GenderForm
from dip.audience.views import desk_words as words
from dip.audience.views.desk_door import before_of, desk, may_manage, number_of
from dip.kernel import clock
from dip.registry.forms import show_refusal
from dip.registry.terms import Access, Level
from dip.warehouse.actions.mapping import UnableToMap, keep_gender
from dip.warehouse.queries import files, receipts
from dip.warehouse.queries import sources as reads
from dip.warehouse.queries.codes import undecided_counts
from dip.warehouse.rules.landed import CodeField

#: Verdicts on a delivery's page.
SHOWN = 200


def page(request: HttpRequest, access: Access, name: str, tab: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the desk, with its tabs."""
    given = {"module": "organisation", "tab": tab, "may_manage": may_manage(access), **context}
    return render(request, f"audience/desk/{name}.html", given, status=status)


@desk()
@require_GET
def overview(request: HttpRequest, access: Access) -> HttpResponse:
    """Sources, what waits, and what wants a decision."""
    rows = reads.sources(access)
    open_codes = undecided_counts(access)
    context = {
        "sources": [(one, words.SYSTEMS.get(one.system, one.system), sum(one.undecided.values())) for one in rows],
        "feeds": reads.order_feeds(access),
        "open_codes": [(of.value, words.CODES[of], open_codes[of]) for of in CodeField if open_codes[of]],
        "accepted": sum(one.accepted for one in rows),
        "rejected": sum(one.rejected for one in rows),
        "deliveries": sum(one.deliveries for one in rows),
        "waiting": sum(one.waiting for one in rows),
        "last_at": max((one.last_at for one in rows if one.last_at), default=None),
        "at": clock.now(),
    }
    return page(request, access, "overview", "overview", context)


@desk()
@require_GET
def deliveries(request: HttpRequest, access: Access) -> HttpResponse:
    """What was delivered, newest first; of one source when it is asked for."""
    source_id, before = number_of(request.GET.get("source")), before_of(request)
    found = receipts.receipts(access, before=before, source_id=source_id)
    rows = found[: receipts.PAGE]
    context = {
        "rows": rows,
        "older": rows[-1].id if len(found) > receipts.PAGE else None,
        "is_later": before is not None,
        "names": reads.names(access),
        "source_id": source_id,
        "waits": any(one.is_waiting for one in rows),
    }
    return page(request, access, "deliveries", "deliveries", context)


@desk()
@require_GET
def delivery(request: HttpRequest, access: Access, batch_id: int) -> HttpResponse:
    """One receipt: how far it is, its verdicts counted, and the first of them row by row."""
    try:
        row = receipts.receipt(access, batch_id)
    except receipts.UnknownReceipt as error:
        raise Http404 from error
    context = {
        "row": row,
        "tallies": words.tallies(row.counts),
        "verdicts": words.told_first(row.verdicts, SHOWN),
        "told": len(row.verdicts),
        "shown": min(SHOWN, len(row.verdicts)),
        "is_file": row.delivery_id.startswith("file-"),
        "at": clock.now(),
    }
    return page(request, access, "delivery", "deliveries", context)


@desk()
@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, access: Access, source_id: int) -> HttpResponse:
    """One source: its figures, how its files are read, and the ground on which gender is kept."""
    try:
        row = reads.source(access, source_id)
    except reads.UnknownSource as error:
        raise Http404 from error
    form = GenderForm(request.POST or None, initial={"ground": row.gender_ground})
    if request.method == "POST" and form.is_valid():
        try:
            keep_gender(access=access, at=clock.now(), source_id=source_id, ground=form.cleaned_data["ground"])
        except UnableToMap as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("The ground is kept."))
            return redirect("audience-desk-source", source_id)
    versions = [
        (one, [(head, words.FIELDS.get(field, field)) for head, field in one.columns]) for one in files.mappings(access, source_id)
    ]
    open_codes = [(of.value, words.CODES[of], row.undecided[of]) for of in CodeField if row.undecided.get(of)]
    context = {
        "row": row,
        "form": form,
        "versions": versions,
        "open_codes": open_codes,
        "system": words.SYSTEMS.get(row.system, row.system),
    }
    return page(request, access, "source", "overview", context, 400 if form.errors else 200)


@desk()
@require_GET
def how(request: HttpRequest, access: Access) -> HttpResponse:
    """The four ways in which orders come here."""
    return page(request, access, "how", "how", {"feeds": reads.order_feeds(access), "level": Level.MANAGE})
