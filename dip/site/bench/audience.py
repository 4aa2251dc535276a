"""``dip bench audience``: the parts of the audience's bench, each a module with ``run(scale)`` that gives one JSON object."""

import importlib
import sys
from typing import Any

#: Part → its module beside this one.
PARTS = {"history": "audience_history", "receipt": "audience_receipt"}
SCALES = ("smoke", "tenth", "national", "decade")


def run(part: str, scale: str) -> dict[str, Any]:
    """Measure one part; the goals are told as lines."""
    if part not in PARTS or scale not in SCALES:
        print(f"Choose a part ({', '.join(PARTS)}) and a scale ({', '.join(SCALES)}).", file=sys.stderr)
        raise SystemExit(2)
    found: dict[str, Any] = importlib.import_module(f"dip.site.bench.{PARTS[part]}").run(scale)
    for name, goal in found["goals"].items():
        of = f" ({goal['of']})" if "of" in goal else ""
        print(f"{'met   ' if goal['met'] else 'MISSED'} {goal['value']:>10} {goal['goal']:>8}  {name}{of}", file=sys.stderr)
    return found
