"""The marts of the audience: which there are, and what their SQL may read. To add one: a file ``marts/audience_….sql`` and a line below.

Lanes:

* :data:`THEATRE`, the fast lane: run for every (theatre, season) that a batch touched, within seconds, in this order;
* :data:`UNMATCHED`: run over the tickets that no performance of the programme is known for;
* :data:`NATIONAL`, the slow lane: run per season by a process of its own, over published files only (overlap, distinct counts).

The number is rows per group of the published Parquet file; 0: a table for the later files of its lane, not published.

A file is one ``SELECT`` whose result is the mart. It ends in an ``ORDER BY`` that fits its questions. Its header is comment lines, the
first ``-- <name>: published per theatre and season | published per season | not published …``, then ``-- grain:``, ``-- measures:``
(with units) and ``-- definitions:`` (codes of metrics.toml); a test holds them to it. Plain subset: no engine-specific functions where
standard ones do, whole numbers, fixed grids.

What a file of the fast lane may read:

* ``ticket``: the tickets of the theatre in the season, every state: the columns of :data:`FACTS` and ``theatre``, ``season_year``,
  ``production``, ``genre``, ``performance_date`` (sold ones: ``state = 1``);
* ``seen_before``: columns as ``audience_seen``: who bought a ticket at the theatre for an earlier season, so that no question scans
  history: ``buyer``, ``scope``, ``first_hour``, ``last_hour`` (of buying), ``last_season`` (newest earlier season), ``seasons``, ``orders``,
  ``last_day`` (of visiting), ``stage`` and ``taste`` then, ``kinds`` and ``kinds_before`` (visits per taste in it and in the one before, base
  4096);
* ``run``: one row ``theatre``, ``season_year``; the dimensions of the programme (``dim_performance``, ``dim_production``,
  ``dim_theatre``, columns in :mod:`dip.warehouse.store.facts`); the earlier files of its lane, by their name.

What a file of the slow lane may read: ``run`` (one row ``season_year``), the dimensions, and every published mart of the fast lane under
its own name, of all theatres in the season; a mart that the slow lane needs therefore carries ``theatre``. Files of ``UNMATCHED`` read
``ticket`` (the columns of :data:`FACTS`) and ``dim_source`` (``source``, ``organisation``).
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dip.warehouse.rules.landed import COLUMNS, TYPES

FOLDER = Path(__file__).resolve().parents[2] / "marts"
_CODES = ("kind_code", "channel_code", "event_code")
#: Columns of the facts → the engine's types: those of a landed file without the source's own codes, and the batch that gave the row.
FACTS: Mapping[str, str] = {name: TYPES[kind] for name, kind in COLUMNS.items() if name not in _CODES} | {"batch": "INTEGER"}
#: Columns of the dimensions that stand beside them in ``ticket``.
BESIDE: Mapping[str, str] = {
    "theatre": "INTEGER",
    "season_year": "SMALLINT",
    "production": "INTEGER",
    "genre": "INTEGER",
    "performance_date": "DATE",
}
SEEN = "audience_seen"
SEEN_COLUMNS: Mapping[str, str] = {
    "buyer": "BIGINT",
    "scope": "UTINYINT",
    "first_hour": "INTEGER",
    "last_hour": "INTEGER",
    "last_season": "SMALLINT",
    "seasons": "SMALLINT",
    "orders": "INTEGER",
    "last_day": "INTEGER",
    "stage": "UTINYINT",
    "taste": "UTINYINT",
    "kinds": "BIGINT",
    "kinds_before": "BIGINT",
}
THEATRE: Mapping[str, int] = {
    "audience_ticket": 122_880,
    "audience_hour": 0,
    "audience_line": 0,
    "audience_order": 0,
    "audience_visit": 0,
    "audience_past": 0,
    "audience_score": 0,
    "audience_buyer": 0,
    SEEN: 122_880,
    "audience_visitor": 8_192,
    "audience_basket": 20_480,
    "audience_return": 0,
    "audience_trait": 0,
    "audience_sale": 0,
    "audience_cell": 4_096,
    "audience_area": 8_192,
}
UNMATCHED: Mapping[str, int] = {"audience_unmatched": 20_480}
NATIONAL: Mapping[str, int] = {
    "audience_nation": 8_192,
    "audience_trend": 8_192,
    "audience_guest": 0,
    "audience_tour": 8_192,
    "audience_nation_area": 8_192,
    "audience_flow": 8_192,
    "audience_bought": 0,
    "audience_together": 8_192,
    "audience_place": 0,
    "audience_spread": 8_192,
    "audience_visited": 0,
    "audience_elsewhere": 8_192,
}


@cache
def mart_sql(name: str) -> str:
    """The statement of a mart, its header included."""
    return (FOLDER / f"{name}.sql").read_text()


@cache
def make_of(lane: str) -> str:
    """What the published files of a lane are made with: another value after an upgrade, and everything is published anew."""
    marts = {"theatre": {**THEATRE, **UNMATCHED}, "national": NATIONAL}[lane]
    told = "\n".join(f"{name} {rows}\n{mart_sql(name)}" for name, rows in marts.items())
    return hashlib.sha256(told.encode()).hexdigest()[:16]
