"""Words of the trends: a finding, and what a page is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """What the numbers say: which sentence, and the values in it. The words belong to the pages."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
