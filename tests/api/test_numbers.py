"""Numbers that no table can hold are answered, not stumbled over."""

import pytest

from tests.api.caller import refusal

pytestmark = pytest.mark.django_db
HUGE = 10**30


def test_reads(cast):
    for path in (
        f"/theaters/{HUGE}",
        f"/theaters/{HUGE}/performances",
        f"/producers/{HUGE}/productions",
        f"/producers/{HUGE}/productions/{cast.dip_id}/performances",
        f"/producers/{HUGE}/theaters/{HUGE}/performances",
    ):
        answer = cast.producer.get(path)
        assert answer.status_code == 404 if path == f"/theaters/{HUGE}" else answer.json() == [], path
    for path in (f"/productions/{cast.dip_id}/theaters/{HUGE}/sales", f"/productions/{cast.dip_id}/performances/{HUGE}/sales"):
        assert "No sales history" in refusal(cast.producer.get(path))
    assert "No sales history" in refusal(cast.producer.get(f"/productions/{'x' * 500}/sales"))


def test_writes(cast):
    producer = cast.performance.production.producer
    path = f"/producers/{producer.number}/productions"
    assert "is not you" in refusal(cast.producer.post(f"/producers/{HUGE}/productions", {}), 403)
    show = {"title": "De Vlonder", "season": "2026-2027", "genre": {"id": HUGE}}
    assert refusal(cast.producer.post(path, show))
    assert refusal(cast.producer.post(path, show | {"genre": {"id": 1}, "co_producers": [{"id": HUGE}]}))
    evenings = f"{path}/{cast.dip_id}/performances"
    place = {"theater": {"id": HUGE}, "theater_location": {"id": HUGE}}
    assert refusal(cast.producer.post(evenings, {"date": "2027-02-03T20:15:00"} | place))
    assert refusal(cast.producer.put(evenings, {"number": HUGE, "private": True}))
    assert refusal(cast.producer.put(evenings, {"number": cast.performance.number} | place))
    capacity = f"/productions/{cast.dip_id}/performances/{HUGE}/capacity"
    assert "is not a published performance" in refusal(cast.theatre.put(capacity, {"amount_rank1": 1}))
    assert refusal(cast.producer.post("/theaters", {"name": "A", "city": "B", "country": {"id": HUGE}}))
