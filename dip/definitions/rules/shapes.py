"""Polygons of areas: projected simply, and put on a grid, so that neighbours still share every point and files stay small."""

from collections.abc import Sequence
from math import cos, radians
from typing import Any

from dip.definitions.terms import AreaLevel, Polygons, Ring

#: Metres of a step of the grid.
STEP = {AreaLevel.PROVINCE: 250, AreaLevel.MUNICIPALITY: 250, AreaLevel.PC4: 60}
#: The projection keeps distances near the middle of the country: degrees of latitude, and of longitude narrowed there.
ORIGIN_LON, ORIGIN_LAT, MIDDLE_LAT = 3.0, 50.5, 52.2
_METRES_A_DEGREE = 111_195.08


def project(lon: float, lat: float) -> tuple[float, float]:
    """Metres east and north of the south-west corner; over the Netherlands within 1.5 % of the true scale."""
    return (lon - ORIGIN_LON) * cos(radians(MIDDLE_LAT)) * _METRES_A_DEGREE, (lat - ORIGIN_LAT) * _METRES_A_DEGREE


def on_grid(geometry: dict[str, Any], step: int) -> Polygons:
    """A GeoJSON (Multi)Polygon in degrees, on a grid of ``step`` metres. Rings that become a point or a line go, but an area never goes
    whole: its largest ring then stands as a square of one step."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    found = []
    for part in parts:
        rings = [_ring(ring, step) for ring in part]
        if rings and len(rings[0]) >= 3:
            found.append((rings[0], *(ring for ring in rings[1:] if len(ring) >= 3)))
    if not found and parts:
        x, y = (round(value / step) for value in project(*parts[0][0][0]))
        found.append((((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)),))
    return tuple(found)


def _ring(points: Sequence[Sequence[float]], step: int) -> Ring:
    places: list[tuple[int, int]] = []
    for lon, lat in points:
        east, north = project(lon, lat)
        place = (round(east / step), round(north / step))
        if not places or places[-1] != place:
            places.append(place)
    while len(places) > 1 and places[0] == places[-1]:
        places.pop()
    places = _without_straight(places)
    return tuple(places) if abs(doubled_area(places)) > 0 else ()


def _without_straight(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Points in the middle of a straight line go: the line stays where it is."""
    if len(places) < 4:
        return places
    kept = []
    for index, (x, y) in enumerate(places):
        (ax, ay), (bx, by) = places[index - 1], places[(index + 1) % len(places)]
        straight = (x - ax) * (by - y) == (y - ay) * (bx - x)
        onwards = (x - ax) * (bx - x) + (y - ay) * (by - y) > 0
        if not (straight and onwards):
            kept.append((x, y))
    return kept


def doubled_area(ring: Sequence[tuple[int, int]]) -> int:
    """Twice the area of a ring, in steps squared; negative when it runs clockwise."""
    return sum(
        ring[index - 1][0] * y - x * ring[index - 1][1]
        for index, (x, y) in enumerate(ring)
    )  # fmt: skip


def to_json(polygons: Polygons) -> list[list[list[int]]]:
    """Small lists for a file: each ring as east, north, east, north …"""
    return [[[value for point in ring for value in point] for ring in polygon] for polygon in polygons]


def from_json(lists: Sequence[Sequence[Sequence[int]]]) -> Polygons:
    """What :func:`to_json` wrote."""
    return tuple(tuple(tuple(zip(ring[::2], ring[1::2], strict=True)) for ring in polygon) for polygon in lists)
