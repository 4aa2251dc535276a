"""The true cells of an audience, counted from the rows as they were sent, with dictionaries and the methods' own functions."""

from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from dip.warehouse.rules.audience.loyalty import arrivals
from dip.warehouse.rules.audience.segments import TASTES, stages, taste_of, tastes
from tests.warehouse.audience.conftest import SEASONS, TITLES

ZONE = ZoneInfo("Europe/Amsterdam")
MARKET = np.array([0.14, 0.18, 0.27, 0.11, 0.30])
_TASTE = [taste_of(*one) for one in TITLES]
AGES = ((18, "0-17"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"), (75, "65-74"), (999, "75+"))


def days(day):
    return (day - date(1970, 1, 1)).days


def bucket(value, edges, names):
    return names[sum(value >= edge for edge in edges)]


def order_cells(rows):
    """Part → code → orders or tickets."""
    found = defaultdict(Counter)
    orders, parties = {}, Counter()
    for row in rows:
        local = row["sold"].astimezone(ZONE)
        ahead = (row["day"] - local.date()).days
        found["lead_times"][bucket(ahead, (1, 8, 31, 91, 181), ("0", "1-7", "8-30", "31-90", "91-180", "181+"))] += 1
        found["kinds"][row["kind"]] += 1
        found["price_bands"][
            "free" if row["price_cents"] <= 0 else bucket(row["price_cents"], (1500, 2500, 3500), ("1", "2", "3", "4"))
        ] += 1
        orders[row["house"], row["order"]] = (row["channel"], local)
        parties[row["house"], row["order"], row["performance"]] += 1
    for channel, local in orders.values():
        found["channels"][channel] += 1
        found["moments"][f"{local.isoweekday()}-{('night', 'morning', 'afternoon', 'evening')[local.hour // 6]}"] += 1
    for size in parties.values():
        found["party_sizes"][bucket(size, (2, 3, 4, 5, 10), ("1", "2", "3", "4", "5-9", "10+"))] += 1
    found["totals"] = Counter(orders=len(orders), tickets=len(rows), buyers=len({r["buyer"] for r in rows if r["known"]}))
    return found


def buyer_traits(rows, house):
    """Buyer → part → code, at one house, per season; stages and tastes by the methods' functions, season after season."""
    mine = [row for row in rows if row["house"] == house and row["known"]]
    found, past, state = {}, {}, {}
    for year in SEASONS:
        visits = defaultdict(set)
        for row in mine:
            if row["year"] == year:
                visits[row["buyer"]].add((row["performance"], days(row["day"]), row["place"]))
        traits = {}
        for buyer, seen in visits.items():
            first = min(day for _, day, _ in seen)
            earlier = past.get(buyer, [])
            before = max((day for day, _ in earlier), default=-1)
            on = days(date(year, 8, 1)) + 364
            back = [day for day, _ in earlier if on - day < 1095]
            everything = [(day, place) for _, day, place in seen] + [one for one in earlier if one[0] >= days(date(year - 2, 8, 1))]
            kinds = np.array([[sum(_TASTE[place] == kind for _, place in everything) for kind in range(1, 6)]])
            old_stage, old_taste, last = state.get(buyer, (0, 0, 0))
            stage = stages(
                np.array([min([first, *back])]), np.array([max(day for _, day, _ in seen)]), np.array([len(seen)]), on,
                np.array([old_stage if last == year - 1 else 0], dtype=np.uint8),
            )[0]  # fmt: skip
            taste = tastes(kinds, MARKET, np.array([old_taste if last >= year - 2 else 0], dtype=np.uint8))[0]
            traits[buyer] = {
                "returning": ("new", "returning", "reactivated")[arrivals(np.array([first]), np.array([before]))[0] - 1],
                "stages": ("new", "occasional", "regular", "core")[stage - 1],
                "tastes": TASTES[taste],
                "frequency": bucket(len(seen), (2, 3, 4, 6, 10), ("1", "2", "3", "4-5", "6-9", "10+")),
                "visits": len(seen),
            }
            state[buyer] = (stage, taste, year)
        for buyer, seen in visits.items():
            past.setdefault(buyer, []).extend((day, place) for _, day, place in seen)
        found[year] = traits
    return found


def person(row, year):
    """Age class and gender as sent."""
    born = row.get("birth_year")
    age = "unknown" if born is None else next(name for limit, name in AGES if year - (born // 5 * 5 + 2) < limit)
    return {"ages": age, "genders": row.get("gender") or "unknown"}
