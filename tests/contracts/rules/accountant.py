"""The settlement once more, as an accountant does it in a spreadsheet: decimals in euros, one column per performance, straight down.

Shares no code with the calculator; the worked tables of docs/algorithms/settlement.md were made with it, and the fuzz compares both.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

CENT, ZERO = Decimal("0.01"), Decimal(0)
KINDS = ("theatre", "consumption", "service", "wardrobe")
Row = list[Decimal]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def euros(whole_cents: Any) -> Decimal:
    return Decimal(whole_cents or 0) / 100


def down(*rows: Row) -> Row:
    return [sum(column, ZERO) for column in zip(*rows, strict=True)]


def negative(row: Row) -> Row:
    return [-amount for amount in row]


def share_out(total: Decimal, weights: Sequence[Decimal]) -> Row:
    """By weight, cumulating, so that the parts sum to the total."""
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    whole, seen, given, parts = sum(weights), ZERO, ZERO, []
    for weight in weights:
        seen += weight
        upto = cents(total * seen / whole)
        parts.append(upto - given)
        given = upto
    return parts


def settled(format_code: str, terms: dict[str, Any], evenings: Sequence[Any]) -> dict[str, Row]:
    """Line → an amount in euros per performance, in the order of ``evenings``."""
    with localcontext(Context(prec=60)):
        return _settled(format_code, terms, list(evenings))


def _settled(form: str, t: dict[str, Any], evenings: list[Any]) -> dict[str, Row]:
    n = len(evenings)
    sheet: dict[str, Row] = {}
    inside = t.get("surcharges_in_recette") or ()
    asked = {kind: euros(t.get(f"{kind}_surcharge")) for kind in KINDS if t.get(f"{kind}_surcharge")}
    sold = [Decimal(e.tickets) for e in evenings]
    gross = [euros(e.recette_cents) for e in evenings]
    if any(kind not in inside for kind in asked):
        sheet["sales"] = gross
    for kind, each in asked.items():
        if kind not in inside:
            sheet[f"outside_{kind}"] = [each * tickets for tickets in sold]
            gross = down(gross, sheet[f"outside_{kind}"])
    sheet["gross"] = gross
    recette, kept = gross, [ZERO] * n
    for kind, each in asked.items():
        row = [min(each * tickets, max(left, ZERO)) for tickets, left in zip(sold, recette, strict=True)]
        sheet[f"surcharge_{kind}"] = row
        recette, kept = down(recette, negative(row)), down(kept, row)
    sheet["recette"] = recette
    low = [_decimal(e.vat_rate) for e in evenings]
    sheet["vat"] = [cents(amount * rate / (1 + rate)) for amount, rate in zip(recette, low, strict=True)]
    without = down(recette, negative(sheet["vat"]))
    net = without
    if t.get("royalties_percentage"):
        p = Decimal(t["royalties_percentage"])
        of = recette if t.get("royalties_base") == "in_vat" else without
        below = 100 + p if t.get("royalties_add_part") else Decimal(100)
        sheet["royalties"] = [min(cents(x * p / below), max(most, ZERO)) for x, most in zip(of, without, strict=True)]
        net = down(without, negative(sheet["royalties"]))
    sheet["net"] = net
    return _shared(form, t, sheet, net, kept, evenings)


def _decimal(rate: Any) -> Decimal:
    return Decimal(rate.numerator) / Decimal(rate.denominator)


def _fixed(t: dict[str, Any], code: str, n: int) -> Row:
    amount = euros(t.get(code))
    return [amount] * n if t.get("fixed_sums") == "each" else share_out(amount, [Decimal(1)] * n)


def _by_tranche(net: Decimal, tranches: Sequence[Any], whole: bool) -> Decimal:
    if not tranches:
        return ZERO
    rows = [(None if x.limit_cents is None else euros(x.limit_cents), Decimal(x.percentage) / 100) for x in tranches]
    if whole or net <= 0:
        for limit, share in rows[:-1]:
            if limit is None or net <= limit:
                return cents(net * share)
        return cents(net * rows[-1][1])
    total, bottom = ZERO, ZERO
    for place, (limit, share) in enumerate(rows):
        top = net if limit is None or place == len(rows) - 1 else min(net, limit)
        if top > bottom:
            total += (top - bottom) * share
            bottom = top
    return cents(total)


def _lifted(t: dict[str, Any], share: Row, wanted: Decimal, most: Decimal | None, least: Decimal | None) -> Row:
    """What tops a share up to a sum: at most so much, or at least so much."""

    def one(have: Decimal, times: int) -> Decimal:
        lift = max(ZERO, wanted * times - have)
        if most is not None:
            lift = min(lift, most * times)
        return lift if least is None else max(lift, least * times)

    n = len(share)
    times = n if t.get("guarantee_sum") == "each" else min(n, 1)
    if t.get("guarantee_per_performance"):
        if "tranches" not in t or t.get("tranche_basis") == "each":
            return [one(have, 1) for have in share]
        times = n  # the tranches ran over the whole: so does the guarantee
    return share_out(one(sum(share, ZERO), times), [Decimal(1)] * n)


def _shared(form: str, t: dict[str, Any], sheet: dict[str, Row], net: Row, kept: Row, evenings: list[Any]) -> dict[str, Row]:
    n, provider_costs = len(net), [ZERO] * len(net)
    if form in ("partage", "suppletion"):
        share = Decimal(t.get("provider_percentage") or 0) / 100
        sheet["provider_share"] = [cents(amount * share) for amount in net]
        to_share = net
    elif form == "buyout":
        sheet["provider_share"], to_share = _fixed(t, "buyout_amount", n), net
    elif form == "rent":
        sheet["rent"], sheet["other_charges"] = _fixed(t, "rent", n), _fixed(t, "other_charges", n)
        sheet["provider_share"], to_share = down(net, negative(sheet["rent"]), negative(sheet["other_charges"])), net
    else:
        to_share = net
        costs = _fixed(t, "shared_costs", n)
        if any(costs):
            sheet["shared_costs"] = costs
            sheet["shareable"] = to_share = down(net, negative(costs))
            provider_costs = costs if t.get("shared_costs_by") == "provider" else provider_costs
        whole = t.get("tranche_reading") == "whole"
        if t.get("tranche_basis") == "each":
            sheet["provider_share"] = [_by_tranche(amount, t["tranches"], whole) for amount in to_share]
        else:
            total = _by_tranche(sum(to_share, ZERO), t["tranches"], whole)
            bearing = [max(ZERO, -amount if total < 0 else amount) for amount in to_share]
            sheet["provider_share"] = share_out(total, bearing)
    sheet["theatre_share"] = down(to_share, negative(sheet["provider_share"]))
    moved = [ZERO] * n
    if form in ("partage", "volume"):
        for party, sign in (("provider", 1), ("theatre", -1)):
            if t.get(f"{party}_guarantee"):
                sheet["guarantee"] = _lifted(t, sheet[f"{party}_share"], euros(t[f"{party}_guarantee"]), None, None)
                moved = [sign * amount for amount in sheet["guarantee"]]
                break
    if form == "suppletion":
        amount, floor = euros(t.get("suppletion")), euros(t.get("suppletion_warranty"))
        fixed = t.get("suppletion_reading") == "fixed"
        moved = sheet["supplement"] = _lifted(
            t, sheet["provider_share"], floor, None if fixed else amount, amount if fixed else None
        )
    sheet["provider_ex"] = down(sheet["provider_share"], moved, provider_costs)
    return _invoiced(form, t, sheet, kept, evenings)


def _charged(amounts: Row, rates: list[Decimal]) -> Row:
    """VAT once per rate, of the sum."""
    added = [ZERO] * len(amounts)
    for rate in set(rates):
        seen, given = ZERO, ZERO
        for place, amount in enumerate(amounts):
            if rates[place] == rate:
                seen += amount
                added[place] = cents(seen * rate) - given
                given += added[place]
    return added


def _invoiced(form: str, t: dict[str, Any], sheet: dict[str, Row], kept: Row, evenings: list[Any]) -> dict[str, Row]:
    low, high, none = [_decimal(e.vat_rate) for e in evenings], [_decimal(e.high_vat_rate) for e in evenings], [ZERO] * len(kept)
    if form == "rent":
        rates = {"low": low, "exempt": none}.get(t.get("use_vat") or "", high)
        both = _charged([*sheet["rent"], *sheet["other_charges"]], [*rates, *rates])  # one VAT amount a rate, as an invoice has it
        use = down(both[: len(kept)], both[len(kept) :])
        sheet["provider_recette_vat"], sheet["use_vat"] = sheet["vat"], use
        sheet["provider_total"] = down(sheet["provider_ex"], sheet["vat"], negative(use))
    else:
        rates = {"high": high, "exempt": none, "reverse": none}.get(t.get("share_vat") or "", low)
        sheet["provider_vat"] = _charged(sheet["provider_ex"], rates)
        sheet["provider_total"] = down(sheet["provider_ex"], sheet["provider_vat"])
    sheet["theatre_ex"] = down(sheet["net"], negative(sheet["provider_ex"]))
    sheet["theatre_surcharges"] = kept
    sheet["theatre_total"] = down(sheet["theatre_ex"], kept)
    return sheet
