"""The words of the weekly mail: one structure that the mail's two halves and the preview print."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dip.reports.rules import attention, sums
from dip.reports.rules.weeks import week_number
from dip.reports.terms import Asked, PerformanceLine, SeasonSums, Side, WeekReport
from dip.reports.workbook.tables import season_name, week_name
from dip.sales.queries.monitors import genre_names
from dip.sales.rules.findings import share_of
from dip.web import formats
from dip.web.words import local_stamp

#: Lines of one group in the mail; the workbook has them all.
MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the mail, written out; ``code``: the metric that defines it."""

    label: str
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a head, each with an address or ""; ``more``: how many are not told, in words."""

    title: str
    lines: tuple[tuple[str, str], ...]
    more: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Everything that a mail says but for its greeting and its foot."""

    subject: str
    week: str
    lede: str
    figures: tuple[Figure, ...]
    groups: tuple[Group, ...]
    known: str
    page_url: str
    has_workbook: bool


def tickets(count: int) -> str:
    """79 tickets, 1 ticket."""
    return ngettext("{n} ticket", "{n} tickets", count).format(n=formats.tickets(count))


def message(report: WeekReport, *, with_figures: bool = True, with_requests: bool = True) -> Message | None:
    """What one reader is told in the active language; None when there is nothing to tell.

    ``with_figures``: the reader may see sales; ``with_requests``: and answers for the programme.
    """
    asked = report.requests if with_requests else ()
    has_figures = with_figures and bool(report.lines)
    if not has_figures and not asked:
        return None
    sold = sums.season_sums(report, report.seasons[0])
    groups = [*(_requests(asked)), *(_groups(report) if has_figures else ())]
    return Message(
        subject=_subject(report, has_figures, len(asked)),
        week=week_name(report.monday),
        lede=_lede(report, sold) if has_figures else _asking(report, len(asked)),
        figures=_figures(report, sold) if has_figures else (),
        groups=tuple(groups),
        known=formats.full_moment(report.known_at),
        page_url=page_url(report) if has_figures else settings.BASE_URL + reverse("programme-connections"),
        has_workbook=has_figures,
    )


def page_url(report: WeekReport) -> str:
    """The season's page as known on the report's moment: the same sums."""
    query = f"?season={report.seasons[0]}&known={local_stamp(report.known_at)}"
    return settings.BASE_URL + reverse("sales-season") + query


def _subject(report: WeekReport, has_figures: bool, asked: int) -> str:
    if not has_figures:
        text = ngettext("{n} connection request waits for {organisation}", "{n} connection requests wait for {organisation}", asked)
        return text.format(n=formats.tickets(asked), organisation=report.organisation_name)
    return _("Week {number}: {tickets} sold · {organisation}").format(
        number=week_number(report.monday), tickets=tickets(sums.weekly(report.lines)[-1]), organisation=report.organisation_name
    )


def _asking(report: WeekReport, asked: int) -> str:
    return ngettext(
        "{n} performance in {organisation} is published and not confirmed yet.",
        "{n} performances in {organisation} are published and not confirmed yet.",
        asked,
    ).format(n=formats.tickets(asked), organisation=report.organisation_name)


def _lede(report: WeekReport, sold: SeasonSums) -> str:
    """The answer: the week, beside the week before, and where the season stands."""
    per_week = sums.weekly(report.lines)
    sentences = [_week_sentence(per_week[-1], per_week[-2], week_name(report.monday)), _season_sentence(report, sold)]
    if len(report.seasons) > 1:
        later = sums.season_sums(report, report.seasons[1])
        text = _("Of season {season} {tickets} are sold already.")
        sentences.append(text.format(season=season_name(later.season_year), tickets=tickets(later.now.sold)))
    sentences.append(_genre_sentence(report))
    return " ".join(sentence for sentence in sentences if sentence)


def _week_sentence(now: int, before: int, week: str) -> str:
    if now < 0:
        return _("In {week} more tickets came back than were sold: {n}.").format(week=week, n=formats.tickets(now))
    if now == 0:
        return _("In {week} nothing was sold.").format(week=week)
    values = {"week": week, "tickets": tickets(now), "gap": formats.tickets(abs(now - before))}
    if now > before:
        return ngettext(
            "In {week}, {tickets} was sold, {gap} more than the week before.",
            "In {week}, {tickets} were sold, {gap} more than the week before.",
            now,
        ).format(**values)
    if now < before:
        return ngettext(
            "In {week}, {tickets} was sold, {gap} fewer than the week before.",
            "In {week}, {tickets} were sold, {gap} fewer than the week before.",
            now,
        ).format(**values)
    return ngettext(
        "In {week}, {tickets} was sold, as many as the week before.",
        "In {week}, {tickets} were sold, as many as the week before.",
        now,
    ).format(**values)


def _season_sentence(report: WeekReport, sold: SeasonSums) -> str:
    values = {
        "season": season_name(report.seasons[0]),
        "n": formats.tickets(sold.now.performances),
        "tickets": tickets(sold.now.sold),
        "occupancy": formats.percent(sold.now.occupancy),
    }
    if not sold.now.with_tickets:
        return ngettext(
            "No figures of season {season} yet, for {n} performance.",
            "No figures of season {season} yet, for {n} performances.",
            sold.now.performances,
        ).format(**values)
    return ngettext(
        "Season {season} stands at {tickets} for {n} performance, an occupancy of {occupancy}.",
        "Season {season} stands at {tickets} for {n} performances, an occupancy of {occupancy}.",
        sold.now.performances,
    ).format(**values)


def _genre_sentence(report: WeekReport) -> str:
    """The own share of the genre in which most is sold, where it may be shown."""
    cells = [cell for cell in report.national.cells if cell.own_tickets > 0] if report.national else []
    largest = max(cells, key=lambda cell: cell.own_tickets, default=None)
    share = share_of(largest) if largest else None
    if largest is None or share is None:
        return ""
    genre = genre_names((get_language() or "nl")[:2]).get(largest.genre_id, "")
    return _("In {genre}, {share} of the national tickets are yours.").format(genre=genre.lower(), share=formats.percent(share))


def _figures(report: WeekReport, sold: SeasonSums) -> tuple[Figure, ...]:
    now = sold.now
    season = season_name(report.seasons[0])
    return (
        Figure(_("Sold in the week"), formats.tickets(sums.weekly(report.lines)[-1]), "sold_in_week"),
        Figure(_("Tickets sold, season {season}").format(season=season), formats.tickets(now.sold), "tickets_sold"),
        Figure(_("Occupancy, paid"), formats.percent(now.occupancy), "occupancy_paid"),
        Figure(_("Recette, incl. VAT"), formats.money(now.recette_cents, 0), "recette"),
        Figure(_("Average price"), formats.money(now.price_cents), "average_price"),
    )


def _groups(report: WeekReport) -> Iterable[Group]:
    today = attention.today_of(report)
    is_house = report.side is Side.THEATRE
    if is_house and (coming := attention.coming_up(report)):
        yield _group(_("Coming up this week"), [(_coming(line), _address(line)) for line in coming])
    if silent := attention.near(attention.silent(report), today):
        note = (
            _("Check that the DIP-id stands in your ticketing system. The producer sees no sales.")
            if is_house
            else _("The theatre’s system has not sent them, or not for too long.")
        )
        yield _group(_("Without figures"), [(_silent(line, is_house), _address(line)) for line in silent], note)
    if full := attention.newly_sold_out(report):
        yield _group(_("Sold out this week"), [(_place(line, is_house), _address(line)) for line in full])


def _requests(asked: Sequence[Asked]) -> Iterable[Group]:
    if asked:
        lines = [
            (f"{formats.full_moment(r.starts_at)}, {r.hall}: {r.title} ({r.dip_id})", _link("programme-performance", r.number))
            for r in asked
        ]
        note = _("Confirm what agrees with your planning, and correct what does not.")
        yield _group(_("Connection requests that wait for you"), lines, note)


def _group(title: str, lines: Sequence[tuple[str, str]], note: str = "") -> Group:
    left = len(lines) - MOST_LINES
    more = ngettext("and {n} more", "and {n} more", left).format(n=formats.tickets(left)) if left > 0 else ""
    return Group(title, tuple(lines[:MOST_LINES]), more, note)


def _link(name: str, number: int) -> str:
    return settings.BASE_URL + reverse(name, args=[number])


def _address(line: PerformanceLine) -> str:
    return _link("sales-performance", line.evening.number)


def _place(line: PerformanceLine, is_house: bool) -> str:
    evening = line.evening
    where = evening.hall if is_house else f"{evening.city}, {evening.theatre}"
    return f"{formats.day(evening.performance_date)} {where}: {evening.title}"


def _silent(line: PerformanceLine, is_house: bool) -> str:
    since = _("last heard on {day}").format(day=formats.short_day(line.confirmed_at)) if line.confirmed_at else _("never heard")
    return f"{_place(line, is_house)}, {since}"


def _coming(line: PerformanceLine) -> str:
    place, state = _place(line, True), line.state
    if not line.heard:
        return _("{place}, no figures").format(place=place)
    text = _("{place}, {sold} sold of {seats} ({rate})").format(
        place=place,
        sold=formats.tickets(state.sold),
        seats=formats.tickets(state.for_sale),
        rate=formats.percent(state.occupancy, 0),
    )
    if isinstance(line.reference, float | int):
        text += _(", elsewhere {rate}").format(rate=formats.percent(line.reference, 0))
    return text
