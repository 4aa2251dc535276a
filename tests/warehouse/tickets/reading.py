"""The facts and everything published, as they lie on disk."""

import hashlib
from collections import Counter

from dip.warehouse.store.engine import open_reader
from dip.warehouse.store.shelves import lane_folder, read_catalogue
from dip.warehouse.store.tickets.facts import open_tickets


def facts_of(home):
    """(source, performance, state, version, price) → tickets."""
    with open_tickets(home) as facts:
        found = [
            row
            for season in facts.seasons()
            for row in facts.connection.execute(
                f"SELECT source, performance, state, version, price_cents FROM ticket_{season}"
            ).fetchall()
        ]
    return Counter(found)


def published_of(home):
    """(theatre, season) → Counter of (performance, state, price)."""
    folder = lane_folder(home, "theatre")
    catalogue, reader = read_catalogue(folder), open_reader()
    found = {}
    for pair, shelf in catalogue.shelves.items():
        if pair[0]:
            path = folder / "parts" / shelf.folder / "audience_ticket.parquet"
            rows = reader.execute(f"SELECT performance, state, price_cents FROM read_parquet('{path}')").fetchall()
            found[pair] = Counter(rows)
            assert shelf.tickets == len(rows)
    return found


def checksums(home):
    """Table or published file → a checksum of its rows, whatever their order."""
    found = {}
    with open_tickets(home) as facts:
        for season in facts.seasons():
            rows = facts.connection.execute(f"SELECT * FROM ticket_{season} ORDER BY ALL").fetchall()
            if rows:
                found["facts", season] = _digest(rows)
    reader = open_reader()
    for lane in ("theatre", "national"):
        folder = lane_folder(home, lane)
        catalogue = read_catalogue(folder)
        for pair, shelf in catalogue.shelves.items() if catalogue else ():
            for path in sorted((folder / "parts" / shelf.folder).glob("*.parquet")):
                found[lane, pair, path.stem] = _digest(
                    reader.execute(f"SELECT * FROM read_parquet('{path}') ORDER BY ALL").fetchall()
                )
    return found


def _digest(rows):
    return hashlib.sha256(repr(rows).encode()).hexdigest()
