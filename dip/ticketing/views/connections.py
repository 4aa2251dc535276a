"""Pages of connections to ticketing systems: how they do, and setting one up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import now
from dip.registry.guard import requires
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.ticketing import connection_words as words
from dip.ticketing.actions import connections as actions
from dip.ticketing.actions.connection_hooks import start_reading
from dip.ticketing.actions.connection_trial import Tested, try_connection
from dip.ticketing.connectors import CONNECTORS
from dip.ticketing.forms.connections import ConnectionForm, NameForm, TokenForm
from dip.ticketing.models import Connection
from dip.ticketing.queries import connections as queries
from dip.ticketing.rules.pacing import INTERVAL, Cause
from dip.ticketing.rules.quality import POINTS

LATEST = 8


@requires(Module.SALES, Level.VIEW)
@require_GET
def connections(request: HttpRequest, access: Access) -> HttpResponse:
    """The theatre's connections; for the platform those of all theatres, the silent ones first; others have none."""
    at = now()
    rows = [(row, row.lag(at), words.TROUBLES.get(row.trouble)) for row in queries.connection_rows(access, at)]
    context = {
        "module": "organisation", "rows": rows, "can_change": may_change(access), "vendors": CONNECTORS,
        "silent_count": sum(row.state == "failing" for row, _lag, _told in rows),
    }  # fmt: skip
    return render(request, "ticketing/connections.html", context)


@requires(Module.SALES, Level.VIEW)
@require_GET
def connection(request: HttpRequest, access: Access, connection_id: int) -> HttpResponse:
    """One connection: how it does, what to look at, its score in parts, its webhook, its latest readings."""
    at = now()
    row = found(access, connection_id)
    context = frame(access, row, "connection") | {
        "lag": row.lag(at), "interval": int(INTERVAL.total_seconds() // 60),
        "counts": queries.event_counts(access, row.id, at), "remarks": queries.remarkable(access, row.id, at),
        "guesses": sum(kind.is_guess and kind.tickets > 0 for kind in queries.kind_rows(access, row.id)),
        "parts": [(words.PARTS[part], POINTS[part], row.score.shares.get(part)) for part in POINTS],
        "readings": readings_in_words(queries.reading_rows(access, row.id, size=LATEST, telling=True)[:LATEST]),
        "hook_url": request.build_absolute_uri(reverse("ticketing-hook", args=[actions.hook_secret(row.hook_salt)])),
        "hook_steps": CONNECTORS[row.vendor].hook_steps, "id_help": CONNECTORS[row.vendor].id_help,
    }  # fmt: skip
    return render(request, "ticketing/connection.html", context)


@requires(Module.SALES, Level.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def new_connection(request: HttpRequest, access: Access, vendor: str) -> HttpResponse:
    """Set up a connection: test it, see what was found, keep it."""
    if vendor not in CONNECTORS:
        raise Http404
    if not may_change(access):
        raise AccessDenied("connections belong to theatres")
    form = ConnectionForm(request.POST or None, vendor=vendor, purpose=f"connection form {access.organisation_id}")
    tested: Tested | None = None
    if request.method == "POST" and form.is_valid():
        account = {name: form.cleaned_data[name] for name in ("address", "account", "secret")}
        tested = try_connection(access=access, at=now(), vendor=vendor, **account)
        if tested.is_good and request.POST.get("act") == "keep":
            try:
                made = actions.create_connection(access=access, at=now(), vendor=vendor, name=form.cleaned_data["name"], **account)
                start_reading(connection_id=made.pk, cause=Cause.PERSON)
                messages.success(request, _("%(name)s is connected. The first reading begins now.") % {"name": made.name})
                return redirect("ticketing-connection", made.pk)
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        form.keep_secret()
    system = CONNECTORS[vendor]
    context = {
        "module": "organisation", "form": form, "tested": tested, "system": system,
        "told": words.TROUBLES.get(tested.trouble) if tested and tested.trouble else None,
        "missing": _rights(system.rights, tested, "missing_rights"), "needless": _rights(system.rights, tested, "needless_rights"),
    }  # fmt: skip
    is_bad = bool(form.errors) or (tested is not None and not tested.is_good)
    return render(request, "ticketing/connection_new.html", context, status=400 if is_bad else 200)


def _rights(names: Any, tested: Tested | None, which: str) -> list[str]:
    greeting = tested.greeting if tested else None
    return sorted({str(names.get(right, right)) for right in getattr(greeting, which, ())})


@requires(Module.SALES, Level.MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def change_connection(request: HttpRequest, access: Access, connection_id: int) -> HttpResponse:
    """Its name, its token, pausing it, and removing it."""
    row = changeable(access, connection_id)
    act = request.POST.get("act", "")
    name_form = NameForm(request.POST if act == "rename" else None, initial={"name": row.name})
    token_form = TokenForm(request.POST if act == "token" else None)
    form = {"rename": name_form, "token": token_form}.get(act)
    if form is not None and form.is_valid():
        change = actions.rename_connection if act == "rename" else actions.replace_token
        try:
            change(access=access, at=now(), connection_id=row.id, **form.cleaned_data)
            messages.success(request, _("The name is changed.") if act == "rename" else _("The new token is used from now on."))
            return redirect("ticketing-connection", row.id)
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.message)
    context = frame(access, row, "change") | {"name_form": name_form, "token_form": token_form, "system": CONNECTORS[row.vendor]}
    return render(request, "ticketing/connection_change.html", context, status=400 if form is not None and form.errors else 200)


@requires(Module.SALES, Level.MANAGE)
@require_POST
def act_on_connection(request: HttpRequest, access: Access, connection_id: int, act: str) -> HttpResponse:
    """Read it now, pause it, resume it, remove it."""
    row = changeable(access, connection_id)
    if act == "read":
        start_reading(connection_id=row.id, cause=Cause.PERSON)
        messages.success(request, _("The reading begins now. Look again in a moment."))
    elif act in _ACTS:
        change, told = _ACTS[act]
        change(access=access, at=now(), connection_id=row.id)
        messages.success(request, _(told) % {"name": row.name})
    else:
        raise Http404
    return redirect("ticketing-connections") if act == "remove" else redirect("ticketing-connection", row.id)


def gettext_noop(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


_ACTS: dict[str, tuple[Any, str]] = {
    "pause": (actions.pause_connection, gettext_noop("%(name)s is paused. What is sold meanwhile arrives once you resume.")),
    "resume": (actions.resume_connection, gettext_noop("%(name)s is read again, within a minute.")),
    "remove": (actions.remove_connection, gettext_noop("%(name)s is removed, and its token with it. The figures stay.")),
}


def may_change(access: Access) -> bool:
    """Whether the access sets up connections: a theatre's right to manage sales."""
    return access.is_taker and access.allows(Module.SALES, Level.MANAGE)


def found(access: Access, connection_id: int) -> queries.ConnectionRow:
    """The connection, or 404."""
    try:
        return queries.connection_row(access, connection_id, now())
    except Connection.DoesNotExist as error:
        raise Http404 from error


def changeable(access: Access, connection_id: int) -> queries.ConnectionRow:
    """The connection when the access may change it; the platform sees it and changes nothing."""
    row = found(access, connection_id)
    if not may_change(access):
        raise AccessDenied("a connection is changed by its theatre")
    return row


def frame(access: Access, row: queries.ConnectionRow, current: str) -> dict[str, Any]:
    """What every page of a connection shows: itself, and its tabs."""
    places = [
        ("connection", "ticketing-connection", _("How it does")),
        ("performances", "ticketing-connection-performances", _("Performances")),
        ("kinds", "ticketing-connection-kinds", _("Kinds of tickets")),
        ("orders", "ticketing-connection-orders", _("Orders")),
        ("history", "ticketing-connection-history", _("Readings")),
    ]
    if may_change(access):
        places.append(("change", "ticketing-connection-change", _("Change")))
    tabs = [(name, reverse(url, args=[row.id]), key == current) for key, url, name in places]
    return {
        "module": "organisation", "row": row, "tab_items": tabs, "can_change": may_change(access),
        "told": words.TROUBLES.get(row.trouble), "subpage": next((tab[0] for tab in tabs if tab[2]), "") if current != "connection" else "",
    }  # fmt: skip


def readings_in_words(rows: list[queries.ReadingRow]) -> list[tuple[queries.ReadingRow, str, words.Told | None]]:
    """Readings with their cause, and their trouble with its remedy."""
    return [(row, str(words.CAUSES.get(row.cause, row.cause)), words.TROUBLES.get(row.trouble)) for row in rows]
