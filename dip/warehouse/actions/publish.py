"""Computing the marts of the seasons that changed, and publishing them under a new manifest."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic

import structlog
from django.conf import settings

from dip.definitions.queries import threshold
from dip.kernel.clock import local, sales_date
from dip.warehouse.actions.pull import NAME
from dip.warehouse.models import Watermark
from dip.warehouse.rules.editions import MAKE, is_edition_due
from dip.warehouse.rules.pace import is_publish_due
from dip.warehouse.store.cohorts import band_inputs, publish_bands
from dip.warehouse.store.disturbance import Secret
from dip.warehouse.store.facts import Facts
from dip.warehouse.store.keys import read_disturbance
from dip.warehouse.store.marts import BESIDE, EDITIONS, publish_season
from dip.warehouse.store.published import Manifest, new_version, read_manifest, remove_old_parts, swap_manifest
from dip.warehouse.terms import Edition, Limits

log = structlog.get_logger(__name__)


def limits_in_force(at: datetime) -> Limits:
    """The thresholds of the standard that hold at ``at``."""
    day = local(at).date()
    return Limits(
        holdings_min=int(threshold("holdings_min", day)),
        dominance_p=threshold("dominance_p", day),
        top_one_max=threshold("top_one_max", day),
        top_two_max=threshold("top_two_max", day),
        quantile_min=int(threshold("quantile_min", day)),
        cohort_min=int(threshold("cohort_min", day)),
        price_low=threshold("price_class_2", day),
        price_middle=threshold("price_class_3", day),
        price_high=threshold("price_class_4", day),
        lead_first_max=threshold("lead_first_max", day),
        factor_low=threshold("factor_low", day),
        factor_high=threshold("factor_high", day),
        join_min=int(threshold("join_min", day)),
    )


def publish(*, at: datetime, facts: Facts, home: Path, only_when_due: bool) -> tuple[int, ...]:
    """Publish the seasons that changed since the last manifest; which they were.

    Whatever fails before the manifest is swapped leaves readers with the old one, and the seasons to be published again.
    """
    old = read_manifest(home)
    limits = limits_in_force(at)
    seasons = _changed_seasons(facts, old, at)
    is_stricter = old is None or old.limits != limits
    due = _due_editions(facts, old, seasons, sales_date(at), all_of_them=is_stricter)
    if old is not None and only_when_due and not is_stricter and not is_publish_due(old.made_at, old.took_seconds, at):
        return ()
    if old is not None and not seasons and not is_stricter and not any(due.values()):
        swap_manifest(home, replace(old, true_at=at))
        return ()
    began = monotonic()
    manifest = _write_parts(at, facts, home, old, seasons, limits, due)
    manifest = replace(manifest, took_seconds=round(monotonic() - began, 3))
    swap_manifest(home, manifest)
    facts.forget_touched()
    remove_old_parts(home, manifest)
    Watermark.objects.filter(name=NAME).update(manifest=manifest.version)
    log.info("published", version=manifest.version, seasons=sorted(seasons), took_seconds=manifest.took_seconds)
    return tuple(sorted(seasons))


def _changed_seasons(facts: Facts, old: Manifest | None, at: datetime) -> set[int]:
    """Seasons with changed figures or programme, without parts, or in which a sales day has closed since."""
    known = set(facts.season_years())
    if old is None:
        return known
    changed = facts.touched_seasons() | {season for season in known if not old.files("cell", [season])}
    if sales_date(at) != old.today:
        changed |= facts.seasons_open_since(min(old.today, sales_date(at)) - timedelta(days=2))
    gone = set(old.parts.get("cell", {})) - known
    return (changed & known) | gone


def _due_editions(facts: Facts, old: Manifest | None, seasons: set[int], today: date, *, all_of_them: bool) -> dict[str, set[int]]:
    """Editions → the seasons for which a new one is to be made: those that have none, and those that changed and have waited."""
    known = set(facts.season_years())
    due: dict[str, set[int]] = {}
    for mart in EDITIONS:
        held = old.editions.get(mart, {}) if old else {}
        changed = known if all_of_them else known & {*seasons, *(old.waiting.get(mart, ()) if old else ())}
        new = {season for season in known if held.get(season) is None or held[season].make != MAKE}
        due[mart] = new | {season for season in changed if all_of_them or is_edition_due(mart, held.get(season), today)}
    return due


def _write_parts(
    at: datetime, facts: Facts, home: Path, old: Manifest | None, seasons: set[int], limits: Limits, due: dict[str, set[int]]
) -> Manifest:
    version, today = new_version(at), sales_date(at)
    known = set(facts.season_years())
    made = (seasons | set().union(*due.values())) & known
    remade = {name: due[mart] for mart, names in EDITIONS.items() for name in names} | {BESIDE: set().union(*due.values())}
    key = read_disturbance(Path(settings.PSEUDONYM_KEYS), at)
    parts: dict[str, dict[int, str]] = {}
    for mart, held in (old.parts if old else {}).items():
        parts[mart] = {season: name for season, name in held.items() if season in known - remade.get(mart, made)}
    for season in sorted(made):
        editions = [mart for mart in EDITIONS if season in due[mart]]
        drawn = old.parts.get(BESIDE, {}).get(season) if old else None
        secret = Secret(key, home / "parts" / drawn if drawn else None)
        for mart, name in publish_season(facts.connection, home, season, today, version, limits, editions, secret).items():
            parts.setdefault(mart, {})[season] = name
    draft = Manifest(version, at, today, at, 0.0, limits, parts)
    draft = _with_editions(draft, old, seasons & known, due, known)
    years = sorted(known)
    return _with_bands(facts, home, old, draft, [*years, years[-1] + 1] if years else [])


def _with_editions(draft: Manifest, old: Manifest | None, changed: set[int], due: dict[str, set[int]], known: set[int]) -> Manifest:
    """``draft`` with what editions it holds, and which seasons wait for their next one."""
    editions, waiting = {}, {}
    for mart, made in due.items():
        held = {season: edition for season, edition in (old.editions.get(mart, {}) if old else {}).items() if season in known}
        editions[mart] = held | {season: Edition(draft.today, MAKE, draft.made_at) for season in sorted(made)}
        waiting[mart] = tuple(sorted(({*(old.waiting.get(mart, ()) if old else ()), *changed} & known) - made))
    return replace(draft, editions=editions, waiting=waiting)


def _with_bands(facts: Facts, home: Path, old: Manifest | None, draft: Manifest, seasons: list[int]) -> Manifest:
    """``draft`` with the bands for ``seasons``: those whose inputs are the same are kept."""
    bands: dict[str, dict[int, str]] = {"band": {}, "cohort": {}}
    inputs: dict[int, tuple[str, ...]] = {}
    for season in seasons:
        as_made = (band_inputs(draft, season, with_running=False), band_inputs(draft, season, with_running=True))
        if old and old.limits == draft.limits and old.inputs.get(season) in as_made:
            made = {mart: old.parts[mart][season] for mart in bands if season in old.parts.get(mart, {})}
            inputs[season] = old.inputs[season]
        else:
            made, inputs[season] = publish_bands(facts.connection, home, draft, season, draft.limits, draft.version)
        for mart, name in made.items():
            bands[mart][season] = name
    return replace(draft, parts={**draft.parts, **bands}, inputs=inputs)
