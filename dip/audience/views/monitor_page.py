"""What the page of a scope shows: the same for a production, a theatre and the nation."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dip.audience.rules import findings
from dip.audience.views import monitor_parts as parts
from dip.audience.views import monitor_words as words
from dip.audience.views.monitor_areas import Origin, note_of, origin
from dip.audience.views.monitor_flows import flows
from dip.audience.views.monitor_own import elsewhere, partners, segments
from dip.audience.views.monitor_people import people
from dip.audience.views.monitor_phrases import paragraph
from dip.audience.views.monitor_question import Question, seasons
from dip.audience.views.monitor_together import together
from dip.audience.views.monitor_trends import trends
from dip.definitions.queries import genres
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import Audience, AudienceScope
from dip.web import formats
from dip.web.marks import suppressed

#: Areas with fewer than expected that a page names; the download has all.
UNDERSERVED = 8


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the figures: ``label`` for a key, ``name`` in a sentence."""

    label: str
    name: str


def beside(genre_id: int | None) -> Beside:
    """The genre nationally for a production, the nation for everything else."""
    if genre_id is None:
        return Beside(_("national"), _("the country"))
    name = next((genre.name(formats.language_of()) for genre in genres() if genre.id == genre_id), "")
    return Beside(_("{genre}, national").format(genre=name.lower()), _("the genre as a whole"))


def context(
    request: HttpRequest, access: Access, scope: AudienceScope, asked: Question, genre_id: int | None = None
) -> dict[str, Any]:
    """Everything under the tabs of a scope. Without orders only what to do next."""
    found = door.audience(access, scope)
    reference = beside(genre_id)
    frame = {
        "module": "audience",
        "asked": asked,
        "scope": scope,
        "audience": found,
        "season_name": words.season_name(scope.season_year),
        "seasons": [(year, words.season_name(year)) for year in seasons(scope.season_year)],
        "reference": reference,
        "is_national": scope.kind == "season",
        "is_production": scope.kind == "production",
    }
    if found.orders == 0:
        return frame | {"lede": paragraph([findings.Finding("nobody")], reference.name)}
    return frame | _people(found, reference, asked, origin(access, scope, asked)) | _beyond(request, access, scope, reference)


def _people(found: Audience, reference: Beside, asked: Question, where: Origin) -> dict[str, Any]:
    """The answer in a paragraph, who ordered, and from where."""
    is_national = found.scope.kind == "season"
    rows = {code: part.rows for code, part in found.parts.items()}
    shown = parts.views(list(found.parts.values()), is_national=is_national, reference=reference.label)
    return {
        "lede": paragraph(findings.lede(found.orders, rows, where.homes, is_national=is_national), reference.name),
        "counts": _counts(found),
        "apart": _apart(found, shown),
        "window": _window(found),
        "parts": shown,
        "three": [shown[code] for code in parts.COLUMNS if code in shown],
        "again": [shown[code] for code in ("retention", "lapsed") if code in shown],
        "weekdays": parts.weekdays(),
        "has_held_back": any(part.is_held_back for part in found.parts.values()),
        "origin": where,
        "levels": list(words.LEVELS.items()),
        "more": max(min(where.count - len(where.lines), 50), 0),
        "next_rows": asked.rows + 50,
    }


def _beyond(request: HttpRequest, access: Access, scope: AudienceScope, reference: Beside) -> dict[str, Any]:
    """What stands beside: inhabitants, regions, other productions and theatres, other seasons."""
    return {
        "people": people(access, scope),
        "flows": flows(access, scope),
        "underserved": [(row, note_of(row, "pc4")) for row in door.underserved(access, scope)[:UNDERSERVED]],
        "together": together(access, scope, reference.label, reference.name),
        "segments": segments(access, scope),
        "elsewhere": elsewhere(access, scope),
        "partners": partners(access, scope),
        "trends": trends(access, scope, request),
    }


def counted(count: int | None, unit: str) -> SafeString:
    """A number with its unit, or that it is not shown."""
    if count is None:
        return format_html("{} {}", suppressed(bare=True), words.unit_name(unit))
    return format_html("{}", words.counted(count, unit))


def _counts(found: Audience) -> SafeString:
    """How many, from whom, until when: the note over the page."""
    said = format_html(
        _("{orders} by {buyers} for {tickets}, loaded {moment} from {told} of {asked} theatres."),
        orders=counted(found.orders, "orders"),
        buyers=counted(found.buyers, "buyers"),
        tickets=counted(found.tickets, "tickets"),
        moment=formats.full_moment(found.true_at) if found.true_at else formats.MISSING,
        told=formats.tickets(found.theatres),
        asked=formats.tickets(found.theatres_asked),
    )
    if found.known_postcode_rate is None:
        return said
    known = _("A postcode is known for {rate} of the orders.").format(rate=formats.percent(found.known_postcode_rate, 0))
    return format_html("{} {}", said, known)


def _apart(found: Audience, shown: dict[str, parts.PartView]) -> list[SafeString]:
    """What is counted and stands in no part: without a buyer, without a performance, without a taste."""
    lines = []
    if found.anonymous_tickets != 0:
        lines.append(
            format_html(_("{tickets} of buyers who are not known or said no"), tickets=counted(found.anonymous_tickets, "tickets"))
        )
    if found.unmatched_tickets:
        lines.append(
            format_html(
                _("{tickets} for events of which no performance is known"), tickets=counted(found.unmatched_tickets, "tickets")
            )
        )
    blank = shown["tastes"].blank if "tastes" in shown else None
    if blank is not None and blank.count != 0:
        lines.append(format_html(_("{buyers} whose taste is not classified"), buyers=counted(blank.count, "buyers")))
    return lines


def _window(found: Audience) -> str:
    """How far back "new" looks."""
    if found.window is None:
        return _("New: no visit to the same theatre in the 36 months before, or as far back as its orders go.")
    if found.window.is_whole:
        return _("New: no visit to this theatre in the 36 months before.")
    if not found.window.days:
        return _("Nothing earlier is loaded: everybody is new.")
    return _("New: no visit to this theatre in the {days} days before; orders go no further back.").format(
        days=formats.tickets(found.window.days)
    )
