"""The Audience Monitor: a provider's season, a production, a theatre's own houses, the nation; each with its downloads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dip.audience.queries import monitor
from dip.audience.views import monitor_page as page
from dip.audience.views import monitor_question as question
from dip.audience.views import monitor_season as list_of
from dip.audience.views import monitor_tables as tables
from dip.audience.views import monitor_words as words
from dip.definitions.queries import explained, genres
from dip.registry.guard import requires
from dip.registry.terms import Access, AccessDenied, Level, Module
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope
from dip.web import downloads, formats

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of a scope: what is asked, of what, its template and what the head says. ``genre_id`` of a production."""

    question: question.Question
    scope: AudienceScope
    template: str
    subject: str
    stem: str
    head: dict[str, Any]
    genre_id: int | None = None
    args: tuple[object, ...] = ()


def _known(view: View) -> View:
    """What is not the access's own is not there."""

    @wraps(view)
    def looked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (ObjectDoesNotExist, AccessDenied) as error:
            raise Http404("not one of yours") from error

    return looked


def _page(request: HttpRequest, access: Access, asked: _Asked) -> HttpResponse:
    made = page.context(request, access, asked.scope, asked.question, asked.genre_id)
    return render(request, asked.template, made | asked.head | _files(asked.stem, asked.scope.season_year, asked.args))


def _files(stem: str, season_year: int, args: tuple[object, ...] = ()) -> dict[str, str]:
    """Addresses of a page's downloads."""
    names = {"export_url": f"{stem}-export", "csv_url": f"{stem}-csv"}
    return {key: f"{reverse(name, args=args)}?season={season_year}" for key, name in names.items()}


def _file(access: Access, asked: _Asked, kind: str, name: str) -> HttpResponse:
    found = tables.sheets_of(access, asked.scope, page.beside(asked.genre_id))
    told = door.audience(access, asked.scope)
    return _download(found, tables.about(access, asked.subject, told, asked.scope.season_year), kind, name)


def _download(found: list[downloads.Sheet], lines: list[tuple[str, str]], kind: str, name: str) -> HttpResponse:
    defined = explained(tables.CODES, formats.language_of())
    if kind == "xlsx":
        return downloads.as_file(downloads.workbook(found, [*lines, ("", ""), *defined]), f"{name}.xlsx")
    return downloads.as_file(downloads.comma_separated(found, [*lines, *defined]), f"{name}.csv")


def _production(request: HttpRequest, access: Access, dip_id: str) -> _Asked:
    asked = question.read(request)
    found = monitor.subject(access, dip_id)
    year = asked.season_year or found.row.season_year
    genre = next((one.name(formats.language_of()) for one in genres() if one.id == found.row.genre_id), "")
    return _Asked(
        question=asked,
        scope=AudienceScope("production", dip_id=found.row.dip_id, season_year=year),
        template="audience/production.html",
        subject=f"{found.row.title} ({found.row.dip_id})",
        stem="audience-production",
        head={"subject": found, "tour": found.row, "genre": genre},
        genre_id=found.row.genre_id,
        args=(dip_id,),
    )


def _houses(request: HttpRequest, access: Access, theatre_id: int | None) -> _Asked:
    asked = question.read(request)
    own = monitor.houses(access)
    names = [house.name for house in own if theatre_id in (None, house.id)]
    subject = ", ".join(names) or access.organisation_name
    year = asked.season_year or question.current_season()
    return _Asked(
        question=asked,
        scope=AudienceScope("theatre", theatre_id=theatre_id, season_year=year),
        template="audience/theatre.html",
        subject=subject,
        stem="audience-theatre" if theatre_id else "audience-season",
        args=(theatre_id,) if theatre_id else (),
        head={
            "title": subject,
            "places": _places(own, f"theatre-{theatre_id or ''}"),
            "lines": list_of.rows(access, year) if theatre_id is None else None,
        },
    )


def _nation(request: HttpRequest, access: Access, stem: str = "audience-nation") -> _Asked:
    asked = question.read(request)
    return _Asked(
        question=asked,
        scope=AudienceScope("season", season_year=asked.season_year or question.current_season()),
        template="audience/nation.html",
        subject=_("The nation"),
        stem=stem,
        head={"places": _places(monitor.houses(access), "nation", is_provider=access.is_provider)},
    )


def _places(own: list[monitor.House], current: str, *, is_provider: bool = False) -> list[tuple[str, str, bool]]:
    """Tabs over the pages that are no production's."""
    found = []
    if is_provider:
        found.append((_("Productions"), reverse("audience-season"), current == "season"))
    if own:
        all_of_them = _("All houses") if len(own) > 1 else _("Our house")
        found.append((all_of_them, reverse("audience-season"), current == "theatre-"))
    if len(own) > 1:
        found += [(one.name, reverse("audience-theatre", args=[one.id]), current == f"theatre-{one.id}") for one in own]
    return [*found, (_("The nation"), reverse("audience-nation"), current == "nation")]


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def season(request: HttpRequest, access: Access) -> HttpResponse:
    """A provider's productions of a season; a theatre's houses together; the nation for everybody else."""
    if access.is_taker:
        return _page(request, access, _houses(request, access, None))
    if not access.is_provider:
        return _page(request, access, _nation(request, access, "audience-season"))
    asked = question.read(request)
    year = asked.season_year or question.current_season()
    made = list_of.context(access, year)
    places = _places([], "season", is_provider=True)
    seasons = [(one, words.season_name(one)) for one in question.seasons(year)]
    frame = {"module": "audience", "asked": asked, "places": places, "seasons": seasons, "year": year}
    return render(request, "audience/season.html", frame | made | _files("audience-season", year))


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def season_file(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """The same as a file."""
    if access.is_taker:
        return _file(access, _houses(request, access, None), kind, "audience-houses")
    if not access.is_provider:
        return _file(access, _nation(request, access), kind, "audience-nation")
    year = question.read(request).season_year or question.current_season()
    lines = tables.about(access, _("Productions of the season"), None, year)
    return _download([tables.productions(door.of_season(access, year))], lines, kind, f"audience-{year}")


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def production(request: HttpRequest, access: Access, dip_id: str) -> HttpResponse:
    """The audience of a production in all theatres; for a theatre, in its own houses."""
    return _page(request, access, _production(request, access, dip_id))


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def production_file(request: HttpRequest, access: Access, dip_id: str, kind: str) -> HttpResponse:
    """The same as a file."""
    asked = _production(request, access, dip_id)
    return _file(access, asked, kind, f"audience-{asked.scope.dip_id}")


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def theatre(request: HttpRequest, access: Access, theatre_id: int) -> HttpResponse:
    """The audience of one of a theatre's own houses."""
    return _page(request, access, _houses(request, access, theatre_id))


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def theatre_file(request: HttpRequest, access: Access, theatre_id: int, kind: str) -> HttpResponse:
    """The same as a file."""
    return _file(access, _houses(request, access, theatre_id), kind, f"audience-theatre-{theatre_id}")


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def nation(request: HttpRequest, access: Access) -> HttpResponse:
    """The audience of the nation."""
    return _page(request, access, _nation(request, access))


@requires(Module.AUDIENCE, Level.VIEW)
@_known
def nation_file(request: HttpRequest, access: Access, kind: str) -> HttpResponse:
    """The same as a file."""
    return _file(access, _nation(request, access), kind, "audience-nation")
