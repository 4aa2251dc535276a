"""Tour sheets in words: columns, findings, and the texts of a row in the order in which people correct them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dip.programme.rules.tour.fields import EDITABLE, TourField
from dip.programme.rules.tour.findings import PATTERNS, TourFinding
from dip.programme.rules.tour.rows import TourRow

FIELDS: Mapping[TourField, str | Promise] = {
    TourField.DATE: gettext_lazy("Date"),
    TourField.TIME: gettext_lazy("Time"),
    TourField.THEATRE: gettext_lazy("Theatre"),
    TourField.CITY: gettext_lazy("City"),
    TourField.HALL: gettext_lazy("Hall"),
    TourField.KIND: gettext_lazy("Type"),
    TourField.SEATS: gettext_lazy("Seats, or 300 + 80 per rank"),
    TourField.RANK_1: gettext_lazy("Seats of rank 1"),
    TourField.RANK_2: gettext_lazy("Seats of rank 2"),
    TourField.RANK_3: gettext_lazy("Seats of rank 3"),
    TourField.RANK_4: gettext_lazy("Seats of rank 4"),
    TourField.PRIVATE: gettext_lazy("Private: yes or no"),
    TourField.SCHOOL: gettext_lazy("School performance"),
    TourField.FESTIVAL: gettext_lazy("Festival"),
    TourField.REFERENCE: gettext_lazy("Your own reference"),
    TourField.TITLE: gettext_lazy("Title"),
}
#: Columns that an editable cell keeps short.
_SHORT = {TourField.DATE: 12, TourField.TIME: 6, TourField.KIND: 10, TourField.SEATS: 9}


def field_name(field: TourField | None) -> str:
    """What a column is called."""
    return str(FIELDS[field]) if field else _("Whole row")


def finding_text(finding: TourFinding) -> str:
    """What was found and what to do."""
    return _(PATTERNS[finding.code]) % {"value": finding.value}


def cells_of(row: TourRow) -> list[tuple[str, str, str, bool, int]]:
    """(field, its name, the text, whether it is wrong, width) of what can be corrected in a row."""
    wrong = {finding.field for finding in row.findings if finding.rejects}
    return [
        (field.value, _("Seats") if field is TourField.SEATS else field_name(field), row.texts.get(field, ""), field in wrong, _SHORT.get(field, 18))
        for field in EDITABLE
    ]  # fmt: skip
