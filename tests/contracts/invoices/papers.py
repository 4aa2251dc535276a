"""Statements, parties and documents for tests of invoices. Every name and number is invented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.content import Bill, make_content
from dip.contracts.rules.invoices.ubl import COMPONENTS, written
from dip.contracts.terms.invoices import InvoiceContent, PartyFacts
from dip.contracts.terms.statement import InvoiceItem, Party, Statement

DAY = date(2027, 1, 21)
LOW, HIGH, NONE = Fraction(9, 100), Fraction(21, 100), Fraction(0)
GROUP = PartyFacts(
    legal_name="Stichting Toneelgroep Noordwal",
    trading_name="Toneelgroep Noordwal",
    street="Vissershaven 12",
    postcode="3512 AB",
    city="Utrecht",
    kvk="12345678",
    vat_number="NL000099998B57",
    iban="NL91ABNA0417164300",
    bic="ABNANL2A",
    email="administratie@noordwal.example",
)
HOUSE = PartyFacts(
    legal_name="Stichting Theater De Vlonder",
    street="Kadestraat 1",
    postcode="3811 AB",
    city="Amersfoort",
    kvk="87654321",
    vat_number="NL004495445B01",
    iban="NL02ABNA0123456789",
    email="facturen@vlonder.example",
)


def item(cents: int, rate: Fraction = LOW, code: str = "share") -> InvoiceItem:
    """An item with the VAT that follows from its rate."""
    vat = Fraction(abs(cents)) * rate
    whole = int(vat + Fraction(1, 2))
    return InvoiceItem(code, cents, rate, whole if cents >= 0 else -whole)


def statement(*items: InvoiceItem, issuer: Party = Party.PROVIDER, payable: int | None = None) -> Statement:
    """A settlement of which only what is invoiced matters."""
    charged = sum(one.cents + one.vat_cents for one in items)
    due = charged if issuer is Party.PROVIDER else -charged
    return Statement((1, 2), 688, 20, (), issuer, items, due if payable is None else payable)


def bill(*items: InvoiceItem, **over: object) -> Bill:
    """What there is to invoice: by default € 14.000 at 9 %."""
    issuer, payable = over.pop("issuer", Party.PROVIDER), over.pop("payable", None)
    values: dict[str, object] = {
        "statement": statement(*(items or (item(1_400_000),)), issuer=issuer, payable=payable),  # type: ignore[arg-type]
        "format_names": texts("Partage", "Partage", "Partage"),
        "vat_choice": "low",
        "title": "Zeven Dagen Vloed",
        "days": (date(2027, 1, 14), date(2027, 1, 15)),
        "agreement": "A26-01193",
        "borderel": "A26-01193-B1",
        "provider": GROUP,
        "theatre": HOUSE,
    }
    return Bill(**values | over)  # type: ignore[arg-type]


def content(*items: InvoiceItem, **over: object) -> InvoiceContent:
    """A whole invoice, in Dutch."""
    is_self_billed = bool(over.pop("is_self_billed", False))
    language = str(over.pop("language", "nl"))
    return make_content(bill(*items, **over), number="F2027-0001", issue_date=DAY, language=language, is_self_billed=is_self_billed)


def exempt(**over: object) -> InvoiceContent:
    """An invoice without VAT, as the terms say."""
    return content(item(1_400_000, NONE), vat_choice="exempt", **over)


Change = Callable[[ElementTree.Element], None]


def changed(document: bytes, *changes: Change) -> bytes:
    """The document after changes to its elements."""
    root = ElementTree.fromstring(document)
    for change in changes:
        change(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _parents(root: ElementTree.Element) -> dict[ElementTree.Element, ElementTree.Element]:
    return {child: parent for parent in root.iter() for child in parent}


def drop(path: str) -> Change:
    """Take every element at a path away."""

    def change(root: ElementTree.Element) -> None:
        found = root.findall(path, COMPONENTS)
        assert found, f"{path} is not in the document"
        parents = _parents(root)
        for node in found:
            parents[node].remove(node)

    return change


def put(path: str, text: str) -> Change:
    """Give every element at a path another text."""

    def change(root: ElementTree.Element) -> None:
        found = root.findall(path, COMPONENTS)
        assert found, f"{path} is not in the document"
        for node in found:
            node.text = text

    return change


def name(path: str, attribute: str, value: str | None) -> Change:
    """Give the first element at a path another attribute, or none."""

    def change(root: ElementTree.Element) -> None:
        node = root.find(path, COMPONENTS)
        assert node is not None, f"{path} is not in the document"
        if value is None:
            node.attrib.pop(attribute)
        else:
            node.set(attribute, value)

    return change


def add(path: str, snippet: str) -> Change:
    """Add elements at the end of the one at a path ("." is the root)."""

    def change(root: ElementTree.Element) -> None:
        where = root.find(path, COMPONENTS)
        assert where is not None, f"{path} is not in the document"
        spaces = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in COMPONENTS.items())
        where.extend(ElementTree.fromstring(f"<all {spaces}>{snippet}</all>"))

    return change


def paper_of(made: InvoiceContent) -> bytes:
    """As it is written."""
    return written(made)


def with_party(facts: PartyFacts, **over: object) -> PartyFacts:
    """The same party with other details."""
    return replace(facts, **over)  # type: ignore[arg-type]
