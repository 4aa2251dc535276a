"""EN 16931: the totals are there, add up, and have two decimals at most."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.paper import SUBTOTALS, TOTALS, Node, Paper, Rule

CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """To whole cents, half away from zero."""
    return value.quantize(CENT, ROUND_HALF_UP)


def has_total(name: str) -> Callable[[Paper], bool]:
    """A rule that a total of the document is there."""
    return lambda paper: paper.text(f"{TOTALS}/cbc:{name}") != ""


def lines_add_up(paper: Paper) -> bool:
    """The sum of the lines is what the totals say."""
    total = sum((paper.number("cbc:LineExtensionAmount", line) for line in paper.lines), Decimal(0))
    return paper.number(f"{TOTALS}/cbc:LineExtensionAmount") == total


def net_is_lines(paper: Paper) -> bool:
    """Without VAT: the lines, less allowances, plus charges of the whole document."""
    wanted = (
        paper.number(f"{TOTALS}/cbc:LineExtensionAmount")
        - paper.number(f"{TOTALS}/cbc:AllowanceTotalAmount")
        + paper.number(f"{TOTALS}/cbc:ChargeTotalAmount")
    )
    return paper.number(f"{TOTALS}/cbc:TaxExclusiveAmount") == wanted


def vat_is_its_rows(paper: Paper) -> bool:
    """The VAT is the sum of its breakdown."""
    rows = sum((paper.number("cbc:TaxAmount", row) for row in paper.all(SUBTOTALS)), Decimal(0))
    return not paper.has(SUBTOTALS) or paper.number("cac:TaxTotal/cbc:TaxAmount") == rows


def gross_is_net_and_vat(paper: Paper) -> bool:
    """With VAT: without it, plus the VAT."""
    wanted = paper.number(f"{TOTALS}/cbc:TaxExclusiveAmount") + paper.number("cac:TaxTotal/cbc:TaxAmount")
    return paper.number(f"{TOTALS}/cbc:TaxInclusiveAmount") == wanted


def due_is_what_is_left(paper: Paper) -> bool:
    """To pay: the total with VAT, less what was paid, plus rounding."""
    wanted = (
        paper.number(f"{TOTALS}/cbc:TaxInclusiveAmount")
        - paper.number(f"{TOTALS}/cbc:PrepaidAmount")
        + paper.number(f"{TOTALS}/cbc:PayableRoundingAmount")
    )
    return paper.number(f"{TOTALS}/cbc:PayableAmount") == wanted


def each_vat_is_its_rate(paper: Paper) -> bool:
    """The VAT of a row is its rate of its amount, to the cent."""
    return all(is_rate_of(paper, row) for row in paper.all(SUBTOTALS))


def is_rate_of(paper: Paper, row: Node) -> bool:
    """Whether one row's VAT is its rate of its amount."""
    rate = paper.number("cac:TaxCategory/cbc:Percent", row)
    return paper.number("cbc:TaxAmount", row) == rounded(paper.number("cbc:TaxableAmount", row) * rate / 100)


def each_row(path: str) -> Callable[[Paper], bool]:
    """A rule that every row of the breakdown has text at a path."""
    return lambda paper: all(paper.text(path, row) for row in paper.all(SUBTOTALS))


def each_row_has_rate(paper: Paper) -> bool:
    """Every row has a rate, unless it is not subject to VAT."""
    rows = [row for row in paper.all(SUBTOTALS) if paper.text("cac:TaxCategory/cbc:ID", row) != "O"]
    return all(paper.text("cac:TaxCategory/cbc:Percent", row) for row in rows)


def two_decimals(path: str, of_lines: bool = False) -> Callable[[Paper], bool]:
    """A rule that amounts at a path have at most two decimals."""

    def holds(paper: Paper) -> bool:
        where: Iterable[Node] = paper.lines if of_lines else [paper.root]
        found = [(node.text or "").strip() for one in where for node in paper.all(path, one)]
        return all(len(text.partition(".")[2]) <= 2 for text in found)

    return holds


def _decimals(code: str, path: str, nl: str, en: str, fr: str, of_lines: bool = False) -> Rule:
    says = texts(f"{nl} heeft meer dan twee decimalen.", f"{en} has more than two decimals.", f"{fr} a plus de deux décimales.")
    return Rule(code, two_decimals(path, of_lines), says)


RULES = (
    Rule("BR-12", has_total("LineExtensionAmount"), texts("De som van de regels ontbreekt.", "The sum of the lines is missing.", "La somme des lignes manque.")),
    Rule("BR-13", has_total("TaxExclusiveAmount"), texts("Het totaal zonder btw ontbreekt.", "The total without VAT is missing.", "Le total hors TVA manque.")),
    Rule("BR-14", has_total("TaxInclusiveAmount"), texts("Het totaal met btw ontbreekt.", "The total with VAT is missing.", "Le total TVA comprise manque.")),
    Rule("BR-15", has_total("PayableAmount"), texts("Het te betalen bedrag ontbreekt.", "The amount to pay is missing.", "Le montant à payer manque.")),
    Rule("BR-45", each_row("cbc:TaxableAmount"), texts("Een regel van de btw heeft geen grondslag.", "A row of the VAT has no taxable amount.", "Une ligne de TVA n’a pas de base.")),
    Rule("BR-46", each_row("cbc:TaxAmount"), texts("Een regel van de btw heeft geen bedrag.", "A row of the VAT has no amount.", "Une ligne de TVA n’a pas de montant.")),
    Rule("BR-47", each_row("cac:TaxCategory/cbc:ID"), texts("Een regel van de btw heeft geen categorie.", "A row of the VAT has no category.", "Une ligne de TVA n’a pas de catégorie.")),
    Rule("BR-48", each_row_has_rate, texts("Een regel van de btw heeft geen tarief.", "A row of the VAT has no rate.", "Une ligne de TVA n’a pas de taux.")),
    Rule("BR-CO-10", lines_add_up, texts("De regels tellen niet op tot hun som.", "The lines do not add up to their sum.", "Les lignes ne donnent pas leur somme.")),
    Rule("BR-CO-13", net_is_lines, texts("Het totaal zonder btw is niet de som van de regels.", "The total without VAT is not the sum of the lines.", "Le total hors TVA n’est pas la somme des lignes.")),
    Rule("BR-CO-14", vat_is_its_rows, texts("De btw is niet de som van haar regels.", "The VAT is not the sum of its rows.", "La TVA n’est pas la somme de ses lignes.")),
    Rule("BR-CO-15", gross_is_net_and_vat, texts("Het totaal met btw is niet het totaal zonder plus de btw.", "The total with VAT is not the total without it plus the VAT.", "Le total TVA comprise n’est pas le total hors TVA plus la TVA.")),
    Rule("BR-CO-16", due_is_what_is_left, texts("Het te betalen bedrag is niet het totaal min wat al verrekend is.", "The amount to pay is not the total less what is settled already.", "Le montant à payer n’est pas le total moins ce qui est déjà réglé.")),
    Rule("BR-CO-17", each_vat_is_its_rate, texts("De btw van een tarief is niet dat tarief van de grondslag, op de cent.", "The VAT of a rate is not that rate of its taxable amount, to the cent.", "La TVA d’un taux n’est pas ce taux de sa base, au centime.")),
    Rule("BR-CO-18", lambda paper: paper.has(SUBTOTALS), texts("De uitsplitsing van de btw ontbreekt.", "The breakdown of the VAT is missing.", "Le détail de la TVA manque.")),
    _decimals("BR-DEC-09", f"{TOTALS}/cbc:LineExtensionAmount", "De som van de regels", "The sum of the lines", "La somme des lignes"),
    _decimals("BR-DEC-12", f"{TOTALS}/cbc:TaxExclusiveAmount", "Het totaal zonder btw", "The total without VAT", "Le total hors TVA"),
    _decimals("BR-DEC-13", "cac:TaxTotal/cbc:TaxAmount", "De btw", "The VAT", "La TVA"),
    _decimals("BR-DEC-14", f"{TOTALS}/cbc:TaxInclusiveAmount", "Het totaal met btw", "The total with VAT", "Le total TVA comprise"),
    _decimals("BR-DEC-16", f"{TOTALS}/cbc:PrepaidAmount", "Het verrekende bedrag", "The settled amount", "Le montant réglé"),
    _decimals("BR-DEC-17", f"{TOTALS}/cbc:PayableRoundingAmount", "De afronding", "The rounding", "L’arrondi"),
    _decimals("BR-DEC-18", f"{TOTALS}/cbc:PayableAmount", "Het te betalen bedrag", "The amount to pay", "Le montant à payer"),
    _decimals("BR-DEC-19", f"{SUBTOTALS}/cbc:TaxableAmount", "De grondslag van een tarief", "The taxable amount of a rate", "La base d’un taux"),
    _decimals("BR-DEC-20", f"{SUBTOTALS}/cbc:TaxAmount", "De btw van een tarief", "The VAT of a rate", "La TVA d’un taux"),
    _decimals("BR-DEC-23", "cbc:LineExtensionAmount", "Het bedrag van een regel", "The amount of a line", "Le montant d’une ligne", of_lines=True),
)  # fmt: skip
