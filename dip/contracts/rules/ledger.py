"""The ledger that the steps of a settlement write in: lines with an amount per performance."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import add, sub

from dip.contracts.terms.fields import Tranche, Value, Values
from dip.contracts.terms.statement import Evening, InvoiceItem, Party, Sign, StatementLine, SurchargeCode

Amounts = tuple[int, ...]
"""Whole cents per performance, in the order of the ledger's evenings."""


def plus(*rows: Sequence[int]) -> Amounts:
    """Sum per performance."""
    total = tuple(rows[0])
    for row in rows[1:]:
        total = tuple(map(add, total, row))
    return total


def minus(row: Sequence[int], *others: Sequence[int]) -> Amounts:
    """What is left per performance."""
    left = tuple(row)
    for other in others:
        left = tuple(map(sub, left, other))
    return left


_SURCHARGES = tuple((code, f"{code}_surcharge") for code in SurchargeCode)


class Ledger:
    """The terms, the evenings by ascending number, and the lines so far. A step reads lines by code and adds its own.

    ``of``: how many performances the agreement counts, where the evenings are only some of them.
    """

    def __init__(self, values: Values, evenings: Iterable[Evening], of: int = 0) -> None:
        self.values = values
        self.evenings = tuple(sorted(evenings, key=lambda evening: evening.number))
        self.count = len(self.evenings)
        self.nothing: Amounts = (0,) * self.count
        self.of = max(of, self.count)
        #: The surcharges that the terms have, with their cents a ticket: a line for each, even while nothing is sold.
        self.asked = [(code, cents) for code, name in _SURCHARGES if (cents := _int(values.get(name)))]
        self.lines: list[StatementLine] = []
        self.items: list[InvoiceItem] = []
        self.issuer = Party.PROVIDER
        self.payable_cents = 0
        self.is_shared_whole = False
        """Whether the net was shared over all performances together."""
        self._amounts: dict[str, Amounts] = {}

    def add(
        self,
        code: str,
        step: str,
        amounts: Amounts,
        *,
        sign: Sign = Sign.NONE,
        party: Party | None = None,
        rate: Fraction | None = None,
        base: Amounts | None = None,
        details: Mapping[str, object] | None = None,
        bites: bool = False,
    ) -> None:
        """Write a line. Each code once."""
        if code in self._amounts:
            raise ValueError(f"{code} stands in the ledger already")
        self._amounts[code] = amounts
        based = None if base is None else sum(base)
        self.lines.append(StatementLine(code, step, sum(amounts), amounts, sign, party, rate, based, details or {}, bites))

    def add_hidden(self, code: str, amounts: Amounts) -> None:
        """Keep amounts for later steps that no line shows by themselves."""
        self._amounts[code] = amounts

    def amounts(self, code: str) -> Amounts:
        """Per performance, of a line; 0 where there is no such line."""
        return self._amounts.get(code, self.nothing)

    def total(self, code: str) -> int:
        """Sum of a line over all performances."""
        return sum(self.amounts(code))

    def money(self, code: str) -> int:
        """A term in whole cents; 0 when it is not filled."""
        return _int(self.values.get(code))

    def percentage(self, code: str) -> Decimal:
        """A term in percent; 0 when it is not filled."""
        value = self.values.get(code)
        return value if isinstance(value, Decimal) else Decimal(0)

    def holds(self, code: str) -> bool:
        """A term of yes or no; not filled is no."""
        return bool(self.values.get(code))

    def choice(self, code: str) -> str:
        """The code chosen for a term; empty when it is not filled."""
        value = self.values.get(code)
        return value if isinstance(value, str) else ""

    def codes(self, code: str) -> tuple[str, ...]:
        """The codes ticked for a term."""
        value = self.values.get(code)
        return tuple(str(item) for item in value) if isinstance(value, tuple) else ()

    def tranches(self, code: str) -> tuple[Tranche, ...]:
        """The tranches of a term, lowest first."""
        value = self.values.get(code)
        return tuple(item for item in value if isinstance(item, Tranche)) if isinstance(value, tuple) else ()


def _int(value: Value) -> int:
    return value if isinstance(value, int) else 0
