"""What the Audience Monitor is told. Counts are rounded to five; None where a figure is held back, whatever rule did it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from dip.warehouse.rules.audience.loyalty import Window

#: Parts of an :class:`Audience`, in the order of the page.
PARTS = (
    "returning", "stages", "tastes", "party_sizes", "lead_times", "moments", "kinds", "price_bands", "channels", "ages", "genders",
    "frequency", "retention", "lapsed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AudienceScope:
    """Of what: a production (``dip_id``) in all theatres that the viewer may sum, a theatre (None: all of the viewer's houses), or the
    nation; in one season."""

    kind: Literal["production", "theatre", "season"]
    dip_id: str | None = None
    theatre_id: int | None = None
    season_year: int = 0


@dataclass(frozen=True, slots=True)
class PartRow:
    """One value. ``rate``: of the part's base, of an attribute of those whose it is known, 0..1; ``national_rate``: the same in the nation (for a production, in its
    genre)."""

    code: str
    count: int | None
    rate: float | None
    national_rate: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """One question and its answer. ``unit``: "orders", "tickets" or "buyers"; ``base``: how many of those it is about, None when too few.

    ``rows`` has every code of the part, also those with nobody. ``is_held_back``: something in it is not shown.
    """

    code: str
    base: int | None
    unit: str
    rows: tuple[PartRow, ...]

    @property
    def is_held_back(self) -> bool:
        """Whether a row is not shown."""
        return any(row.count is None for row in self.rows)

    def row(self, code: str) -> PartRow | None:
        """The row of a code."""
        return next((row for row in self.rows if row.code == code), None)


def _nothing(code: str) -> Part:
    return Part(code, 0, "buyers", ())


@dataclass(frozen=True, slots=True)
class Audience:
    """An audience: orders, not visitors. Every part describes who placed the order.

    ``orders``, ``tickets``, ``buyers``: None when too few. ``unmatched_tickets``: sold in the season for events that no performance is
    known for (a theatre's own; 0 for others). ``anonymous_tickets``: whose buyer is not known or said no. ``known_postcode_rate``: of the
    orders, 0..1. ``theatres``: that told something, of ``theatres_asked``. ``window``: how far back "new" looks; None for the nation.
    """

    scope: AudienceScope
    orders: int | None
    tickets: int | None
    buyers: int | None
    unmatched_tickets: int
    anonymous_tickets: int | None
    known_postcode_rate: float | None
    theatres: int
    theatres_asked: int
    true_at: datetime | None
    window: Window | None = None
    parts: Mapping[str, Part] = field(default_factory=dict)

    def part(self, code: str) -> Part:
        """One of :data:`PARTS`; without rows when nothing is known."""
        return self.parts.get(code) or _nothing(code)

    @property
    def returning(self) -> Part:
        """Buyers by how they came to the theatre this season: new, returning, reactivated."""
        return self.part("returning")

    @property
    def stages(self) -> Part:
        """Buyers by stage at the end of the season."""
        return self.part("stages")

    @property
    def tastes(self) -> Part:
        """Buyers by taste."""
        return self.part("tastes")

    @property
    def party_sizes(self) -> Part:
        """Orders by tickets for one performance."""
        return self.part("party_sizes")

    @property
    def lead_times(self) -> Part:
        """Tickets by days between sale and performance."""
        return self.part("lead_times")

    @property
    def moments(self) -> Part:
        """Orders by weekday (1 Monday) and part of the day on the venue's clock: "1-morning"."""
        return self.part("moments")

    @property
    def kinds(self) -> Part:
        """Tickets by kind."""
        return self.part("kinds")

    @property
    def price_bands(self) -> Part:
        """Tickets by class of what was paid."""
        return self.part("price_bands")

    @property
    def channels(self) -> Part:
        """Orders by where they were placed."""
        return self.part("channels")

    @property
    def ages(self) -> Part:
        """Buyers by age at the start of the season, where given."""
        return self.part("ages")

    @property
    def genders(self) -> Part:
        """Buyers by gender, where given."""
        return self.part("genders")

    @property
    def frequency(self) -> Part:
        """Buyers by visits in the season at the theatre."""
        return self.part("frequency")

    @property
    def retention(self) -> Part:
        """Last season's buyers: who came again and who did not. A theatre's and the nation's only."""
        return self.part("retention")

    @property
    def lapsed(self) -> Part:
        """Buyers who did not come: last here one season ago (away) or two (dormant). A theatre's and the nation's only."""
        return self.part("lapsed")


@dataclass(frozen=True, slots=True)
class AreaRow:
    """Buyers of an area. ``code``: as ``definitions.queries.geo`` has it; ``distance_km``: to the (nearest) theatre of the scope."""

    code: int
    name: str
    buyers: int | None
    per_1000: float | None
    distance_km: float | None
    is_catchment: bool = False
    """Among the areas that hold 80 % of the buyers whose area is shown."""


@dataclass(frozen=True, slots=True)
class AlsoBought:
    """Another production that buyers of the scope bought in the season. ``rate``: of the buyers; ``lift``: against chance, in coarse
    steps, for an exact one would tell how many buyers the other has."""

    dip_id: str
    title: str
    buyers: int
    rate: float | None
    lift: float | None


@dataclass(frozen=True, slots=True)
class UnderservedArea:
    """A PC4 from which clearly fewer come than its people let expect. ``ratio``: observed ÷ expected visits, to a tenth, None where
    too few visits; ``upper``: its upper 90 % bound, likewise."""

    pc4: int
    name: str
    municipality: int
    inhabitants: int
    ratio: float | None
    upper: float | None
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class Flow:
    """Buyers who live in one province and bought in another. ``home``: a province, None unknown or abroad; ``venue``: where the theatre
    stands, 0 unknown; ``rate``: of the buyers in the venue's province, 0..1. A buyer counts in each province where it bought."""

    home: int | None
    venue: int
    buyers: int | None
    rate: float | None


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """A group. ``rate``: of the buyers, None where not shown; ``people_rate``: of the inhabitants; ``expected_rate``: of the buyers were
    the distance to the theatre alone to count, None where no distance is known. All 0..1."""

    code: str
    rate: float | None
    people_rate: float
    expected_rate: float | None


@dataclass(frozen=True, slots=True)
class Population:
    """Buyers beside inhabitants, by "urbanity" ("1" most urban to "5"), "age" (adults; codes of the part ages) or "province" (its number)."""

    code: str
    rows: tuple[PopulationRow, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A theatre of a production. ``buyers``: of the production there, known in the sector; ``rate``: the part of them who ordered at
    another organisation's theatre in the season too; ``national_rate``: the same over all productions of the genre."""

    theatre_id: int
    name: str
    buyers: int | None
    rate: float | None
    national_rate: float | None


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One line. ``key``: 0 all, else a province or genre, -1 unknown; per season the count, and ``rates`` as in
    :class:`PartRow`, 0..1. By genre a buyer counts at each production that was bought."""

    key: int
    counts: tuple[int | None, ...]
    rates: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class AudienceTrend:
    """One code of a part through the seasons, oldest first. ``windows``: per season how far back "new" could look: where that is not
    the whole window (of a nation: at half of its theatres), returning, stages, retention and lapsed are not comparable with later."""

    part: str
    code: str
    by: str
    unit: str
    seasons: tuple[int, ...]
    lines: tuple[TrendLine, ...]
    windows: tuple[Window, ...] = ()
