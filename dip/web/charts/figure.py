"""A figure: the finding, the drawing in two widths, the walk along its line, and the same numbers as a table."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString, mark_safe

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of the twin: as people read it, and as a machine does."""

    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of the keyboard walk: place in the plot (0..1 from the left and from the top) and what stands there."""

    x: float
    y: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Everything ``{% chart %}`` draws. ``description`` says the finding to those who do not see the drawing.

    ``wide`` and ``narrow`` are Vega-Lite specifications that share ``datasets`` (name → rows).
    """

    name: str
    title: str
    description: str
    wide: Spec
    narrow: Spec
    datasets: Mapping[str, Sequence[Mapping[str, Any]]]
    columns: Sequence[str]
    table: Sequence[Sequence[Cell]]
    sub: str = ""
    note: str = ""
    walk: Sequence[Step] = ()
    walk_start: int = 0
    key: Sequence[tuple[str, str]] = field(default=())

    @property
    def payload(self) -> SafeString:
        """Both specifications, their data and the walk as JSON that cannot close its script element."""
        steps = [[round(step.x, 4), None if step.y is None else round(step.y, 4), step.text] for step in self.walk]
        parts = {"datasets": self.datasets, "wide": self.wide, "narrow": self.narrow, "walk": steps}
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308  # no < is left

    def spec(self, narrow: bool = False) -> Spec:
        """One whole specification with its data."""
        return {**(self.narrow if narrow else self.wide), "datasets": dict(self.datasets)}

    @property
    def height_wide(self) -> int:
        """Pixels that the wide drawing takes."""
        return outer_height(self.wide)

    @property
    def height_narrow(self) -> int:
        """Pixels that the narrow drawing takes."""
        return outer_height(self.narrow)

    @property
    def walk_last(self) -> int:
        """Number of the last stop."""
        return max(len(self.walk) - 1, 0)

    @property
    def walk_start_text(self) -> str:
        """What stands at the first stop."""
        return self.walk[self.walk_start].text if self.walk else ""


def outer_height(spec: Spec) -> int:
    """Height of a drawing with its padding, in pixels."""
    padding = spec.get("padding", {})
    return int(spec.get("height", 0)) + int(padding.get("top", 0)) + int(padding.get("bottom", 0))


def as_csv(figure: Figure) -> str:
    """The table twin as CSV with a semicolon, raw numbers: what an export of the figure hands over."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(figure.columns)
    writer.writerows([cell.raw for cell in row] for row in figure.table)
    return out.getvalue()
