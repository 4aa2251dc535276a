"""The hidden factors of a season, kept with its editions: drawn once, read again for every later edition. Never shown."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.factors import OFFICE, THEATRE, Carrier, Drawn, Key, drawn, margin_of
from dip.warehouse.store.published import write_part
from dip.warehouse.terms import Limits

FOLDER = Path(__file__).resolve().parent.parent / "marts"
#: Draws with keys that are no secret, from which the usual error of a sum is told.
_TRIALS = 16


@dataclass(frozen=True, slots=True)
class Secret:
    """With what the factors of a season are drawn: the key, and the file of those that were drawn before."""

    key: bytes
    before: Path | None = None


def prepare(connection: Any, home: Path, season: int, version: str, secret: Secret, limits: Limits) -> str:
    """Draw the factors of the carriers in the temporary table ``performance``, put them in the table ``factor`` and write them; the part."""
    listed = connection.execute((FOLDER / "factor.sql").read_text()).fetchall()
    carriers = [Carrier(*row) for row in listed]
    found = drawn(secret.key, season, carriers, _read(connection, secret.before), limits)
    _register(connection, found)
    return write_part(connection, home, "factor", season, version, "SELECT * FROM factor ORDER BY side, holding")


def _read(connection: Any, path: Path | None) -> dict[Key, Drawn]:
    if path is None or not path.exists():
        return {}
    quoted = str(path).replace("'", "''")
    rows = connection.execute(f"SELECT side, holding, factor, grp, size, is_in FROM read_parquet('{quoted}')").fetchall()
    return {(side, holding): Drawn(*rest) for side, holding, *rest in rows}


def _register(connection: Any, found: dict[Key, Drawn]) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE factor (side INTEGER, holding INTEGER, factor DOUBLE, grp INTEGER, size DOUBLE, is_in BOOLEAN)"
    )
    keys, rows = list(found), list(found.values())
    columns = {
        "side": np.array([side for side, _ in keys], dtype=np.int32),
        "holding": np.array([holding for _, holding in keys], dtype=np.int32),
        "factor": np.array([row.factor for row in rows], dtype=np.float64),
        "grp": np.array([row.group for row in rows], dtype=np.int32),
        "size": np.array([row.size for row in rows], dtype=np.float64),
        "is_in": np.array([row.is_in for row in rows], dtype=bool),
    }
    connection.register("drawn", columns)
    connection.execute("INSERT INTO factor SELECT * FROM drawn")
    connection.unregister("drawn")


def weights(run: Callable[[str], Any], theatres: npt.NDArray[np.int64], offices: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """What each row counts for in national sums: its two factors, or 0 while its theatre or office waits to join."""
    rows = run("SELECT side, holding, CASE WHEN is_in THEN factor ELSE 0 END FROM factor").fetchall()
    held = {(side, holding): factor for side, holding, factor in rows}
    return np.array(
        [held[THEATRE, theatre] * held[OFFICE, office] for theatre, office in zip(theatres.tolist(), offices.tolist(), strict=True)]
    )


def margins(
    run: Callable[[str], Any], season: int, held: dict[str, Any], cells: npt.NDArray[np.int64], limits: Limits
) -> list[float]:
    """The margin that is told of each of ``cells``: how far their tickets usually are from the truth, over draws with other keys.

    ``held``: columns cell, side, holding, x. To first order the errors of the two sides add up.
    """
    rows = run("SELECT side, holding, grp, size FROM factor").fetchall()
    carriers = [Carrier(*row) for row in rows]
    trials = [drawn(f"trial {number}".encode(), season, carriers, {}, limits) for number in range(_TRIALS)]
    used = np.flatnonzero(np.isin(held["side"], (THEATRE, OFFICE)))
    sides, holdings = held["side"][used].tolist(), held["holding"][used].tolist()
    moved = np.array([[trial[key].factor - 1 for trial in trials] for key in zip(sides, holdings, strict=True)]).reshape(
        -1, _TRIALS
    )
    place = np.searchsorted(cells, held["cell"][used])
    errors, whole = np.zeros((len(cells), _TRIALS)), np.zeros(len(cells))
    tickets = held["x"][used].astype(np.float64)
    np.add.at(errors, place, moved * tickets[:, None])
    np.add.at(whole, place, np.where(held["side"][used] == THEATRE, tickets, 0.0))
    usual = np.sqrt((errors**2).mean(axis=1)) / np.maximum(whole, 1.0)
    return [margin_of(float(one)) for one in usual]
