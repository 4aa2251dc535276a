"""Forms of theatres and halls."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dip.definitions.queries import countries, provinces
from dip.kernel.clock import AMSTERDAM
from dip.programme.forms.fields import EurosField, LinesField, RanksField, date_field, organisation_choices
from dip.programme.terms import HallKind, VenueKind
from dip.programme.words import HALL_KINDS, VENUE_KINDS
from dip.registry.terms import Access, Role

_ZONES = ["Europe/Amsterdam", "Europe/Brussels", "Europe/Berlin", "Europe/Paris", "Europe/London", "Europe/Luxembourg"]


class TheatreForm(forms.Form):
    """A theatre: where it is, and whom to ask."""

    name = forms.CharField(max_length=200, label=_("Name"))
    kind = forms.ChoiceField(choices=[(kind.value, VENUE_KINDS[kind]) for kind in VenueKind], label=_("Kind"))
    street = forms.CharField(max_length=120, required=False, label=_("Street"))
    house_number = forms.CharField(max_length=12, required=False, label=_("Number"))
    postcode = forms.CharField(max_length=10, required=False, label=_("Postcode"))
    city = forms.CharField(max_length=120, label=_("City"))
    province_id = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Province"))
    country_id = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Country"))
    contact_email = forms.EmailField(
        required=False,
        label=_("Contact address"),
        help_text=_("Gets connection requests while nobody of the theatre has an account."),
    )
    aliases = LinesField(label=_("Other and former names"), help_text=_("One per line; people find the theatre under each."))
    do_not_use = forms.BooleanField(required=False, label=_("Not in use any more: no new performances here"))
    organisation_id = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Organisation on the platform"))
    time_zone = forms.ChoiceField(choices=[(zone, zone) for zone in _ZONES], label=_("Time zone"))
    is_coupled = forms.BooleanField(required=False, label=_("A ticketing system pushes its figures"))

    def __init__(self, *args: Any, access: Access, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "nl")[:2]
        self.fields["province_id"].choices = [("", "–"), *((str(p.id), p.name) for p in provinces())]
        self.fields["country_id"].choices = [("", "–"), *((str(c.id), c.name(language)) for c in countries())]
        if is_new:
            del self.fields["aliases"], self.fields["do_not_use"]
        if access.is_platform:
            takers = {*organisation_choices(Role.THEATRE), *organisation_choices(Role.FESTIVAL)}
            self.fields["organisation_id"].choices = [("", "–"), *sorted(takers, key=lambda choice: choice[1])]
            self.fields["time_zone"].initial = AMSTERDAM.key
        else:
            del self.fields["organisation_id"], self.fields["time_zone"], self.fields["is_coupled"]

    def values(self) -> dict[str, Any]:
        """As :func:`add_theatre` and :func:`change_theatre` take it; the aliases apart."""
        return {name: value for name, value in self.cleaned_data.items() if name != "aliases"}


class HallForm(forms.Form):
    """A hall, or a place that serves as one."""

    name = forms.CharField(max_length=120, label=_("Name"))
    kind = forms.ChoiceField(choices=[(kind.value, HALL_KINDS[kind]) for kind in HallKind], label=_("Kind"))
    capacity = forms.IntegerField(min_value=0, max_value=99_999, label=_("Capacity"), help_text=_("Gross seats; 0 when it varies."))
    aliases = LinesField(label=_("Other and former names"), help_text=_("One per line; people find the hall under each."))
    do_not_use = forms.BooleanField(required=False, label=_("Not in use any more: no new performances here"))

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["aliases"], self.fields["do_not_use"]


class RanksForm(forms.Form):
    """A layout of a hall under a name."""

    name = forms.CharField(max_length=80, label=_("Name"), help_text=_("For example standing, or with orchestra pit."))
    seats = RanksField()
    is_default = forms.BooleanField(required=False, label=_("New performances take this one"))


class SurchargeForm(forms.Form):
    """What comes on top of a ticket from a date on."""

    valid_from = date_field(label=_("Valid from"))
    theatre_cents = EurosField(label=_("Theatre surcharge"))
    consumption_cents = EurosField(label=_("Consumption"))
    service_cents = EurosField(label=_("Service"))
    wardrobe_cents = EurosField(label=_("Wardrobe"))


class MergeForm(forms.Form):
    """Into which this one goes."""

    into = forms.TypedChoiceField(coerce=int, label=_("Merge into"))

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", _("Choose")), *((str(pk), name) for pk, name in choices)]
