"""Reading the open files of areas: each row that can be used is kept, what is wrong is a finding."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dip.definitions.terms import GeoFinding, GeoProblem

#: The file of PC4 with the municipalities of the edition, and the same without; one of the two must be there.
BEST, PLAIN = "pc4_with_gemeente2022.csv", "pc4.csv"
MUNICIPALITIES, AGES, HOUSES, ADDRESSES = "gemeenten.csv", "pc4_age.csv", "pc4_woz_urban.csv", "pc4_address_centroids.json"
PROVINCE_SHAPES, MUNICIPALITY_SHAPES, PC4_SHAPES = "provincies.geojson", "gemeenten.geojson", "pc4.geojson"
FILES = (BEST, PLAIN, MUNICIPALITIES, AGES, HOUSES, ADDRESSES, PROVINCE_SHAPES, MUNICIPALITY_SHAPES, PC4_SHAPES)
#: Goes up when the same files are to be read otherwise: then they are loaded anew.
READING = 2
COLUMNS = {
    BEST: ("pc4", "plaats", "gemeente", "provincie", "inwoners", "lat", "lon", "km2", "gemeente_2022"),
    PLAIN: ("pc4", "plaats", "gemeente", "provincie", "inwoners", "lat", "lon", "km2"),
    MUNICIPALITIES: ("gemeente", "inwoners", "lat", "lon", "km2"),
    AGES: ("postcode", "0-4", "95+"),
    HOUSES: ("pc4", "woz", "urb"),
}


class UnableToReadAreas(ValueError):
    """A file is missing or is another one; the message names file, field and remedy. Nothing can be loaded."""


@dataclass
class Reader:
    """Reads the files of one folder and collects findings."""

    folder: Path
    findings: list[GeoFinding] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the folder has a file."""
        return (self.folder / name).is_file()

    def find(self, problem: GeoProblem, file: str, row: int, name: str, value: object) -> None:
        """Note something that is wrong."""
        self.findings.append(GeoFinding(problem, file, row, name, str(value)[:120]))

    def rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows of a CSV file with their numbers; comma or semicolon, with or without a byte order mark; nothing when it is absent."""
        if not self.has(name):
            return
        text = self._text(name)
        head = text.partition("\n")[0]
        table = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
        missing = [column for column in COLUMNS[name] if column not in (table.fieldnames or ())]
        if missing:
            raise UnableToReadAreas(
                f"{name}, row 1: there is no column {missing[0]!r}, found {head.strip()[:80]!r}. Take the file as published."
            )
        for number, row in enumerate(table, start=2):
            yield (
                number,
                {key: (value or "").strip() for key, value in row.items() if isinstance(key, str) and not isinstance(value, list)},
            )

    def postcode(self, name: str, row: int, column: str, value: str) -> int | None:
        """A PC4, 1000 to 9999."""
        if value.isascii() and value.isdigit() and 1000 <= int(value) <= 9999:
            return int(value)
        self.find(GeoProblem.NOT_A_POSTCODE, name, row, column, value)
        return None

    def number(self, name: str, row: int, column: str, value: str) -> float | None:
        """A number of 0 or more, or a coordinate; None when it is empty, is kept secret by its source (below −90,000), or is no number."""
        if not value:
            return None
        try:
            found = float(value)
        except ValueError:
            found = float("nan")
        if found != found or (found < 0 and found > -90_000):
            self.find(GeoProblem.NOT_A_NUMBER, name, row, column, value)
            return None
        return None if found < 0 else found

    def features(self, name: str) -> list[dict[str, Any]]:
        """Features of a GeoJSON file that have a polygon; nothing when it is absent."""
        if not self.has(name):
            return []
        found = self.document(name).get("features")
        if not isinstance(found, list):
            raise UnableToReadAreas(f"{name}: there are no 'features'. Take a GeoJSON FeatureCollection.")
        return [one for one in found if (one.get("geometry") or {}).get("type") in ("Polygon", "MultiPolygon")]

    def document(self, name: str) -> dict[str, Any]:
        """A JSON file; empty when it is absent."""
        if not self.has(name):
            return {}
        try:
            found = json.loads(self._text(name))
        except ValueError as error:
            raise UnableToReadAreas(f"{name} is no JSON ({error}). Take the file as published.") from error
        if not isinstance(found, dict):
            raise UnableToReadAreas(f"{name} holds a list, not an object. Take the file as published.")
        return found

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise UnableToReadAreas(f"{name} cannot be read ({error}). It must be UTF-8.") from error

    def digest(self) -> str:
        """SHA-256 of all files that are there, with their names, and of how they are read."""
        whole = hashlib.sha256(f"reading {READING}\0".encode())
        for name in FILES:
            if self.has(name):
                whole.update(f"{name}\0".encode() + hashlib.sha256((self.folder / name).read_bytes()).digest())
        return whole.hexdigest()
