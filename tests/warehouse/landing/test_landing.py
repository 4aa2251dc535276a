import gzip
from datetime import timedelta

import pytest

from dip.registry.terms import AccessDenied
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.actions import landing
from dip.warehouse.models import LandedBatch, SourceCode
from dip.warehouse.rules import decoding
from dip.warehouse.rules.landed import COLUMNS
from dip.warehouse.store import landing as files
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_organisation
from tests.warehouse.landing.conftest import ALL, ndjson


def told(landed):
    return [(one.row, one.code.value, one.field) for one in landed.verdicts]


def test_a_ticket_lands_in_codes(house):
    landed = house.deliver(house.row())
    assert (landed.total, landed.accepted, landed.rejected, landed.counts) == (1, 1, 0, {})
    found = {name: column[0] for name, column in house.columns().items()}
    assert list(found) == list(COLUMNS)
    assert found["performance"] == house.evenings[0].number
    assert found["source"] == house.source.pk
    assert (found["state"], found["kind"], found["channel"], found["scope"]) == (1, 1, 1, 2)
    assert (found["price_cents"], found["fee_cents"], found["list_cents"]) == (2250, 0, -1)
    assert (found["pc4"], found["country"], found["birth"], found["gender"]) == (3811, 528, 1985, 0)
    assert found["version"] == 1_793_530_800_000_000
    assert found["sold_hour"] == 1_793_530_740 // 3600
    assert found["buyer"] != 0


@pytest.mark.parametrize(
    ("over", "verdict"),
    [
        ({"ticket": None}, ("missing", "ticket")),
        ({"ticket": 7}, ("wrong_type", "ticket")),
        ({"price_cents": -1}, ("out_of_range", "price_cents")),
        ({"ticket": "x" * 200}, ("out_of_range", "ticket")),
        ({"state": "verkocht"}, ("unknown_state", "state")),
        ({"changed_at": "gisteren"}, ("malformed_time", "changed_at")),
        ({"sold_at": "2026-11-01T12:00:00"}, ("malformed_time", "sold_at")),
        ({"state": "cancelled", "cancelled_at": "x"}, ("malformed_time", "cancelled_at")),
        ({"changed_at": "2027-11-01T12:00:00Z"}, ("in_future", "changed_at")),
        ({"performance": None}, ("no_performance", "performance")),
        ({"performance": "999999999"}, ("unknown_performance", "performance")),
        ({"performance": "abc"}, ("unknown_performance", "performance")),
        ({"price_band": 11}, ("out_of_range", "price_band")),
    ],
)
def test_bad_rows_are_told_and_the_good_are_kept(house, over, verdict):
    landed = house.deliver(house.row(ticket="good"), house.row(**over), house.row(ticket="good too"))
    assert told(landed) == [(1, *verdict)]
    assert (landed.total, landed.accepted, landed.rejected) == (3, 2, 1)


def test_lines_that_are_no_objects_are_told(house):
    body = ndjson(house.row()) + b"\n[1]\nno json\n\xff\n" + ndjson(house.row(ticket="t-2"))
    landed = landing.land(access=house.access, at=NOW, source=house.source, delivery_id="d-1", body=body)
    assert told(landed) == [(1, "unreadable", ""), (2, "unreadable", ""), (3, "unreadable", "")]
    assert landed.accepted == 2


def test_values_are_never_repeated_in_a_verdict(house):
    landed = house.deliver(house.row(state="Noor Dijkema"), house.row(ticket="2", price_cents="noor@vlonder.example"))
    kept = str(house.batch().verdicts) + str(landed)
    assert "Noor" not in kept
    assert "noor@" not in kept


@pytest.mark.parametrize(
    ("over", "verdict", "expected"),
    [
        ({"consent": "none"}, None, {"buyer": 0, "scope": 0, "pc4": 0, "country": 0, "birth": 0}),
        ({"consent": None}, None, {"buyer": 0, "pc4": 0}),
        ({"consent": "ja"}, ("unknown_word", "consent"), {"buyer": 0, "pc4": 0}),
        ({"email": None, "customer": "k-1"}, None, {"scope": 1}),
        ({"email": "x"}, ("unreadable_buyer", "email"), {"buyer": 0, "scope": 0, "pc4": 3811}),
        ({"email": None, "buyer_pseudonym": "ab" * 32}, None, {"scope": 2}),
        ({"email": None, "buyer_pseudonym": "x"}, ("unreadable_buyer", "buyer_pseudonym"), {"scope": 0}),
        ({"postcode": "?"}, ("unreadable_postcode", "postcode"), {"pc4": 0, "country": 528}),
        ({"country": "Utopia"}, ("unknown_word", "country"), {"pc4": 3811, "country": 528}),
        ({"birth_year": 1880}, ("unreadable_birth", "birth_year"), {"birth": 0}),
        ({"birth_year": None, "birth_date": "2015-01-02"}, None, {"birth": 1}),
        ({"gender": "f"}, None, {"gender": 0}),
        ({"price_band": 3, "promo": True, "attended": False, "list_price_cents": 2500}, None,
         {"band": 3, "promo": 2, "attended": 1, "list_cents": 2500}),
        ({"state": "cancelled"}, None, {"state": 3, "cancelled_hour": 1_793_530_800 // 3600}),
        ({"kind": "", "price_cents": 0}, None, {"kind": 4}),
        ({"channel": ""}, None, {"channel": 7}),
    ],
)  # fmt: skip
def test_what_is_told_of_a_buyer_is_made_coarse(house, over, verdict, expected):
    landed = house.deliver(house.row(**over))
    assert told(landed) == ([(0, *verdict)] if verdict else [])
    assert landed.accepted == 1
    found = {name: column[0] for name, column in house.columns().items()}
    assert {name: found[name] for name in expected} == expected


def test_a_repeat_answers_the_same_receipt_and_another_body_is_refused(house):
    first = house.deliver(house.row())
    again = house.deliver(house.row(), at=NOW + timedelta(days=1))
    assert again == first._replace(is_repeat=True)
    with pytest.raises(landing.UnableToLand) as caught:
        house.deliver(house.row(price_cents=1))
    assert caught.value.is_conflict
    assert len(list(house.home.glob("landing/*/*"))) == 1


def test_one_version_of_a_ticket_is_one_ticket(house):
    newer = house.row(changed_at="2026-11-02T12:00:00Z", state="cancelled")
    landed = house.deliver(house.row(), newer, house.row(), house.row(price_cents=1), house.row(price_cents=1, ticket="t-2"))
    assert (landed.accepted, landed.repeated, landed.rejected) == (3, 1, 1)
    assert told(landed) == [(3, "conflict", "changed_at")]


def test_the_same_rows_have_the_same_keys_in_every_delivery(house):
    house.deliver(house.row(), house.row(ticket="another one", order="o-2"), id="a")
    house.deliver(house.row(ticket="x" * 40), house.row(), id="b")
    a, b = house.columns("a"), house.columns("b")
    shared = set(a["ticket"]) & set(b["ticket"])
    assert len(shared) == 1
    for name in ("order_key", "content", "buyer"):
        assert a[name][a["ticket"].index(*shared)] == b[name][b["ticket"].index(*shared)]


def test_a_performance_can_be_named_with_its_production_and_what_was_merged_follows(house):
    number, dip_id = house.evenings[0].number, house.evenings[0].production.dip_id
    house.evenings[1].merged_into = house.evenings[0]
    house.evenings[1].save()
    landed = house.deliver(
        house.row(performance=f"{dip_id}|{number}"),
        house.row(ticket="2", performance=f"NL-26-00001-00001|{number}"),
        house.row(ticket="3", performance=str(house.evenings[1].number)),
    )
    assert told(landed) == [(1, "other_production", "performance")]
    assert set(house.columns()["performance"]) == {number}


def test_performances_of_others_are_unknown(house):
    others = make_performance(make_production(), make_hall(make_theatre(make_organisation())))
    assert told(house.deliver(house.row(performance=str(others.number)))) == [(0, "unknown_performance", "performance")]
    assert house.batch().file == ""


def test_codes_of_the_source_are_kept_and_count_as_other(house):
    row = house.row(kind="", source_kind="CJP pas", channel="Avondkassa", performance=None, event="ev-9")
    landed = house.deliver(row, house.row(ticket="2", kind="", source_kind="noor@vlonder.example"))
    assert landed.counts == {"unknown_code": 2, "unmatched_event": 1, "personal_code": 1}
    codes = {one.field: one for one in SourceCode.objects.within(house.access)}
    assert {of: one.raw for of, one in codes.items()} == {"kind": "CJP pas", "channel": "Avondkassa", "event": "ev-9"}
    found = house.columns()
    place = found["kind_code"].index(codes["kind"].pk)
    assert (found["kind"][place], found["channel"][place], found["performance"][place]) == (4, 7, 0)
    assert house.batch().codes == sorted(one.pk for one in codes.values())


def test_connectors_rows_and_parquet_land_as_ndjson_does(house, tmp_path):
    import duckdb

    house.deliver(house.row(), id="lines")
    row = TicketRow(**house.row())
    landing.land_rows(access=house.access, at=NOW, source=house.source, delivery_id="rows", rows=[row], cursor="page 2")
    path = tmp_path / "sent.parquet"
    values = ", ".join(f"{value!r} AS {name}" for name, value in house.row().items() if name != "changed_at")
    duckdb.execute(f"COPY (SELECT {values}, make_timestamptz(1793530800000000) AS changed_at, 'Noor' AS name) TO '{path}'")
    landed = landing.land_parquet(access=house.access, at=NOW, source=house.source, delivery_id="parquet", body=path.read_bytes())
    assert (landed.accepted, landed.counts) == (1, {})
    assert house.columns("lines") == house.columns("rows") == house.columns("parquet")
    assert house.batch("rows").cursor == "page 2"


@pytest.mark.parametrize("body", [b"", b"PAR1", b"no parquet at all"])
def test_what_is_no_parquet_is_refused(house, body):
    with pytest.raises(landing.UnableToLand):
        landing.land_parquet(access=house.access, at=NOW, source=house.source, delivery_id="d", body=body)


@pytest.mark.parametrize("body", [b"", b"\n\n"])
def test_a_body_without_rows_is_refused(house, body):
    with pytest.raises(landing.UnableToLand):
        landing.land(access=house.access, at=NOW, source=house.source, delivery_id="d", body=body)


def test_more_rows_than_one_delivery_may_hold_are_refused(house, monkeypatch):
    monkeypatch.setattr(decoding, "MOST_ROWS", 2)
    with pytest.raises(landing.UnableToLand) as caught:
        house.deliver(*[house.row(ticket=str(one)) for one in range(3)])
    assert caught.value.is_large


def test_packed_bodies_are_unpacked_within_bounds():
    assert decoding.unpack(gzip.compress(b"abc")) == b"abc"
    for bomb in (gzip.compress(b" " * 40_000_000), gzip.compress(gzip.compress(b"x" * 20))[:-9], b"no gzip"):
        with pytest.raises(decoding.UnableToDecode):
            decoding.unpack(bomb)


def test_only_the_theatre_itself_delivers(house):
    for access in (house.looker, house.stranger):
        with pytest.raises(AccessDenied):
            landing.land(access=access, at=NOW, source=house.source, delivery_id="d", body=ndjson(house.row()))
    with pytest.raises(AccessDenied):
        landing.source_for(access=house.looker, at=NOW, system="x")
    house.deliver(house.row())
    assert not LandedBatch.objects.within(house.stranger).exists()


def test_a_fall_between_file_and_receipt_loses_and_doubles_nothing(house, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(landing, "_receipt", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr(files, "remove", lambda *_: None)  # a process that is killed removes nothing
        with pytest.raises(KeyboardInterrupt):
            house.deliver(house.row())
    assert len(list(house.home.glob("landing/*/*.parquet"))) == 1
    assert house.deliver(house.row()).accepted == 1
    assert len(list(house.home.glob("landing/*/*.parquet"))) == 2
    assert landing.sweep(NOW) == 0  # made just now, whatever the clock of the test says
    import os
    import time

    for path in house.home.glob("landing/*/*.parquet"):
        os.utime(path, (time.time() - 9000, time.time() - 9000))
    from django.utils import timezone

    assert landing.sweep(timezone.now()) == 1
    assert len(house.columns()["ticket"]) == 1


def test_verdicts_are_counted_all_and_kept_within_bounds(house):
    landed = house.deliver(*[house.row(ticket=str(one), state="x") for one in range(1200)], house.row())
    assert landed.counts == {"unknown_state": 1200}
    assert len(landed.verdicts) == 1000
    assert landed.accepted == 1


def test_a_delivery_costs_few_queries_whatever_its_length(house, django_assert_max_num_queries):
    house.deliver(house.row(), id="first")
    with django_assert_max_num_queries(11):
        house.deliver(*[house.row(ticket=str(one)) for one in range(500)], id="second")


def test_batches_are_found_by_what_they_hold(house):
    house.deliver(house.row())
    assert house.batch().performances == [house.evenings[0].number]
    assert LandedBatch.objects.across_tenants(ALL).filter(performances__contains=[house.evenings[0].number]).exists()
