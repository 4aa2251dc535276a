"""The light mode's forms: five fields on a phone, in words of one line, with the keyboards that fit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dip.programme.forms.fields import genre_choices, show_findings
from dip.programme.queries.search import HallOption, hall_options, options_of
from dip.programme.terms import Finding, FundFeature, LightEntry
from dip.programme.words import finding_text
from dip.registry.terms import Access
from dip.ticketing.rules.light import MOST_CENTS, read_euros

#: Dates that one form takes.
MOST_DATES = 60
_DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


@dataclass(slots=True)
class WhenRow:
    """One date and time as typed, and what is wrong with it."""

    date: str = ""
    time: str = ""
    error: str = ""


class WhenRows:
    """The repeated fields ``date`` and ``time``. A time left empty is that of the row above; empty rows are skipped."""

    def __init__(self, data: Any = None) -> None:
        dates = data.getlist("date")[:MOST_DATES] if data is not None else []
        times = data.getlist("time")[:MOST_DATES] if data is not None else []
        self.rows = [WhenRow(d.strip(), t.strip()) for d, t in zip(dates, times, strict=False)] or [WhenRow()]
        self.starts: list[datetime] = []

    def is_valid(self) -> bool:
        """Read the rows into ``starts`` (naive, on the venue's clock); a row that cannot be read says why."""
        before: time | None = None
        for row in self.rows:
            if not row.date and not row.time:
                continue
            before = self._read(row, before)
        if not self.starts and not any(row.error for row in self.rows):
            self.rows[0].error = gettext("Give one date and time at least.")
        return not any(row.error for row in self.rows)

    def _read(self, row: WhenRow, before: time | None) -> time | None:
        try:
            at = time.fromisoformat(row.time.replace(".", ":")) if row.time else before
            day = date.fromisoformat(row.date)
        except ValueError:
            row.error = gettext("Give the date as 2027-02-28 and the time as 20:15.")
            return before
        if at is None:
            row.error = gettext("Give the time.")
            return before
        start = datetime.combine(day, at.replace(second=0, microsecond=0, tzinfo=None))
        if start in self.starts:
            row.error = gettext("This moment stands above already. Leave one of the two out.")
        self.starts.append(start)
        return at


class LightForm(forms.Form):
    """A production with its dates, or more dates of one: title, genre, where, when, seats."""

    title = forms.CharField(max_length=200, label=_("Title"), widget=forms.TextInput(attrs={"autocomplete": "off"}))
    genre = forms.TypedChoiceField(coerce=int, label=_("Genre"))
    place = forms.CharField(required=False, label=_("Where"))
    hall = forms.IntegerField(required=False, widget=forms.HiddenInput)
    place_name = forms.CharField(
        max_length=120, required=False, label=_("Name of the place"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    place_city = forms.CharField(
        max_length=120, required=False, label=_("Town"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    seats = forms.IntegerField(
        min_value=1, max_value=99_999, required=False, label=_("Seats"), widget=forms.TextInput(attrs=_DIGITS)
    )
    school = forms.ChoiceField(
        required=False,
        label=_("School performance"),
        choices=[("", _("no")), ("school_primary", _("primary")), ("school_secondary", _("secondary"))],
        widget=forms.RadioSelect,
    )
    publish = forms.ChoiceField(
        label=_("Then"),
        choices=[("yes", _("Publish it: the theatre is asked to confirm")), ("no", _("Keep it as a concept that only you see"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    festival = forms.IntegerField(required=False, widget=forms.HiddenInput)

    chosen: HallOption | None = None
    choices: Sequence[HallOption] = ()

    def __init__(self, *args: Any, access: Access, known: tuple[str, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        self.when = WhenRows(self.data if self.is_bound else None)
        self.known = known
        self.fields["genre"].choices = [("", _("Choose a genre")), *genre_choices()]
        if known is not None:  # more dates of a production that stands: its title and genre are known
            del self.fields["title"], self.fields["genre"]

    def is_valid(self) -> bool:
        """All fields, and the rows of dates."""
        rows = self.when.is_valid() if self.is_bound else False
        return super().is_valid() and rows

    def clean(self) -> dict[str, Any]:
        """Find the hall that was chosen or typed; without one the name and town of another place."""
        given = super().clean() or {}
        hall_id = given.get("hall") or 0
        self.chosen = options_of(self.access, [hall_id]).get(hall_id) if hall_id else None
        text = (given.get("place") or "").strip()
        named = bool(given.get("place_name") or given.get("place_city"))
        if self.chosen is None and text and not named:
            self.choices = hall_options(self.access, text)
            self.chosen = self.choices[0] if len(self.choices) == 1 else None
        if self.chosen is None:
            self._ask_place(text, named, given)
        return given

    def _ask_place(self, text: str, named: bool, given: dict[str, Any]) -> None:
        if named:
            for name, words in (("place_name", gettext("Give the name of the place.")), ("place_city", gettext("Give its town."))):
                if not given.get(name):
                    self.add_error(name, words)
        elif self.choices:
            self.add_error("place", gettext("Several halls can be meant. Choose one."))
        elif text:
            words = gettext("No hall is called “%(text)s”. Write it as another place, with its town.")
            self.add_error("place", words % {"text": text})
        else:
            self.add_error("place", gettext("Choose a hall from the suggestions, or write the name and town of another place."))

    @property
    def is_elsewhere(self) -> bool:
        """Whether the fields for another place stand open."""
        return bool(self["place_name"].value() or self["place_city"].value() or (self.errors.get("place") and not self.choices))

    def entry(self) -> LightEntry:
        """What was filled in, after ``is_valid``."""
        given = self.cleaned_data
        title, genre = self.known or (given["title"], given["genre"])
        return LightEntry(
            title=title,
            genre_id=genre,
            starts=tuple(self.when.starts),
            hall_id=self.chosen.hall_id if self.chosen else None,
            place_name="" if self.chosen else given["place_name"],
            place_city="" if self.chosen else given["place_city"],
            seats=given["seats"],
            fund_feature=FundFeature(given["school"] or FundFeature.REGULAR),
            publish=given["publish"] == "yes",
            festival_id=given["festival"],
        )

    def show(self, findings: Iterable[Finding]) -> None:
        """Put what an action found beside the field or the date that it is about."""
        for finding in findings:
            place = finding.row if finding.row is not None else 0
            if finding.field in ("starts_at", "date") and place < len(self.when.rows):
                filled = [row for row in self.when.rows if row.date]
                filled[place].error = finding_text(finding)
            else:
                show_findings(self, [finding])


class RecetteField(forms.CharField):
    """An amount as people write it, in whole cents; 0 when left empty."""

    default_error_messages = {"amount": _("Write euros and cents as 1234,50.")}

    def to_python(self, value: Any) -> Any:
        """Cents."""
        text = str(super().to_python(value) or "").strip()
        found = read_euros(text) if text else 0
        if found is None or found > MOST_CENTS:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        return found


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0, max_value=99_999, required=False, label=label, widget=forms.TextInput(attrs=_DIGITS | {"placeholder": "0"})
    )


class FiguresForm(forms.Form):
    """The state of one performance: three counts, the recette, and the moment for which they are right."""

    normal = _count(_("Tickets, full price"))
    discount = _count(_("Tickets with a discount"))
    free = _count(_("Free tickets"))
    recette = RecetteField(
        required=False,
        label=_("Recette in euros"),
        help_text=_("All that came in for tickets, incl. VAT."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": "0,00"}),
    )
    true_at = forms.DateTimeField(
        label=_("Counted at"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def clean(self) -> dict[str, Any]:
        """Empty counts are 0; money without paid tickets is a slip."""
        given = super().clean() or {}
        for name in ("normal", "discount", "free"):
            given[name] = given.get(name) or 0
        paid = given["normal"] + given["discount"]
        counts_read = not {"normal", "discount"} & set(self.errors)
        if counts_read and not paid and given.get("recette"):
            self.add_error("normal", gettext("There is recette, and no paid ticket. Fill in how many were sold."))
        return given
