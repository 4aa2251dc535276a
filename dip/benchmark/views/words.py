"""Names of what the trends are split by and measured in, and how their numbers are written."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.benchmark.rules.closures import Closure
from dip.definitions.queries import genres, provinces, threshold
from dip.kernel.money import ratio
from dip.warehouse.rules.cohorts import LARGE_FROM, MIDDLE_FROM
from dip.warehouse.terms import Dimension, NotShown, TrendMeasure, TrendSeason
from dip.web import formats

DIMENSIONS = {
    Dimension.GENRE: gettext_lazy("Genre"),
    Dimension.REGION: gettext_lazy("Province"),
    Dimension.WEEKDAY: gettext_lazy("Weekday"),
    Dimension.MONTH: gettext_lazy("Month"),
    Dimension.PRICE: gettext_lazy("Price class"),
    Dimension.SIZE: gettext_lazy("Hall size"),
}
MEASURES = {
    TrendMeasure.OCCUPANCY: gettext_lazy("Occupancy, paid"),
    TrendMeasure.PRICE: gettext_lazy("Average price"),
    TrendMeasure.TICKETS: gettext_lazy("Tickets sold"),
    TrendMeasure.RECETTE: gettext_lazy("Recette"),
    TrendMeasure.PERFORMANCES: gettext_lazy("Performances"),
}
#: The definition of each measure.
CODES: Mapping[TrendMeasure, str] = {
    TrendMeasure.OCCUPANCY: "occupancy_paid",
    TrendMeasure.PRICE: "average_price",
    TrendMeasure.TICKETS: "tickets_sold",
    TrendMeasure.RECETTE: "recette",
    TrendMeasure.PERFORMANCES: "trend",
}
_FIRST_MONTH = 8
#: Amounts from here on are written in millions on an axis.
_MILLION_CENTS, _MILLION = 100_000_000, 1_000_000


def season_name(year: int) -> str:
    """A season as people write it: 2026–27."""
    return f"{year}–{(year + 1) % 100:02d}"


def unbroken_season(year: int) -> str:
    """A season that no line is broken in."""
    return unbroken(season_name(year))


def unbroken(season: str) -> str:
    """The name of a season, in which no line is broken."""
    return season.replace("–", "\u2060–\u2060")


def value_names(dimension: Dimension) -> dict[int, str]:
    """Names of the values of a dimension, in the order in which they are shown."""
    language = formats.language_of()
    if dimension is Dimension.GENRE:
        return {genre.id: genre.name(language) for genre in genres()}
    if dimension is Dimension.REGION:
        return {province.id: province.name for province in sorted(provinces(), key=lambda one: one.name)}
    if dimension is Dimension.WEEKDAY:
        names = formats.locale(language).days["stand-alone"]["wide"]
        return {number + 1: _capital(names[number]) for number in range(7)}
    if dimension is Dimension.MONTH:
        months = formats.locale(language).months["stand-alone"]["wide"]
        return {number: _capital(months[number]) for number in (*range(_FIRST_MONTH, 13), *range(1, _FIRST_MONTH))}
    return _prices() if dimension is Dimension.PRICE else _sizes()


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _prices() -> dict[int, str]:
    limits = [formats.money(100 * threshold(f"price_class_{number}"), 0) for number in (2, 3, 4)]
    return {
        1: _capital(_("below {limit}").format(limit=limits[0])),
        2: _("{low} to {high}").format(low=limits[0], high=limits[1]),
        3: _("{low} to {high}").format(low=limits[1], high=limits[2]),
        4: _("{limit} and more").format(limit=limits[2]),
    }


def _sizes() -> dict[int, str]:
    return {
        1: _("Small, below {seats} seats").format(seats=MIDDLE_FROM),
        2: _("Middle, {low} to {high} seats").format(low=MIDDLE_FROM, high=LARGE_FROM - 1),
        3: _("Large, {seats} seats and more").format(seats=LARGE_FROM),
    }


def write(value: float | NotShown | None, measure: TrendMeasure) -> str:
    """A value as people read it; a dash for nothing."""
    if value is None or isinstance(value, NotShown):
        return formats.MISSING
    if measure is TrendMeasure.OCCUPANCY:
        return formats.percent(round(value, 4))
    if measure is TrendMeasure.PRICE:
        return formats.money(round(value))
    return formats.money(round(value), 0) if measure is TrendMeasure.RECETTE else formats.tickets(round(value))


def tick(value: float | None, measure: TrendMeasure) -> str:
    """A value on an axis: short."""
    if value is None:
        return formats.MISSING
    if measure is TrendMeasure.OCCUPANCY:
        return formats.percent(round(value, 4), 0)
    if measure is TrendMeasure.PRICE:
        return formats.money(round(value), 0)
    if measure is TrendMeasure.RECETTE and value >= _MILLION_CENTS:
        return _("{amount} m").format(amount=formats.money(value / _MILLION, 0 if value >= 10 * _MILLION_CENTS else 1))
    if measure is TrendMeasure.RECETTE:
        return formats.money(round(value), 0)
    if value >= _MILLION:
        return _("{number} m").format(number=formats.number(value / _MILLION, 1))
    return formats.tickets(round(value))


def raw(value: float, measure: TrendMeasure) -> str:
    """A value as machines read it: occupancy 0..1, euros, or a count."""
    if measure in (TrendMeasure.PRICE, TrendMeasure.RECETTE):
        return f"{value / 100:.2f}"
    return f"{value:.4f}" if measure is TrendMeasure.OCCUPANCY else f"{value:.0f}"


def write_change(difference: float | None, measure: TrendMeasure) -> str:
    """A change with its sign: points of an occupancy, a percentage of everything else."""
    if difference is None:
        return formats.MISSING
    if measure is TrendMeasure.OCCUPANCY:
        return formats.points(round(difference, 4))
    return formats.signed(round(100 * difference, 1), 1) + formats.NBSP + "%"


def write_size(difference: float, measure: TrendMeasure) -> str:
    """A change without its sign, for a sentence that says the direction."""
    if measure is TrendMeasure.OCCUPANCY:
        return _("{points} points").format(points=formats.number(round(100 * abs(difference), 1), 1))
    return formats.percent(round(abs(difference), 4))


def closure_note(closures: Sequence[Closure]) -> str:
    """When theatres were closed by law, in one line; "" when they were not."""
    if not closures:
        return ""
    spans = [f"{formats.text_day(one.first)} – {formats.text_day(one.last)}" for one in closures]
    return _("Theatres were closed by law: {spans}. Seasons marked * are not like the others.").format(spans=", ".join(spans))


def until(season: TrendSeason) -> str:
    """ "so far", with the last day that is in a running season."""
    return formats.text_day(season.until.fromordinal(season.until.toordinal() - 1))


def places(current: str) -> list[tuple[str, str, bool]]:
    """Tabs of the trends."""
    pages = (
        ("benchmark-trends", _("Over the years")), ("benchmark-lead-times", _("Do people buy later?")),
        ("benchmark-peers", _("Like organisations")), ("benchmark-named", _("By name")),
    )  # fmt: skip
    return [(text, reverse(name), name == current) for name, text in pages]


def coupled_share(coupled: int, performances: int) -> str:
    """Share of the performances that were in coupled theatres."""
    return formats.percent(ratio(coupled, performances), 0)
