"""What a link opens: one page of figures with its own files, as its sharer may read it at this moment. Nothing else.

The page is asked with the question under which it was shared; a visitor may choose rows, part and scope where the sharer left them
open, and nothing that would show more. A link ends with its time, by a revocation, and with the sharer's right.
"""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dip.kernel import clock
from dip.kernel.periods import season_year
from dip.registry.guard import accesses_of, lend_access, public
from dip.registry.terms import Access, Door, Level, Module
from dip.sales.actions.sharing import note_opening
from dip.sales.models import ShareLink
from dip.sales.queries.sharing import link_of_token, state_of
from dip.sales.rules.visitors import agent_of, is_narrowed, network_of, question_of
from dip.sales.terms import LinkState
from dip.sales.terms.sharing import LOOSE
from dip.sales.views.addresses import PageAddress, file_of, page_at
from dip.sales.views.lean import lean

#: Wrong tokens from one network in so many seconds before we stop looking.
MOST_MISSES, WINDOW_SECONDS = 20, 300


@public
@never_cache
@require_GET
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind a link."""
    return _answer(request, token, "")


@public
@never_cache
@require_GET
def part(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """A file of the page behind a link."""
    return _answer(request, token, name)


def _answer(request: HttpRequest, token: str, name: str) -> HttpResponse:
    at, network = clock.now(), network_of(str(get_adapter(request).get_client_ip(request) or ""))
    if _misses(network) >= MOST_MISSES:
        return _closed(render(request, "sales/shared_gone.html", {"is_busy": True}, status=429))
    link = link_of_token(token)
    access = _access(link, at)
    shown = page_at(link.address, to_share=True) if link and access else None
    target = file_of(shown, name) if shown and name else shown
    if link is None or access is None or shown is None or target is None or (name.endswith(".xlsx") and is_narrowed(link.address)):
        if link is None:  # an ended link is no guess
            _miss(network)
        return _closed(render(request, "sales/shared_gone.html", {}, status=404))
    response = _shown(request, link, access, target, at)
    if response is None:
        return _closed(render(request, "sales/shared_gone.html", {}, status=404))
    note_opening(at=at, link=link, network=network, agent=agent_of(request.headers.get("User-Agent", "")), part=name or "page")
    if not name and response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = lean(response.content.decode(), _allows(token, shown)).encode()
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)  # nothing can be sent from here: a visitor gets no cookie
    return _closed(response)


def _access(link: ShareLink | None, at: datetime) -> Access | None:
    """What the sharer may read at this moment, narrowed to reading sales; None when the link or the right has ended."""
    if link is None or state_of(link, at) is not LinkState.ACTIVE:
        return None
    seat = (link.person_id, link.organisation_id, link.role)
    found = accesses_of([seat], Door.SHARED).get(seat)
    if found is None or not found.allows(Module.SALES, Level.VIEW):
        return None
    return replace(found, rights={Module.SALES: Level.VIEW}, person_id=None, is_super_user=False)


def _shown(request: HttpRequest, link: ShareLink, access: Access, target: PageAddress, at: datetime) -> HttpResponse | None:
    """The page's own answer to the question of the link; None when it has none any more."""
    season = season_year(clock.local(link.made_at).date())
    loose = LOOSE if target.name.startswith("sales-") else ("rows",)  # of other pages we do not know what a choice would show
    asked = question_of(link.address, request.GET.dict(), season, loose)
    request.GET = QueryDict(urlencode(asked))  # type: ignore[assignment]
    request.path = request.path_info = target.path
    request.shared_link = link  # type: ignore[attr-defined]  # the frame tells who shares it, and until when
    lend_access(request, access)
    try:
        response: HttpResponse = target.view(request, **target.kwargs)
    except Http404:
        return None
    return response if response.status_code == 200 else None


def _allows(token: str, shown: PageAddress) -> "_Allowed":
    return _Allowed(reverse("sales-shared", args=[token]), shown)


class _Allowed:
    """Which addresses a visitor may follow: places on the page, its own question, its files."""

    def __init__(self, home: str, shown: PageAddress) -> None:
        self._home, self._shown = home, shown
        self._narrowed = is_narrowed(shown.address)

    def __call__(self, address: str) -> str | None:
        """The address as the visitor may use it, or None."""
        if address.startswith("#"):
            return address
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        end = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        if parts.path in ("", self._shown.path):
            return f"{self._home}{end}"
        if parts.path.startswith(self._shown.path):
            name = parts.path[len(self._shown.path) :]
            if file_of(self._shown, name) is not None and not (name.endswith(".xlsx") and self._narrowed):
                return f"{self._home}{name}{end}"
        return None


def _closed(response: HttpResponse) -> HttpResponse:
    """Kept from search engines, from other sites, and from stores on the way."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response


def _key(network: str) -> str:
    return f"shared-misses:{network}"


def _misses(network: str) -> int:
    return int(cache.get(_key(network)) or 0)


def _miss(network: str) -> None:
    """Count a token that opened nothing; after many the network waits."""
    if not cache.add(_key(network), 1, WINDOW_SECONDS):
        cache.incr(_key(network))
