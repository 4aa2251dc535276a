"""``dip geo load``: the open files of areas, checked and put in force."""

import time
from datetime import date
from pathlib import Path

from django.utils import translation

from dip.definitions.actions.geo import ATTRIBUTION, DATED, UnableToLoadAreas, load_areas
from dip.definitions.geo_words import lines
from dip.kernel import clock

__all__ = ["ATTRIBUTION", "DATED", "UnableToLoadAreas", "load"]


def load(folder: Path, dated: str = "", attribution: str = "") -> str:
    """Load the files of ``folder`` and tell what was found; raises :class:`UnableToLoadAreas`."""
    started = time.perf_counter()
    try:
        day = date.fromisoformat(dated) if dated else DATED
    except ValueError as error:
        raise UnableToLoadAreas(f"--dated {dated!r} is no date. Write it as 2021-01-01.") from error
    edition, is_new = load_areas(folder, at=clock.now(), dated=day, attribution=attribution or ATTRIBUTION)
    counts = edition.counts
    said = [
        f"{'Loaded' if is_new else 'Already in force'} in {time.perf_counter() - started:.1f} s: edition of {edition.dated}, {edition.attribution}.",
        f"{counts['pc4']} postcodes and {counts['po_boxes']} with letter boxes only, {counts['municipalities']} municipalities, "
        f"{counts['provinces']} provinces, {counts['inhabitants']} inhabitants.",
        f"Polygons: {counts['polygons_province']} provinces, {counts['polygons_municipality']} municipalities, {counts['polygons_pc4']} postcodes.",
    ]
    with translation.override("en"):
        for line in lines(edition.findings):
            said.append(f"{line.count} × {line.problem.value}: {line.sentence}")
            said += [f"    {example}" for example in line.examples]
    return "\n".join(said)
