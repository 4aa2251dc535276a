"""The spreadsheet route in words: columns, findings, and what became of an upload."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.ticketing.queries.sheets import UploadRow
from dip.ticketing.rules.sheets.fields import MONEY, Field, name_of
from dip.ticketing.rules.sheets.findings import PATTERNS, CellFinding, Code
from dip.ticketing.terms import SheetStatus
from dip.web import formats

STATUSES: Mapping[SheetStatus, str | Promise] = {
    SheetStatus.OPEN: gettext_lazy("To confirm"),
    SheetStatus.CONFIRMED: gettext_lazy("Confirmed"),
    SheetStatus.DROPPED: gettext_lazy("Put aside"),
}
_PILLS = {SheetStatus.OPEN: "requested", SheetStatus.CONFIRMED: "confirmed", SheetStatus.DROPPED: "withdrawn"}


def field_name(field: Field | None, language: str | None = None) -> str:
    """What stands over a column in the downloaded sheet."""
    return name_of(field, formats.language_of(language)) if field else _("Whole row")


def finding_text(finding: CellFinding) -> str:
    """What was found and what to do."""
    values = {key: _shown(finding.code, key, value) for key, value in finding.values.items()}
    return _(PATTERNS[finding.code]) % values


def _shown(code: Code, key: str, value: str | int) -> str:
    if key == "cents":
        return formats.money(int(value))
    if code is Code.OLDER:
        return formats.moment(datetime.fromisoformat(str(value)))
    return formats.tickets(value) if isinstance(value, int) and key not in ("other", "row") else str(value)


def figure(field: Field, value: int | None) -> str:
    """A figure as a page shows it; nothing known is a dash."""
    if value is None:
        return formats.MISSING
    return formats.money(value) if field in MONEY else formats.tickets(value)


def standing(row: UploadRow) -> tuple[str, str]:
    """Pill and word of an upload."""
    if row.is_expired:
        return "withdrawn", _("Expired")
    if row.status is SheetStatus.CONFIRMED and row.left:
        return "corrected", _("Confirmed in part")
    return _PILLS[row.status], str(STATUSES[row.status])
