"""What an invoice of a settlement consists of, before it is written as UBL. All amounts in whole cents, in euros."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from dip.contracts.terms.fields import Texts


class VatRegime(StrEnum):
    """How a party stands to VAT."""

    NORMAL = "normal"
    SMALL = "small"
    """Exempt by the scheme for small businesses (KOR)."""
    FOREIGN = "foreign"
    """Established abroad: the buyer accounts for the VAT (reverse charge)."""
    OUTSIDE = "outside"
    """Not a taxable person: no VAT number."""


class VatCategory(StrEnum):
    """UNCL 5305, as far as settlements need it."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE = "AE"
    OUTSIDE = "O"


class InvoiceKind(StrEnum):
    """UNCL 1001: what the document is."""

    INVOICE = "380"
    CREDIT = "381"
    SELF_BILLED = "389"
    SELF_BILLED_CREDIT = "261"

    @property
    def is_credit(self) -> bool:
        """Takes an earlier invoice back."""
        return self in {InvoiceKind.CREDIT, InvoiceKind.SELF_BILLED_CREDIT}

    @property
    def is_self_billed(self) -> bool:
        """Made by the buyer, in the seller's name."""
        return self in {InvoiceKind.SELF_BILLED, InvoiceKind.SELF_BILLED_CREDIT}

    @property
    def credit(self) -> "InvoiceKind":
        """The kind that takes this one back."""
        return InvoiceKind.SELF_BILLED_CREDIT if self.is_self_billed else InvoiceKind.CREDIT


class Owner(StrEnum):
    """Who can mend what a rule finds."""

    SELLER = "seller"
    BUYER = "buyer"
    AGREEMENT = "agreement"
    """The terms, or the settlement that follows from them."""
    PLATFORM = "platform"
    """Nobody but us: what we write ourselves."""


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What an invoice says of a party. Empty text where nothing is known."""

    legal_name: str = ""
    trading_name: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "NL"
    kvk: str = ""
    oin: str = ""
    vat_number: str = ""
    iban: str = ""
    bic: str = ""
    email: str = ""
    peppol_id: str = ""
    """Scheme and value: ``0106:12345678``."""
    regime: VatRegime = VatRegime.NORMAL
    payment_terms: str = ""
    buyer_reference: str = ""
    """What this party wants to read on invoices it gets."""


@dataclass(frozen=True, slots=True)
class PartyFinding:
    """One problem in the details of a party. ``code`` names the sentence, which belongs to the pages."""

    code: str
    field: str
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Preceding:
    """An earlier document that this one takes back or takes the place of."""

    number: str
    issue_date: date


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line: ``cents`` excluding VAT, below 0 when it lowers the document's total; ``rate`` of VAT, exact."""

    name: str
    description: str
    cents: int
    category: VatCategory
    rate: Fraction
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class VatRow:
    """The VAT of one category at one rate."""

    category: VatCategory
    rate: Fraction
    taxable_cents: int
    vat_cents: int
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceContent:
    """A whole document. The total is that of the lines and their VAT; ``prepaid_cents`` of it is settled already."""

    kind: InvoiceKind
    number: str
    issue_date: date
    due_date: date
    note: str
    terms: str
    buyer_reference: str
    agreement: str
    borderel: str
    seller: PartyFacts
    buyer: PartyFacts
    lines: tuple[InvoiceLine, ...]
    vat: tuple[VatRow, ...]
    prepaid_cents: int = 0
    rounding_cents: int = 0
    """What the settlement charges more than the lines with their VAT per rate: an odd cent where several items have one rate."""
    preceding: tuple[Preceding, ...] = ()

    @property
    def net_cents(self) -> int:
        """Sum of the lines."""
        return sum(line.cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        """Sum of the VAT."""
        return sum(row.vat_cents for row in self.vat)

    @property
    def total_cents(self) -> int:
        """Including VAT."""
        return self.net_cents + self.vat_cents

    @property
    def due_cents(self) -> int:
        """What is still to be paid."""
        return self.total_cents - self.prepaid_cents + self.rounding_cents


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A rule of the standard that a document does not follow: which, what to do, and who can do it."""

    code: str
    says: Texts
    owner: Owner
    is_warning: bool = False
