"""Freezing the groups of a season, taking changes in by batches, and publishing an edition of what their members are compared in.

No access is passed in: this serves every organisation alike, and is called by the job and the command line only.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import structlog
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum

from dip.kernel.clock import sales_date
from dip.kernel.periods import Period, season_period, season_year
from dip.programme.models import Performance, Theatre
from dip.programme.terms import HallKind, PerformanceStatus
from dip.warehouse.models import PeerChange, PeerEdition, PeerGroup, PeerMember, PeerValue, PeerVersion
from dip.warehouse.queries.peer_raw import HOLDINGS, Raw, raw_of
from dip.warehouse.queries.reading import published
from dip.warehouse.rules.editions import closed_until
from dip.warehouse.rules.peer_groups import (
    MEASURES,
    SIZES,
    STEPS,
    Candidate,
    Group,
    PeerMeasure,
    PeerSide,
    changes_due,
    grouped,
    place_of,
    steady,
)
from dip.warehouse.rules.peer_mix import AT_MIX, AtMix, at_mix
from dip.warehouse.store.published import Manifest
from dip.warehouse.terms import Limits

#: Performances behind a value that counts for others.
PERFORMANCES_MIN = 5
_REASON = "groups of like organisations are made for everybody"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tended:
    """What a run did: groups frozen, changes taken in, editions made."""

    groups: int = 0
    changes: int = 0
    editions: int = 0

    def plus(self, other: "Tended") -> "Tended":
        """Both together."""
        return Tended(self.groups + other.groups, self.changes + other.changes, self.editions + other.editions)


def tend(at: datetime) -> Tended:
    """Freeze the running season and those that have an edition of trends, unless they are frozen, and make the editions that are due."""
    manifest = published()
    running = season_year(sales_date(at))
    known = set(manifest.editions.get("trend", {})) if manifest else set()
    found = Tended()
    for year in sorted({running, *(one for one in known if one <= running)}):
        for side in PeerSide:
            found = found.plus(_tend(at, manifest, year, side, running))
    return found


def freeze(at: datetime, year: int) -> Tended:
    """As :func:`tend`, for one season; a season that is frozen stays as it is."""
    found, running = Tended(), season_year(sales_date(at))
    for side in PeerSide:
        found = found.plus(_tend(at, published(), year, side, running))
    return found


@transaction.atomic
def _tend(at: datetime, manifest: Manifest | None, year: int, side: PeerSide, running: int) -> Tended:
    frozen = 0
    groups = list(PeerGroup.objects.select_for_update().filter(season_year=year, side=side.value).order_by("number"))
    if not groups:
        frozen = _freeze(at, year, side)
    elif year >= running:
        _note_changes(at, year, side, groups)
    edition = manifest.editions.get("trend", {}).get(year) if manifest else None
    if manifest is None or edition is None:
        return Tended(groups=frozen)
    held = PeerEdition.objects.filter(season_year=year, side=side.value).aggregate(newest=Max("trends_made_on"))["newest"]
    if held is not None and held >= edition.made_on and not frozen:
        return Tended(groups=frozen)
    taken = _take_in(at, groups)
    until = min(closed_until(edition.made_on), season_period(year).end)
    if until <= season_period(year).start:
        return Tended(frozen, taken)
    raw = raw_of(manifest, year, side)
    made, _is_new = PeerEdition.objects.update_or_create(
        season_year=year, side=side.value, trends_made_on=edition.made_on, defaults={"made_at": at, "until": until}
    )
    _write_values(made, raw, side, manifest.limits)
    log.info("edition of peers made", season=year, side=side.value, read="across tenants", reason=_REASON)
    return Tended(frozen, taken, 1)


def candidates(year: int, side: PeerSide) -> list[Candidate]:
    """Who may be in a group of a season: organisations with published, public performances in it or the season before."""
    before, now = season_period(year - 1), season_period(year)
    played = Performance.objects.filter(
        status=PerformanceStatus.PUBLISHED, is_private=False, performance_date__gte=before.start, performance_date__lt=now.end
    )
    return _houses(played) if side is PeerSide.THEATRE else _makers(played, before)


def _houses(played: QuerySet[Performance]) -> list[Candidate]:
    active = set(played.order_by().values_list("theatre_id", flat=True).distinct())
    regular = Q(halls__kind=HallKind.REGULAR, halls__do_not_use=False, halls__merged_into=None)
    rows = (
        Theatre.objects.filter(organisation__isnull=False, merged_into=None, do_not_use=False, pk__in=active)
        .filter(Q(province__isnull=False) | Q(country=None) | Q(country__code="NL"))
        .annotate(seats=Sum("halls__capacity", filter=regular))
        .order_by("pk")
        .values_list("organisation_id", "kind", "seats")
    )
    kinds: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for organisation, kind, seats in rows:
        kinds[organisation][str(kind)] += seats or 0
    return [Candidate(one, _main(held), sum(held.values())) for one, held in sorted(kinds.items()) if sum(held.values())]


def _makers(played: QuerySet[Performance], before: Period) -> list[Candidate]:
    rows = (
        played.order_by()
        .values(producer=F("production__producer_id"), genre=F("production__genre_id"))
        .annotate(all=Count("pk"), old=Count("pk", filter=Q(performance_date__lt=before.end)))
        .order_by("producer", "genre")
    )
    genres: dict[int, dict[str, int]] = defaultdict(dict)
    olds: dict[int, int] = defaultdict(int)
    for row in rows:
        genres[row["producer"]][str(row["genre"])] = row["all"]
        olds[row["producer"]] += row["old"]
    return [Candidate(one, _main(held), olds[one] or sum(held.values())) for one, held in sorted(genres.items())]


def _main(parts: Mapping[str, int]) -> str:
    return min(parts, key=lambda kind: (-parts[kind], kind))


def _freeze(at: datetime, year: int, side: PeerSide) -> int:
    made = grouped(candidates(year, side), SIZES[side])
    for number, group in enumerate(made, 1):
        row = PeerGroup.objects.create(
            season_year=year, side=side.value, number=number, kinds=list(group.kinds), low=group.low, high=group.high, frozen_at=at
        )
        PeerVersion.objects.create(group=row, number=1, made_at=at, joined=len(group.members))
        PeerMember.objects.bulk_create([PeerMember(group=row, organisation_id=one, from_version=1) for one in group.members])
    return len(made)


def _held(groups: list[PeerGroup]) -> dict[int, dict[int, PeerMember]]:
    held: dict[int, dict[int, PeerMember]] = {group.pk: {} for group in groups}
    for row in PeerMember.objects.across_tenants(_REASON).filter(group__in=groups, until_version=None):
        held[row.group_id][row.organisation_id] = row
    return held


def _note_changes(at: datetime, year: int, side: PeerSide, groups: list[PeerGroup]) -> None:
    """Who came and who went since, beside those who wait already; who is back, or gone again, waits no longer."""
    found = {one.organisation: one for one in candidates(year, side)}
    held = _held(groups)
    inside = {organisation: group for group, rows in held.items() for organisation in rows}
    shapes = [Group(tuple(group.kinds), group.low, group.high, tuple(held[group.pk])) for group in groups]
    wanted: dict[tuple[int, int], bool] = {(inside[one], one): False for one in inside.keys() - found.keys()}
    for one in sorted(found.keys() - inside.keys()):
        place = place_of(found[one], shapes)
        if place is not None:
            wanted[groups[place].pk, one] = True
    waiting = PeerChange.objects.across_tenants(_REASON).filter(group__in=groups)
    known = {(row.group_id, row.organisation_id): row for row in waiting}
    waiting.filter(pk__in=[row.pk for key, row in known.items() if wanted.get(key) is not row.is_join]).delete()
    PeerChange.objects.bulk_create(
        [
            PeerChange(group_id=group, organisation_id=one, is_join=is_join, since=at)
            for (group, one), is_join in wanted.items()
            if known.get((group, one)) is None or known[group, one].is_join is not is_join
        ]
    )


def _take_in(at: datetime, groups: list[PeerGroup]) -> int:
    """Take in waiting changes of the groups that have a batch; how many. Only with an edition, so that no two editions differ by them alone."""
    held, taken = _held(groups), 0
    for group in groups:
        rows = list(PeerChange.objects.across_tenants(_REASON).filter(group=group))
        joins, leaves = ([row for row in rows if row.is_join is wanted] for wanted in (True, False))
        if not changes_due(len(held[group.pk]), len(joins), len(leaves)):
            continue
        number = 1 + PeerVersion.objects.filter(group=group).aggregate(newest=Max("number"))["newest"]
        PeerVersion.objects.create(group=group, number=number, made_at=at, joined=len(joins), left=len(leaves))
        gone = [held[group.pk][row.organisation_id].pk for row in leaves]
        PeerMember.objects.across_tenants(_REASON).filter(pk__in=gone).update(until_version=number)
        PeerMember.objects.bulk_create(
            [PeerMember(group=group, organisation_id=row.organisation_id, from_version=number) for row in joins]
        )
        PeerChange.objects.across_tenants(_REASON).filter(pk__in=[row.pk for row in rows]).delete()
        taken += len(rows)
    return taken


def _write_values(edition: PeerEdition, raw: Raw, side: PeerSide, limits: Limits) -> None:
    """Values of every organisation on the platform, with who counts in each group, and what the others show at its mix."""
    groups = list(PeerGroup.objects.filter(season_year=edition.season_year, side=side.value))
    members = {pk: frozenset(rows) for pk, rows in _held(groups).items()}
    ever: dict[int, set[int]] = defaultdict(set)
    for group, one in (
        PeerMember.objects.across_tenants(_REASON).filter(group__in=groups).values_list("group_id", "organisation_id")
    ):
        ever[group].add(one)
    before = _before(edition)
    counting: dict[PeerMeasure, set[int]] = {measure: set() for measure in MEASURES[side]}
    values = {measure: dict(raw.values.get(measure, {})) for measure in MEASURES[side]}
    for measure in MEASURES[side]:
        enough = {one for one in values[measure] if raw.performances.get(one, 0) >= PERFORMANCES_MIN}
        for group, inside in members.items():
            told = {one: value for one, value in before.get(measure, {}).items() if one in ever[group]}
            kept = steady(frozenset(told) or None, inside & enough) & inside
            counting[measure] |= kept
            for one in kept - values[measure].keys():
                values[measure][one] = told[one]
    mixes = _mixes(raw, side, members, counting, limits)
    known = _on_platform({one for held in values.values() for one in held})
    earlier = PeerEdition.objects.filter(season_year=edition.season_year, side=side.value)
    PeerValue.objects.across_tenants(_REASON).filter(edition__in=earlier).delete()
    PeerValue.objects.bulk_create(
        [
            _value(edition, one, measure, value, one in counting[measure], mixes.get((measure, one)))
            for measure, held in values.items()
            for one, value in sorted(held.items())
            if one in known
        ],
        batch_size=2000,
    )


def _value(edition: PeerEdition, one: int, measure: PeerMeasure, value: float, counts: bool, mix: AtMix | None) -> PeerValue:
    shown, coverage = (mix.value, mix.coverage) if mix else (None, None)
    return PeerValue(
        edition=edition, organisation_id=one, measure=measure.value, value=value, counts=counts, at_mix=shown, coverage=coverage
    )


def _on_platform(numbers: set[int]) -> set[int]:
    """Those of ``numbers`` that are organisations: theatres without one have a negative number and no value of their own."""
    return {one for one in numbers if one > 0}


def _before(edition: PeerEdition) -> dict[PeerMeasure, dict[int, float]]:
    """What counted in the edition before: measure → organisation → value."""
    rows = PeerValue.objects.across_tenants(_REASON).filter(
        edition__season_year=edition.season_year, edition__side=edition.side, counts=True
    )
    found: dict[PeerMeasure, dict[int, float]] = defaultdict(dict)
    for measure, organisation, value in rows.values_list("measure", "organisation_id", "value"):
        found[PeerMeasure(measure)][organisation] = value
    return found


def _mixes(
    raw: Raw, side: PeerSide, members: Mapping[int, frozenset[int]], counting: Mapping[PeerMeasure, set[int]], limits: Limits
) -> dict[tuple[PeerMeasure, int], AtMix]:
    """What the others of each member's group show at its mix; its own rows, and those of productions it sees all of, left out."""
    found: dict[tuple[PeerMeasure, int], AtMix] = {}
    if not raw.rows or not len(raw.rows["genre"]):
        return found
    column = raw.rows[HOLDINGS[side]]
    for inside in members.values():
        for one in sorted(inside):
            mine = column == one
            seen = mine | np.isin(raw.rows["production"], np.array(sorted(raw.productions.get(one, ())), dtype=np.int64))
            seen |= raw.rows["theatre"] == one
            for measure in AT_MIX if mine.any() else ():
                others = np.isin(column, np.array(sorted(counting[measure] & inside - {one}), dtype=np.int64)) & ~seen
                found[measure, one] = at_mix(raw.rows, mine, others, measure, limits, STEPS[measure])
    return found
