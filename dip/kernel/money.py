"""Money as integer cents, and the one rounding rule."""

from decimal import ROUND_HALF_UP, Decimal


def cents(amount: Decimal | int | str) -> int:
    """Whole cents of an amount in euros, rounded half up once. ``cents("12.345") == 1235``."""
    return int((Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def euros(amount_cents: int) -> Decimal:
    """The amount in euros of whole cents, exact, two decimals."""
    return (Decimal(amount_cents) / 100).quantize(Decimal("0.01"))


def ratio(numerator: float | None, denominator: float | None) -> float | None:
    """``numerator / denominator``, or None where either is missing or the denominator is 0."""
    if numerator is None or not denominator:
        return None
    return numerator / denominator
