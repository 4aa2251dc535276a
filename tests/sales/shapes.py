"""Values for the tests of the rules: bands, evenings, lines. No tables."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from dip.sales.terms import Evening, Limits, Line, Standing, State, Status
from dip.warehouse.terms import Band, Cohort, CohortKey, GenreCell, HallSize, ProductionComparison, Quantiles

NOW = datetime(2026, 11, 23, 6, 10, tzinfo=UTC)  # 07:10 in Amsterdam
LIMITS = Limits(ahead=1.10, behind=0.90, stale_hours=48)


def a_cohort(**over: Any) -> Cohort:
    values = {
        "key": CohortKey(1, HallSize.LARGE), "seasons": (2024, 2025), "performance_count": 612, "theatre_count": 80,
        "provider_count": 60, "widened": False,
    }  # fmt: skip
    return Cohort(**values | over)


def a_band(final: float = 0.6, **over: Any) -> Band:
    """A straight line: nothing at 100 days, ``final`` on the day; p10 half of it, p90 one and a half times."""
    days = (100, 50, 10, 0)
    middle = tuple(final * (100 - d) / 100 for d in days)
    values = {
        "cohort": a_cohort(), "days": days, "p10": tuple(m / 2 for m in middle), "p50": middle,
        "p90": tuple(m * 1.5 for m in middle), "true_at": NOW,
    }  # fmt: skip
    return Band(**values | over)


def an_evening(days: int = 40, **over: Any) -> Evening:
    """An evening so many calendar days after NOW, at 20:15."""
    on: date = over.pop("on", None) or NOW.date() + timedelta(days=days)
    values = {
        "number": 1, "production_id": 7, "dip_id": "NL-26-00001-00001", "title": "Zeven Dagen Vloed", "producer": "Noordwal",
        "genre_id": 1, "theatre_id": 3, "theatre": "Spaarneboog", "city": "Haarlem", "province_id": 8, "hall_id": 4,
        "hall": "Grote Zaal", "hall_capacity": 720, "starts_at": datetime(on.year, on.month, on.day, 19, 15, tzinfo=UTC),
        "performance_date": on, "kind": "normal", "capacity": 720,
    }  # fmt: skip
    return Evening(**values | over)


def a_state(sold: int | None = 338, **over: Any) -> State:
    """A state with ``sold`` normal tickets of € 25; None: no ticket figures."""
    values: dict[str, Any] = {"capacity": 720, "blocked": 20}
    if sold is not None:
        values |= {"normal": sold, "normal_cents": sold * 2500, "has_tickets": True}
    return State(**values | over)


def a_line(
    sold: int | None = 338, days: int = 40, *, before: int | None = None, heard: datetime | None = None, **over: Any
) -> Line:
    state = over.pop("state", None) or a_state(sold)
    earlier = state if before is None else a_state(before)
    confirmed = heard or NOW
    return Line(an_evening(days, **over), state, earlier, confirmed if state.has_tickets else None, "Kassa")


def a_standing(status: Status | None, city: str = "Haarlem", **over: Any) -> Standing:
    line = over.pop("line", None) or a_line(over.pop("sold", 338), over.pop("days", 40), city=city)
    days = (line.evening.performance_date - NOW.date()).days
    values = {"line": line, "days": days, "distance": float(days), "status": status, "expected": None, "is_played": days < 0}
    return Standing(**values | over)


def a_comparison(**over: Any) -> ProductionComparison:
    values = {
        "production_count": 41, "seasons": (2024, 2025), "genre_id": 1, "fill": Quantiles(0.4, 0.5, 0.7),
        "recette_cents": Quantiles(800, 1000, 1500), "price_cents": Quantiles(2000, 2600, 3200), "reserved": Quantiles(0.01, 0.02, 0.04),
        "blocked": Quantiles(0.0, 0.02, 0.05), "true_at": NOW,
    }  # fmt: skip
    return ProductionComparison(**values | over)


def a_cell(genre_id: int = 1, own: int = 100, national: Any = 10_000, **over: Any) -> GenreCell:
    values = {
        "genre_id": genre_id, "province_id": None, "own_performances": 4, "own_tickets": own, "own_recette_cents": own * 2500,
        "own_for_sale": own * 2, "performances": 400, "tickets": national, "recette_cents": 25_000_000, "for_sale": 20_000,
        "true_at": NOW,
    }  # fmt: skip
    return GenreCell(**values | over)
