"""What only the reader has: its own table of segments, partners who consent to a comparison by name, and its theatres one by one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dip.audience.rules.shares import ends
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AudienceScope
from dip.web import formats
from dip.web.marks import DotRow, dot_track


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A row of dot and tick: buyers and share (None: held back), and what stands beside (None: not known)."""

    name: str
    buyers: int | None
    rate: float | None
    beside: float | None
    track: str


@dataclass(frozen=True, slots=True)
class OwnView:
    """Rows under a head. ``note``: of what they are; ``unmatched``: buyers in none of the rows, None held back."""

    title: str
    note: str
    axis: tuple[str, str]
    lines: tuple[OwnLine, ...]
    unmatched: int | None = 0

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it is shown."""
        return all(line.rate is None for line in self.lines)


def _lines(rows: list[tuple[str, int | None, float | None, float | None]]) -> tuple[tuple[OwnLine, ...], tuple[str, str]]:
    low, high = ends([rate for row in rows for rate in row[2:]])
    lines = tuple(OwnLine(*row, dot_track(DotRow("", row[2], row[3], ""), low, high)) for row in rows)
    return lines, (formats.percent(low, 0), formats.percent(high, 0))


def segments(access: Access, scope: AudienceScope) -> OwnView | None:
    """The reader's own segments; None when it has loaded no table."""
    found = door.segments(access, scope)
    if found is None or not found.rows:
        return None
    lines, axis = _lines([(row.segment, row.buyers, row.rate, row.people_rate) for row in found.rows])
    title = _("By your own segments: {name}, {version}").format(name=found.name, version=found.version)
    return OwnView(
        title,
        _("Share of the buyers whose area is told; tick: of the inhabitants. Only you see this."),
        axis,
        lines,
        found.unmatched,
    )


def elsewhere(access: Access, scope: AudienceScope) -> OwnView | None:
    """Per theatre of a production, who also ordered at another organisation; None for other scopes."""
    found = door.elsewhere(access, scope)
    if not found:
        return None
    lines, axis = _lines([(row.name, row.buyers, row.rate, row.national_rate) for row in found])
    note = _(
        "Share of each theatre's buyers who also ordered at another organisation's theatre this season; tick: the genre, national."
    )
    return OwnView(_("Also at another theatre, theatre by theatre"), note, axis, lines)


def partners(access: Access, scope: AudienceScope) -> OwnView | None:
    """Buyers shared with organisations that consent to it by name; None without any."""
    found = door.shared_with(access, scope)
    if not found:
        return None
    lines, axis = _lines([(row.name, row.buyers, row.rate, None) for row in found])
    note = _("Share of your buyers who also bought at a partner. Both of you consent to this, and either can take it back.")
    return OwnView(_("Shared with your partners"), note, axis, lines)
