"""Small shapes for a key under a chart."""

from django.utils.safestring import SafeString, mark_safe

_SHAPES = {
    "line": '<path d="M0 7h22" stroke="var(--accent)" stroke-width="2.75"/>',
    "reference": '<path d="M0 7h22" stroke="var(--compare)" stroke-width="1.75"/>',
    "dashed": '<path d="M0 7h22" stroke="var(--compare)" stroke-width="2" stroke-dasharray="6 4"/>',
    "dotted": '<path d="M0 7h22" stroke="var(--compare)" stroke-width="2" stroke-dasharray="2 4"/>',
    "margin": '<path d="M0 2h22v10H0z" fill="var(--band)"/>',
    "target": '<path d="M0 7h22" stroke="var(--accent)" stroke-width="1.5" stroke-dasharray="6 4"/>',
    "band": '<path d="M0 2h22v10H0z" fill="var(--band)"/><path d="M0 7h22" stroke="var(--compare)" stroke-width="1.75"/>',
    "column": '<path d="M6 1h10v13H6z" fill="var(--accent)"/>',
    "tick": '<path d="M2 7h18" stroke="var(--ink)" stroke-width="2"/>',
    "dot": '<circle cx="11" cy="7" r="5.5" fill="var(--accent)"/>',
    "upright": '<path d="M11 1v12" stroke="var(--ink)" stroke-width="2"/>',
    "strip": '<path d="M0 5h22v4H0z" fill="var(--band)"/><path d="M8 1h2v12H8z" fill="var(--ink)"/><circle cx="16" cy="7" r="5" fill="var(--accent)"/>',
    "suppressed": '<rect x="2.5" y=".5" width="16" height="13" rx="2" fill="none" stroke="var(--field)" stroke-dasharray="2 2"/>',
    "blank": '<rect x="2.5" y=".5" width="16" height="13" fill="var(--sunken)" stroke="var(--rule)"/>',
    "hatched": '<rect x="2.5" y=".5" width="16" height="13" fill="none" stroke="var(--field)"/><path d="M2.5 8 10 .5M6 13.5l12.5-12.5M13 13.5l5.5-5.5" stroke="var(--field)" stroke-width=".8"/>',
    "bar": '<path d="M0 4h22v6H0z" fill="var(--band)"/><path d="M0 4h14v6H0z" fill="var(--accent)"/><path d="M10 0h2v14h-2z" fill="var(--ink)"/>',
}


def swatch(shape: str) -> SafeString:
    """One shape, 22 × 14: line, reference, dashed, dotted, margin, target, band, column, tick, dot, upright, strip, suppressed, blank, hatched, bar, or seq-1 to seq-4."""
    drawn = f'<rect width="22" height="14" fill="var(--{shape})"/>' if shape.startswith("seq-") else _SHAPES[shape]
    return mark_safe(f'<svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">{drawn}</svg>')  # noqa: S308  # our own drawing
