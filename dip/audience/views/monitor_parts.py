"""The parts of an audience as a page draws them: stacked bar, dot and tick, columns, and the week as a table of shades."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dip.audience.rules import findings
from dip.audience.rules.shares import ends, share_of
from dip.audience.views import monitor_words as words
from dip.audience.views.monitor_phrases import phrase
from dip.warehouse.queries.audience import Part
from dip.web import formats
from dip.web.charts.columns import Categories, Category, columns_chart
from dip.web.charts.figure import Cell, Figure
from dip.web.charts.tiles import breaks, class_of
from dip.web.marks import DotRow, dot_track

#: Share of a stacked bar that has room for its words.
_ROOM = 0.15
COLUMNS = ("party_sizes", "lead_times", "frequency")


@dataclass(frozen=True, slots=True)
class PartLine:
    """One value: its name, how many (None: held back), its share and that of the nation, and its line of dot and tick."""

    code: str
    name: str
    count: int | None
    share: float | None
    national: float | None
    track: str = ""
    width: str = ""
    """Of its piece of a stacked bar, as CSS reads it; "" for one that is too small to draw."""
    national_width: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether its words fit into its piece of a stacked bar."""
        return (self.share or 0.0) >= _ROOM


@dataclass(frozen=True, slots=True)
class PartView:
    """One part. ``lines``: the values; ``blank``: those of whom it is not known, apart. ``axis``: both ends, written. ``shades``: of a
    week, per part of the day a row of lines with its class. ``has_reference``: whether the nation stands beside."""

    code: str
    definition: str
    title: str
    unit: str
    base: int | None
    lines: tuple[PartLine, ...]
    blank: PartLine | None
    is_held_back: bool
    is_hidden: bool
    is_empty: bool
    has_reference: bool
    axis: tuple[str, str] = ("", "")
    figure: Figure | None = None
    shades: tuple[tuple[str, tuple[tuple[PartLine, int], ...]], ...] = ()

    @property
    def every(self) -> tuple[PartLine, ...]:
        """All values, those not known last: as the table has them."""
        return (*self.lines, self.blank) if self.blank else self.lines

    @property
    def drawn(self) -> tuple[PartLine, ...]:
        """The values that somebody has, here or in the nation."""
        return tuple(line for line in self.lines if line.count != 0 or line.national)


def view(part: Part, *, is_national: bool, reference: str) -> PartView:
    """A part, with its finding as title. ``reference``: the name of what stands beside."""
    made = _lines(part, is_national)
    found = [line for line in made if line.code not in findings.BLANK]
    has_reference = not is_national and any(line.national is not None for line in found)
    low, high = ends([rate for line in found for rate in (line.share, line.national)])
    lines = tuple(_drawn(line, low, high) for line in found)
    plain = PartView(
        code=part.code,
        definition=words.CODES[part.code],
        title=phrase(findings.heading(part.code, part.rows, is_national=is_national), reference),
        unit=part.unit,
        base=part.base,
        lines=lines,
        blank=next((line for line in made if line.code in findings.BLANK), None),
        is_held_back=part.is_held_back,
        is_hidden=bool(lines) and all(line.count is None for line in lines),
        is_empty=not any(line.count is None or line.count for line in lines),
        has_reference=has_reference,
        axis=(formats.percent(low, 0), formats.percent(high, 0)),
    )
    if part.code in COLUMNS:
        return replace(plain, figure=_columns(plain, reference))
    return replace(plain, shades=_shades(plain)) if part.code == "moments" else plain


def _lines(part: Part, is_national: bool) -> list[PartLine]:
    return [
        PartLine(
            row.code,
            words.value_name(part.code, row.code),
            row.count,
            share_of(row, part.rows, part.base),
            None if is_national else row.national_rate,
        )
        for row in part.rows
    ]


def _drawn(line: PartLine, low: float, high: float) -> PartLine:
    row = DotRow(line.name, line.share, line.national, "")
    return replace(
        line, track=dot_track(row, low, high), width=_width(line.share), national_width=_width(line.national)
    )  # fmt: skip


def _width(rate: float | None) -> str:
    return f"{100 * rate:.4g}%" if rate else ""


def of_unit(made: PartView) -> str:
    """Of how many of what the shares are: "Share of 2.150 buyers"."""
    if made.base is None:
        return _("Share of the {unit}").format(unit=words.unit_name(made.unit))
    return _("Share of {counted}").format(counted=words.counted(made.base, made.unit))


def _columns(made: PartView, reference: str) -> Figure:
    rows = [Category(line.name, line.share, line.national, line.count is None) for line in made.lines]
    own = of_unit(made)
    sub = f"{words.measure(made.code)}. {own}."
    figure = columns_chart(Categories(f"part-{made.code}", made.title, rows, own, reference, as_rate=True, sub=sub))
    return replace(figure, columns=table_heads(made, reference), table=[table_row(made, line) for line in made.every], key=())


def table_heads(made: PartView, reference: str) -> list[str]:
    """Heads of a part's table."""
    name = words.measure(made.code)
    return [name, words.unit_name(made.unit).capitalize(), _("Share"), *([reference] if made.has_reference else [])]


def table_row(made: PartView, line: PartLine) -> list[Cell]:
    """One row of a part's table."""
    hidden = Cell(_("not shown: too few, or too concentrated"), "")
    count = hidden if line.count is None else Cell(formats.tickets(line.count), str(line.count))
    share = Cell("–" if line.share is None else formats.percent(line.share), "" if line.share is None else f"{line.share:.4f}")
    row = [Cell(line.name, line.code), count, share]
    if made.has_reference:
        national = hidden if line.national is None else Cell(formats.percent(line.national), f"{line.national:.4f}")
        row.append(national)
    return row


def _shades(made: PartView) -> tuple[tuple[str, tuple[tuple[PartLine, int], ...]], ...]:
    """Rows by part of the day, columns by weekday; the class of each is that of its share, 0 when it is held back."""
    limits = breaks([line.share for line in made.lines if line.share is not None])
    by_code = {line.code: line for line in made.lines}
    rows = []
    for time in words.TIMES:
        found = [by_code[f"{day}-{time}"] for day in range(1, 8) if f"{day}-{time}" in by_code]
        graded = tuple((line, class_of(line.share, limits) if line.share is not None else 0) for line in found)
        rows.append((words.time_name(time), graded))
    return tuple(rows)


def weekdays() -> list[str]:
    """Heads of the week: Mo, Tu."""
    short = formats.locale(formats.language_of()).days["stand-alone"]["abbreviated"]
    return [short[number][:1].upper() + short[number][1:] for number in range(7)]


def views(parts: Sequence[Part], *, is_national: bool, reference: str) -> dict[str, PartView]:
    """Parts by code; those of which nothing is known are left out."""
    return {part.code: view(part, is_national=is_national, reference=reference) for part in parts if part.rows}
