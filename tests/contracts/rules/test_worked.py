"""The worked settlements of docs/algorithms/settlement.md, line by line."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from dip.contracts.rules.steps import residual, settle
from dip.contracts.rules.values import check_terms, completed, field_of
from dip.contracts.terms.fields import FieldKind, Tranche, Value
from dip.contracts.terms.statement import Evening
from dip.definitions.rules import holds_on, read_standard
from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "algorithms" / "settlement.md").read_text(encoding="utf-8")
RATES = read_standard().rates


@dataclass
class Worked:
    """One example as the page tells it. ``lines``: code → whole cents per performance and together."""

    title: str
    format: str
    values: dict[str, Value] = field(default_factory=dict)
    evenings: list[Evening] = field(default_factory=list)
    stated: list[tuple[int, ...]] = field(default_factory=list)
    lines: dict[str, tuple[int, ...]] = field(default_factory=dict)
    check: str = ""


def cents(text: str) -> int:
    sign = -1 if text.strip().startswith("−") else 1
    return sign * int(Decimal(text.strip().lstrip("−").replace(",", "")) * 100)


def value(kind: FieldKind, text: str) -> Value:
    if kind is FieldKind.MONEY:
        return cents(text)
    if kind is FieldKind.PERCENT:
        return Decimal(text.removesuffix(" %"))
    if kind is FieldKind.YES_NO:
        return {"yes": True, "no": False}[text]
    if kind is FieldKind.PRICES:
        return tuple(cents(part) for part in text.split(" · "))
    if kind is FieldKind.TRANCHES:
        return tuple(tranche(part) for part in text.split(" · "))
    return text.strip("`")


def tranche(text: str) -> Tranche:
    limit, percentage = text.removesuffix(" %").split(": ")
    return Tranche(None if limit == "above that" else cents(limit.removeprefix("up to ")), Decimal(percentage))


def rate(code: str, day: date) -> Fraction:
    return Fraction(holds_on(RATES, code, day).value)


def read(part: str) -> Worked:
    title, _, rest = part.partition("\n")
    found = Worked(title.strip(), re.search(r"^Format: `(\w+)`$", rest, re.M)[1])
    tables = re.findall(r"((?:^\|.*\n)+)", rest, re.M)
    rows = [[[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]] for table in tables]
    for _, code, text in rows[0]:
        name = code.strip("`")
        found.values[name] = value(field_of(found.format, name).kind, text)
    for number, day, tickets, total, recette, stated_rate in rows[1]:
        on = date(*(int(each) for each in reversed(day.split("-"))))
        ranks = tuple(int(each) for each in tickets.split(" · "))
        assert sum(ranks) == int(total)
        low = rate("vat_low", on)
        assert low == Fraction(int(stated_rate.removesuffix(" %")), 100), "the rate of the standard on that day"
        found.stated.append(ranks)
        found.evenings.append(Evening(int(number), int(total), cents(recette), low, rate("vat_high", on), on=on))
    for _, code, *amounts in rows[2]:
        found.lines[code.strip("`")] = tuple(cents(amount) for amount in amounts[:-1])
    found.check = re.search(r"^Check: .*$", rest, re.M)[0]
    return found


WORKED = [read(part) for part in TEXT.split("\n## Worked settlements\n")[1].split("\n### ")[1:]]


def test_every_format_and_every_real_sample_is_worked():
    assert {one.format for one in WORKED} == {"partage", "volume", "buyout", "suppletion", "rent"}
    assert [one.title[:8] for one in WORKED if one.title.startswith("Sample")] == ["Sample 1", "Sample 2", "Sample 3", "Sample 4"]


@pytest.mark.parametrize("worked", WORKED, ids=lambda one: one.title)
def test_the_calculator_gives_what_the_page_says(worked):
    statement = settle(worked.format, completed(worked.format, worked.values), worked.evenings)
    several = len(worked.evenings) > 1
    given = {line.code: ((*line.evenings, line.cents) if several else (line.cents,)) for line in statement}
    assert given == worked.lines
    assert list(given) == list(worked.lines), "in the order of the statement"
    assert residual(statement) == 0


@pytest.mark.parametrize("worked", WORKED, ids=lambda one: one.title)
def test_the_pages_own_sums_are_right(worked):
    """Terms that are in order, a recette that is tickets times prices, and a check that adds up."""
    assert check_terms(worked.format, completed(worked.format, worked.values)) == []
    prices = worked.values["entrance_prices"]
    for evening, ranks in zip(worked.evenings, worked.stated, strict=True):
        assert evening.recette_cents == sum(tickets * price for tickets, price in zip(ranks, prices, strict=True))
    parts, _, gross = worked.check.removeprefix("Check: ").rstrip(".").partition(" = gross ")
    assert sum(cents(part.rpartition(" ")[2]) for part in parts.split(" + ")) == cents(gross) == worked.lines["gross"][-1]


def test_the_picture():
    """Provider 15,260.00 and theatre 2,856.00, as it is drawn."""
    lines = WORKED[0].lines
    assert (lines["provider_total"][-1], lines["theatre_total"][-1]) == (1_526_000, 285_600)
    assert (lines["gross"][-1], lines["guarantee"][-1], lines["theatre_ex"][-1]) == (2_046_800, 189_120, 113_600)


def test_the_page_names_every_reading_and_its_default():
    from dip.contracts.rules.formats import formats
    from dip.contracts.rules.values import fields_of

    table = TEXT.split("\n## Readings")[1].split("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.M))
    readings = {one.code: one for form in formats() for one in fields_of(form.code) if one.is_reading}
    assert set(rows) == {*readings, "royalties_add_part"}
    for code, reading in readings.items():
        first = re.match(r"`(\w+)`", rows[code])[1]
        assert first == (reading.default[0] if isinstance(reading.default, tuple) else reading.default)
        for choice in reading.choices:
            assert f"`{choice.code}`" in rows[code]
