"""Calendar feeds: what is in them, strictly as RFC 5545 has it; who fetches; what a change and a revocation do."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from dip.kernel.clock import now
from dip.programme.actions import cancel_performance, move_performance
from dip.programme.actions.calendars import create_feed, revoke_feed
from dip.programme.models import CalendarFeed, Performance
from dip.programme.queries.calendars import feed_url, feeds_of
from dip.programme.rules.ics import Entry, calendar_of, etag_of
from dip.registry.models import AuditLine, Membership
from dip.registry.terms import AccessDenied, Level, Module, Role
from tests.factories.programme import make_hall, make_performance, make_theatre
from tests.factories.registry import make_access, make_client_login, make_organisation
from tests.programme.cast import Cast

LINE = re.compile(rb"^[A-Z-]+(;[A-Z-]+=[^:;]+)*:.*$")
ENTRY = Entry(
    "NL-26-00123-00279|104512", "De Kade; of: het \u00e9inde, \\ nu", datetime(2027, 2, 28, 19, 15, tzinfo=UTC), "Europe/Amsterdam", "Grote Zaal, De Vlonder",
    "regel één\nregel twee " + "heel lang " * 20, "https://dip.example/productions/performances/104512", 3, datetime(2026, 11, 1, 8, tzinfo=UTC),
)  # fmt: skip


def is_strict(content: bytes) -> Calendar:
    """RFC 5545: CRLF, folded at 75 octets, every line a property, parts opened and closed, what is required present."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in lines)
    open_parts: list[bytes] = []
    for line in content.replace(b"\r\n ", b"").split(b"\r\n")[:-1]:
        assert LINE.match(line), line
        name, _, value = line.partition(b":")
        if name == b"BEGIN":
            open_parts.append(value)
        elif name == b"END":
            assert open_parts.pop() == value
    assert open_parts == []
    calendar = Calendar.from_ical(content)
    assert not calendar.errors
    assert (calendar["version"], bool(calendar["prodid"])) == ("2.0", True)
    zones = {str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")}
    seen = set()
    for event in calendar.walk("VEVENT"):
        assert {"uid", "dtstamp", "dtstart", "duration", "sequence", "last-modified", "status", "url"} <= {k.lower() for k in event}
        assert event["dtstart"].params["TZID"] in zones
        assert event["uid"] not in seen
        seen.add(event["uid"])
    return calendar


def events(content: bytes) -> dict[str, object]:
    return {str(event["uid"]): event for event in is_strict(content).walk("VEVENT")}


def test_an_entry_as_programs_read_it():
    content = calendar_of([ENTRY], "Tournee")
    event = events(content)[ENTRY.uid]
    assert event["summary"] == ENTRY.title
    assert event["description"] == ENTRY.text
    start = event["dtstart"].dt
    assert (start.isoformat(), str(start.tzinfo)) == ("2027-02-28T20:15:00+01:00", "Europe/Amsterdam")
    assert (event["sequence"], event["status"], event["url"]) == (3, "CONFIRMED", ENTRY.url)
    assert b"X-PUBLISHED-TTL:PT4H" in content


def test_the_same_facts_make_the_same_bytes():
    assert calendar_of([ENTRY], "Tournee") == calendar_of([ENTRY], "Tournee")
    assert etag_of(calendar_of([ENTRY], "Tournee")) != etag_of(calendar_of([ENTRY], "Andere"))
    is_strict(calendar_of([], "Leeg"))


def test_summer_and_winter_are_told_apart():
    summer = Entry(
        **{name: getattr(ENTRY, name) for name in ENTRY.__slots__}
        | {"uid": "x", "starts_at": datetime(2027, 6, 5, 18, 15, tzinfo=UTC)}
    )
    found = events(calendar_of([ENTRY, summer], "Tournee"))
    assert found["x"]["dtstart"].dt.isoformat() == "2027-06-05T20:15:00+02:00"
    assert found["x"]["dtstart"].dt.astimezone(UTC) == summer.starts_at


@pytest.fixture
def feed(cast: Cast):
    """The producer's own feed of everything, and who fetches it."""
    cast.publish()
    Performance.objects.update(changed_at=now() - timedelta(minutes=5))
    access = make_access(cast.producer, person=cast.provider_person)
    return access, create_feed(access=access, at=now(), name="Tournee")


def path_of(feed: CalendarFeed) -> str:
    return "/" + feed_url(feed).split("/", 3)[3]


@pytest.mark.django_db
def test_whoever_holds_the_address_fetches(client, cast, feed):
    access, made = feed
    answer = client.get(path_of(made))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(answer.content)
    assert set(found) == {f"{cast.production.dip_id}|{p.number}" for p in cast.performances}
    one = found[f"{cast.production.dip_id}|{cast.performance.number}"]
    assert one["url"].endswith(reverse("programme-performance", args=[cast.performance.number]))
    assert cast.theatre.name in one["location"]
    assert "sièges" in one["description"] or "seats" in one["description"] or "places" in one["description"]
    row = feeds_of(access)[0]
    assert (row.fetch_count, row.url) == (1, feed_url(made))
    assert client.get("/calendar/geheim.ics").status_code == 404
    assert client.post(path_of(made)).status_code == 405
    assert client.head(path_of(made)).status_code == 200


@pytest.mark.django_db
def test_unchanged_is_304_and_a_change_is_told(client, cast, feed):
    _, made = feed
    first = client.get(path_of(made))
    assert client.get(path_of(made), headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(path_of(made), headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    later = cast.performance.starts_at + timedelta(days=1, hours=1)
    move_performance(
        access=cast.provider,
        at=now(),
        number=cast.performance.number,
        starts_at=later,
        theatre_id=cast.theatre.pk,
        hall_id=cast.hall.pk,
    )
    cancel_performance(access=cast.provider, at=now(), number=cast.performances[1].number, reason="Ziekte")
    again = client.get(path_of(made), headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    before, after = events(first.content), events(again.content)
    moved, gone = (f"{cast.production.dip_id}|{p.number}" for p in cast.performances)
    assert after[moved]["sequence"] > before[moved]["sequence"]
    assert after[moved]["dtstart"].dt.astimezone(UTC) == later.replace(microsecond=0)
    assert after[moved]["last-modified"].dt > before[moved]["last-modified"].dt
    assert after[gone]["status"] == "CANCELLED"
    assert after[gone]["sequence"] > before[gone]["sequence"]


@pytest.mark.django_db
def test_a_revoked_feed_and_a_person_who_left_get_nothing(client, cast, feed):
    access, made = feed
    assert client.get(path_of(made)).status_code == 200
    member = Membership.objects.get(person=cast.provider_person)
    for change in ({"is_active": False}, {"rights": {}}):
        before = {name: getattr(member, name) for name in change}
        Membership.objects.filter(pk=member.pk).update(**change)
        assert client.get(path_of(made)).status_code == 404
        Membership.objects.filter(pk=member.pk).update(**before)
    revoke_feed(access=access, at=now(), feed_id=made.pk)
    assert client.get(path_of(made)).status_code == 404
    verbs = AuditLine.objects.within(access).filter(subject="feed").values_list("verb", flat=True)
    assert set(verbs) == {"create_feed", "revoke_feed"}


@pytest.mark.django_db
def test_a_feed_is_narrowed_and_stays_its_role(client, cast):
    cast.publish()
    elsewhere = make_performance(cast.production, make_hall(make_theatre(name="Elders")), starts_at=cast.performance.starts_at)
    provider = make_access(cast.producer, person=cast.provider_person)
    narrow = create_feed(access=provider, at=now(), name="Elders", theatre_id=elsewhere.theatre_id)
    assert len(events(client.get(path_of(narrow)).content)) == 1
    house = make_access(cast.organisation, Role.THEATRE, person=cast.person)
    own = create_feed(access=house, at=now(), name="Zaal", hall_id=cast.hall.pk)
    assert len(events(client.get(path_of(own)).content)) == 2
    for strange in ({"theatre_id": make_theatre().pk}, {"production_id": 999_999}, {"hall_id": make_hall().pk}):
        with pytest.raises(AccessDenied):
            create_feed(access=house, at=now(), name="Van een ander", **strange)
    with pytest.raises(AccessDenied):
        create_feed(access=make_access(cast.producer), at=now(), name="Zonder persoon")


@pytest.mark.django_db
def test_the_page_of_feeds(client, cast):
    cast.publish()
    make_client_login(client, cast.producer, person=cast.provider_person)
    address = reverse("programme-calendar")
    assert client.post(address, {"name": "", "production_id": ""}).status_code == 400
    client.post(address, {"name": "Mijn tournee", "production_id": str(cast.production.pk)})
    page = client.get(address).content.decode()
    feed = CalendarFeed.objects.within(make_access(cast.producer, person=cast.provider_person)).get()
    assert feed_url(feed) in page
    make_client_login(client, cast.producer)
    assert feed_url(feed) not in client.get(address).content.decode(), "a colleague's address is theirs"
    assert client.post(reverse("programme-calendar-revoke", args=[feed.pk])).status_code == 404
    make_client_login(client, make_organisation(Role.PRODUCER), rights={Module.SALES: Level.VIEW})
    assert client.get(address).status_code == 403


@pytest.mark.django_db
def test_single_files(client, cast):
    tour = reverse("programme-production-calendar", args=[cast.production.dip_id])
    one = reverse("programme-performance-calendar", args=[cast.performance.number])
    make_client_login(client, cast.producer)
    assert client.get(one).status_code == 404, "a concept is in nobody's calendar"
    cast.publish()
    assert len(events(client.get(tour).content)) == 2
    answer = client.get(one)
    assert len(events(answer.content)) == 1
    assert "attachment" in answer["Content-Disposition"]
    make_client_login(client, make_organisation(Role.FUNDER))
    assert client.get(one).status_code == 200, "published performances are public facts for members"
    assert client.get(reverse("programme-production-calendar", args=["NL-26-00001-00001"])).status_code == 404
