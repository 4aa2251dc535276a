"""EN 16931: codes come from their lists."""

import re
from collections.abc import Callable, Iterable

from dip.contracts.rules.fields import texts
from dip.contracts.rules.invoices.identifiers import listed
from dip.contracts.rules.invoices.paper import Paper, Rule
from dip.contracts.terms.invoices import Owner

#: UNCL 1001 that EN 16931 allows and that a settlement can be.
INVOICE_TYPES, CREDIT_TYPES = frozenset({"380", "389"}), frozenset({"381", "261"})
#: UNCL 4461, as EN 16931 allows it, for transfers, cards, debits and set-offs.
MEANS = frozenset({"10", "20", "30", "42", "48", "49", "54", "55", "57", "58", "59", "97", "ZZZ"})
CATEGORIES = frozenset({"S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"})
#: Rec 20 units that lines of settlements are counted in: one, piece, performance by day.
UNITS = frozenset({"C62", "H87", "DAY", "EA"})
#: Electronic address schemes of the parties that can meet here, and the general ones.
ADDRESS_SCHEMES = listed(
    "0002 0007 0009 0060 0088 0096 0097 0106 0130 0135 0142 0151 0183 0184 0188 0190 0191 0192 0195 0196 0198 0199 "
    "0200 0201 0204 0208 0209 0210 0211 0216 0218 0221 0225 0230 0235 0240 9910 9913 9914 9915 9918 9919 9920 9922 "
    "9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 "
    "9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959"
)
COUNTRIES = listed(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW 1A XI"
)
_AMOUNTS = (
    "cbc:Amount", "cbc:PriceAmount", "cbc:TaxAmount", "cbc:TaxableAmount", "cbc:LineExtensionAmount", "cbc:TaxExclusiveAmount",
    "cbc:TaxInclusiveAmount", "cbc:PrepaidAmount", "cbc:PayableRoundingAmount", "cbc:PayableAmount",
)  # fmt: skip


def amounts(paper: Paper) -> Iterable[str | None]:
    """The currency of every amount."""
    return (node.get("currencyID") for node in paper.named(*_AMOUNTS))


def type_is_listed(paper: Paper) -> bool:
    """The kind fits the document."""
    return not paper.type_code or paper.type_code in (CREDIT_TYPES if paper.is_credit else INVOICE_TYPES)


def texts_are_in(allowed: frozenset[str], *paths: str) -> Callable[[Paper], bool]:
    """A rule that the text of the elements at paths is in a list."""
    return lambda paper: all((node.text or "").strip() in allowed for path in paths for node in paper.all(path))


def registers_are_listed(paper: Paper) -> bool:
    """The register of a legal entity is a code of four digits (ISO 6523)."""
    nodes = paper.all(".//cac:PartyLegalEntity/cbc:CompanyID")
    return all(re.fullmatch(r"\d{4}", node.get("schemeID", "0000")) for node in nodes)


def reasons_are_listed(paper: Paper) -> bool:
    """A reason's code is one of VATEX."""
    return all((node.text or "").startswith("VATEX-") for node in paper.named("cbc:TaxExemptionReasonCode"))


def units_are_listed(paper: Paper) -> bool:
    """Units come from the list."""
    nodes = paper.named("cbc:InvoicedQuantity", "cbc:CreditedQuantity")
    return all(node.get("unitCode", "C62") in UNITS for node in nodes)


def addresses_are_listed(paper: Paper) -> bool:
    """Schemes of electronic addresses come from the list."""
    return all(node.get("schemeID", "0106") in ADDRESS_SCHEMES for node in paper.named("cbc:EndpointID"))


RULES = (
    Rule("BR-CL-01", type_is_listed, texts("De soort past niet bij het document.", "The kind does not fit the document.", "Le type ne convient pas au document.")),
    Rule("BR-CL-03", lambda paper: all(re.fullmatch("[A-Z]{3}", one or "") for one in amounts(paper)), texts("Een bedrag heeft geen valuta.", "An amount has no currency.", "Un montant n’a pas de devise.")),
    Rule("BR-CL-04", texts_are_in(frozenset({"EUR"}), "cbc:DocumentCurrencyCode"), texts("De valuta is niet de euro.", "The currency is not the euro.", "La devise n’est pas l’euro.")),
    Rule("BR-CL-11", registers_are_listed, texts("Het register van een partij is onbekend.", "The register of a party is unknown.", "Le registre d’une partie est inconnu.")),
    Rule("BR-CL-14", texts_are_in(COUNTRIES, ".//cac:Country/cbc:IdentificationCode"), texts("Een landcode bestaat niet.", "A country code does not exist.", "Un code de pays n’existe pas."), Owner.SELLER),
    Rule("BR-CL-16", texts_are_in(MEANS, "cac:PaymentMeans/cbc:PaymentMeansCode"), texts("De betaalwijze is onbekend.", "The means of payment is unknown.", "Le moyen de paiement est inconnu.")),
    Rule("BR-CL-17", texts_are_in(CATEGORIES, ".//cac:TaxSubtotal/cac:TaxCategory/cbc:ID"), texts("Een btw-categorie van de uitsplitsing is onbekend.", "A VAT category of the breakdown is unknown.", "Une catégorie de TVA du détail est inconnue.")),
    Rule("BR-CL-18", texts_are_in(CATEGORIES, ".//cac:ClassifiedTaxCategory/cbc:ID"), texts("Een btw-categorie van een regel is onbekend.", "A VAT category of a line is unknown.", "Une catégorie de TVA d’une ligne est inconnue.")),
    Rule("BR-CL-22", reasons_are_listed, texts("De code van een vrijstelling is onbekend.", "The code of an exemption is unknown.", "Le code d’une exonération est inconnu.")),
    Rule("BR-CL-23", units_are_listed, texts("Een eenheid is onbekend.", "A unit is unknown.", "Une unité est inconnue.")),
    Rule("BR-CL-25", addresses_are_listed, texts("Het schema van een elektronisch adres is onbekend.", "The scheme of an electronic address is unknown.", "Le schéma d’une adresse électronique est inconnu."), Owner.SELLER),
)  # fmt: skip
