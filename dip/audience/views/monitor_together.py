"""What else buyers go to: other productions, and other theatres."""

from dataclasses import dataclass, replace

from dip.audience.rules import findings
from dip.audience.views import monitor_parts as parts
from dip.audience.views.monitor_phrases import phrase
from dip.registry.terms import Access
from dip.warehouse.queries import audience as door
from dip.warehouse.queries.audience import AlsoBought, AudienceScope


@dataclass(frozen=True, slots=True)
class Together:
    """The section. ``also``: other productions, the most shared buyers first; ``asks_also``: whether the scope has such a list at all."""

    also: tuple[AlsoBought, ...]
    asks_also: bool
    overlap: parts.PartView | None


def together(access: Access, scope: AudienceScope, reference: str, name: str) -> Together:
    """The answer for a scope. ``reference`` and ``name``: what stands beside, for a key and in a sentence."""
    overlap = door.overlap(access, scope)
    is_told = any(row.count is None or row.count for row in overlap.rows)
    made = parts.view(overlap, is_national=scope.kind == "season", reference=reference) if is_told else None
    return Together(
        also=door.also_bought(access, scope),
        asks_also=scope.kind == "production",
        overlap=replace(made, title=phrase(findings.elsewhere_heading(overlap.rows), name)) if made else None,
    )
