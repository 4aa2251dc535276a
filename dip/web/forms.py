"""A form that shows every kind of field, for the gallery."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """Text, choice, dates, ticks and long text, some with hints."""

    title = forms.CharField(label=_("Title"), help_text=_("As it stands on the poster."))
    genre = forms.ChoiceField(label=_("Genre"), choices=[("1", "Theatre"), ("2", "Music")])
    premiere = forms.DateField(label=_("Premiere"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    seats = forms.IntegerField(label=_("Seats"), min_value=1)
    level = forms.ChoiceField(label=_("Level"), choices=[("1", _("View")), ("2", _("Manage"))], widget=forms.RadioSelect)
    is_new = forms.BooleanField(label=_("New production"), required=False)
    remark = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
