"""Pages of one connection: which performances it lists, its kinds of tickets, its readings."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.ticketing import connection_words as words
from dip.ticketing.actions import connection_matches as matches
from dip.ticketing.actions.connections import map_kinds
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.models import SourceEvent
from dip.ticketing.queries import connections as queries
from dip.ticketing.views.connections import changeable, found, frame, readings_in_words

WHICH = {
    "proposed": gettext_lazy("Proposed"),
    "wrong": gettext_lazy("Wrong DIP-id"),
    "linked": gettext_lazy("Linked"),
    "unknown": gettext_lazy("Not on the platform"),
}


@requires(Module.SALES, Level.VIEW)
@require_GET
def performances(request: HttpRequest, access: Access, connection_id: int) -> HttpResponse:
    """What the system lists, and what each is here: links to confirm, ids to correct."""
    at = now()
    row = found(access, connection_id)
    counts = queries.event_counts(access, row.id, at)
    asked = request.GET.get("which", "")
    which = asked if asked in WHICH else next((key for key in WHICH if counts[key]), "linked")
    page = _page(request)
    rows = queries.event_rows(access, row.id, at, which, page)
    shown = [(one, words.PROBLEMS.get(one.problem), words.STATUSES.get(one.sales_status, "")) for one in rows[: queries.PAGE]]
    context = frame(access, row, "performances") | {
        "choices": [(key, name, counts[key]) for key, name in WHICH.items()], "which": which, "rows": shown,
        "before": page - 1, "after": page + 1 if len(rows) > queries.PAGE else 0,
        "id_help": CONNECTORS[row.vendor].id_help,
    }  # fmt: skip
    return render(request, "ticketing/connection_performances.html", context)


@requires(Module.SALES, Level.MANAGE)
@require_POST
def decide(request: HttpRequest, access: Access, connection_id: int) -> HttpResponse:
    """Confirm ticked proposals or one, refuse one, link one by number, or unlink one."""
    row = changeable(access, connection_id)
    which = request.POST.get("which", "proposed")
    place = f"{reverse('ticketing-connection-performances', args=[row.id])}?which={which if which in WHICH else 'proposed'}"
    key = {"access": access, "at": now(), "connection_id": row.id}
    try:
        messages.success(request, _decided(request, key))
    except SourceEvent.DoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(place)


def _decided(request: HttpRequest, key: dict) -> str:  # type: ignore[type-arg]  # access, at and connection_id as actions take them
    posted = request.POST
    if ref := posted.get("refuse"):
        matches.refuse_match(ref=ref, **key)
        return _("Noted: it is not proposed again.")
    if ref := posted.get("unlink"):
        matches.unlink_performance(ref=ref, **key)
        return _("The link is undone. Figures that came stay.")
    if ref := posted.get("link"):
        text = posted.get(f"number-{ref}", "").rpartition("|")[2].strip()
        if not text.isdecimal() or len(text) > 12:
            raise matches.UnableToConnect(
                _("“%(text)s” is no number. Copy the DIP-id from the performance's page.") % {"text": text[:40]}
            )
        matches.link_performance(ref=ref, number=int(text), **key)
        return _("Linked. Its figures are read within a minute.")
    refs = [posted["confirm"]] if posted.get("confirm") else posted.getlist("ref")
    count = matches.confirm_matches(refs=refs, **key)
    return ngettext(
        "%(n)s performance is linked. Its figures are read within a minute.",
        "%(n)s performances are linked. Their figures are read within a minute.",
        count,
    ) % {"n": count}


@requires(Module.SALES, Level.VIEW)
@require_http_methods(["GET", "POST"])
def kinds(request: HttpRequest, access: Access, connection_id: int) -> HttpResponse:
    """Which national kind each of the system's own kinds is; guesses until somebody saves them."""
    if request.method == "POST":
        row = changeable(access, connection_id)
        given = {name.removeprefix("kind-"): kind for name, kind in request.POST.items() if name.startswith("kind-")}
        try:
            count = map_kinds(
                access=access, at=now(), connection_id=row.id, kinds={name: str(kind) for name, kind in given.items()}
            )
            messages.success(request, _("Saved. Figures are counted anew within a minute.") if count else _("Nothing had changed."))
        except Refusal as refusal:
            messages.error(request, refusal.message)
        return redirect("ticketing-connection-kinds", row.id)
    row = found(access, connection_id)
    rows = queries.kind_rows(access, row.id)
    context = frame(access, row, "kinds") | {
        "rows": [(one, words.KINDS.get(one.kind, one.kind)) for one in rows], "kinds": list(words.KINDS.items()),
        "guesses": sum(one.is_guess for one in rows),
    }  # fmt: skip
    return render(request, "ticketing/connection_kinds.html", context)


@requires(Module.SALES, Level.VIEW)
@require_GET
def history(request: HttpRequest, access: Access, connection_id: int) -> HttpResponse:
    """Readings, newest first; with ``all`` those that brought nothing as well."""
    row = found(access, connection_id)
    page, telling = _page(request), "all" not in request.GET
    rows = queries.reading_rows(access, row.id, page=page, telling=telling)
    context = frame(access, row, "history") | {
        "readings": readings_in_words(rows[: queries.PAGE]), "telling": telling, "before": page - 1,
        "after": page + 1 if len(rows) > queries.PAGE else 0,
    }  # fmt: skip
    return render(request, "ticketing/connection_history.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1
