"""The small drawings beside numbers: bar with tick, strip, sparkline, dot and tick, status, suppressed cell.

Values in, safe HTML out. The number itself always stands beside a drawing, so all drawings are hidden from screen readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.web import formats

UP = '<path d="M6 1.5 11 10.5H1z" fill="currentColor"/>'
DOWN = '<path d="M6 10.5 1 1.5h10z" fill="currentColor"/>'
RING = '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>'
DISC = '<circle cx="6" cy="6" r="4.5" fill="currentColor"/>'
SQUARE = '<path d="M1.5 1.5h9v9h-9z" fill="currentColor"/>'
CROSS = '<path d="M2 2l8 8M10 2l-8 8" stroke="currentColor" stroke-width="2"/>'
DASH = '<path d="M1 6h10" stroke="currentColor" stroke-width="2"/>'
HALF = '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/><path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor"/>'


@dataclass(frozen=True, slots=True)
class Pill:
    """A status: shape, word, and a tone (good, bad, warn, idle, acc)."""

    shape: str
    word: str | Promise
    tone: str


PILLS: dict[str, Pill] = {
    "ahead": Pill(UP, gettext_lazy("Ahead"), "good"),
    "on_course": Pill(RING, gettext_lazy("On course"), "idle"),
    "behind": Pill(DOWN, gettext_lazy("Behind"), "bad"),
    "sold_out": Pill(SQUARE, gettext_lazy("Sold out"), "acc"),
    "no_figures": Pill(CROSS, gettext_lazy("No figures"), "warn"),
    "no_comparison": Pill(DASH, gettext_lazy("No comparison"), "idle"),
    "not_on_sale": Pill(DASH, gettext_lazy("Not on sale"), "idle"),
    "played": Pill(DISC, gettext_lazy("Played"), "idle"),
    "cancelled": Pill(CROSS, gettext_lazy("Cancelled"), "idle"),
    "moved": Pill(CROSS, gettext_lazy("Moved"), "idle"),
    "concept": Pill(RING, gettext_lazy("Concept"), "idle"),
    "published": Pill(DISC, gettext_lazy("Published"), "acc"),
    "confirmed": Pill(DISC, gettext_lazy("Confirmed"), "good"),
    "proposed": Pill(HALF, gettext_lazy("Proposed"), "acc"),
    "requested": Pill(HALF, gettext_lazy("Requested"), "acc"),
    "open": Pill(RING, gettext_lazy("Open"), "acc"),
    "corrected": Pill(HALF, gettext_lazy("Correction proposed"), "warn"),
    "accepted": Pill(DISC, gettext_lazy("Accepted"), "good"),
    "declined": Pill(CROSS, gettext_lazy("Declined"), "bad"),
    "withdrawn": Pill(CROSS, gettext_lazy("Withdrawn"), "idle"),
    "expired": Pill(CROSS, gettext_lazy("Expired"), "idle"),
    "revoked": Pill(CROSS, gettext_lazy("Revoked"), "idle"),
    "active": Pill(DISC, gettext_lazy("Active"), "good"),
    "inactive": Pill(DASH, gettext_lazy("Inactive"), "idle"),
    "invited": Pill(HALF, gettext_lazy("Invited"), "acc"),
    "stale": Pill(CROSS, gettext_lazy("Figures too old"), "warn"),
    "refused": Pill(CROSS, gettext_lazy("Refused"), "bad"),
    "repeat": Pill(RING, gettext_lazy("Repeat, nothing new"), "idle"),
}


def pill(status: str, word: str = "", count: int | None = None) -> SafeString:
    """A status as shape and word; ``word`` replaces the usual word, ``count`` follows it. An unknown status is printed as it is."""
    known = PILLS.get(str(status), Pill(RING, str(status).replace("_", " ").capitalize(), "idle"))
    shape = mark_safe(f'<svg viewBox="0 0 12 12" aria-hidden="true">{known.shape}</svg>')  # noqa: S308  # our own drawing
    tail = "" if count is None else f" {formats.tickets(count)}"
    return format_html('<span class="pill {}">{}{}{}</span>', known.tone, shape, word or known.word, tail)


def suppressed(reason: str = "", bare: bool = False) -> SafeString:
    """A figure that is not shown. One wording for every disclosure rule, so that the rule is not told.

    ``reason``: "" (disclosure), "not_shared" or "no_figures".
    """
    words = {
        "": _("not shown: too few, or too concentrated"),
        "not_shared": _("owner does not share"),
        "no_figures": _("no figures"),
    }.get(reason, reason)
    if bare:
        return format_html('<span class="sup bare"><span class="vh">{}</span></span>', words)
    return format_html('<span class="sup">{}</span>', words)


def _share(value: float) -> str:
    return f"{min(max(value, 0.0), 1.0) * 100:.4g}%"


def bar(value: float | None, tick: float | None = None, expected: float | None = None) -> SafeString:
    """Sold on for sale: solid ``value``, pale ``expected``, black ``tick`` (reference), all 0..1. Without a value the ground is hatched."""
    parts = []
    if value is not None and expected is not None:
        parts.append(format_html('<u style="--e:{}"></u>', _share(expected)))
    if value is not None:
        parts.append(format_html('<b style="--v:{}"></b>', _share(value)))
    if tick is not None:
        parts.append(format_html('<i style="--m:{}"></i>', _share(tick)))
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<span class="bar{}" aria-hidden="true">{}</span>', "" if value is not None else " none", body)


def sold_of(sold: int | None, for_sale: int | None, tick: float | None = None, expected: int | None = None) -> SafeString:
    """The bar with its two numbers: 402 / 514. No figures: – / 514 on hatched ground."""
    rate = sold / for_sale if sold is not None and for_sale else None
    ahead = expected / for_sale if expected is not None and for_sale else None
    numbers = format_html("<span>{} <em>/ {}</em></span>", formats.tickets(sold), formats.tickets(for_sale))
    return format_html('<div class="sold">{}{}</div>', bar(rate, tick, ahead), numbers)


def strip(value: float, p10: float, median: float, p90: float) -> SafeString:
    """Where a value stands between national p10 (left end) and p90 (right end); a value outside stands just beyond the end."""
    return format_html(
        '<div class="strip" style="--v:{}%;--m:{}%" aria-hidden="true"><i></i><b></b></div>',
        f"{place(value, p10, p90):.4g}",
        f"{place(median, p10, p90):.4g}",
    )


def place(value: float, low: float, high: float) -> float:
    """Percentage of the way from ``low`` to ``high``, kept within −3 and 103; in the middle when both are equal."""
    if high <= low:
        return 50.0
    return min(max((value - low) / (high - low) * 100, -3.0), 103.0)


def sparkline(values: Sequence[float | None], width: int = 84, height: int = 22) -> SafeString:
    """Tickets per day as bars, the last one (yesterday) in the accent. A day without figures leaves a gap."""
    top = max((abs(value) for value in values if value is not None), default=0) or 1
    step = width / max(len(values), 1)
    bars = []
    for index, value in enumerate(values):
        if value is None:
            continue
        tall = max(abs(value) / top * height, 0.8 if value == 0 else 1.5)
        paint = "var(--accent)" if index == len(values) - 1 else "var(--compare)"
        if value < 0:
            paint = "var(--neg)"
        bars.append((f"{index * step:.4g}", f"{height - tall:.4g}", f"{max(step - 1, 1):.4g}", f"{tall:.4g}", paint))
    drawn = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>', bars)
    return format_html('<svg width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">{2}</svg>', width, height, drawn)


@dataclass(frozen=True, slots=True)
class DotRow:
    """One row of dot and tick: this value, the reference (None: not shown), both as numbers and written."""

    label: str
    value: float | None
    reference: float | None
    written: str
    written_reference: str = ""
    url: str = ""


def dot_track(row: DotRow, low: float, high: float) -> SafeString:
    """The line of one row: a blue dot at the value, a black tick at the reference, the difference pale between them."""
    parts = [("s",)] if row.value is not None and row.reference is not None else []
    parts += [("i",)] if row.reference is not None else []
    parts += [("b",)] if row.value is not None else []
    value = place(low if row.value is None else row.value, low, high)
    reference = place(low if row.reference is None else row.reference, low, high)
    marks = format_html_join("", "<{0}></{0}>", parts)
    return format_html(
        '<span class="track" style="--v:{}%;--m:{}%" aria-hidden="true">{}</span>', f"{value:.4g}", f"{reference:.4g}", marks
    )
