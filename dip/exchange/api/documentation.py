"""``/api/v2/docs``: the API and its webhooks told for people, made from what really answers."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dip.exchange import words
from dip.exchange.api.operations import OPERATIONS, VERSION
from dip.exchange.api.paging import base
from dip.exchange.problems import TITLES, Problem
from dip.exchange.rules.limits import CALLS
from dip.exchange.terms import ANSWERS_KEPT, CHOOSABLE, GIVES_UP_AFTER, NOTICES_KEPT, OVERLAP, SCHEDULE, EventType
from dip.registry.guard import View, public


def page_of(token_url: str) -> View:
    """The view of the page; ``token_url`` is where tokens are bought."""

    @public
    @require_GET
    def docs(request: HttpRequest) -> HttpResponse:
        """How to call, with examples that run; how to be called, with the code that checks a signature."""
        context: dict[str, Any] = {
            "base": base(),
            "token_url": token_url,
            "version": VERSION,
            "events": [(one.value, words.EVENTS[one]) for one in (*CHOOSABLE, EventType.PING)],
            "schedule": ["0 s", *(_span(wait.total_seconds()) for wait in SCHEDULE[1:])],
            "problems": [(kind, Problem(kind, "").status, title) for kind, title in TITLES.items()],
            "groups": _groups(),
            "limits": {
                "calls": CALLS,
                "answers": ANSWERS_KEPT.days,
                "overlap": OVERLAP.days,
                "notices": NOTICES_KEPT.days,
                "gives_up": GIVES_UP_AFTER.days,
            },
            "older": f"{settings.BASE_URL}/{settings.API_PREFIX}".rstrip("/") + "/docs",
        }
        return render(request, "exchange/docs.html", context)

    return docs


def _groups() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Calls by tag, in the order in which they are declared: method, path, what it does."""
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for one in OPERATIONS:
        groups.setdefault(one.tag, []).append((one.method, one.path, one.description))
    return list(groups.items())


def _span(seconds: float) -> str:
    """A wait as engineers write it."""
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"
