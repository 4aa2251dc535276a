"""Which looks are asked for."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WHOSE = (("", _("everybody")), ("others", _("other organisations")), ("own", _("your own people")))


class LooksForm(forms.Form):
    """Period, organisation, and whether it was the house itself."""

    since = forms.DateField(required=False, label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    whose = forms.ChoiceField(required=False, label=_("Looked at by"), choices=WHOSE)
    organisation = forms.TypedChoiceField(required=False, label=_("Organisation"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, organisations: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [("", _("all")), *organisations]  # type: ignore[attr-defined]
