"""Pages of webhooks, for the organisation's super-user: made, tried, paused, and everything that was sent."""

from datetime import datetime, time, timedelta
from typing import Any

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.exchange import actions, words
from dip.exchange.forms import EndpointForm, ReplayForm, RotateForm
from dip.exchange.models import Endpoint, Notice
from dip.exchange.queries import endpoints as queries
from dip.exchange.sending import send_all
from dip.exchange.terms import CHOOSABLE, EndpointState, NoticeState
from dip.kernel import clock
from dip.registry.forms import show_refusal
from dip.registry.guard import super_user
from dip.registry.queries import organisation_facts
from dip.registry.terms import Access, Module, Refusal, Role

#: Seconds that a page waits for the answer to a ping.
PING_WAIT = 8.0


@super_user
@require_GET
def webhooks(request: HttpRequest, access: Access) -> HttpResponse:
    """Which addresses are called, and how they fare."""
    rows = [(row, words.STATES[row.state]) for row in queries.endpoints_of(access, clock.now())]
    context = {"rows": rows, "is_list": True, "heading": _("Webhooks"), "shows_roles": len({row.role for row, _state in rows}) > 1}
    return _page(request, access, "webhooks", context)


@super_user
@never_cache
@require_http_methods(["GET", "POST"])
def new_webhook(request: HttpRequest, access: Access) -> HttpResponse:
    """Have an address called, and show its secret once."""
    roles = organisation_facts(access).roles
    chosen = [one.value for one in CHOOSABLE if access.allows(Module.SALES if one.is_about_sales else Module.PROGRAMME)]
    form = EndpointForm(request.POST or None, roles=roles, initial={"role": access.role.value, "event_types": chosen})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            role = Role(given["role"]) if given.get("role") else None
            made, secret = actions.create_endpoint(
                access=access,
                at=clock.now(),
                url=given["url"],
                event_types=given["event_types"],
                description=given["description"],
                role=role,
            )
            context = {"endpoint": made, "secret": secret, "is_new": True, "heading": str(made)}
            return _page(request, access, "webhook_secret", context)
        except Refusal as refusal:
            show_refusal(form, refusal)
    context = {"form": form, "heading": _("Make a webhook"), "submit": _("Make webhook and show secret")}
    return _page(request, access, "webhook_form", context, 400 if form.errors else 200)


@super_user
@require_GET
def webhook(request: HttpRequest, access: Access, webhook_id: int) -> HttpResponse:
    """One address: what it hears of, how it fares, and what was sent; ``failed`` narrows to what was given up."""
    row = _endpoint(access, webhook_id)
    state = NoticeState.FAILED if "failed" in request.GET else None
    before = request.GET.get("before", "")
    found = queries.notices_of(access, row.id, state=state, before=int(before) if before.isdecimal() and len(before) < 18 else None)
    shown = found[: queries.PAGE]
    context = {
        "endpoint": row,
        "state": words.STATES[row.state],
        "reason": words.REASONS.get(row.disabled_reason, ""),
        "events": [words.EVENTS[one] for one in row.event_types],
        "notices": [(one, words.EVENTS[one.event_type], words.NOTICE_STATES[one.state], words.outcome(one.last)) for one in shown],
        "older": shown[-1].id if len(found) > queries.PAGE else None,
        "only_failed": state is not None,
        "is_later_page": bool(before),
        "heading": row.description or row.url,
        "replay": ReplayForm(initial={"since": clock.local(clock.now() - timedelta(days=7)).date()}),
    }
    return _page(request, access, "webhook", context)


@super_user
@require_http_methods(["GET", "POST"])
def change_webhook(request: HttpRequest, access: Access, webhook_id: int) -> HttpResponse:
    """Change the address, its name, or what it hears of."""
    row = _endpoint(access, webhook_id)
    initial = {"url": row.url, "description": row.description, "event_types": [one.value for one in row.event_types]}
    form = EndpointForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_endpoint(
                access=access,
                at=clock.now(),
                endpoint_id=row.id,
                url=given["url"],
                event_types=given["event_types"],
                description=given["description"],
            )
            messages.success(request, _("The webhook is changed."))
            return redirect("exchange-webhook", row.id)
        except Refusal as refusal:
            show_refusal(form, refusal)
    context = {"form": form, "endpoint": row, "heading": row.description or row.url, "submit": _("Keep the changes")}
    return _page(request, access, "webhook_form", context, 400 if form.errors else 200)


@super_user
@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, access: Access, webhook_id: int) -> HttpResponse:
    """Give an address a new signing secret, and show it once."""
    row = _endpoint(access, webhook_id)
    form = RotateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at_once = form.cleaned_data["ends"] == "now"
        made, secret = actions.rotate_endpoint_secret(access=access, at=clock.now(), endpoint_id=row.id, ends_at_once=at_once)
        context = {"endpoint": made, "secret": secret, "ends_at_once": at_once, "heading": str(made)}
        return _page(request, access, "webhook_secret", context)
    context = {"form": form, "endpoint": row, "heading": row.description or row.url}
    return _page(request, access, "webhook_rotate", context, 400 if form.errors else 200)


@super_user
@require_POST
def ping(request: HttpRequest, access: Access, webhook_id: int) -> HttpResponse:
    """Send a ping, wait for the answer, and tell it."""
    row = _endpoint(access, webhook_id)
    try:
        at = clock.now()
        notice = actions.ping_endpoint(access=access, at=at, endpoint_id=row.id)
        send_all(actions.take_due(endpoint_id=row.id, at=at, most=1, only=notice.pk), clock.now, timeout=PING_WAIT)
        found, _body, tries = queries.notice_of(access, row.id, notice.pk)
        told = words.outcome(tries[-1] if tries else None)
        if found.state is NoticeState.DELIVERED:
            messages.success(request, _("The ping arrived: %(outcome)s.") % {"outcome": told})
        else:
            messages.error(request, _("The ping did not arrive: %(outcome)s. It is tried again by itself.") % {"outcome": told})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("exchange-webhook", row.id)


@super_user
@require_POST
def switch(request: HttpRequest, access: Access, webhook_id: int) -> HttpResponse:
    """Pause an active address; switch a paused or disabled one on again."""
    row = _endpoint(access, webhook_id)
    if row.state is EndpointState.ACTIVE:
        actions.pause_endpoint(access=access, at=clock.now(), endpoint_id=row.id)
        messages.success(request, _("Paused. What changes meanwhile is told once you switch it on again."))
    else:
        actions.resume_endpoint(access=access, at=clock.now(), endpoint_id=row.id)
        messages.success(request, _("Switched on. What changed meanwhile is told within a minute."))
    return redirect("exchange-webhook", row.id)


@super_user
@require_POST
def replay(request: HttpRequest, access: Access, webhook_id: int) -> HttpResponse:
    """Send again what was given up since a day, or the one notice that ``notice`` names."""
    row = _endpoint(access, webhook_id)
    at = clock.now()
    try:
        if request.POST.get("notice", "").isdecimal():
            actions.replay_notice(access=access, at=at, endpoint_id=row.id, notice_id=int(request.POST["notice"][:18]))
            count = 1
        else:
            form = ReplayForm(request.POST)
            if not form.is_valid():
                messages.error(request, _("Give the day from which on to send again, such as 23-11-2026."))
                return redirect("exchange-webhook", row.id)
            since = clock.from_local(datetime.combine(form.cleaned_data["since"], time()))
            count = actions.replay_failed(access=access, at=at, endpoint_id=row.id, since=since)
        told = ngettext("%(n)s notice is sent again within a minute.", "%(n)s notices are sent again within a minute.", count)
        messages.success(request, told % {"n": count})
    except Notice.DoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("exchange-webhook", row.id)


@super_user
@require_POST
def remove(request: HttpRequest, access: Access, webhook_id: int) -> HttpResponse:
    """Remove an address with what was sent to it."""
    row = _endpoint(access, webhook_id)
    actions.remove_endpoint(access=access, at=clock.now(), endpoint_id=row.id)
    messages.success(request, _("The webhook %(name)s is removed.") % {"name": row.description or row.url})
    return redirect("exchange-webhooks")


@super_user
@require_GET
def notice(request: HttpRequest, access: Access, webhook_id: int, notice_id: int) -> HttpResponse:
    """One notice: what was sent, and every attempt."""
    row = _endpoint(access, webhook_id)
    try:
        found, body, tries = queries.notice_of(access, row.id, notice_id)
    except Notice.DoesNotExist as error:
        raise Http404 from error
    context = {
        "endpoint": row,
        "notice": found,
        "event": words.EVENTS[found.event_type],
        "state": words.NOTICE_STATES[found.state],
        "body": msgspec.json.format(body, indent=2),
        "tries": [(one, words.outcome(one)) for one in tries],
        "heading": words.EVENTS[found.event_type],
    }
    return _page(request, access, "notice", context)


def _endpoint(access: Access, webhook_id: int) -> queries.EndpointRow:
    try:
        return queries.endpoint_of(access, webhook_id, clock.now())
    except Endpoint.DoesNotExist as error:
        raise Http404 from error


def _page(request: HttpRequest, access: Access, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    frame = {"module": "organisation", "organisation_home": reverse("registry-organisation")}
    return render(request, f"exchange/{template}.html", frame | context, status=status)
