"""A UBL document as rules read it: parsed again from its bytes, so that what is checked is what is sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.ubl import COMPONENTS, CREDIT_NOTE
from dip.contracts.terms.fields import Texts
from dip.contracts.terms.invoices import Owner, RuleFinding

Node = ElementTree.Element
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party"
TOTALS, SUBTOTALS = "cac:LegalMonetaryTotal", "cac:TaxTotal/cac:TaxSubtotal"
VAT_NUMBER = "cac:PartyTaxScheme/cbc:CompanyID"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that was parsed; paths are written with the prefixes ``cac`` and ``cbc``."""

    root: Node

    @classmethod
    def of(cls, document: bytes) -> "Paper":
        """Parse a document that the platform wrote. Raises ElementTree.ParseError when it is no XML."""
        return cls(ElementTree.fromstring(document))  # noqa: S314  # the platform's own bytes, never an upload

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.root.tag == f"{{{CREDIT_NOTE}}}CreditNote"

    @property
    def type_code(self) -> str:
        """What kind of document it says it is."""
        return self.text("cbc:CreditNoteTypeCode" if self.is_credit else "cbc:InvoiceTypeCode")

    @property
    def lines(self) -> list[Node]:
        """The lines of the invoice or the credit note."""
        return self.all("cac:CreditNoteLine" if self.is_credit else "cac:InvoiceLine")

    def all(self, path: str, under: Node | None = None) -> list[Node]:
        """Elements at a path, below the root or ``under`` an element."""
        return (self.root if under is None else under).findall(path, COMPONENTS)

    def has(self, path: str, under: Node | None = None) -> bool:
        """Whether there is such an element."""
        return bool(self.all(path, under))

    def text(self, path: str, under: Node | None = None) -> str:
        """Text of the first such element, trimmed; empty when there is none."""
        found = self.all(path, under)
        return (found[0].text or "").strip() if found else ""

    def number(self, path: str, under: Node | None = None) -> Decimal:
        """An amount; 0 when there is none or it is no number."""
        return decimal(self.text(path, under))

    def named(self, *names: str) -> Iterator[Node]:
        """Every element of these names, wherever it stands: ``cbc:ID``."""
        wanted = {_qualified(name) for name in names}
        return (node for node in self.root.iter() if node.tag in wanted)

    def country(self, party: str) -> str:
        """Country code of a party's address."""
        return self.text(f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode").upper()

    def categories(self) -> list[Node]:
        """The VAT categories of the lines."""
        return [node for line in self.lines for node in self.all("cac:Item/cac:ClassifiedTaxCategory", line)]

    def subtotals(self, category: str) -> list[Node]:
        """The rows of the VAT breakdown of one category."""
        return [row for row in self.all(SUBTOTALS) if self.text("cac:TaxCategory/cbc:ID", row) == category]

    def line_sum(self, category: str, percent: Decimal | None = None) -> Decimal:
        """What the lines of a category come to; of one rate when given."""
        total = Decimal(0)
        for line in self.lines:
            own = "cac:Item/cac:ClassifiedTaxCategory"
            same_rate = percent is None or self.number(f"{own}/cbc:Percent", line) == percent
            if self.text(f"{own}/cbc:ID", line) == category and same_rate:
                total += self.number("cbc:LineExtensionAmount", line)
        return total


def decimal(text: str) -> Decimal:
    """A number in a document; 0 when it is none."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return value if value.is_finite() else Decimal(0)


def _qualified(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{COMPONENTS[prefix]}}}{local}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the standard: its code there, whether a document follows it, and what to say when it does not."""

    code: str
    holds: Callable[[Paper], bool]
    says: Texts
    owner: Owner = Owner.PLATFORM
    is_warning: bool = False

    def finding(self) -> RuleFinding:
        """What is told of a document that does not follow the rule."""
        return RuleFinding(self.code, self.says, self.owner, self.is_warning)


#: What to do, by who can do it.
REMEDIES: dict[Owner, Texts] = {
    Owner.SELLER: texts(
        "Vul de gegevens van de verkoper aan.", "Complete the details of the seller.", "Complétez les données du vendeur."
    ),
    Owner.BUYER: texts(
        "Vul de gegevens van de koper aan.", "Complete the details of the buyer.", "Complétez les données de l’acheteur."
    ),
    Owner.AGREEMENT: texts(
        "Herzie de overeenkomst of heropen de borderel.",
        "Revise the agreement, or reopen the borderel.",
        "Révisez l’accord ou rouvrez le borderel.",
    ),
    Owner.PLATFORM: texts(
        "Dit schrijft het platform zelf: meld het aan het platform.",
        "The platform writes this itself: report it to the platform.",
        "La plateforme écrit ceci elle-même : signalez-le-lui.",
    ),
}
