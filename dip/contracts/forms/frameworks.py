"""A framework agreement as it is uploaded."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FrameworkForm(forms.Form):
    """With whom, what it is called, when it holds, and the file."""

    other = forms.TypedChoiceField(coerce=int, label=_("With"))
    title = forms.CharField(max_length=120, label=_("Title"))
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    valid_until = forms.DateField(
        required=False, label=_("Valid until"), help_text=_("The last day; empty: until further notice."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    file = forms.FileField(
        label=_("The signed agreement"), help_text=_("A PDF of at most 10 MB. The other party gets a mail and can read it."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )  # fmt: skip

    #: How the action calls a field that the form calls otherwise.
    FIELDS = {"other_organisation_id": "other", "content": "file", "file_name": "file"}

    def __init__(self, *args: Any, partners: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["other"].choices = [("", "–"), *((str(pk), name) for pk, name in partners)]

    def kept(self) -> dict[str, Any]:
        """As ``upload_framework`` takes it."""
        given = dict(self.cleaned_data)
        file = given.pop("file")
        return {
            **{name: given[name] for name in ("title", "valid_from", "valid_until")},
            "other_organisation_id": given["other"],
            "file_name": file.name or "framework.pdf",
            "media_type": file.content_type or "application/pdf",
            "content": file.read(),
        }
