"""Forms of productions: entering, changing, moving to another agency."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dip.kernel.periods import season_name
from dip.programme.forms.fields import LinesField, genre_choices, organisation_choices
from dip.programme.terms import ProductionEntry
from dip.registry.terms import Access, Role

_NONE = [("", "–")]


class ProductionForm(forms.Form):
    """What a provider states of a production. An agency names the producer, a producer may name its agency."""

    title = forms.CharField(max_length=200, label=_("Title"), help_text=_("The title under which tickets are sold."))
    season_year = forms.TypedChoiceField(coerce=int, label=_("Season"))
    genre = forms.TypedChoiceField(coerce=int, label=_("Genre"))
    producer = forms.TypedChoiceField(coerce=int, label=_("Producer"), help_text=_("The producer you act for."))
    agency = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Agency"),
        help_text=_("It enters performances and answers theatres for you."),
    )
    is_revival = forms.TypedChoiceField(
        coerce=lambda v: v == "yes",
        label=_("New or revival"),
        choices=[("no", _("new")), ("yes", _("revival"))],
        widget=forms.RadioSelect,
    )
    co_producers = forms.TypedMultipleChoiceField(
        coerce=int, required=False, label=_("Co-producers"), widget=forms.SelectMultiple(attrs={"size": 5}),
        help_text=_("They see the production and its sales; you change it. Hold Ctrl or ⌘ to choose several."),
    )  # fmt: skip
    cast_members = LinesField(label=_("Cast"), help_text=_("One name per line."))
    subsidy_scheme = forms.CharField(max_length=60, required=False, label=_("Subsidy scheme"))
    fund_consent = forms.BooleanField(required=False, label=_("Its figures may go into the fund's accountability"))
    external_ref = forms.CharField(max_length=80, required=False, label=_("Your own reference"))

    def __init__(self, *args: Any, access: Access, season: int, entry: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        self.fields["genre"].choices = [("", _("Choose a genre")), *genre_choices()]
        self.fields["co_producers"].choices = organisation_choices(Role.PRODUCER, without=[access.organisation_id])
        self.fields["season_year"].choices = [(y, season_name(y)) for y in range(season + 2, season - 4, -1)]
        is_producer = access.role is Role.PRODUCER
        if not entry:
            del self.fields["season_year"]
        if not entry or is_producer:
            del self.fields["producer"]
        else:
            self.fields["producer"].choices = [("", _("Choose a producer")), *organisation_choices(Role.PRODUCER)]
        if not entry or access.role is Role.AGENCY:
            del self.fields["agency"]
        else:
            self.fields["agency"].choices = _NONE + organisation_choices(Role.AGENCY)

    def entry(self, season_year: int = 0) -> ProductionEntry:
        """What was filled in, after ``is_valid``; ``season_year`` for a production that has one already."""
        given = self.cleaned_data
        return ProductionEntry(
            title=given["title"],
            season_year=given.get("season_year", season_year),
            genre_id=given["genre"],
            producer_id=given.get("producer"),
            agency_id=given.get("agency"),
            co_producer_ids=tuple(given["co_producers"]),
            is_revival=given["is_revival"],
            subsidy_scheme=given["subsidy_scheme"],
            fund_consent=given["fund_consent"],
            cast_members=given["cast_members"],
            external_ref=given["external_ref"],
        )


class AgencyForm(forms.Form):
    """Which agency acts from now on."""

    agency = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, label=_("Agency"), help_text=_("Empty: the producer acts for itself.")
    )
    note = forms.CharField(max_length=300, required=False, label=_("Note"), help_text=_("It stays in the history."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = _NONE + organisation_choices(Role.AGENCY)
