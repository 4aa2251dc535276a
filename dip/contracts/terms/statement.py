"""What goes into a settlement, and the statement that comes out. All amounts in whole cents."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction


class Party(StrEnum):
    """Whom an amount goes to."""

    PROVIDER = "provider"
    THEATRE = "theatre"
    RIGHTS = "rights"
    """The body that collects author's rights."""
    TAX = "tax"


class Sign(StrEnum):
    """How a line stands in the arithmetic."""

    PLUS = "+"
    MINUS = "−"
    SUM = "="
    NONE = ""


class SurchargeCode(StrEnum):
    """What comes on top of a ticket, per paid ticket, incl. VAT; always the theatre's."""

    THEATRE = "theatre"
    CONSUMPTION = "consumption"
    SERVICE = "service"
    WARDROBE = "wardrobe"


@dataclass(frozen=True, slots=True)
class Evening:
    """What one performance brought, or may bring. ``recette_cents`` as ticketing systems push it: incl. VAT, incl. those surcharges
    that the agreement says are in it (as a rule the theatre's alone)."""

    number: int
    tickets: int
    """Paid tickets; no free ones."""
    recette_cents: int
    vat_rate: Fraction
    """On tickets, on the day of the performance: Fraction(9, 100)."""
    high_vat_rate: Fraction = Fraction(21, 100)
    free_tickets: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line: an amount, what it is of, and to whom it goes. ``evenings``: its part per performance, in the statement's order; they
    sum to ``cents``. ``definition`` is the code of the metric that says what it is."""

    code: str
    step: str
    cents: int
    evenings: tuple[int, ...]
    sign: Sign = Sign.NONE
    party: Party | None = None
    rate: Fraction | None = None
    base_cents: int | None = None
    """What the rate was taken of."""
    details: Mapping[str, object] = field(default_factory=dict)
    bites: bool = False
    """The rule that makes the difference: a guarantee or supplement that works."""

    @property
    def definition(self) -> str:
        """Code of its metric in the standard."""
        return f"settlement_{self.code}"


@dataclass(frozen=True, slots=True)
class InvoiceItem:
    """One item that a party charges the other: cents ex VAT, and the rate of VAT on it."""

    code: str
    cents: int
    vat_rate: Fraction
    vat_cents: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A settlement: lines in the order of the arithmetic. ``numbers``: the performances, ascending."""

    numbers: tuple[int, ...]
    tickets: int
    free_tickets: int
    lines: tuple[StatementLine, ...]
    issuer: Party
    """Who invoices the other: the provider, except for rent."""
    items: tuple[InvoiceItem, ...]
    payable_cents: int
    """What the theatre, which holds the recette, owes the provider, incl. VAT; negative when the provider owes."""

    def __iter__(self) -> Iterator[StatementLine]:
        return iter(self.lines)

    def line(self, code: str) -> StatementLine | None:
        """The line of that code, None when the agreement has no such line."""
        return next((line for line in self.lines if line.code == code), None)

    def cents(self, code: str) -> int:
        """Amount of a line; 0 when it is not there."""
        found = self.line(code)
        return found.cents if found else 0

    def evening(self, number: int, code: str) -> int:
        """Amount of a line for one performance; 0 when it is not there."""
        found = self.line(code)
        return found.evenings[self.numbers.index(number)] if found else 0
