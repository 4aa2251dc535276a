"""The fixed sentence patterns in the language of the request. Headings are plain text; ledes mark their number."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from dip.sales.terms import Sentence
from dip.web import formats

Values = Mapping[str, Any]


def tickets(count: float) -> str:
    """79 tickets, 1 ticket."""
    return ngettext("{n} ticket", "{n} tickets", round(count)).format(n=formats.tickets(count))


def days(count: int) -> str:
    """40 days, 1 day."""
    return ngettext("{n} day", "{n} days", count).format(n=formats.tickets(count))


def performances(count: int) -> str:
    """48 performances, 1 performance."""
    return ngettext("{n} performance", "{n} performances", count).format(n=formats.tickets(count))


def season_name(year: int) -> str:
    """2026–27."""
    return f"{year}–{(year + 1) % 100:02d}"


def counted(count: int) -> str:
    """Small counts of towns in words: two to ten; others in figures."""
    words = {
        2: pgettext("towns", "two"), 3: pgettext("towns", "three"), 4: pgettext("towns", "four"), 5: pgettext("towns", "five"),
        6: pgettext("towns", "six"), 7: pgettext("towns", "seven"), 8: pgettext("towns", "eight"), 9: pgettext("towns", "nine"),
        10: pgettext("towns", "ten"),
    }  # fmt: skip
    return words.get(count) or formats.tickets(count)


def capital(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def enumeration(names: Sequence[str], more: int = 0) -> str:
    """A, B and C; with ``more`` left out: A, B and 4 more."""
    parts = list(names)
    if more > 0:
        parts.append(ngettext("{n} more", "{n} more", more).format(n=formats.tickets(more)))
    if len(parts) < 2:
        return "".join(parts)
    return _("{names} and {last}").format(names=", ".join(parts[:-1]), last=parts[-1])


def strong(text: str) -> SafeString:
    """The number of a sentence."""
    return format_html("<strong>{}</strong>", text)


def _when(values: Values) -> str:
    count = int(values["days"])
    if count == 0:
        return _("on the day itself")
    return ngettext("{n} day out", "{n} days out", count).format(n=formats.tickets(count))


def _curve_values(v: Values) -> dict[str, str]:
    found = {"town": str(v["town"]), "when": _when(v)}
    if "tickets" in v:
        found["tickets"] = tickets(v["tickets"])
    if "silent_days" in v:
        found["days"] = days(v["silent_days"])
    return found


def _lag(count: int) -> str:
    return ngettext("one town lags", "{n} towns lag", count).format(n=counted(count))


def _towns_lag_and_silent(v: Values) -> str:
    silent = ngettext("one is silent", "{n} are silent", v["silent"]).format(n=counted(v["silent"]))
    return f"{_lag(v['behind'])}, {silent}"


def _named_towns(v: Values) -> str:
    return enumeration(v["towns"], v["count"] - len(v["towns"]))


def _towns_lag(v: Values) -> str:
    return ngettext("{towns} lags.", "{towns} lag.", v["count"]).format(towns=_named_towns(v))


def _towns_silent(v: Values) -> str:
    text = ngettext("{towns} has sent no figures for {days}.", "{towns} have sent no figures, the longest for {days}.", v["count"])
    return text.format(towns=_named_towns(v), days=days(v["silent_days"]))


def _towns_never(v: Values) -> str:
    return ngettext("{towns} has not sent figures yet.", "{towns} have not sent figures yet.", v["count"]).format(
        towns=_named_towns(v)
    )


def _named_groups(v: Values) -> str:
    return enumeration(v["names"], v["count"] - len(v["names"]))


def _groups_ahead(v: Values) -> str:
    text = ngettext("{names} is ahead of comparable performances.", "{names} are ahead of comparable performances.", v["count"])
    return text.format(names=_named_groups(v))


def _groups_silent(v: Values) -> str:
    return ngettext("{names} is without figures.", "{names} are without figures.", v["count"]).format(names=_named_groups(v))


def _groups_lag(v: Values) -> str:
    return ngettext("{names} lags.", "{names} lag.", v["count"]).format(names=_named_groups(v))


def _lede_median(pattern: str, house_pattern: str) -> Callable[[Values], str]:
    def phrase(v: Values) -> str:
        text = _(house_pattern) if v.get("house") else _(pattern)
        return format_html(text, rate=strong(formats.percent(v["rate"])))

    return phrase


def _lede_level(v: Values) -> str:
    if v.get("house"):
        return _("Your performances stand on the median of comparable productions at the same distance.")
    return _("The tour stands on the median of comparable productions at the same distance.")


def _lede_sold(v: Values) -> str:
    text = ngettext(
        "{tickets} sold for one performance, an occupancy of {occupancy}.",
        "{tickets} sold for {n} performances, an occupancy of {occupancy}.",
        v["performances"],
    )
    return format_html(
        text,
        tickets=strong(tickets(v["sold"])),
        n=formats.tickets(v["performances"]),
        occupancy=formats.percent(v["occupancy"]),
    )


def _lede_one(v: Values) -> str:
    text = _("{tickets} sold of {seats} seats for sale, an occupancy of {occupancy}.")
    return format_html(
        text, tickets=strong(tickets(v["sold"])), seats=formats.tickets(v["seats"]), occupancy=formats.percent(v["occupancy"])
    )


def _band_values(v: Values) -> dict[str, str]:
    return {name: formats.tickets(round(v[name])) for name in ("median", "low", "high", "final")}


def _lede_stood(v: Values) -> str:
    text = _("At this distance comparable performances had sold {median} in such a hall ({low}–{high}); they ended at {final}.")
    return format_html(text, **_band_values(v))


def _lede_ended(v: Values) -> str:
    return format_html(_("Comparable performances ended at {median} in such a hall ({low}–{high})."), **_band_values(v))


def _lede_week(v: Values) -> str:
    text = ngettext(
        "One performance is left this week, with {tickets} sold.",
        "{n} performances are left this week, with {tickets} sold.",
        v["performances"],
    )
    return text.format(n=capital(counted(v["performances"])), tickets=tickets(v["sold"]))


def _lede_no_figures(v: Values) -> str:
    if not v["performances"]:
        return _("No performances in this season yet. They appear here once they are published.")
    text = ngettext(
        "No figures yet for {n} performance. They appear once the theatre’s system has sent them.",
        "No figures yet for {n} performances. They appear once the theatres’ systems have sent them.",
        v["performances"],
    )
    return text.format(n=formats.tickets(v["performances"]))


def _lede_year(pattern: str) -> Callable[[Values], str]:
    return lambda v: format_html(_(pattern), tickets=strong(tickets(v["tickets"])))


def _season(pattern: str) -> Callable[[Values], str]:
    return lambda v: _(pattern).format(season=season_name(v["season"]), tickets=tickets(v.get("tickets", 0)))


def _restated_days(v: Values) -> str:
    return ngettext(
        "One past day changed in the last two weeks.", "{n} past days changed in the last two weeks.", v["days"]
    ).format(n=capital(counted(v["days"])))


def _restated(writes: Callable[[Any], str]) -> Callable[[Values], str]:
    def phrase(v: Values) -> str:
        return format_html(
            "<strong>{}</strong> {}: <del>{}</del> → <ins>{}</ins>.",
            v["town"], formats.short_day(v["day"]), writes(v["before"]), writes(v["after"]),
        )  # fmt: skip

    return phrase


def _restated_kinds(v: Values) -> str:
    text = _("{town} {day}: the same total, divided over other kinds of ticket.")
    return format_html(text, town=strong(str(v["town"])), day=formats.short_day(v["day"]))


def _of_curve(pattern: str) -> Callable[[Values], str]:
    return lambda v: _(pattern).format(**_curve_values(v))


def _plain(pattern: str) -> Callable[[Values], str]:
    return lambda v: _(pattern)


_PATTERNS: dict[str, Callable[[Values], str]] = {
    "ahead": _of_curve(gettext_noop("{town} is {tickets} ahead of the median, {when}")),
    "behind": _of_curve(gettext_noop("{town} is {tickets} behind the median, {when}")),
    "ahead_played": _of_curve(gettext_noop("{town} ended {tickets} above the median")),
    "behind_played": _of_curve(gettext_noop("{town} ended {tickets} below the median")),
    "sold_out": _of_curve(gettext_noop("{town} is sold out, {when}")),
    "sold_out_played": _of_curve(gettext_noop("{town} was sold out")),
    "no_figures": _of_curve(gettext_noop("{town} has sent no figures for {days}")),
    "never_figures": _of_curve(gettext_noop("{town} has not sent figures yet")),
    "curve": _of_curve(gettext_noop("Tickets sold for {town}")),
    "lede_above": _lede_median(
        gettext_noop("The tour stands {rate} above the median of comparable productions at the same distance."),
        gettext_noop("Your performances stand {rate} above the median of comparable productions at the same distance."),
    ),
    "lede_below": _lede_median(
        gettext_noop("The tour stands {rate} below the median of comparable productions at the same distance."),
        gettext_noop("Your performances stand {rate} below the median of comparable productions at the same distance."),
    ),
    "lede_level": _lede_level,
    "lede_sold": _lede_sold,
    "one_no_figures": _of_curve(gettext_noop("{town} has sent no figures for {days}.")),
    "lede_more": _lede_year(gettext_noop("That is {tickets} more than last season at the same day.")),
    "lede_less": _lede_year(gettext_noop("That is {tickets} fewer than last season at the same day.")),
    "groups_ahead": _groups_ahead,
    "groups_lag": _groups_lag,
    "groups_silent": _groups_silent,
    "lede_one": _lede_one,
    "lede_stood": _lede_stood,
    "lede_ended": _lede_ended,
    "lede_week": _lede_week,
    "lede_no_figures": _lede_no_figures,
    "one_never_figures": _of_curve(gettext_noop("{town} has not sent figures yet.")),
    "towns_lag": _towns_lag,
    "towns_silent": _towns_silent,
    "towns_never": _towns_never,
    "towns_lag_and_silent": lambda v: capital(_towns_lag_and_silent(v)),
    "towns_only_lag": lambda v: capital(_lag(v["behind"])),
    "towns_only_silent": lambda v: capital(
        ngettext("one town is silent", "{n} towns are silent", v["silent"]).format(n=counted(v["silent"]))
    ),
    "towns_sold_out": lambda v: capital(
        ngettext("one town is sold out, none lags", "{n} towns are sold out, none lags", v["full"]).format(n=counted(v["full"]))
    ),
    "towns_ahead": lambda v: capital(
        ngettext("one town is ahead, none lags", "{n} towns are ahead, none lags", v["ahead"]).format(n=counted(v["ahead"]))
    ),
    "towns": _plain(gettext_noop("Tickets by town")),
    "tour": _plain(gettext_noop("Tickets sold on tour, by date")),
    "tour_ahead": lambda v: _("The tour is {tickets} ahead of comparable performances").format(tickets=tickets(v["tickets"])),
    "tour_behind": lambda v: _("The tour is {tickets} behind comparable performances").format(tickets=tickets(v["tickets"])),
    "season": _season(gettext_noop("Tickets sold for season {season}, by date of sale")),
    "season_ahead": _season(gettext_noop("Season {season} runs {tickets} ahead of last year")),
    "season_behind": _season(gettext_noop("Season {season} runs {tickets} behind last year")),
    "market": _plain(gettext_noop("Your share of the market, by genre")),
    "market_largest": lambda v: _("Your largest share is {genre}: {share} of the national tickets").format(
        genre=v["genre"].lower(), share=formats.percent(v["share"])
    ),
    "fill": _plain(gettext_noop("Occupancy paid, by genre")),
    "fill_highest": lambda v: _("{genre} fills best: {share} of the seats for sale").format(
        genre=v["genre"], share=formats.percent(v["share"])
    ),
    "nation": _plain(gettext_noop("Tickets sold in the country, by genre")),
    "region": _plain(gettext_noop("Tickets by province")),
    "region_largest": lambda v: _("{province} is where your share is largest: {share}").format(
        province=v["province"], share=formats.percent(v["share"])
    ),
    "restated_days": _restated_days,
    "restated_tickets": _restated(formats.tickets),
    "restated_recette": _restated(formats.money),
    "restated_kinds": _restated_kinds,
}


def phrase(sentence: Sentence) -> str:
    """The sentence in the language of the request; raises KeyError for a code that has no pattern."""
    return _PATTERNS[sentence.code](sentence.values)


def paragraph(sentences: Iterable[Sentence]) -> SafeString:
    """Sentences one after another."""
    return format_html_join(" ", "{}", ((phrase(sentence),) for sentence in sentences))
