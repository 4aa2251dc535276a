"""Fields that several forms share, and findings shown beside them."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dip.definitions.queries import genres
from dip.kernel.money import cents, euros
from dip.programme.terms import RANKS, Finding
from dip.programme.words import finding_text
from dip.registry.models import Organisation
from dip.registry.terms import Role

#: How entries and actions call what a form calls otherwise.
_FIELD_OF = {
    "starts_at": "date",
    "theatre": "place",
    "capacity": "seats",
    "hall": "place",
    "producer_id": "producer",
    "capacity_by_rank": "ranks",
}


def show_findings(form: forms.BaseForm, findings: Iterable[Finding]) -> None:
    """Put an action's findings beside the fields that they name, or over the form."""
    for finding in findings:
        name = finding.field if finding.field in form.fields else _FIELD_OF.get(finding.field, "")
        form.add_error(name if name in form.fields else None, finding_text(finding))


def date_field(**options: Any) -> forms.DateField:
    """A date, with the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(**{"label": _("Date"), "widget": widget} | options)


def time_field(**options: Any) -> forms.TimeField:
    """A time of day on the venue's clock."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(**{"label": _("Time"), "widget": widget, "input_formats": ["%H:%M", "%H.%M", "%H:%M:%S"]} | options)


class RanksField(forms.CharField):
    """Seats of rank 1, 2 … as "300 + 80" or "300, 80"; a list of numbers."""

    default_error_messages = {"ranks": _("Write the seats of each rank as 300 + 80 + 40, ten ranks at most.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Seats per rank"), "help_text": _("Rank 1 first: 300 + 80 + 40.")} | options)

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return " + ".join(str(seats) for seats in value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """The numbers."""
        text = str(super().to_python(value) or "")
        parts = [part for part in re.split(r"[+,;/\s]+", text) if part]
        if len(parts) > RANKS or not all(part.isdecimal() and int(part) < 100_000 for part in parts):
            raise forms.ValidationError(self.error_messages["ranks"], code="ranks")
        return [int(part) for part in parts]


class EurosField(forms.CharField):
    """An amount as "2,50" or "2.50"; whole cents."""

    default_error_messages = {"amount": _("Write euros and cents as 2,50.")}

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "size": 8}
        super().__init__(**{"required": False, "widget": forms.TextInput(attrs=attrs)} | options)

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return f"{euros(value)}".replace(".", ",") if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Cents; 0 when left empty."""
        text = str(super().to_python(value) or "").replace("€", "").replace("\u00a0", "").strip().replace(",", ".")
        if not text:
            return 0
        try:
            amount = Decimal(text)
        except InvalidOperation as error:
            raise forms.ValidationError(self.error_messages["amount"], code="amount") from error
        if not 0 <= amount < 1000:
            raise forms.ValidationError(self.error_messages["amount"], code="amount")
        return cents(amount)


class LinesField(forms.CharField):
    """One item per line; a tuple without empty ones."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "widget": forms.Textarea(attrs={"rows": 3})} | options)

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        """The items."""
        return tuple(line.strip() for line in str(super().to_python(value) or "").splitlines() if line.strip())


def genre_choices() -> list[tuple[str, str]]:
    """The national genres in the language of the request."""
    language = (get_language() or "nl")[:2]
    return [(str(genre.id), genre.name(language)) for genre in genres()]


def organisation_choices(role: Role, without: Sequence[int] = ()) -> list[tuple[str, str]]:
    """Organisations that play a role, by name. One query."""
    found = Organisation.objects.filter(roles__contains=[role.value]).exclude(pk__in=without).values_list("pk", "name")
    return [(str(pk), name) for pk, name in found.order_by("name")]
