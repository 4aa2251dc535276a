"""Calendars: the person's feeds, the address that programs fetch, and single files."""

from datetime import datetime

import structlog
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dip.kernel.clock import local, now
from dip.programme.actions.calendars import create_feed, note_fetch, revoke_feed
from dip.programme.forms.calendars import FeedForm
from dip.programme.queries import calendars as reading
from dip.programme.rules.ics import Entry, calendar_of, etag_of
from dip.programme.views.parts import found, render
from dip.registry.guard import member, public, requires
from dip.registry.terms import Access, Module

_TYPE = "text/calendar; charset=utf-8"
log = structlog.get_logger(__name__)


@requires(Module.PROGRAMME)
@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest, access: Access) -> HttpResponse:
    """The person's feeds with their addresses; and making one."""
    at = now()
    choices = reading.feed_choices(access, local(at).date())
    initial = {"name": access.organisation_name}
    initial |= {name: request.GET[name] for name in ("production_id", "theatre_id") if request.GET.get(name, "").isdecimal()}
    form = FeedForm(request.POST or None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        create_feed(access=access, at=at, **form.cleaned_data)
        messages.success(request, _("The address is made. Subscribe to it in your calendar program."))
        return redirect("programme-calendar")
    return render(
        request, access, "calendar", {"form": form, "feeds": reading.feeds_of(access)}, status=400 if form.errors else 200
    )


@requires(Module.PROGRAMME)
@require_POST
def revoke(request: HttpRequest, access: Access, feed_id: int) -> HttpResponse:
    """Close one of the person's own addresses."""
    try:
        revoke_feed(access=access, at=now(), feed_id=feed_id)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The address is closed; programs that knew it get nothing any more."))
    return redirect("programme-calendar")


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program fetches; who holds the address sees what its person sees. Unknown and revoked answer alike."""
    opened = reading.open_feed(token)
    if opened is None:
        raise Http404
    at = now()
    note_fetch(feed=opened.feed, at=at)
    log.info("calendar fetched", feed=opened.feed.pk, organisation=opened.access.organisation_id)
    with override(opened.language):
        entries = reading.feed_entries(opened.access, opened.feed, local(at).date())
        response = _answer(request, entries, opened.feed.name, floor=opened.feed.created_at)
    response["Cache-Control"] = "private, max-age=900"
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    response["X-Robots-Tag"] = "noindex"
    return response


@member
@require_safe
def production_file(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """The performances of one production as a file."""
    title, entries = found(reading.production_entries, access, dip_id)
    return _download(_answer(request, entries, title), f"dip-{dip_id}")


@member
@require_safe
def performance_file(request: HttpRequest, access: Access, number: int) -> HttpResponse:
    """One performance as a file."""
    entries = found(reading.performance_entries, access, number)
    return _download(_answer(request, entries, entries[0].title), f"dip-{number}")


def _download(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _answer(request: HttpRequest, entries: list[Entry], name: str, floor: datetime | None = None) -> HttpResponse:
    """The calendar, or 304 to whoever has it: by its tag, or without one by its last change."""
    content = calendar_of(entries, name)
    changed = max([entry.changed_at for entry in entries] + ([floor] if floor else []), default=None)
    stamp = int(changed.timestamp()) if changed else None
    response = HttpResponse(content, content_type=_TYPE)
    etag = etag_of(content)
    response["ETag"] = etag
    if stamp is not None:
        response["Last-Modified"] = http_date(stamp)
    conditional = get_conditional_response(request, etag=etag, last_modified=stamp, response=response)
    return conditional or response
