"""Like organisations and comparing by name in a real browser: one asks, the other accepts, both look, one ends it."""

import re

import pytest
from playwright.sync_api import expect

from dip.web import assets
from tests.factories.peers import make_peer_market, publish_peers
from tests.factories.registry import PASSWORD, make_membership
from tests.journeys.conftest import mailbox, run_jobs, sign_in  # noqa: F401  fixtures

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_asking_accepting_looking_and_ending(live_server, new_context, axe, mailbox, run_jobs):  # noqa: F811  fixtures
    assets.build()
    market = make_peer_market(producers=5)
    publish_peers()
    first, second = (make_membership(taker) for taker in market.takers[:2])
    faults = []

    def opened(membership, path, width, scheme):
        page = new_context(width=width, color_scheme=scheme).new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        sign_in(page, live_server.url, membership.person.email, PASSWORD)
        page.goto(live_server.url + path)
        return page

    def looked_at(page):
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        axe(page)

    page = opened(first, "/trends/peers/", 1440, "light")
    expect(page.get_by_text(re.compile("13 members, frozen on"))).to_be_visible()
    page.get_by_text("Who is in it").click()
    looked_at(page)
    page.get_by_role("link", name="Compare with one organisation by name").click()
    page.get_by_role("link", name="Invite an organisation").click()
    page.get_by_label("Organisation").select_option(label=market.takers[1].name)
    page.get_by_label("Average price").uncheck()
    looked_at(page)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(re.compile("Nothing is shown to either of you until it accepts"))).to_be_visible()
    run_jobs()
    mail = mailbox.text_to(second.person.email)
    assert "/trends/named/" in mail
    assert "%" not in mail

    other = opened(second, "/trends/named/", 360, "dark")
    other.get_by_role("button", name=re.compile("Accept")).click()
    expect(other.get_by_role("heading", name=re.compile("Both in"))).to_be_visible()
    expect(other.get_by_role("row", name=re.compile("Occupancy, paid"))).to_contain_text("%")
    expect(other.get_by_role("row", name=re.compile("Average price"))).to_have_count(0)
    looked_at(other)
    page.reload()
    expect(page.get_by_role("row", name=re.compile("Occupancy, paid"))).to_contain_text("%")
    other.get_by_role("button", name=re.compile("End")).click()
    page.reload()
    for one in (page, other):
        expect(one.get_by_text(re.compile("neither of you sees the other's figures here"))).to_be_visible()
        expect(one.get_by_role("row", name=re.compile("Occupancy, paid"))).to_have_count(0)
    other.goto(live_server.url + "/trends/peers/")
    looked_at(other)
    assert faults == []
