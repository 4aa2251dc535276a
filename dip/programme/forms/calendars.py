"""The form of a calendar feed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedForm(forms.Form):
    """What a feed is called, and what it is narrowed to."""

    name = forms.CharField(max_length=120, label=_("Name"), help_text=_("As your calendar shows it."))
    production_id = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Production"))
    theatre_id = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Theatre"))
    hall_id = forms.TypedChoiceField(coerce=int, empty_value=None, required=False, label=_("Hall"))

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[int, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in choices.items():
            field = f"{name}_id"
            if rows:
                self.fields[field].choices = [("", _("all")), *((str(pk), words) for pk, words in rows)]
            else:
                del self.fields[field]
