"""Where buyers come from: distance, catchment, penetration."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

EARTH_KM = 6371.0088
#: Part of the buyers that a catchment holds.
CATCHMENT = 0.80


def distances_km(lat: Floats, lon: Floats, to_lat: float, to_lon: float) -> Floats:
    """Great-circle distances in km from places (degrees) to one place."""
    here, there = np.radians(lat), np.radians(to_lat)
    half = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(np.radians(to_lon - lon) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def catchment(buyers: Ints, share: float = CATCHMENT) -> Mask:
    """The smallest set of areas that holds ``share`` of the buyers: the largest first, the earlier area where they are equal.

    Areas must come in a fixed order, for example by code, so that the answer is the same each time.
    """
    inside = np.zeros(len(buyers), dtype=bool)
    total = int(buyers.sum())
    if total <= 0:
        return inside
    order = np.argsort(-buyers, kind="stable")
    reached = np.cumsum(buyers[order])
    needed = int(np.searchsorted(reached, share * total - 1e-9)) + 1
    inside[order[:needed]] = True
    return inside


def median_km(km: Floats, buyers: Ints) -> float | None:
    """The distance that half of the buyers live within; None without buyers whose distance is known (NaN: unknown)."""
    known = np.isfinite(km) & (buyers > 0)
    if not known.any():
        return None
    order = np.argsort(km[known], kind="stable")
    reached = np.cumsum(buyers[known][order])
    return float(km[known][order][np.searchsorted(reached, reached[-1] / 2)])


def per_thousand(buyers: Ints, inhabitants: Ints, least: int = 1000) -> Floats:
    """Buyers per 1,000 inhabitants; NaN where fewer than ``least`` people live, which would say more about the area than its people."""
    rate = np.full(len(buyers), np.nan)
    np.divide(1000.0 * buyers, inhabitants, out=rate, where=inhabitants >= max(least, 1))
    return rate
