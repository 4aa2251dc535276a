"""What a theatre has chosen for its orders, and the purposes for which they are used."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dip.audience.views import register_words as words
from dip.definitions.queries import purposes
from dip.definitions.rules.purposes import PLANNED
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.terms import Access, Module
from dip.warehouse.queries import looks, settings
from dip.web import formats

#: Days over which looks are counted.
DAYS = 365


@requires(Module.AUDIENCE)
@require_GET
def register(request: HttpRequest, access: Access) -> HttpResponse:
    """Purposes with how often each was used, sources with what is kept of gender, removals, and how long things are kept."""
    if not access.is_taker:
        raise PermissionDenied("a theatre's settings are for its own people")
    stated = purposes.register(formats.language_of())
    since = clock.local(clock.now()).date() - timedelta(days=DAYS)
    used = looks.by_purpose(access, since)
    sources = settings.source_settings(access)
    removals = settings.removal_counts(access)
    context = {
        "module": "audience",
        "tabs": words.tabs(access, "audience-register"),
        "since": since,
        "purposes": [(one, used.get(one.code)) for one in stated.purposes if one.place != PLANNED],
        "sources": sources,
        "with_gender": sum(source.keeps_gender for source in sources),
        "removals": [(one, words.REMOVALS.get(one.kind, one.kind)) for one in removals],
        "retention": stated.retention,
        "never": stated.never,
        "others": sum(others for others, _ in used.values()),
    }
    return render(request, "audience/register/register.html", context)
