"""The peer of the settle bench: the same formulas as a spreadsheet has them, in floats, with pandas.

The formulas take a row or a whole frame, so that they can be filled down row by row, as a spreadsheet does, or calculated by column. They
know what the season of the bench asks and no more: one rate of VAT, no readings, no lines, nothing per performance but what is needed.
"""

from collections.abc import Sequence
from typing import Any

from dip.contracts.rules.steps import settle
from dip.contracts.terms.fields import Tranche
from dip.site.bench.settle_season import SeasonAgreement

_MONEY = (
    "theatre_surcharge",
    "consumption_surcharge",
    "wardrobe_surcharge",
    "provider_guarantee",
    "suppletion",
    "suppletion_warranty",
)
_FIXED = ("buyout_amount", "rent", "other_charges")


def frames(agreements: Sequence[SeasonAgreement]) -> tuple[Any, Any]:
    """(one row per performance, one row per agreement), amounts in cents as floats."""
    import pandas

    terms, nights = [], []
    for key, one in enumerate(agreements):
        row = {
            "agreement": key,
            "format": one.format,
            **{name: float(_number(one.values.get(name))) for name in (*_MONEY, *_FIXED)},
        }
        row["per_performance"] = bool(one.values.get("guarantee_per_performance"))
        royalties = float(_number(one.values.get("royalties_percentage")))
        row["royalties"], row["of"] = royalties, 100.0 + (royalties if one.values.get("royalties_add_part") else 0.0)
        row["share"] = float(_number(one.values.get("provider_percentage"))) / 100
        row |= _tranches(one.values.get("tranches"))
        terms.append(row)
        nights += [row | {"tickets": float(e.tickets), "recette": float(e.recette_cents)} for e in one.evenings]
    return pandas.DataFrame(nights), pandas.DataFrame(terms)


def _number(value: Any) -> Any:
    return 0 if value is None else value


def _tranches(value: Any) -> dict[str, float]:
    found = [tranche for tranche in value or () if isinstance(tranche, Tranche)]
    first, last = (found[0], found[-1]) if found else (None, None)
    limit = float(first.limit_cents or 0) if first else 0.0
    return {
        "limit": limit,
        "lower": float(first.percentage) / 100 if first else 0.0,
        "upper": float(last.percentage) / 100 if last else 0.0,
    }


def night(row: Any) -> dict[str, Any]:
    """Of one performance: net, VAT, surcharges, the provider's share, and what tops it up by itself."""
    import numpy as np

    gross = row["recette"] + row["tickets"] * (row["consumption_surcharge"] + row["wardrobe_surcharge"])
    fees = row["theatre_surcharge"] + row["consumption_surcharge"] + row["wardrobe_surcharge"]
    surcharges = np.minimum(row["tickets"] * fees, gross)
    recette = gross - surcharges
    vat = np.floor(recette * 9 / 109 + 0.5)
    royalties = np.floor((recette - vat) * row["royalties"] / row["of"] + 0.5)
    net = recette - vat - royalties
    share = np.floor(net * row["share"] + 0.5)
    lift = np.where(row["provider_guarantee"] > 0, np.maximum(0, row["provider_guarantee"] - share), 0)
    supplement = np.minimum(row["suppletion"], np.maximum(0, row["suppletion_warranty"] - share))
    moved = np.where(row["per_performance"], lift + supplement, 0)
    return {"net": net, "vat": vat, "surcharges": surcharges, "own": share, "moved": moved}


def whole(row: Any) -> dict[str, Any]:
    """Of one agreement, from the sums of its performances: what both parties have in all."""
    import numpy as np

    over_all = (row["provider_guarantee"] > 0) & ~np.asarray(row["per_performance"], dtype=bool)
    lift = np.where(over_all, np.maximum(0, row["provider_guarantee"] - row["own"]), row["moved"])
    upper = np.maximum(0, row["net"] - row["limit"]) * row["upper"]
    tranches = np.floor(np.minimum(row["net"], row["limit"]) * row["lower"] + upper + 0.5)
    fixed = row["rent"] + row["other_charges"]
    kind = row["format"]
    provider = np.select(
        [kind == "buyout", kind == "rent", kind == "volume"],
        [row["buyout_amount"], row["net"] - fixed, tranches],
        row["own"] + lift,
    )
    use = np.floor(row["rent"] * 0.21 + 0.5) + np.floor(row["other_charges"] * 0.21 + 0.5)
    added = np.where(kind == "rent", row["vat"] - use, np.floor(provider * 0.09 + 0.5))
    return {"provider_total": provider + added, "theatre_total": row["net"] - provider + row["surcharges"]}


def by_row(nights: Any, terms: Any) -> Any:
    """Filled down: each formula once per row."""
    told = nights.apply(night, axis=1, result_type="expand")
    sums = told.astype(float).groupby(nights["agreement"]).sum()
    return terms.join(sums, on="agreement").apply(whole, axis=1, result_type="expand").astype(float)


def by_column(nights: Any, terms: Any) -> Any:
    """Each formula once, over all rows."""
    import pandas

    sums = pandas.DataFrame(night(nights)).groupby(nights["agreement"]).sum()
    return pandas.DataFrame(whole(terms.join(sums, on="agreement")))


def compared(agreements: Sequence[SeasonAgreement], sheet: Any) -> dict[str, Any]:
    """How many agreements the sheet settles to the same cent, and the largest difference."""
    exact, most = 0, 0
    pairs = zip(sheet["provider_total"], sheet["theatre_total"], strict=True)
    for one, (provider, theatre) in zip(agreements, pairs, strict=True):
        ours = settle(one.format, one.values, one.evenings)
        gap = max(abs(ours.cents("provider_total") - round(provider)), abs(ours.cents("theatre_total") - round(theatre)))
        exact, most = exact + (gap == 0), max(most, gap)
    return {"agreements": len(agreements), "to_the_cent": exact, "largest_difference_cents": most}
