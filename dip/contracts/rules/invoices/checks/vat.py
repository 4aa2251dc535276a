"""EN 16931: the rules of each VAT category that a settlement can have: S, Z, E, AE and O."""

from collections.abc import Callable

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.checks.totals import is_rate_of
from dip.contracts.rules.invoices.paper import BUYER, SELLER, SUBTOTALS, VAT_NUMBER, Paper, Rule
from dip.contracts.terms.fields import Texts
from dip.contracts.terms.invoices import Owner, VatCategory

Holds = Callable[[Paper], bool]
_OWN = {
    VatCategory.STANDARD: ("S", texts("met tarief", "at a rate", "à un taux")),
    VatCategory.ZERO: ("Z", texts("nultarief", "zero rate", "taux zéro")),
    VatCategory.EXEMPT: ("E", texts("vrijgesteld", "exempt", "exonéré")),
    VatCategory.REVERSE: ("AE", texts("btw verlegd", "reverse charge", "autoliquidation")),
    VatCategory.OUTSIDE: ("O", texts("niet onderworpen", "not subject to VAT", "hors champ")),
}


def uses(paper: Paper, category: str) -> bool:
    """Whether a line has the category."""
    return any(paper.text("cbc:ID", node) == category for node in paper.categories())


def rows_match_lines(category: str) -> Holds:
    """A rule: rows of the category when a line has it, and only then; exactly one, but for rates above 0."""

    def holds(paper: Paper) -> bool:
        count = len(paper.subtotals(category))
        if not uses(paper, category):
            return count == 0
        return count >= 1 if category == VatCategory.STANDARD else count == 1

    return holds


def seller_has_number(category: str) -> Holds:
    """A rule: who uses the category has a VAT number."""
    return lambda paper: not uses(paper, category) or paper.text(f"{SELLER}/{VAT_NUMBER}") != ""


def both_have_number(paper: Paper) -> bool:
    """Reverse charge: the seller's VAT number, and the buyer's VAT number or registration."""
    if not uses(paper, VatCategory.REVERSE):
        return True
    buyer = paper.text(f"{BUYER}/{VAT_NUMBER}") or paper.text(f"{BUYER}/cac:PartyLegalEntity/cbc:CompanyID")
    return paper.text(f"{SELLER}/{VAT_NUMBER}") != "" and buyer != ""


def nobody_has_number(paper: Paper) -> bool:
    """Not subject to VAT: no VAT number of either party."""
    named = paper.text(f"{SELLER}/{VAT_NUMBER}") or paper.text(f"{BUYER}/{VAT_NUMBER}")
    return not uses(paper, VatCategory.OUTSIDE) or not named


def lines_have_rate(category: str) -> Holds:
    """A rule: the rate of its lines is above 0 (S), absent (O) or 0."""

    def holds(paper: Paper) -> bool:
        nodes = [node for node in paper.categories() if paper.text("cbc:ID", node) == category]
        if category == VatCategory.STANDARD:
            return all(paper.number("cbc:Percent", node) > 0 for node in nodes)
        if category == VatCategory.OUTSIDE:
            return not any(paper.has("cbc:Percent", node) for node in nodes)
        return all(paper.has("cbc:Percent", node) and paper.number("cbc:Percent", node) == 0 for node in nodes)

    return holds


def taxable_is_lines(category: str) -> Holds:
    """A rule: the taxable amount is the sum of the category's lines; for rates above 0 at each rate."""

    def holds(paper: Paper) -> bool:
        by_rate = category == VatCategory.STANDARD
        return all(
            paper.number("cbc:TaxableAmount", row)
            == paper.line_sum(category, paper.number("cac:TaxCategory/cbc:Percent", row) if by_rate else None)
            for row in paper.subtotals(category)
        )

    return holds


def vat_is_right(category: str) -> Holds:
    """A rule: the VAT is the rate of the amount, and 0 where there is no rate."""

    def holds(paper: Paper) -> bool:
        rows = paper.subtotals(category)
        if category == VatCategory.STANDARD:
            return all(is_rate_of(paper, row) for row in rows)
        return all(paper.number("cbc:TaxAmount", row) == 0 for row in rows)

    return holds


def reason_is_right(category: str) -> Holds:
    """A rule: a reason where no VAT is charged, and none at a rate, zero included."""
    is_wanted = category not in {VatCategory.STANDARD, VatCategory.ZERO}

    def holds(paper: Paper) -> bool:
        names = ("cac:TaxCategory/cbc:TaxExemptionReason", "cac:TaxCategory/cbc:TaxExemptionReasonCode")
        return all(any(paper.text(name, row) for name in names) == is_wanted for row in paper.subtotals(category))

    return holds


def stands_alone(paper: Paper) -> bool:
    """Not subject to VAT: no other rows beside it."""
    rows = [paper.text("cac:TaxCategory/cbc:ID", row) for row in paper.all(SUBTOTALS)]
    return VatCategory.OUTSIDE not in rows or len(set(rows)) == 1


def lines_stand_alone(paper: Paper) -> bool:
    """Not subject to VAT: no lines of another category."""
    if not paper.subtotals(VatCategory.OUTSIDE):
        return True
    return all(paper.text("cbc:ID", node) == VatCategory.OUTSIDE for node in paper.categories())


def _said(name: Texts, nl: str, en: str, fr: str) -> Texts:
    return texts(f"Btw “{name['nl']}”: {nl}", f"VAT “{name['en']}”: {en}", f"TVA « {name['fr']} » : {fr}")


def _numbers(category: VatCategory, name: Texts) -> Rule:
    code = f"BR-{_OWN[category][0]}-02"
    if category is VatCategory.OUTSIDE:
        says = _said(name, "een partij noemt een btw-nummer.", "a party names a VAT number.", "une partie nomme un numéro de TVA.")
        return Rule(code, nobody_has_number, says)
    if category is VatCategory.REVERSE:
        says = _said(
            name,
            "het btw-nummer van de verkoper of de koper ontbreekt.",
            "the VAT number of the seller or the buyer is missing.",
            "le numéro de TVA du vendeur ou de l’acheteur manque.",
        )
        return Rule(code, both_have_number, says, Owner.SELLER)
    says = _said(
        name,
        "het btw-nummer van de verkoper ontbreekt.",
        "the VAT number of the seller is missing.",
        "le numéro de TVA du vendeur manque.",
    )
    return Rule(code, seller_has_number(category), says, Owner.SELLER)


def _rules_of(category: VatCategory) -> list[Rule]:
    code, name = _OWN[category]
    return [
        Rule(f"BR-{code}-01", rows_match_lines(category), _said(name, "de uitsplitsing past niet bij de regels.", "the breakdown does not fit the lines.", "le détail ne correspond pas aux lignes.")),
        _numbers(category, name),
        Rule(f"BR-{code}-05", lines_have_rate(category), _said(name, "het tarief van een regel past er niet bij.", "the rate of a line does not fit it.", "le taux d’une ligne n’y convient pas.")),
        Rule(f"BR-{code}-08", taxable_is_lines(category), _said(name, "de grondslag is niet de som van de regels.", "the taxable amount is not the sum of the lines.", "la base n’est pas la somme des lignes.")),
        Rule(f"BR-{code}-09", vat_is_right(category), _said(name, "de btw klopt niet met het tarief.", "the VAT does not follow from the rate.", "la TVA ne découle pas du taux.")),
        Rule(f"BR-{code}-10", reason_is_right(category), _said(name, "de reden van geen btw ontbreekt, of staat er ten onrechte.", "the reason for no VAT is missing, or stands there wrongly.", "le motif d’absence de TVA manque, ou figure à tort.")),
    ]  # fmt: skip


RULES = (
    *(rule for category in VatCategory for rule in _rules_of(category)),
    Rule("BR-O-11", stands_alone, texts("Btw “niet onderworpen” staat naast een andere categorie.", "VAT “not subject” stands beside another category.", "TVA « hors champ » figure à côté d’une autre catégorie.")),
    Rule("BR-O-12", lines_stand_alone, texts("Btw “niet onderworpen” staat naast regels van een andere categorie.", "VAT “not subject” stands beside lines of another category.", "TVA « hors champ » figure à côté de lignes d’une autre catégorie.")),
)  # fmt: skip
