"""Settlement as a named list of steps, each with its lines, from gross to the totals of both parties."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from dip.contracts.rules.formats import format_of
from dip.contracts.rules.ledger import Amounts, Ledger, minus, plus
from dip.contracts.rules.rounding import are_alike, exact, half_up, part
from dip.contracts.terms.fields import Values
from dip.contracts.terms.statement import Evening, Party, Sign, Statement


def settle(format_code: str, values: Values, evenings: Iterable[Evening], *, of: int = 0) -> Statement:
    """The statement of an agreement over its performances. ``values`` are complete terms, see :mod:`dip.contracts.rules.values`.

    Exact: every line is rounded once, half up, sums are of rounded lines, and :func:`residual` is 0. The order of performances does not
    matter. Without performances every line is 0. ``of``: how many performances the agreement counts, when the evenings are those played
    so far; a sum that is agreed for the whole then counts for the part that was played. Raises KeyError for an unknown format.
    """
    chosen = format_of(format_code)
    ledger = Ledger(values, evenings, of)
    for name, step in (*BEFORE, ("share", chosen.share), ("parties", parties), ("charges", chosen.charge), ("totals", totals)):
        step(ledger, name)
    return Statement(
        numbers=tuple(evening.number for evening in ledger.evenings),
        tickets=sum(evening.tickets for evening in ledger.evenings),
        free_tickets=sum(evening.free_tickets for evening in ledger.evenings),
        lines=tuple(ledger.lines),
        issuer=ledger.issuer,
        items=tuple(ledger.items),
        payable_cents=ledger.payable_cents,
    )


def residual(statement: Statement) -> int:
    """What is left of gross after every party has its part: 0, always."""
    parts = ("provider_ex", "theatre_ex", "theatre_surcharges", "vat", "royalties")
    return statement.cents("gross") - sum(statement.cents(code) for code in parts)


def gross(ledger: Ledger, step: str) -> None:
    """What visitors paid: what ticketing states, and the surcharges that are not in it."""
    sales = tuple(evening.recette_cents for evening in ledger.evenings)
    inside = ledger.codes("surcharges_in_recette")
    outside = [(code, cents) for code, cents in ledger.asked if code not in inside]
    if outside:
        ledger.add("sales", step, sales)
    added = [_per_ticket(ledger, cents) for _, cents in outside]
    for (code, cents), amounts in zip(outside, added, strict=True):
        ledger.add(f"outside_{code}", step, amounts, sign=Sign.PLUS, details={"per_ticket_cents": cents})
    ledger.add("gross", step, plus(sales, *added), sign=Sign.SUM if outside else Sign.NONE)


def surcharges(ledger: Ledger, step: str) -> None:
    """What of it is the theatre's before anything is shared: never more than there is, so that it leaves no recette below 0."""
    left = ledger.amounts("gross")
    for code, cents in ledger.asked:
        wanted = _per_ticket(ledger, cents)
        taken = tuple(min(want, max(have, 0)) for want, have in zip(wanted, left, strict=True))
        details = {"per_ticket_cents": cents, "short_cents": sum(wanted) - sum(taken)}
        ledger.add(f"surcharge_{code}", step, taken, sign=Sign.MINUS, party=Party.THEATRE, details=details)
        left = minus(left, taken)
    ledger.add("recette", step, left, sign=Sign.SUM)


def vat(ledger: Ledger, step: str) -> None:
    """The VAT that is in the recette: r ÷ (1 + r) of it, at the rate of each performance's day."""
    rates = [evening.vat_rate for evening in ledger.evenings]
    pairs = zip(ledger.amounts("recette"), rates, strict=True)
    amounts = tuple(half_up(cents * r.numerator, r.numerator + r.denominator) for cents, r in pairs)
    rate = rates[0] if are_alike(rates) else None
    ledger.add("vat", step, amounts, sign=Sign.MINUS, party=Party.TAX, rate=rate, base=ledger.amounts("recette"))


def royalties(ledger: Ledger, step: str) -> None:
    """Author's rights: p ÷ 100 of their base, or p ÷ (100 + p) when the part is added; never more than what is left."""
    left = minus(ledger.amounts("recette"), ledger.amounts("vat"))
    rate = exact(ledger.percentage("royalties_percentage"))
    if rate:
        base = ledger.amounts("recette") if ledger.choice("royalties_base") == "in_vat" else left
        if ledger.holds("royalties_add_part"):
            rate = Fraction(rate.numerator, rate.numerator + rate.denominator)
        amounts = tuple(min(part(cents, rate), max(most, 0)) for cents, most in zip(base, left, strict=True))
        ledger.add("royalties", step, amounts, sign=Sign.MINUS, party=Party.RIGHTS, rate=rate, base=base)


def net(ledger: Ledger, step: str) -> None:
    """What there is to share, excluding VAT."""
    ledger.add("net", step, minus(ledger.amounts("recette"), ledger.amounts("vat"), ledger.amounts("royalties")), sign=Sign.SUM)


def parties(ledger: Ledger, step: str) -> None:
    """Each party's part of the net, after shared costs, guarantee and supplement, excluding VAT."""
    moved = ledger.amounts("top_up")
    provider = plus(ledger.amounts("provider_share"), moved, ledger.amounts("provider_costs"))
    ledger.add("provider_ex", step, provider, party=Party.PROVIDER)


#: The steps that every format has before the net is shared.
BEFORE: tuple[tuple[str, Callable[[Ledger, str], None]], ...] = (
    ("gross", gross),
    ("surcharges", surcharges),
    ("vat", vat),
    ("royalties", royalties),
    ("net", net),
)


def totals(ledger: Ledger, step: str) -> None:
    """The theatre's part of the net, and the surcharges, which include VAT."""
    own = minus(ledger.amounts("net"), ledger.amounts("provider_ex"))
    extra = plus(ledger.nothing, *(ledger.amounts(f"surcharge_{code}") for code, _ in ledger.asked))
    ledger.add("theatre_ex", step, own, party=Party.THEATRE)
    ledger.add("theatre_surcharges", step, extra, sign=Sign.PLUS, party=Party.THEATRE)
    ledger.add("theatre_total", step, plus(own, extra), sign=Sign.SUM, party=Party.THEATRE)


def _per_ticket(ledger: Ledger, cents: int) -> Amounts:
    return tuple(cents * evening.tickets for evening in ledger.evenings)
