"""One's own beside the others of one's group: medians and quartiles of an edition, one's own left out; and beside one other, by consent."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dip.definitions.queries import genres
from dip.registry.terms import Access, AccessDenied, Module
from dip.warehouse.models import Consent, PeerChange, PeerEdition, PeerGroup, PeerMember, PeerValue, PeerVersion
from dip.warehouse.queries.consents import OVERLAP, Comparison, comparison_of, side_of
from dip.warehouse.rules.peer_groups import MEASURES, STEPS, VALUES_MIN, PeerMeasure, PeerSide, spread_of, standing
from dip.warehouse.rules.peer_mix import AT_MIX

_REASON = "a member is told medians and quartiles of the others in its group"
_NAMES = "a member is told who the others in its group are, not what they show"
_BY_NAME = "two organisations compare by name, with the consent of both"


@dataclass(frozen=True, slots=True)
class PeerEditionFacts:
    """An edition: made at, after the trends' edition of a day, of performances played before ``until`` (exclusive)."""

    season_year: int
    made_at: datetime
    trends_made_on: date
    until: date


@dataclass(frozen=True, slots=True)
class PeerGroupFacts:
    """The viewer's group: ``kinds`` as in the standard (kinds of houses, or genres by number), sizes from ``low`` up to ``high`` (exclusive).

    ``members``: names of all, the viewer too. ``version`` 1 is the group as frozen; ``waiting``: changes until the next batch.
    """

    kinds: tuple[str, ...]
    low: int
    high: int | None
    members: tuple[str, ...]
    frozen_at: datetime
    version: int
    version_at: datetime
    waiting: int


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One measure. ``own`` None: no figures. ``count`` others, with ``low``, ``median`` and ``high``: None when held back, all together.

    ``standing``: "lowest", "lower", "middle", "higher", "highest", or "" when there is nothing to stand among. ``at_mix``: the others' at
    the viewer's mix, of which ``coverage`` (0..1) could be compared; both None for measures without one.
    """

    measure: PeerMeasure
    own: float | None
    count: int | None
    low: float | None
    median: float | None
    high: float | None
    standing: str
    has_mix: bool
    at_mix: float | None
    coverage: float | None


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """Everything of a season: the edition, the viewer's group (None: in none), and a row per measure of its side."""

    side: PeerSide
    edition: PeerEditionFacts
    seasons: tuple[int, ...]
    group: PeerGroupFacts | None
    rows: tuple[PeerRow, ...]


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One measure of two; None: no figures."""

    measure: PeerMeasure
    own: float | None
    other: float | None


@dataclass(frozen=True, slots=True)
class NamedFigures:
    """What two organisations agreed to compare, in a season. ``has_overlap``: buyers of both are in the consent too."""

    comparison: Comparison
    edition: PeerEditionFacts | None
    seasons: tuple[int, ...]
    rows: tuple[NamedRow, ...]
    has_overlap: bool


def peer_figures(access: Access, season_year: int | None = None) -> PeerFigures | None:
    """The viewer's side in a season (None: the newest); None for roles without figures, or before the first edition."""
    side = _side(access)
    if side is None:
        return None
    editions = _editions(side)
    edition = editions.get(season_year) if season_year is not None else next(iter(editions.values()), None)
    if edition is None:
        return None
    member = (
        PeerMember.objects.within(access)
        .filter(group__season_year=edition.season_year, group__side=side.value, until_version=None)
        .select_related("group")
        .first()
    )
    others: Mapping[PeerMeasure, Mapping[int, float]] = {}
    inside: dict[int, str] = {}
    seen: frozenset[int] = frozenset()
    if member is not None:
        rows = PeerMember.objects.across_tenants(_NAMES).filter(group=member.group, until_version=None)
        inside = dict(rows.order_by("organisation__name", "pk").values_list("organisation_id", "organisation__name"))
        others, seen = _others(access, edition, inside), _seen(access)
    own = {PeerMeasure(row.measure): row for row in PeerValue.objects.within(access).filter(edition=edition)}
    made = tuple(_row(measure, own.get(measure), others.get(measure, {}), seen) for measure in MEASURES[side])
    group = _group(member.group, tuple(inside.values())) if member is not None else None
    return PeerFigures(side, _facts(edition), tuple(editions), group, made)


def named_figures(access: Access, consent_id: int, at: datetime, season_year: int | None = None) -> NamedFigures:
    """What both agreed to show each other. No rows once the consent is not in force.

    Raises :class:`Consent.DoesNotExist` for a comparison of others.
    """
    side = _side(access)
    if side is None:
        raise Consent.DoesNotExist(consent_id)
    comparison = comparison_of(access, consent_id, at)
    if comparison.state != "accepted":
        return NamedFigures(comparison, None, (), (), False)
    editions = _editions(side)
    edition = editions.get(season_year) if season_year is not None else next(iter(editions.values()), None)
    has_overlap = OVERLAP in comparison.figures
    if edition is None:
        return NamedFigures(comparison, None, tuple(editions), (), has_overlap)
    both = (access.organisation_id, comparison.organisation_id)
    found: dict[tuple[str, int], float | None] = {}
    rows = PeerValue.objects.across_tenants(_BY_NAME).filter(edition=edition, organisation_id__in=both)
    for measure, organisation, value in rows.values_list("measure", "organisation_id", "value"):
        found[measure, organisation] = value
    made = tuple(
        NamedRow(measure, *(found.get((measure.value, one)) for one in both))
        for measure in MEASURES[side]
        if measure.value in comparison.figures
    )
    return NamedFigures(comparison, _facts(edition), tuple(editions), made, has_overlap)


def genre_names(codes: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Names of main genres as groups keep them."""
    names = {str(genre.id): genre.name(language) for genre in genres()}
    return tuple(names.get(code, code) for code in codes)


def _side(access: Access) -> PeerSide | None:
    if not access.allows(Module.SALES):
        raise AccessDenied("no right to look at sales")
    return side_of(access)


def _editions(side: PeerSide) -> dict[int, PeerEdition]:
    """The newest edition of each season, newest season first."""
    found: dict[int, PeerEdition] = {}
    for row in PeerEdition.objects.filter(side=side.value).order_by("-season_year", "-trends_made_on"):
        found.setdefault(row.season_year, row)
    return found


def _facts(edition: PeerEdition) -> PeerEditionFacts:
    return PeerEditionFacts(edition.season_year, edition.made_at, edition.trends_made_on, edition.until)


def _others(access: Access, edition: PeerEdition, inside: Mapping[int, str]) -> dict[PeerMeasure, dict[int, float]]:
    rows = PeerValue.objects.across_tenants(_REASON).filter(edition=edition, organisation_id__in=inside, counts=True)
    found: dict[PeerMeasure, dict[int, float]] = defaultdict(dict)
    for measure, organisation, value in rows.exclude(organisation_id=access.organisation_id).values_list(
        "measure", "organisation_id", "value"
    ):
        found[PeerMeasure(measure)][organisation] = value
    return found


def _seen(access: Access) -> frozenset[int]:
    """Organisations whose own values the viewer has been shown by name, now or before."""
    rows = Consent.objects.within(access).exclude(accepted_at=None)
    return frozenset(row.other_of(access.organisation_id) for row in rows)


def _row(measure: PeerMeasure, own: PeerValue | None, others: Mapping[int, float], seen: frozenset[int]) -> PeerRow:
    step = STEPS[measure]
    value = own.value if own else None
    spread = spread_of(others.values(), step) if len(others.keys() - seen) >= VALUES_MIN else None
    return PeerRow(
        measure=measure,
        own=value,
        count=spread.count if spread else None,
        low=spread.low if spread else None,
        median=spread.median if spread else None,
        high=spread.high if spread else None,
        standing=standing(value, spread, step) if spread and value is not None else "",
        has_mix=measure in AT_MIX,
        at_mix=own.at_mix if own else None,
        coverage=own.coverage if own else None,
    )


def _group(group: PeerGroup, members: tuple[str, ...]) -> PeerGroupFacts:
    newest = PeerVersion.objects.filter(group=group).order_by("-number").first()
    return PeerGroupFacts(
        kinds=tuple(group.kinds),
        low=group.low,
        high=group.high,
        members=members,
        frozen_at=group.frozen_at,
        version=newest.number if newest else 1,
        version_at=newest.made_at if newest else group.frozen_at,
        waiting=PeerChange.objects.across_tenants(_NAMES).filter(group=group).count(),
    )
