"""Forms of performances: a tour at once, changing, moving, cancelling, correcting."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dip.programme.forms.fields import RanksField, date_field, show_findings, time_field
from dip.programme.queries.search import HallOption, hall_options, options_of
from dip.programme.terms import Correction, Finding, FundFeature, PerformanceEntry, PerformanceKind, ProposalField
from dip.programme.words import FEATURES, KINDS
from dip.registry.terms import Access

_KINDS = [(kind.value, KINDS[kind]) for kind in PerformanceKind]
_FEATURES = [(feature.value, FEATURES[feature]) for feature in FundFeature]
#: Rows that a tour form shows at first, and adds at a time.
ROWS = 6


class RowForm(forms.Form):
    """One performance of a tour. What is left empty is as in the row above."""

    date = date_field(required=False)
    time = time_field(required=False)
    place = forms.CharField(required=False, label=_("Theatre and hall"))
    hall = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=_KINDS, label=_("Type"), initial=PerformanceKind.NORMAL, required=False)

    chosen: HallOption | None = None
    choices: Sequence[HallOption] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was filled in; the type alone does not count."""
        given = getattr(self, "cleaned_data", {})
        return not any(given.get(name) for name in ("date", "time", "place", "hall"))

    def choose(self, option: HallOption | None) -> None:
        """This hall it is: the row shows it, and sends its id."""
        self.chosen = option


RowSet = forms.formset_factory(RowForm, extra=ROWS, max_num=200, absolute_max=200)


class TourForm:
    """The rows of a tour. ``entries`` after ``is_valid``: one per row that is filled in, at the row's place in ``rows``."""

    def __init__(self, access: Access, data: Any = None, count: int = ROWS) -> None:
        self.access = access
        self.rows = RowSet(data, prefix="row") if data is not None else RowSet(prefix="row", initial=[{}] * (count - ROWS))
        self.entries: list[PerformanceEntry] = []
        self.places: list[int] = []

    def is_valid(self) -> bool:
        """Read the rows; every row that cannot be read says why, and keeps what was written in it."""
        readable = self.rows.is_valid()
        ids = [row.cleaned_data["hall"] for row in self.rows if getattr(row, "cleaned_data", {}).get("hall")]
        known = options_of(self.access, ids)
        before: tuple[time | None, HallOption | None] = (None, None)
        for place, row in enumerate(self.rows):
            if not hasattr(row, "cleaned_data") or row.is_empty:
                continue
            before = self._read(place, row, known, before)
        if readable and not self.entries and not any(row.errors for row in self.rows):
            self.rows[0].add_error("date", gettext("Fill in one row at least: date, time, theatre and hall."))
        return readable and not any(row.errors for row in self.rows)

    def _read(
        self, place: int, row: RowForm, known: dict[int, HallOption], before: tuple[time | None, HallOption | None]
    ) -> tuple[time | None, HallOption | None]:
        given = row.cleaned_data
        at = given.get("time") or before[0]
        hall = (
            known.get(given.get("hall") or 0)
            or self._typed(row, given.get("place", ""))
            or (None if given.get("place") else before[1])
        )
        row.choose(hall)
        if not given.get("date") and "date" not in row.errors:
            row.add_error("date", gettext("Give the date."))
        if at is None and "time" not in row.errors:
            row.add_error("time", gettext("Give the time."))
        if hall is None and "place" not in row.errors:
            row.add_error("place", gettext("Choose the theatre and the hall from the suggestions."))
        if given.get("date") and at and hall:
            start = datetime.combine(given["date"], at)
            kind = PerformanceKind(given["kind"] or PerformanceKind.NORMAL)
            self.entries.append(
                PerformanceEntry(
                    starts_at=start, theatre_id=hall.theatre_id, hall_id=hall.hall_id, kind=kind,
                    in_festival=hall.is_festival, is_other_location=hall.is_elsewhere,
                )
            )  # fmt: skip
            self.places.append(place)
        return at, hall or before[1]

    def _typed(self, row: RowForm, text: str) -> HallOption | None:
        """The one hall that a typed text can mean; otherwise the row offers what it may mean."""
        if not text:
            return None
        row.choices = hall_options(self.access, text)
        return row.choices[0] if len(row.choices) == 1 else None

    def show(self, findings: Sequence[Finding]) -> None:
        """Put findings of the action beside the rows that they are about."""
        for finding in findings:
            row = self.rows[self.places[finding.row]] if finding.row is not None else self.rows[0]
            show_findings(row, [replace(finding, row=None)])


class PerformanceForm(forms.Form):
    """What can be changed of a performance without moving it."""

    kind = forms.ChoiceField(choices=_KINDS, label=_("Type"))
    fund_feature = forms.ChoiceField(choices=_FEATURES, label=_("Fund feature"))
    ranks = RanksField(required=False)
    is_private = forms.BooleanField(required=False, label=_("Private: not on public sale"))
    festival = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label=_("Festival"),
        help_text=_("Festivals in whose days it plays. Yours is not there? Enter it, or only tick the mark."),
    )  # fmt: skip
    in_festival = forms.BooleanField(required=False, label=_("Part of a festival"))
    is_other_location = forms.BooleanField(required=False, label=_("At another location"))
    external_ref = forms.CharField(max_length=80, required=False, label=_("Your own reference"))

    def __init__(self, *args: Any, festivals: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["festival"].choices = [("", "–"), *((str(pk), name) for pk, name in festivals)]
        if not festivals:
            del self.fields["festival"]

    def values(self) -> dict[str, Any]:
        """As :func:`change_performance` takes it."""
        given = dict(self.cleaned_data)
        if given.pop("festival", None):
            given["in_festival"] = True
        return given | {"capacity_by_rank": given.pop("ranks")}


class MoveForm(forms.Form):
    """Another time or place."""

    date = date_field()
    time = time_field(help_text=_("On the venue's clock."))
    place = forms.CharField(required=False, label=_("Theatre and hall"))
    hall = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(max_length=300, required=False, label=_("Why"), help_text=_("The theatre reads it in the history."))

    chosen: HallOption | None = None
    choices: Sequence[HallOption] = ()

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        if self.initial.get("hall"):
            self.chosen = options_of(access, [self.initial["hall"]]).get(self.initial["hall"])

    def clean(self) -> dict[str, Any]:
        """Find the hall that was chosen or typed."""
        given = super().clean() or {}
        chosen = options_of(self.access, [given["hall"]]).get(given["hall"]) if given.get("hall") else None
        if chosen is None and given.get("place"):
            self.choices = hall_options(self.access, given["place"])
            chosen = self.choices[0] if len(self.choices) == 1 else None
        self.chosen = chosen
        if chosen is None:
            self.add_error("place", gettext("Choose the theatre and the hall from the suggestions."))
        return given

    @property
    def starts_at(self) -> datetime:
        """Naive, on the venue's clock."""
        return datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"])


class CancelForm(forms.Form):
    """Why it will not be played."""

    reason = forms.CharField(max_length=200, label=_("Reason"), help_text=_("The theatre reads it; it stays in the history."))


class CorrectionForm(forms.Form):
    """What a theatre would correct: every field holds what the provider says until it is changed."""

    date = date_field()
    time = time_field(help_text=_("On the venue's clock."))
    hall = forms.ChoiceField(label=_("Hall"))
    capacity = forms.IntegerField(
        min_value=1, max_value=99_999, label=_("Capacity"), help_text=_("Seats that can be sold, all ranks together.")
    )
    reason = forms.CharField(max_length=300, required=False, label=_("Reason"), help_text=_("The provider reads it."))

    def __init__(self, *args: Any, halls: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hall"].choices = [(str(pk), name) for pk, name in halls]

    def corrections(self) -> list[Correction]:
        """Every field that differs from what it began with."""
        given = self.cleaned_data
        reason = given["reason"]
        texts = {
            ProposalField.DATE: _iso(given["date"]),
            ProposalField.TIME: f"{given['time']:%H:%M}",
            ProposalField.HALL: given["hall"],
            ProposalField.CAPACITY: str(given["capacity"]),
        }
        return [Correction(name, text, reason) for name, text in texts.items() if name.value in self.changed_data]


def _iso(day: date) -> str:
    return day.isoformat()
