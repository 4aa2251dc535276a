"""Shape of what people fill in: own counts, reports, rules for alerts, saved views, links."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dip.kernel.clock import from_local
from dip.registry.terms import Refusal
from dip.sales.rules.alerting import LIMITS
from dip.sales.sentences import ALERT_KINDS, MAIL_MODES, PARTS
from dip.sales.terms import AlertKind, AlertUnit, MailMode, Part, RuleSpec
from dip.sales.terms.sharing import DAYS, MOST_DAYS


def show_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put an action's refusal beside the field that it names, or over the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


class CountForm(forms.Form):
    """What the theatre's own system says."""

    count = forms.IntegerField(min_value=0, max_value=200_000, label=_("Number in your system"))
    true_at = forms.CharField(label=_("Moment"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    includes = forms.MultipleChoiceField(
        choices=[(part.value, name) for part, name in PARTS.items()], required=False, widget=forms.CheckboxSelectMultiple,
        label=_("Your number also counts"),
    )  # fmt: skip
    note = forms.CharField(max_length=300, required=False, label=_("Remark"), help_text=_("The provider reads it."))

    def clean_true_at(self) -> datetime:
        """A moment on the clock of the Netherlands."""
        text = self.cleaned_data["true_at"]
        try:
            naive = datetime.fromisoformat(text)
        except ValueError as error:
            message = gettext("“Moment” is {value}, which is no date and time. Write it as 2026-11-20T07:10.")
            raise forms.ValidationError(message.format(value=text[:40])) from error
        return naive if naive.tzinfo else from_local(naive)

    def parts(self) -> list[Part]:
        """What the number counts beside paid tickets, after ``is_valid``."""
        return [Part(value) for value in self.cleaned_data["includes"]]


class ReportForm(forms.Form):
    """A difference that a provider reports."""

    claimed = forms.IntegerField(
        min_value=0,
        max_value=200_000,
        required=False,
        label=_("The number that you have"),
        help_text=_("From the box office, for example."),
    )
    note = forms.CharField(max_length=600, widget=forms.Textarea(attrs={"rows": 3}), label=_("What differs"))


class AnswerForm(forms.Form):
    """The theatre's answer."""

    answer = forms.CharField(max_length=600, widget=forms.Textarea(attrs={"rows": 3}), label=_("Your answer"))


class RuleForm(forms.Form):
    """A rule for alerts: what, from which limit, over what, by which mail."""

    kind = forms.ChoiceField(choices=[(kind.value, name) for kind, name in ALERT_KINDS.items()], label=_("Tell me when"))
    limit = forms.IntegerField(label=_("Limit"), required=False, min_value=1, max_value=10_000)
    unit = forms.ChoiceField(label=_("In"), required=False)
    scope = forms.ChoiceField(label=_("Of"), required=False)
    mail = forms.ChoiceField(choices=[(mode.value, name) for mode, name in MAIL_MODES.items()], label=_("Mail"))

    def __init__(
        self, *args: Any, productions: Sequence[tuple[int, str]], theatres: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [
            ("", gettext("its usual unit")), (AlertUnit.TICKETS.value, gettext("tickets")), (AlertUnit.PERCENT.value, gettext("per cent")),
            (AlertUnit.HOURS.value, gettext("hours")),
        ]  # fmt: skip
        self.fields["scope"].choices = [
            ("", gettext("All performances")),
            *([(gettext("One production"), [(f"p{key}", name) for key, name in productions])] if productions else []),
            *([(gettext("One theatre"), [(f"t{key}", name) for key, name in theatres])] if theatres else []),
        ]

    def spec(self) -> RuleSpec:
        """What the rule asks, after ``is_valid``; what was left open is usual for its kind."""
        given = self.cleaned_data
        kind = AlertKind(given["kind"])
        unit = AlertUnit(given["unit"]) if given["unit"] else next(iter(LIMITS[kind]))
        usual = LIMITS[kind].get(unit, (0, 0, 0))[0]
        scope = given["scope"]
        key = int(scope[1:]) if scope else None
        return RuleSpec(
            kind,
            given["limit"] or usual,
            unit,
            production_id=key if scope.startswith("p") else None,
            theatre_id=key if scope.startswith("t") else None,
        )

    def mode(self) -> MailMode:
        """When it is mailed, after ``is_valid``."""
        return MailMode(self.cleaned_data["mail"])


class ViewForm(forms.Form):
    """A name for a page."""

    name = forms.CharField(max_length=60, label=_("Name"))
    address = forms.CharField(max_length=500, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(required=False, label=_("Colleagues see it too"))
    is_first = forms.BooleanField(required=False, label=_("Open the Sales Monitor with it"))


class LinkForm(forms.Form):
    """A link to a page for somebody without an account."""

    address = forms.CharField(max_length=500, widget=forms.HiddenInput)
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[(1, _("1 day")), (DAYS, _("7 days")), (30, _("30 days")), (MOST_DAYS, _("90 days"))],
        initial=DAYS,
        label=_("Works for"),
    )
    label = forms.CharField(
        max_length=120,
        required=False,
        label=_("For whom"),
        help_text=_("Only you and your super-user read it, in the list of links."),
    )
