"""Numbers, money and moments as people read them, in Dutch, English and French.

Separators and names of days come from Babel; patterns are parsed once per language. Every function takes an optional ``language``
("nl", "en", "fr"); without it the language of the request counts. A missing value is written as an en dash, never as 0.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern
from django.utils.translation import get_language

from dip.kernel import clock

Number = int | float | Decimal
NBSP, MINUS, MISSING = "\u00a0", "\u2212", "–"
LANGUAGES = ("nl", "en", "fr")
_LOCALES = {"nl": "nl", "en": "en_GB", "fr": "fr"}
_EURO = {
    "nl": f"¤{NBSP}#,##0{{0}};¤{NBSP}-#,##0{{0}}",
    "en": f"¤{NBSP}#,##0{{0}};¤{NBSP}-#,##0{{0}}",
    "fr": f"#,##0{{0}}{NBSP}¤",
}
_DATE_MARK = {"nl": "-", "en": "-", "fr": "/"}


def language_of(language: str | None = None) -> str:
    """The language to write in: the one given, or the request's, or Dutch."""
    code = (language or get_language() or "nl")[:2]
    return code if code in LANGUAGES else "nl"


@lru_cache
def locale(language: str) -> Locale:
    """Babel's locale of a language of the platform."""
    return Locale.parse(_LOCALES[language])


@lru_cache(maxsize=256)
def _pattern(text: str) -> NumberPattern:
    return parse_pattern(text)


@lru_cache(maxsize=8192)  # long tables repeat their numbers, and a pattern costs some 50 µs
def _apply(value: Number, text: str, language: str, currency: str | None = None) -> str:
    written = _pattern(text).apply(value, locale(language), currency=currency, currency_digits=False)
    return written.replace("-", MINUS)


def _decimals(count: int) -> str:
    return "." + "0" * count if count else ""


def number(value: Number | None, decimals: int = 0, language: str | None = None) -> str:
    """A plain number with thousands apart: 1.042."""
    if value is None:
        return MISSING
    code = language_of(language)
    return _apply(value, "#,##0" + _decimals(decimals), code)


def tickets(value: Number | None, language: str | None = None) -> str:
    """A count: 17.812."""
    return number(value, 0, language)


def money(cents: int | float | None, decimals: int = 2, language: str | None = None) -> str:
    """An amount given in cents: € 12.345,60 in Dutch, 12 345,60 € in French."""
    if cents is None:
        return MISSING
    code = language_of(language)
    return _apply(Decimal(str(cents)) / 100, _EURO[code].format(_decimals(decimals)), code, currency="EUR")


def percent(rate: Number | None, decimals: int = 1, language: str | None = None) -> str:
    """A rate from 0 to 1 as a percentage: 61,4 %."""
    if rate is None:
        return MISSING
    return number(Decimal(str(rate)) * 100, decimals, language) + NBSP + "%"


def signed(value: Number | None, decimals: int = 0, language: str | None = None) -> str:
    """A difference with its sign: + 214, − 38, 0."""
    if value is None:
        return MISSING
    return _with_sign(value, number(value if value > 0 else -value, decimals, language))


def signed_money(cents: int | float | None, decimals: int = 2, language: str | None = None) -> str:
    """A difference in cents with its sign: + € 5.812."""
    if cents is None:
        return MISSING
    return _with_sign(cents, money(abs(cents), decimals, language))


def points(rate: Number | None, decimals: int = 1, language: str | None = None) -> str:
    """A difference between two rates (0..1) in percentage points: + 0,7 pt."""
    if rate is None:
        return MISSING
    value = round(Decimal(str(rate)) * 100, decimals)
    return _with_sign(value, number(abs(value), decimals, language)) + NBSP + "pt"


def _with_sign(value: Number, written: str) -> str:
    if not any("1" <= character <= "9" for character in written):
        return written
    return ("+" if value > 0 else MINUS) + NBSP + written


def _local(moment: date | datetime) -> date | datetime:
    """On the clock of the Netherlands; dates and naive times stay as they are."""
    return clock.local(moment) if isinstance(moment, datetime) and moment.tzinfo else moment


@lru_cache
def _weekdays(language: str) -> tuple[str, ...]:
    names = locale(language).days["format"]["abbreviated"]
    return tuple(names[index] for index in range(7))


def day(value: date | datetime | None, language: str | None = None) -> str:
    """Weekday and date in a list: Wed 25-11."""
    if value is None:
        return MISSING
    code, when = language_of(language), _local(value)
    return f"{_weekdays(code)[when.weekday()]}{NBSP}{when.day:02d}{_DATE_MARK[code]}{when.month:02d}"


def short_day(value: date | datetime | None, language: str | None = None) -> str:
    """Date without weekday and year: 21-11."""
    if value is None:
        return MISSING
    code, when = language_of(language), _local(value)
    return f"{when.day:02d}{_DATE_MARK[code]}{when.month:02d}"


def full_day(value: date | datetime | None, language: str | None = None) -> str:
    """Weekday, date and year: Mon 23-11-2026."""
    if value is None:
        return MISSING
    code, when = language_of(language), _local(value)
    return f"{_weekdays(code)[when.weekday()]}{NBSP}{plain_day(when, code)}"


def plain_day(value: date | datetime | None, language: str | None = None) -> str:
    """Date and year: 23-11-2026."""
    if value is None:
        return MISSING
    code, when = language_of(language), _local(value)
    mark = _DATE_MARK[code]
    return f"{when.day:02d}{mark}{when.month:02d}{mark}{when.year}"


def long_day(value: date | datetime | None, language: str | None = None) -> str:
    """Weekday and month in words, beginning with a capital: Monday 23 November."""
    if value is None:
        return MISSING
    written = format_date(_local(value), "EEEE d MMMM", locale=locale(language_of(language)))
    return written[:1].upper() + written[1:]


def text_day(value: date | datetime | None, language: str | None = None) -> str:
    """Date in running text: 2 Oct 2026."""
    if value is None:
        return MISSING
    return str(format_date(_local(value), "d MMM y", locale=locale(language_of(language)))).replace(" ", NBSP)


def clock_time(value: datetime | None) -> str:
    """Time of day: 07:10."""
    if value is None:
        return MISSING
    return f"{_local(value):%H:%M}"


def moment(value: datetime | None, language: str | None = None) -> str:
    """Date and time: 23-11-2026, 07:10."""
    if value is None:
        return MISSING
    return f"{plain_day(value, language)}, {clock_time(value)}"


def full_moment(value: datetime | None, language: str | None = None) -> str:
    """Weekday, date and time: Mon 23-11-2026, 07:10."""
    if value is None:
        return MISSING
    return f"{full_day(value, language)}, {clock_time(value)}"


def month(value: date | datetime, language: str | None = None) -> str:
    """Short name of the month, as on an axis: Nov."""
    name = format_date(value, "LLL", locale=locale(language_of(language)))
    return str(name).rstrip(".")


def vega_number_locale(language: str | None = None) -> dict[str, object]:
    """The separators for charts, in the shape of d3-format."""
    code = language_of(language)
    symbols = locale(code).number_symbols["latn"]
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", f"{NBSP}€"] if code == "fr" else [f"€{NBSP}", ""],
        "percent": f"{NBSP}%",
        "minus": MINUS,
    }
