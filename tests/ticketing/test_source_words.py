"""Sources of figures in the language of the reader, on the pages, in the sheets and in the receipts."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import translation

from dip.kernel.clock import now
from dip.registry.terms import Role
from dip.ticketing.actions import accept_positions
from dip.ticketing.source_words import source_name
from dip.ticketing.terms import BY_HAND, SPREADSHEET, Measure, PositionRow
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import make_access, make_client_login, make_organisation
from tests.factories.ticketing import tickets


@pytest.mark.parametrize(
    ("language", "typed", "sheet"),
    [("en", "by hand", "spreadsheet"), ("nl", "met de hand", "spreadsheet"), ("fr", "à la main", "tableur")],
)
def test_the_platforms_own_ways_are_translated_and_systems_keep_their_name(language, typed, sheet):
    with translation.override(language):
        assert (source_name(BY_HAND), source_name(SPREADSHEET)) == (typed, sheet)
        assert source_name("Kassa De Vlonder") == "Kassa De Vlonder"
        assert source_name("") == ""


@pytest.mark.django_db
def test_the_pages_show_it_in_french(client, settings, tmp_path):
    settings.WAREHOUSE_HOME = tmp_path
    caches["process"].clear()
    house, at = make_organisation(Role.THEATRE), now()
    hall = make_hall(make_theatre(house, is_coupled=False))
    evening = make_performance(make_production(), hall, day=(at + timedelta(days=9)).date(), at=at - timedelta(days=1))
    access = make_access(house)
    rows = [PositionRow(evening.number, tickets(12), at - timedelta(hours=1))]
    accept_positions(access=access, at=at, measure=Measure.TICKETS, rows=rows, source=BY_HAND, couples=False, by_hand=True)
    make_client_login(client, house, language="fr")
    pages = [
        reverse("home"), reverse("sales-performance", args=[evening.number]),
        reverse("sales-performance-reconciliation", args=[evening.number]), reverse("ticketing-deliveries"),
    ]  # fmt: skip
    for page in pages:
        text = client.get(page).content.decode()
        assert "à la main" in text, page
        assert "by hand" not in text, page
