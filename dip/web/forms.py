"""A form that shows every kind of field, for the gallery; invented, so not translated."""

from django import forms


class SampleForm(forms.Form):
    """Text, choice, dates, ticks and long text, some with hints."""

    title = forms.CharField(label="Title", help_text="As it stands on the poster.")
    genre = forms.ChoiceField(label="Genre", choices=[("1", "Theatre"), ("2", "Music")])
    premiere = forms.DateField(label="Premiere", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    seats = forms.IntegerField(label="Seats", min_value=1)
    level = forms.ChoiceField(label="Level", choices=[("1", "View"), ("2", "Manage")], widget=forms.RadioSelect)
    is_new = forms.BooleanField(label="New production", required=False)
    remark = forms.CharField(label="Remark", required=False, widget=forms.Textarea(attrs={"rows": 3}))
