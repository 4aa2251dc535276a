"""What hunting by schemathesis and by hand found in the external API, and stays mended."""

import pytest

from dip.registry.terms import Role
from dip.ticketing.models import Delivery
from tests.api.caller import Caller, refusal
from tests.factories.programme import make_genre, make_performance, make_production
from tests.factories.registry import make_organisation

pytestmark = pytest.mark.django_db
NUL = "a\x00b"


@pytest.fixture
def booking(db):
    make_genre()
    producer = make_organisation(Role.PRODUCER)
    caller = Caller(producer, Role.PRODUCER)
    caller.producer, caller.path = producer, f"/producers/{producer.number}/productions"
    return caller


def test_a_nul_in_a_body_is_refused_with_its_place(booking):
    body = {"title": NUL, "season": "2026-2027", "genre": {"id": 1}}
    assert "title: the text holds a NUL" in refusal(booking.post(booking.path, body))
    body = {"title": "x", "season": "2026-2027", "genre": {"id": 1}, "cast_members": ["x", NUL]}
    assert "cast_members.1: the text" in refusal(booking.post(booking.path, body))
    assert "NUL" in refusal(booking.post("/theaters", {"name": "x", "city": "y", "theater_locations": [{"name": NUL}]}))
    assert "entry: the text" in refusal(booking.post(booking.path, [NUL]))


def test_a_nul_in_a_pushed_row_is_told_and_does_not_spoil_the_others(cast):
    row = {"number": cast.performance.number, "normal": {"tickets": 1, "recette": 1}}
    for wrong in ({"production": NUL}, {"updated": NUL}, {NUL: 1}):
        assert "NUL" in refusal(cast.theatre.put("/tickets/cumulative", row | wrong))
    receipt = cast.theatre.put("/tickets/cumulative", [row | {"production": NUL}, row]).json()
    assert (receipt["accepted"], receipt["rejected"]) == (1, 1)
    refusal(cast.theatre.put(f"/productions/a%00b/performances/{cast.performance.number}/capacity", {"amount_rank1": 1}))
    assert Delivery.objects.across_tenants("tests look at everything").count() == 5


def test_a_nul_in_an_address_is_of_nothing(booking):
    for path in ("/productions/a%00b/sales", f"{booking.path}/a%00b/performances"):
        assert refusal(booking.get(path), 404)


def test_an_address_with_a_line_break_is_of_nothing(booking):
    assert refusal(booking.get("/x%0Ay"), 404)
    assert refusal(booking.get("/x%0A"), 404)


def test_a_reference_that_is_taken_is_refused(booking):
    first, second = (make_production(booking.producer, external_ref=ref) for ref in ("w-1", "w-2"))
    assert "external_ref" in refusal(booking.put(booking.path, {"id": second.dip_id, "external_ref": "w-1"}))
    make_performance(first, external_ref="e-1")
    other = make_performance(first)
    path = f"{booking.path}/{first.dip_id}/performances"
    assert "external_ref" in refusal(booking.put(path, {"number": other.number, "external_ref": "e-1"}))


def test_another_method_is_told_which_are_answered(booking, client):
    for path, allowed in ((booking.path, "GET, POST, PUT"), ("/tickets/cumulative", "PUT"), ("/genres", "GET"), ("/token", "POST")):
        answer = client.generic("TRACE", f"/external/v1{path}", headers=booking._headers())
        assert refusal(answer, 405)
        assert sorted(answer["Allow"].split(", ")) == sorted(allowed.split(", "))
