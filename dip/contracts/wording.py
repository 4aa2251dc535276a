"""Agreements in the words of a language: names of formats and fields, and values as pages, documents and mails print them."""

from dip.contracts.rules.fields import SURCHARGES
from dip.contracts.rules.formats import format_of
from dip.contracts.terms.fields import Field, FieldKind, Texts, Tranche, Value
from dip.web import formats

MISSING = formats.MISSING
_YES_NO = {True: {"nl": "ja", "en": "yes", "fr": "oui"}, False: {"nl": "nee", "en": "no", "fr": "non"}}
_ABOVE: Texts = {"nl": "daarboven", "en": "above that", "fr": "au-delà"}
_UP_TO: Texts = {"nl": "tot", "en": "up to", "fr": "jusqu’à"}
_ALL: Texts = {"nl": "alles", "en": "all", "fr": "tout"}
_RANK: Texts = {"nl": "rang", "en": "rank", "fr": "rang"}


def said(texts: Texts, language: str | None = None) -> str:
    """A text in a language; in that of the request when none is given."""
    return texts.get(formats.language_of(language), texts["nl"]) if texts else ""


def format_name(code: str, language: str | None = None) -> str:
    """Name of a format."""
    return said(format_of(code).names, language)


def value_text(field: Field, value: Value, language: str | None = None) -> str:
    """A value as people read it; a dash where there is none."""
    if value is None or value in ((), ""):
        return MISSING
    if isinstance(value, tuple):
        return _several(field, value, language)
    if field.kind is FieldKind.MONEY:
        return formats.money(int(value), language=language)
    if field.kind is FieldKind.PERCENT:
        return percentage_text(value, language)
    if field.kind is FieldKind.YES_NO:
        return said(_YES_NO[bool(value)], language)
    if field.kind is FieldKind.CHOICE:
        names = {choice.code: choice.names for choice in field.choices}
        return said(names[str(value)], language) if value in names else str(value)
    if field.kind is FieldKind.COUNT:
        return formats.number(int(value), language=language)
    return str(value)


def percentage_text(value: Value, language: str | None = None) -> str:
    """A percentage without needless decimals: 80 %, 12,5 %."""
    text = format(value, "f")
    decimals = len(text.rstrip("0").partition(".")[2]) if "." in text else 0
    return formats.percent(float(text) / 100, decimals, language)


def _several(field: Field, value: tuple[object, ...], language: str | None) -> str:
    if field.kind is FieldKind.PRICES:
        prices = [formats.money(price, language=language) for price in value if isinstance(price, int)]
        if len(prices) == 1:
            return prices[0]
        return " · ".join(f"{said(_RANK, language)} {rank}: {price}" for rank, price in enumerate(prices, start=1))
    if field.kind is FieldKind.SURCHARGES:
        names = {one.code.removesuffix("_surcharge"): said(one.names, language) for one in SURCHARGES}
        return ", ".join(names.get(str(code), str(code)) for code in value)
    tranches = [item for item in value if isinstance(item, Tranche)]
    return " · ".join(_tranche(tranche, place, language) for place, tranche in enumerate(tranches))


def _tranche(tranche: Tranche, place: int, language: str | None) -> str:
    share = percentage_text(tranche.percentage, language)
    if tranche.limit_cents is None:
        return f"{said(_ABOVE if place else _ALL, language)} {share}"
    return f"{said(_UP_TO, language)} {formats.money(tranche.limit_cents, language=language)} {share}"
