"""Amounts, percentages and counts as people write them in their language: 1.234,56 in Dutch, 1,234.56 in English, 1 234,56 in French."""

from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dip.kernel.money import cents, euros
from dip.web import formats
from dip.web.tables.numbers import Notation, NumberReading, read_number

#: Largest amount that a field takes: a hundred million euros less a cent.
_MOST = Decimal("99999999.99")


def notation(language: str | None = None) -> Notation:
    """Which sign the reader uses for decimals."""
    return Notation.POINT if formats.language_of(language) == "en" else Notation.COMMA


def amount_text(value: int | None) -> str:
    """Cents as they stand in a field: 1.234,56; empty without a value."""
    return "" if value is None else formats.number(euros(value), 2)


def percentage_text(value: Decimal | None) -> str:
    """A percentage as it stands in a field, without needless decimals: 12,5."""
    if value is None:
        return ""
    decimals = len(format(value.normalize(), "f").partition(".")[2])
    return formats.number(value, decimals)


def _read(text: str, decimals: int) -> Decimal | None:
    """The number, or None where it is none or is written with more decimals than fit: 6.500 in English may be meant as 6,500."""
    written = text.replace("%", " ").strip()
    reading: NumberReading = read_number(written, notation())
    _, sign, behind = written.rpartition("." if notation() is Notation.POINT else ",")
    if reading.value is None or reading.problem is not None or (sign and sum(map(str.isdigit, behind)) > decimals):
        return None
    return reading.value


class _NumberField(forms.CharField, ABC):
    """A number in a text field, so that its signs are the reader's and what cannot be read is shown as it was typed."""

    size, mode = 12, "decimal"

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": self.mode, "size": self.size, "autocomplete": "off"}
        super().__init__(**{"required": False, "widget": forms.TextInput(attrs=attrs)} | options)

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value of a text that is not empty; raises ``forms.ValidationError``."""

    def to_python(self, value: Any) -> Any:
        """The value; None when left empty."""
        text = str(super().to_python(value) or "").replace("\u202f", " ").strip()
        return self.read(text) if text else None


class AmountField(_NumberField):
    """Whole cents."""

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return amount_text(value) if isinstance(value, int) else value

    def read(self, text: str) -> int:
        """Cents of an amount in euros."""
        value = _read(text, 2)
        if value is None or abs(value) > _MOST:
            sample = formats.number(Decimal("1234.56"), 2)
            raise forms.ValidationError(_("“%(text)s” is no amount. Write euros and cents as %(sample)s.") % {"text": text[:40], "sample": sample})  # fmt: skip
        return cents(value)


class PercentageField(_NumberField):
    """A Decimal of percents."""

    size = 7

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return percentage_text(value) if isinstance(value, Decimal) else value

    def read(self, text: str) -> Decimal:
        """Percents, four decimals at most."""
        value = _read(text, 4)
        if value is None or abs(value) > 10_000:
            sample = formats.number(Decimal("12.5"), 1)
            raise forms.ValidationError(_("“%(text)s” is no percentage. Write it as %(sample)s.") % {"text": text[:40], "sample": sample})  # fmt: skip
        return value.normalize() if value else Decimal(0)


class CountField(_NumberField):
    """A whole number."""

    size, mode = 5, "numeric"

    def read(self, text: str) -> int:
        """A whole number of at most six digits."""
        value = _read(text, 0)
        if value is None or abs(value) >= 1_000_000:
            raise forms.ValidationError(_("“%(text)s” is no whole number.") % {"text": text[:40]})
        return int(value)


class AmountsField(_NumberField):
    """Amounts of rank 1, 2 … in one field, as 28,00 + 22,50: a tuple of cents."""

    size = 18

    def prepare_value(self, value: Any) -> Any:
        """As people write it."""
        return " + ".join(amount_text(one) for one in value) if isinstance(value, list | tuple) else value

    def read(self, text: str) -> tuple[int, ...]:
        """Cents by rank."""
        one = AmountField()
        return tuple(one.read(part.strip()) for part in text.replace(";", "+").replace("/", "+").split("+") if part.strip())
