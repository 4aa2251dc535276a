"""Every byte that the platform writes is searched for people who were planted in deliveries, over every way in."""

import gzip
import json
import logging
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from dip.exchange.api.deliveries import NDJSON, PARQUET
from dip.kernel.clock import now
from dip.registry.terms import Role
from dip.registry.tokens import issue_token
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.actions import landing, mapping, removals, rewriting
from dip.warehouse.rules.landed import CodeField
from tests.factories.registry import NOW, make_api_client

#: People who do not exist, in every field where somebody can turn up, and in some where nobody should.
PLANTED = {
    "name": "Geertruida Zwaluwstaart",
    "email": "geertruida.zwaluwstaart@vlonder.example",
    "street": "Kwikstaartpad 417",
    "phone": "0687654321",
    "seat": "stoel-Q77",
    "barcode": "4006381333931",
    "postcode": "3811 QZ",
    "birth_date": "1987-05-13",
    "customer": "klant-zwaluw-99",
}
NEEDLES = [
    "geertruida", "zwaluwstaart", "kwikstaartpad", "0687654321", "stoel-q77", "4006381333931", "3811 qz", "3811qz", "1987-05-13",
    "klant-zwaluw", "t-geheim-1", "10:42:17",
]  # fmt: skip


def planted(house, **over):
    """A row with somebody in it, with members that the format does not know, and a misplaced one."""
    strange = {name: PLANTED[name] for name in ("name", "street", "phone", "seat", "barcode")}
    exact = {"ticket": "t-geheim-1", "sold_at": "2026-10-20T10:42:17+02:00"}
    known = {name: PLANTED[name] for name in ("email", "postcode", "birth_date")}
    return house.row(birth_year=None, **exact, **known) | strange | over


def bodies(house):
    """NDJSON bodies: a good one, shifted columns, unreadable rows, and somebody in a code."""
    shifted = planted(house, ticket="t-2", state=PLANTED["name"], changed_at=PLANTED["street"])
    mistyped = planted(house, ticket="t-3", price_cents=PLANTED["name"], promo=PLANTED["email"])
    coded = planted(house, ticket="t-4", kind="", source_kind=PLANTED["email"], channel=PLANTED["phone"])
    event = planted(house, ticket="t-5", performance=None, event=PLANTED["email"])
    by_number = planted(house, ticket="t-6", email=None, customer=PLANTED["customer"])
    unfit = planted(
        house, ticket="t-7", email=PLANTED["name"], postcode=PLANTED["street"], country=PLANTED["name"], gender=PLANTED["name"]
    )
    rows = [planted(house), shifted, mistyped, coded, event, by_number, unfit]
    whole = b"".join(json.dumps({name: one for name, one in row.items() if one is not None}).encode() + b"\n" for row in rows)
    return [whole, whole + PLANTED["name"].encode() + b"\n", json.dumps(PLANTED).encode()]


def found_in(data: bytes) -> list[str]:
    text = data.lower()
    return [needle for needle in NEEDLES if needle.encode() in text or needle.encode("utf-16-le") in text]


def written(folder: Path):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def tables() -> dict[str, bytes]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [row[0] for row in cursor.fetchall()]
        dump = {}
        for name in names:
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            dump[name] = "\n".join(row[0] for row in cursor.fetchall()).encode()
    return dump


class Ear(logging.Handler):
    """Hears every line of every logger, with its traceback."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.heard = []

    def emit(self, record):
        self.heard.append(logging.Formatter().format(record) + str(record.__dict__))


@pytest.fixture
def ear():
    one, root = Ear(), logging.getLogger()
    level = root.level
    root.addHandler(one)
    root.setLevel(logging.DEBUG)
    yield one
    root.removeHandler(one)
    root.setLevel(level)


@pytest.fixture
def everything(house, tmp_path, ear, capfd):
    """People delivered over every way in; then codes decided, and a buyer erased."""
    import duckdb

    client, secret = make_api_client(house.organisation, Role.THEATRE)
    token = issue_token(client.client_id, secret, now())[0]
    answers = []

    def send(body, id, kind=NDJSON, **headers):
        given = {"Authorization": f"Bearer {token}", "Delivery-Id": id, "Idempotency-Key": id} | headers
        answers.append(Client().post("/api/v2/deliveries", body, content_type=kind, headers=given))

    for place, body in enumerate(bodies(house)):
        send(body, f"plain-{place}")
        send(body, f"plain-{place}")
        send(gzip.compress(body), f"packed-{place}", **{"Content-Encoding": "gzip"})
        send(body, f"garbage-{place}", kind=PARQUET)
    sent = tmp_path.parent / f"{tmp_path.name}-sent.parquet"
    row = {name: value for name, value in planted(house).items() if value is not None}
    duckdb.execute(f"COPY (SELECT {', '.join(f'{v!r} AS {chr(34)}{k}{chr(34)}' for k, v in row.items())}) TO '{sent}'")
    send(sent.read_bytes(), "parquet", kind=PARQUET)
    sent.unlink()
    fields = {name: value for name, value in planted(house).items() if name in TicketRow.__struct_fields__}
    landing.land_rows(access=house.access, at=NOW, source=house.source, delivery_id="rows", rows=[TicketRow(**fields)])
    with pytest.raises(mapping.UnableToMap):
        mapping.decide(
            access=house.access, at=NOW, source_id=house.source.pk, of=CodeField.KIND, raw=PLANTED["email"], value="free"
        )
    removals.erase_buyer(access=house.access, at=NOW, email=PLANTED["email"])
    removals.erase_buyer(access=house.access, at=NOW, customer=PLANTED["customer"], source_id=house.source.pk)
    rewriting.scrub_files(NOW)
    return answers


def test_nobody_is_in_any_byte_that_was_written(house, everything, ear, tmp_path, capfd, settings):
    assert [answer.status_code for answer in everything].count(201) >= 5
    files = written(tmp_path) | written(Path(settings.PSEUDONYM_KEYS))
    assert any(path.suffix == ".parquet" for path in files)
    assert {str(path): found for path, data in files.items() if (found := found_in(data))} == {}
    assert {name: found for name, data in tables().items() if (found := found_in(data))} == {}
    assert found_in("\n".join(ear.heard).encode()) == []
    spoken = capfd.readouterr()
    assert found_in((spoken.out + spoken.err).encode()) == []
    for answer in everything:
        assert found_in(answer.content) == []


def test_nobody_is_in_the_columns_either(house, everything):
    """The files are packed, so their bytes alone prove little: the columns are numbers, and none is what was delivered."""
    from dip.warehouse.models import LandedBatch
    from dip.warehouse.store import landing as files

    names = LandedBatch.objects.within(house.access).exclude(file="").values_list("file", flat=True)
    assert names
    for name in names:
        columns = files.read(house.home, name)
        assert all(column.dtype.kind in "iu" for column in columns.values())
        assert (columns["sold_hour"] < 10**6).all()
        assert set(columns["birth"].tolist()) <= {0, 1985}
        assert set(columns["pc4"].tolist()) <= {0, 3811}
        assert 4_006_381_333_931 not in columns["ticket"].tolist()


def test_the_search_finds_what_is_there(tmp_path):
    (tmp_path / "x").write_bytes(b"..." + PLANTED["email"].upper().encode())
    assert found_in(next(iter(written(tmp_path).values()))) == ["geertruida", "zwaluwstaart"]
