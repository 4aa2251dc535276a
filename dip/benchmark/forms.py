"""Shape of an invitation to compare by name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dip.registry.terms import Refusal


class InviteForm(forms.Form):
    """Whom, which figures, until when. ``organisations`` and ``figures`` are (value, words)."""

    organisation = forms.TypedChoiceField(coerce=int, label=_("Organisation"))
    figures = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label=_("What both show"), help_text=_("The other accepts exactly these, or declines.")
    )
    until = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        label=_("Up to and including"),
        help_text=_("Either of you can end it before."),
    )

    def __init__(
        self, *given: Any, organisations: Sequence[tuple[int, str]], figures: Sequence[tuple[str, Any]], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["organisation"].choices = [("", _("Choose an organisation")), *organisations]  # type: ignore[attr-defined]
        self.fields["figures"].choices = list(figures)  # type: ignore[attr-defined]

    def show_refusal(self, refusal: Refusal) -> None:
        """Put an action's refusal beside the field that it names, or over the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
