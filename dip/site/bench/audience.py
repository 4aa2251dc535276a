"""``dip bench audience``: the parts of the audience's bench, each a module with ``run(scale)`` that gives one JSON object."""

import importlib
import sys
from typing import Any

#: Part → its module beside this one.
PARTS = {"apply": "audience_apply", "receipt": "audience_receipt"}
SCALES = ("tenth", "national", "decade")


def run(part: str, scale: str) -> dict[str, Any]:
    """Measure one part."""
    if part not in PARTS or scale not in SCALES:
        print(f"Choose a part ({', '.join(PARTS)}) and a scale ({', '.join(SCALES)}).", file=sys.stderr)
        raise SystemExit(2)
    found: dict[str, Any] = importlib.import_module(f"dip.site.bench.{PARTS[part]}").run(scale)
    return found
