"""A statement as a document prints it: rows of names, explanations and amounts, and the definitions that the rows cite."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from dip.contracts import wording
from dip.contracts.queries.papers.parts import Part, listing, note
from dip.contracts.terms.fields import Values
from dip.contracts.terms.statement import Party, Sign, Statement, StatementLine
from dip.definitions import queries as standard
from dip.definitions.terms import Definition
from dip.web import formats

#: Lines that a party's total stands in.
_TOTALS = {"provider_total", "theatre_total"}
MOST_COLUMNS = 6


def statement_part(
    statement: Statement, values: Values, columns: Sequence[str], *, total: str, provider: str, theatre: str, on: date
) -> Part:
    """All lines, the total first and then a column for each performance (``columns``: their heads; none when there is just one)."""
    heads = [_("Amounts in euros"), total, *(columns if 1 < len(columns) <= MOST_COLUMNS else [])]
    rows, step = [], ""
    names = {"share": _("Split"), "parties": _("{party} receives").format(party=provider)}
    names["totals"] = _("{party} keeps").format(party=theatre)
    for line in statement:
        if line.step != step and line.step in names:
            rows.append(_row("head", "", names[line.step], "", []))
        step = line.step
        rows.append(_line(line, values, len(heads) - 1, on))
    return {"kind": "statement", "heads": heads, "rows": rows}


def _line(line: StatementLine, values: Values, columns: int, on: date) -> Part:
    kind = "total" if line.code in _TOTALS else "hit" if line.bites else "sum" if line.sign is Sign.SUM else "line"
    sign = line.sign.value if line.sign in (Sign.PLUS, Sign.MINUS) else ""
    cents = [line.cents, *(line.evenings if columns > 1 else ())]
    return _row(kind, sign, definition_of(line.definition, on).name, explanation(line, values), [amount(one) for one in cents])


def _row(kind: str, sign: str, name: str, hint: str, amounts: list[str]) -> Part:
    return {"kind": kind, "sign": sign, "name": name, "hint": hint, "amounts": amounts}


def amount(cents: int) -> str:
    """Euros with cents and without a sign of the currency, which the head of the table names."""
    return formats.number(Decimal(cents) / 100, 2)


def definition_of(code: str, on: date) -> Definition:
    """The definition that held on a day; the first there was for a day before it."""
    language = formats.language_of()
    try:
        return standard.metric(code, language, on)
    except standard.UnknownCode:
        return standard.metric_versions(code, language)[-1]


def explanation(line: StatementLine, values: Values) -> str:
    """What an amount is of: a rate, a price per ticket, a guaranteed sum. Empty where the name says it all."""
    per_ticket, guaranteed = line.details.get("per_ticket_cents"), line.details.get("guaranteed_cents")
    if isinstance(per_ticket, int):
        return _("{price} a ticket").format(price=formats.money(per_ticket))
    if line.code == "royalties":
        return _royalties(line, values)
    if isinstance(guaranteed, int):
        return _lifted(line, guaranteed)
    if line.rate is None:
        return _("rate of each day") if line.code == "vat" else ""
    if line.code == "vat":
        inside = line.rate / (1 + line.rate)
        return f"{rate_text(line.rate)}, {inside.numerator}/{inside.denominator}"
    return rate_text(line.rate)


def _lifted(line: StatementLine, guaranteed: int) -> str:
    most = line.details.get("most_cents")
    if isinstance(most, int):
        return _("to {sum}, at most {most}").format(sum=formats.money(guaranteed), most=formats.money(most))
    if line.party is Party.THEATRE:
        return _("to {sum}, from the provider").format(sum=formats.money(guaranteed))
    return _("to {sum}, from the theatre").format(sum=formats.money(guaranteed))


def _royalties(line: StatementLine, values: Values) -> str:
    percentage = values.get("royalties_percentage")
    rate = wording.percentage_text(percentage)
    if values.get("royalties_add_part") and isinstance(percentage, Decimal):
        plain = format(percentage.normalize(), "f")
        rate = f"{plain}/{format((percentage + 100).normalize(), 'f')}"
    return _("{rate} of {amount}").format(rate=rate, amount=amount(line.base_cents or 0))


def rate_text(rate: Fraction) -> str:
    """A rate as a percentage: 9 %."""
    exact = Decimal(rate.numerator) * 100 / Decimal(rate.denominator)
    return wording.percentage_text(Decimal(format(round(exact, 4).normalize(), "f")))


def check_line(statement: Statement) -> Part:
    """The sum that adds back to gross."""
    parts = [
        (_("provider"), "provider_ex"),
        (_("theatre"), "theatre_ex"),
        (_("surcharges"), "theatre_surcharges"),
        (_("VAT"), "vat"),
        (_("royalties"), "royalties"),
    ]
    added = " + ".join(f"{name} {amount(statement.cents(code))}" for name, code in parts if statement.line(code))
    told = _("Check: {parts} = gross {gross}. Royalties go to the rights body, VAT to the tax office.")
    return note(told.format(parts=added, gross=amount(statement.cents("gross"))))


def definitions_part(statement: Statement, on: date) -> Part:
    """What each line is, as the standard defines it."""
    found = [definition_of(line.definition, on) for line in statement]
    rows = [(one.name, one.sentence, one.version_name) for one in found]
    return listing([_("Line"), _("What it is"), _("Version")], ["44mm", "1fr", "auto"], rows, is_fine=True)
