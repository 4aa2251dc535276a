"""The statement of an agreement as rows of a page: lines of several columns side by side, and what they add up to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.contracts.queries.agreement import AgreementPage
from dip.contracts.rules.steps import residual
from dip.contracts.terms.columns import Basis, Column
from dip.contracts.terms.statement import Sign, Statement, StatementLine
from dip.definitions.queries import UnknownCode, metric
from dip.kernel.clock import local
from dip.web import formats

_TOTALS = ("provider_total", "theatre_total")
_CSS = {Sign.MINUS: "less", Sign.PLUS: "plus", Sign.SUM: "sum", Sign.NONE: ""}


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its name, what it is calculated from, of when, and what it lacks."""

    basis: str
    name: str
    source: str
    moment: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line, or with ``heading`` a party's name over the lines that follow. ``cells``: cents per column, None where it has no
    such line; ``hits``: the columns in which a guarantee or supplement works."""

    code: str = ""
    definition: str = ""
    css: str = ""
    small: str = ""
    formula: str = ""
    heading: str = ""
    cells: tuple[tuple[str, int | None, bool], ...] = ()


def columns_of(page: AgreementPage) -> list[Column]:
    """Those there are, from the widest outlook to what is certain."""
    found = page.columns
    return [one for one in (found.potential, found.estimated, found.actual) if one is not None]


def heads_of(page: AgreementPage) -> list[Head]:
    """The heads of the columns."""
    return [head_of(column) for column in columns_of(page)]


def head_of(column: Column) -> Head:
    """Name, basis and moment of one column."""
    tickets = formats.tickets(column.statement.tickets)
    if column.basis is Basis.POTENTIAL:
        return Head(column.basis, _("Potential"), _("sold out: %(n)s seats") % {"n": tickets})
    name = _("Actual") if column.basis is Basis.ACTUAL else _("Estimated")
    text = _("played: %(n)s tickets") if column.basis is Basis.ACTUAL else _("sold today: %(n)s tickets")
    moment = formats.moment(column.true_at) if column.true_at else ""
    return Head(column.basis, name, text % {"n": tickets}, moment, missing_words(column))


def missing_words(column: Column) -> str:
    """How many of its performances have no figures; empty when all have."""
    if not column.missing:
        return ""
    told = {"n": len(column.missing), "total": len(column.evenings)}
    return (
        ngettext(
            "%(n)s of %(total)s performances has no figures yet", "%(n)s of %(total)s performances have no figures yet", told["n"]
        )
        % told
    )


def rows_of(columns: Sequence[Column], provider: str, theatre: str) -> list[Row]:
    """Every line of any of the columns, in the order of the arithmetic, with a heading where the subject changes."""
    headings = {
        "share": _("Split"),
        "parties": _("%(name)s receives") % {"name": provider},
        "totals": _("%(name)s keeps") % {"name": theatre},
    }
    rows, step = [], ""
    for code in merged(column.statement for column in columns):
        lines = [(column, column.statement.line(code)) for column in columns]
        line = next(found for _column, found in reversed(lines) if found is not None)
        if line.step != step and line.step in headings:
            rows.append(Row(css="gap party", heading=headings[line.step]))
        step = line.step
        rows.append(_row(code, line, lines))
    return rows


def _row(code: str, line: StatementLine, lines: Sequence[tuple[Column, StatementLine | None]]) -> Row:
    bites = any(found is not None and found.bites for _column, found in lines)
    css = "total" if code in _TOTALS else _CSS[line.sign]
    return Row(
        code=code,
        definition=line.definition,
        css=f"{css} hit".strip() if bites else css,
        small=small_words(line, next((column.statement for column, found in reversed(lines) if found is line), None)),
        formula=formula_of(line),
        cells=tuple((column.basis.value, found.cents if found else None, bool(found and found.bites)) for column, found in lines),
    )


def merged(statements: Iterable[Statement]) -> list[str]:
    """The codes of all lines of several statements of the same terms, each once, in their order."""
    order: list[str] = []
    for statement in statements:
        place = 0
        for line in statement:
            if line.code in order:
                place = order.index(line.code) + 1
            else:
                order.insert(place, line.code)
                place += 1
    return order


def rate_words(rate: Fraction) -> str:
    """A rate as a percentage where that is exact, else as a fraction: 9 %, 12/112."""
    share = rate * 100
    for decimals in (0, 1, 2, 3):
        if (share * 10**decimals).denominator == 1:
            return formats.percent(float(rate), decimals)
    hundred = next((part for part in range(1, 101) if Fraction(part, 100 + part) == rate), None)
    return f"{hundred}/{100 + hundred}" if hundred else f"{rate.numerator}/{rate.denominator}"


def amount(cents: int | None) -> str:
    """Cents as euros without their sign: 20.468,00."""
    return formats.MISSING if cents is None else formats.number(Decimal(cents) / 100, 2)


def small_words(line: StatementLine, statement: Statement | None) -> str:
    """What stands small beside a line: its rate, its price a ticket, its limit."""
    if line.code == "gross" and statement and statement.tickets:
        return _("incl. VAT, %(price)s a ticket") % {"price": amount(round(line.cents / statement.tickets))}
    if line.code.startswith(("surcharge_", "outside_")):
        return _surcharge_words(line)
    if line.code in ("guarantee", "supplement"):
        return _guarantee_words(line)
    if line.code == "theatre_surcharges":
        return _("incl. VAT")
    if line.code == "vat" and line.rate:
        return f"{rate_words(line.rate)}, {rate_words(line.rate / (1 + line.rate))}"
    return rate_words(line.rate) if line.rate is not None else ""


def _surcharge_words(line: StatementLine) -> str:
    each = line.details.get("per_ticket_cents")
    return _("%(price)s a ticket") % {"price": amount(each)} if isinstance(each, int) else ""


def _guarantee_words(line: StatementLine) -> str:
    upto = line.details.get("guaranteed_cents")
    told = {"sum": amount(upto if isinstance(upto, int) else 0)}
    return (_("to %(sum)s, from the theatre") if line.party == "provider" else _("to %(sum)s, from the provider")) % told


def formula_of(line: StatementLine) -> str:
    """The line with its own numbers, for the definition beside it."""
    if line.rate is None or line.base_cents is None:
        return ""
    rate = rate_words(line.rate / (1 + line.rate)) if line.code == "vat" else rate_words(line.rate)
    return f"{rate} × {amount(line.base_cents)} = {amount(line.cents)}"


@dataclass(frozen=True, slots=True)
class Check:
    """What adds back to gross in one column. ``left``: cents that do not, 0 always."""

    name: str
    text: str
    left: int


def check_of(column: Column) -> Check:
    """The parts of both parties, the surcharges, VAT and rights against gross."""
    statement = column.statement
    names = {
        "provider_ex": _("provider"),
        "theatre_ex": _("theatre"),
        "theatre_surcharges": _("surcharges"),
        "vat": _("VAT"),
        "royalties": _("royalties"),
    }
    parts = [f"{name} {amount(statement.cents(code))}" for code, name in names.items() if statement.cents(code)]
    total = _("gross %(sum)s") % {"sum": amount(statement.cents("gross"))}
    return Check(head_of(column).name, f"{' + '.join(parts) or amount(0)} = {total}", residual(statement))


def line_name(code: str) -> str:
    """Name of a line of a statement, in the language of the request; its code while the standard does not define it."""
    try:
        return metric(code, formats.language_of()).name
    except UnknownCode:
        return code


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One column, performance by performance: heads, and per line its name, sign and amounts, the sum last."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[int, ...]], ...]


def breakdown_of(page: AgreementPage, column: Column) -> Breakdown | None:
    """The parts of each performance; None where there is one performance only."""
    statement = column.statement
    if len(statement.numbers) < 2:
        return None
    moments = {one.number: one.starts_at for one in page.columns.performances}
    heads = tuple(formats.day(local(moments[number]).date()) for number in statement.numbers)
    rows = tuple((line_name(line.definition), _CSS[line.sign], (*line.evenings, line.cents)) for line in statement)
    return Breakdown(head_of(column).name, heads, rows)
