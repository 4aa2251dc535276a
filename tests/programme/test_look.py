"""The programme's newer pages in a real browser: accessible wide and narrow, in the dark, and nothing wider than the window."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse

from dip.kernel.clock import local, now
from dip.programme.actions import add_to_festival, create_festival
from dip.programme.actions.calendars import create_feed
from dip.programme.actions.duplicates import report_duplicate
from dip.programme.terms import DuplicateKind, FestivalEntry
from dip.registry.terms import Role
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access, make_membership, make_organisation, make_person
from tests.journeys.conftest import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-calm-evening-in-town"


def person(organisation, email: str):
    made = make_person(email=email, language="en", password=PASSWORD)
    make_membership(organisation, made, super_user=True)
    return made


@pytest.fixture
def addresses(settings, live_server) -> dict[str, list[str]]:
    """Pages with something on them, by who opens them."""
    caches["process"].clear()
    settings.BASE_URL = live_server.url
    maker, platform = make_organisation(Role.PRODUCER), make_organisation(Role.PLATFORM)
    someone = person(maker, "maker@proef.example")
    person(platform, "platform@proef.example")
    hall = make_hall(make_theatre(name="Theater De Kade", city="Proefdorp"), name="Grote Zaal", ranks=[300, 80])
    twin = make_theatre(name="Theater De Kaade", city="Proefdorp")
    performance = make_performance(make_production(maker), hall, day=local(now()).date() + timedelta(days=30))
    day = performance.performance_date
    access = make_access(maker, person=someone)
    festival = create_festival(
        access=access, at=now(), entry=FestivalEntry("Kadeklanken", "Proefdorp", day, day + timedelta(days=3))
    )
    add_to_festival(access=access, at=now(), festival_id=festival.pk, numbers=[performance.number])
    create_feed(access=access, at=now(), name="Tournee")
    pair = {"kind": DuplicateKind.THEATRE, "goes_id": twin.pk, "stays_id": hall.theatre_id}
    report_duplicate(access=access, at=now(), **pair)
    return {
        "maker@proef.example": [
            reverse("programme-festivals"), reverse("programme-festival", args=[festival.pk]), reverse("programme-festival-edit", args=[festival.pk]),
            reverse("programme-festival-add", args=[festival.pk]), reverse("programme-calendar"), reverse("programme-hall-facts", args=[hall.pk]),
            reverse("programme-duplicates"), reverse("programme-duplicate-find", args=["theatre", twin.pk]),
            reverse("programme-performance", args=[performance.number]), reverse("programme-performance-edit", args=[performance.number]),
        ],
        "platform@proef.example": [
            reverse("programme-venues"), reverse("programme-venues-upload"), reverse("programme-duplicates") + "?kind=hall",
            reverse("programme-duplicate-pair", args=["theatre", twin.pk, hall.theatre_id]), reverse("programme-theatres"),
        ],
    }  # fmt: skip


def test_pages_can_be_read_by_everybody(live_server, addresses, new_context, readable):
    for email, pages in addresses.items():
        page = new_context().new_page()
        sign_in(page, live_server.url, email, PASSWORD)
        for address in pages:
            page.goto(live_server.url + address)
            readable(page)
