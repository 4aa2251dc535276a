"""The columns of buyers: pseudonyms, areas, bands; nothing at all where the theatre has no ground to count the buyer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from dip.warehouse.rules import coarsening, normalising
from dip.warehouse.rules.landed import CONSENTS, GENDERS, OF_BUYER, Scope
from dip.warehouse.rules.pseudonyms import Keys, Pseudonymiser, read_p1
from dip.warehouse.rules.verdicts import VerdictCode
from dip.warehouse.rules.world import World, coded

Wire = Mapping[str, Sequence[Any]]
Made = dict[str, "np.ndarray"]
Tell = Callable[["np.ndarray", VerdictCode, str], None]
_BIRTHS: tuple[tuple[str, Callable[[Any, date], int]], ...] = (
    ("birth_date", coarsening.band_of_date),
    ("birth_year", coarsening.band_of_year),
    ("birth_band", coarsening.band_of_text),
)
_NOT_SETTLED = -1


def add_buyers(wire: Wire, made: Made, world: World, tell: Tell) -> frozenset[int]:
    """Add the columns of buyers to ``made``. Answers the new pseudonyms of buyers that were erased under the keys before."""
    count = len(wire["consent"])
    consent = coded(wire["consent"], lambda text: CONSENTS.index(text) if text in CONSENTS else -1)
    tell(consent < 0, VerdictCode.UNKNOWN_WORD, "consent")
    counts = (consent >= 0) & (consent != CONSENTS.index("none"))
    for name in OF_BUYER:
        made[name] = np.zeros(count, np.int64)
    if not counts.any():
        return frozenset()
    shown = wire if counts.all() else _only(wire, counts)
    made["buyer"], made["scope"] = _pseudonyms(shown, world.keys, world.salt, tell)
    if world.keys.is_mapping:
        made["buyer_before"], _ = _pseudonyms(shown, world.keys.before, world.salt, _untold, is_before=True)
    _add_places(shown, made, tell)
    _add_births(shown, made, tell)
    if world.keeps_gender:
        made["gender"] = coded(shown["gender"], lambda text: GENDERS.get(text, 0))
        tell(coded(shown["gender"], lambda text: bool(text) and text not in GENDERS) > 0, VerdictCode.UNKNOWN_WORD, "gender")
    return _without_erased(made, world.erased)


def _only(wire: Wire, counts: "np.ndarray") -> Wire:
    """The values of buyers that count."""
    names = ("email", "buyer_pseudonym", "customer", "postcode", "country", "birth_date", "birth_year", "birth_band", "gender")
    flags = counts.tolist()
    return {name: tuple(one if flag else None for one, flag in zip(wire[name], flags, strict=True)) for name in names}


def _untold(where: "np.ndarray", code: VerdictCode, name: str) -> None:
    """Nothing: it was told with the other keys."""


def _pseudonyms(wire: Wire, keys: Keys, salt: bytes, tell: Tell, *, is_before: bool = False) -> tuple["np.ndarray", "np.ndarray"]:
    """(Buyer, scope): by e-mail address, else as the venue made it, else by the source's own customer."""
    maker = Pseudonymiser(keys)
    buyer = np.zeros(len(wire["email"]), np.int64)
    scope = np.zeros(len(buyer), np.int64)
    ways: tuple[tuple[str, Scope, Callable[[set[str | None]], dict[str | None, int]]], ...] = (
        ("email", Scope.SECTOR, maker.of_emails),
        ("buyer_pseudonym", Scope.SECTOR, lambda texts: {one: _of_venue(maker, one, is_before) if one else 0 for one in texts}),
        ("customer", Scope.VENUE, lambda texts: {one: maker.of_customer(one, salt) if one else 0 for one in texts}),
    )
    for name, reach, numbers_of in ways:
        if buyer.all():
            break
        column = wire[name]
        if column.count(None) == len(column):
            continue
        numbers = numbers_of(set(column))
        found = np.fromiter(map(numbers.__getitem__, column), np.int64, len(column))
        tell(_given(column, found == 0), VerdictCode.UNREADABLE_BUYER, name)
        mine = (buyer == 0) & (found != 0)
        buyer[mine], scope[mine] = found[mine], reach
    return buyer, scope


def _given(column: Sequence[Any], where: "np.ndarray") -> "np.ndarray":
    """Those of the places ``where`` at which the source gave something."""
    found = np.zeros(len(where), dtype=bool)
    places = [place for place in np.flatnonzero(where).tolist() if str(column[place] or "").strip()] if where.any() else []
    found[places] = True
    return found


def _of_venue(maker: Pseudonymiser, text: str, is_before: bool) -> int:
    read = read_p1(text)
    if read is None:
        return 0
    now, before = read
    return maker.of_p1(before if is_before and before is not None else now)


def _add_places(wire: Wire, made: Made, tell: Tell) -> None:
    """Area and country; a postcode alone can tell the country."""
    country = coded(wire["country"], lambda text: normalising.country(text) if text else 0)
    tell(_given(wire["country"], country == 0), VerdictCode.UNKNOWN_WORD, "country")
    made["country"] = country.copy()
    postcodes = wire["postcode"]
    digits = coarsening.dutch(postcodes)
    is_dutch = (digits > 0) & ((country == 0) | (country == coarsening.NETHERLANDS))
    made["pc4"][is_dutch], made["country"][is_dutch] = digits[is_dutch], coarsening.NETHERLANDS
    for number in np.unique(country[~is_dutch]).tolist():
        places = np.flatnonzero((country == number) & ~is_dutch)
        mine = postcodes if len(places) == len(postcodes) else [postcodes[place] for place in places.tolist()]
        both = coded(mine, lambda text, number=number: _area(text, number))  # type: ignore[misc]
        made["pc4"][places], made["country"][places] = both // 1000, both % 1000
    foreign = (made["country"] != 0) & (made["country"] != coarsening.NETHERLANDS) & (made["country"] != coarsening.BELGIUM)
    tell(_given(postcodes, (made["pc4"] == 0) & ~foreign), VerdictCode.UNREADABLE_POSTCODE, "postcode")


def _area(text: str | None, country: int) -> int:
    digits, where = coarsening.area(text, country) if text else (0, country)
    return digits * 1000 + where


def _add_births(wire: Wire, made: Made, tell: Tell) -> None:
    """Five-year bands, by the first of the three fields that is given; minors by what they were when they bought."""
    days = made["sold_hour"] // 24
    first, last = day_of(int(days.min())), day_of(int(days.max()))
    for name, band_of in _BIRTHS:
        if made["birth"].all():
            break
        column = wire[name]
        if column.count(None) == len(column):
            continue
        bands = coded(column, lambda value, band_of=band_of: _settled(value, band_of, first, last))  # type: ignore[misc]
        for place in np.flatnonzero(bands == _NOT_SETTLED).tolist():
            bands[place] = band_of(column[place], day_of(int(days[place])))
        tell(_given(column, bands == 0), VerdictCode.UNREADABLE_BIRTH, name)
        made["birth"] = np.where(made["birth"] == 0, bands, made["birth"])


def _settled(value: Any, band_of: Callable[[Any, date], int], first: date, last: date) -> int:
    """The band, when it is the same on every day of the delivery."""
    if not value:
        return 0
    band = band_of(value, first)
    return band if band == band_of(value, last) else _NOT_SETTLED


def _without_erased(made: Made, erased: frozenset[int]) -> frozenset[int]:
    if not erased:
        return frozenset()
    gone = np.fromiter(erased, np.int64, len(erased))
    before = np.isin(made["buyer_before"], gone) & (made["buyer_before"] != 0)
    again = frozenset(made["buyer"][before].tolist()) - erased
    hit = before | np.isin(made["buyer"], gone)
    for name in OF_BUYER:
        made[name][hit] = 0
    return again


def day_of(days: int) -> date:
    """The date so many days after the first of 1970."""
    return datetime.fromtimestamp(days * 86_400, UTC).date()
