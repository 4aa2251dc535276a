"""Geometry of a map: from grid steps to pixels, the middle of an area and the room there, hatching for areas without data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Grid = Sequence[tuple[int, int]]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """The outline of one area: polygons, each an outer ring and its holes, in steps of ``step`` metres east and north."""

    code: str
    name: str
    step: int
    polygons: Sequence[Sequence[Grid]]


@dataclass(frozen=True, slots=True)
class View:
    """What part of the country is drawn, in metres: pixels = (east − ``left``) × ``scale``, (``top`` − north) × ``scale``."""

    left: float
    top: float
    scale: float
    height: int

    def place(self, east: float, north: float) -> Place:
        """Pixels from the left and from the top."""
        return (east - self.left) * self.scale, (self.top - north) * self.scale


def view_of(shapes: Iterable[Shape], width: int, most_height: int) -> View:
    """The view that shows all ``shapes`` in ``width`` pixels and at most so much height."""
    points = [(x * s.step, y * s.step) for s in shapes for polygon in s.polygons for x, y in polygon[0]]
    if not points:
        return View(0, 0, 1, 0)
    (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    scale = min((width - 2) / ((right - left) or 1), (most_height - 2) / ((high - low) or 1))
    spare = (width - (right - left) * scale) / 2
    return View(left - spare / scale, high + 1 / scale, scale, round((high - low) * scale) + 2)


def doubled_area(ring: Grid) -> int:
    """Twice the area of a ring; negative when it runs clockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, ring[0]]))


def turned(shape: Shape, unit: int) -> list[list[list[list[int]]]]:
    """Coordinates of a GeoJSON MultiPolygon in units of so many metres, rings closed, outer ones clockwise, as d3 wants them."""
    return [
        [_closed(ring, shape.step / unit, clockwise=index == 0) for index, ring in enumerate(polygon)] for polygon in shape.polygons
    ]


def _closed(ring: Grid, step: float, *, clockwise: bool) -> list[list[int]]:
    ordered = list(ring) if (doubled_area(ring) < 0) == clockwise else list(ring)[::-1]
    return [[round(x * step), round(y * step)] for x, y in [*ordered, ordered[0]]]


def middle(shape: Shape) -> tuple[float, float, float, float]:
    """Where a label stands in an area, and the room there: east, north, width and height, in metres.

    Of some lines through the largest polygon the place is taken where a flat label has most room.
    """
    polygon = max(shape.polygons, key=lambda rings: abs(doubled_area(rings[0])))
    norths = [y for _x, y in polygon[0]]
    low, high = min(norths), max(norths)
    best = (0.0, 0.0, 0.0, 0.0)
    for part in (0.5, 0.4, 0.6, 0.3, 0.7):
        level = low + (high - low) * part + 0.001
        for start, end in _inside(polygon, level):
            across = (start + end) / 2
            tall = next((b - a for a, b in _inside(_mirrored(polygon), across + 0.001) if a <= level <= b), 0.0)
            if min(end - start, 2.5 * tall) > min(best[2], 2.5 * best[3]):
                best = (across, level, end - start, tall)
    if not best[2]:
        best = (sum(x for x, _y in polygon[0]) / len(polygon[0]), sum(norths) / len(norths), 0.0, 0.0)
    return best[0] * shape.step, best[1] * shape.step, best[2] * shape.step, best[3] * shape.step


def _mirrored(polygon: Sequence[Grid]) -> list[list[tuple[int, int]]]:
    return [[(y, x) for x, y in ring] for ring in polygon]


def _inside(polygon: Sequence[Sequence[tuple[float, float]]], level: float) -> list[tuple[float, float]]:
    """The stretches of a flat line at ``level`` that lie inside a polygon, holes left out."""
    crossings = []
    for ring in polygon:
        for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
            if (ay > level) != (by > level):
                crossings.append(ax + (level - ay) * (bx - ax) / (by - ay))
    crossings.sort()
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def hatching(shape: Shape, gap: float) -> list[list[list[float]]]:
    """Rising lines ``gap`` metres apart that fill an area: coordinates of a GeoJSON MultiLineString, in metres."""
    lines = []
    for polygon in shape.polygons:
        # turned by 45 degrees, rising lines are flat: u runs along them, v across
        rings = [[(float(x + y), float(y - x)) for x, y in ring] for ring in polygon]
        levels = [v for _u, v in rings[0]]
        step = gap * 2**0.5 / shape.step
        for number in range(int(min(levels) // step), int(max(levels) // step) + 1):
            level = (number + 0.5) * step
            for start, end in _inside(rings, level):
                lines.append([[(u - level) / 2 * shape.step, (u + level) / 2 * shape.step] for u in (start, end)])
    return lines
