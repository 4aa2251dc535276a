"""Putting the open files of areas in force: tables in one transaction, polygons as files beside it."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from dip.definitions.models import Area, GeoEdition, Municipality, Province
from dip.definitions.queries import geo, provinces
from dip.definitions.rules.geo import plain, read_atlas
from dip.definitions.rules.geo_files import UnableToReadAreas
from dip.definitions.rules.shapes import STEP, to_json
from dip.definitions.terms import AreaLevel, Atlas, PostcodeFacts

#: What the files are of, unless told otherwise: inhabitants on 1 January 2021, borders of 2022.
DATED, ATTRIBUTION = date(2021, 1, 1), "CBS, Kadaster (CC BY 4.0)"
#: Key of the advisory lock that makes one process the loader.
_LOCK = 0x4449_5047


class UnableToLoadAreas(ValueError):
    """Nothing was loaded; the message names file, field and remedy."""


def load_areas(folder: Path, *, at: datetime, dated: date = DATED, attribution: str = ATTRIBUTION) -> tuple[GeoEdition, bool]:
    """Load the files of ``folder``; the edition in force, and whether it is new. The same files again change nothing, and put back
    polygons that are gone."""
    try:
        atlas = read_atlas(folder, provinces())
    except UnableToReadAreas as error:
        raise UnableToLoadAreas(str(error)) from error
    if not atlas.postcodes:
        raise UnableToLoadAreas(f"{folder} has no usable row of PC4. Take the files as published.")
    shapes = _write_shapes(atlas)
    with transaction.atomic():
        _only_one()
        current = GeoEdition.objects.first()
        is_new = current is None or (current.digest, current.dated, current.attribution) != (atlas.digest, dated, attribution)
        if is_new or current is None:
            current = _store(atlas, shapes, at=at, dated=dated, attribution=attribution)
        elif current.shapes != shapes:
            current.shapes = shapes
            current.save(update_fields=["shapes"])
    _stamp(current)
    return current, is_new


def _only_one() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _store(atlas: Atlas, shapes: Mapping[str, str], *, at: datetime, dated: date, attribution: str) -> GeoEdition:
    names = [town.name for town in atlas.municipalities]
    Municipality.objects.bulk_create(
        [
            Municipality(
                name=town.name, province_id=town.province, inhabitants=town.inhabitants, lat=town.lat, lon=town.lon, km2=town.km2
            )
            for town in atlas.municipalities
        ],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["province", "inhabitants", "lat", "lon", "km2", "is_current"],
    )
    Area.objects.all().delete()
    Municipality.objects.exclude(name__in=names).update(is_current=False)
    towns = dict(Municipality.objects.values_list("name", "pk"))
    Area.objects.bulk_create((_area(row, towns) for row in atlas.postcodes), batch_size=1000)
    return GeoEdition.objects.create(
        digest=atlas.digest,
        loaded_at=at,
        dated=dated,
        attribution=attribution,
        counts=_counts(atlas),
        findings=[asdict(finding) for finding in atlas.findings],
        shapes=dict(shapes),
    )


def _area(row: PostcodeFacts, towns: Mapping[str, int]) -> Area:
    values: dict[str, Any] = asdict(row)
    values["ages"] = list(row.ages)
    return Area(**{**values, "municipality": None, "province": None}, **_keys(row, towns))


def _keys(row: PostcodeFacts, towns: Mapping[str, int]) -> dict[str, int | None]:
    return {"municipality_id": towns.get(row.municipality), "province_id": row.province}


def _counts(atlas: Atlas) -> dict[str, int]:
    rows = atlas.postcodes
    return {
        "pc4": sum(not row.is_po_box for row in rows),
        "po_boxes": sum(row.is_po_box for row in rows),
        "municipalities": len(atlas.municipalities),
        "provinces": len({row.province for row in rows} - {None}),
        "inhabitants": sum(row.inhabitants for row in rows),
        "with_ages": sum(bool(row.ages) for row in rows),
        "with_house_value": sum(row.house_value is not None for row in rows),
        "with_urbanity": sum(row.urbanity > 0 for row in rows),
        "without_municipality": sum(not row.municipality for row in rows),
        **{f"polygons_{level.value}": len(atlas.polygons[level]) for level in AreaLevel},
        **{f"found_{problem.value}": many for problem, many in Counter(one.problem for one in atlas.findings).items()},
    }


def _write_shapes(atlas: Atlas) -> dict[str, str]:
    """The polygons as files in ``DIP_HOME/geo``; name → SHA-256. PC4 in one file per province, so that a map reads no more than it draws."""
    province_of = {str(row.pc4): row.province for row in atlas.postcodes}
    parts: dict[str, tuple[AreaLevel, dict[str, Any]]] = {}
    for level in (AreaLevel.PROVINCE, AreaLevel.MUNICIPALITY):
        parts[f"{level.value}.json"] = (level, dict(atlas.polygons[level]))
    for province in Province.objects.order_by("pk"):
        mine = {code: each for code, each in atlas.polygons[AreaLevel.PC4].items() if province_of.get(code) == province.pk}
        parts[f"pc4-{plain(province.code)}.json"] = (AreaLevel.PC4, mine)
    written = {}
    for name, (level, polygons) in parts.items():
        if polygons:
            areas = {key: to_json(polygons[key]) for key in sorted(polygons)}
            data = json.dumps({"step": STEP[level], "areas": areas}, separators=(",", ":")).encode()
            written[name] = hashlib.sha256(data).hexdigest()
            _put(geo.home() / written[name][:16] / name, data)
    return written


def _stamp(edition: GeoEdition) -> None:
    """Tell every process of this installation that another edition is in force."""
    _put(geo.home() / geo.STAMP, json.dumps({"edition": edition.pk, "digest": edition.digest}).encode())
    geo.forget()


def _put(path: Path, data: bytes) -> None:
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
