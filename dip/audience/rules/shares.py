"""Shares as a page may write them: of everybody asked about, never only of what happens to be shown."""

from collections.abc import Sequence

from dip.audience.rules.findings import BLANK, Row, is_whole


def share_of(row: Row, rows: Sequence[Row], base: int | None) -> float | None:
    """The share of a value in its part, 0..1; of an attribute among those of whom it is known. None when it cannot be told.

    Where values are held back, the door's rates are of what is shown; here they are of ``base``, so that one value alone is not "all".
    """
    if row.count is None:
        return None
    if is_whole(rows):
        return row.rate
    if not base:
        return None
    blank = next((one for one in rows if one.code in BLANK), None)
    if blank is None or row.code in BLANK:
        return min(row.count / base, 1.0)
    if blank.count is None or blank.count >= base:
        return None
    return min(row.count / (base - blank.count), 1.0)


def ends(rates: Sequence[float | None]) -> tuple[float, float]:
    """Where an axis of shares begins and ends: at nothing, and at the next ten per cent above the highest."""
    highest = max((rate for rate in rates if rate is not None), default=0.0)
    return 0.0, min(max((int(highest * 10 + 0.999999)) / 10, 0.1), 1.0)
