"""DIP-ids: in the national form, consecutive per producer and season, never two alike, also when two enter at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dip.kernel.identifiers import is_production_dip_id, parse_performance_dip_id, performance_dip_id, production_dip_id
from dip.programme.actions import create_production
from dip.programme.actions.productions import mint_dip_id
from dip.programme.models import Performance, Production
from dip.programme.models.triggers import FIRST_NUMBER
from dip.programme.terms import ProductionEntry
from dip.registry.terms import Role
from tests.factories.programme import make_genre, make_performance, make_production
from tests.factories.registry import NOW, make_access, make_organisation

years = st.integers(2000, 2079)


@given(years, st.integers(1, 99_999), st.integers(1, 9_999_999), st.integers(1, 999_999_999))
def test_an_id_reads_back_as_it_was_made(year, producer, serial, number):
    dip_id = production_dip_id(year, producer, serial)
    assert is_production_dip_id(dip_id)
    read = parse_performance_dip_id(performance_dip_id(dip_id, number))
    assert (read.production, read.number) == (dip_id, number)


class Minting(TestCase):
    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(2024, 2027)), max_size=25))
    def test_serials_run_on_per_producer_and_season(self, order):
        producers = [make_organisation(Role.PRODUCER) for _ in range(3)]
        minted = [mint_dip_id(producers[who].pk, year) for who, year in order]
        assert len(set(minted)) == len(minted)
        for who in range(3):
            for year in range(2024, 2028):
                serials = [int(i.split("-")[3]) for i, key in zip(minted, order, strict=True) if key == (who, year)]
                assert serials == list(range(1, len(serials) + 1))


@pytest.mark.django_db
def test_a_serial_is_not_given_again():
    producer = make_organisation(Role.PRODUCER)
    gone = mint_dip_id(producer.pk, 2026)
    assert not Production.objects.filter(dip_id=gone).exists()
    assert make_production(producer).dip_id > gone


@pytest.mark.django_db
def test_numbers_begin_above_a_hundred_thousand():
    assert make_performance().number >= FIRST_NUMBER


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_collide():
    producer = make_organisation(Role.PRODUCER)
    access = make_access(producer, Role.PRODUCER)
    genre = make_genre()

    def enter(i: int) -> str:
        try:
            entry = ProductionEntry(title=f"Danslijn Noord {i}", season_year=2026, genre_id=genre.pk)
            return create_production(access=access, at=NOW, entry=entry).dip_id
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        minted = list(pool.map(enter, range(24)))
    assert len(set(minted)) == 24
    assert sorted(int(i.split("-")[3]) for i in minted) == list(range(1, 25))
    assert Performance.objects.count() == 0
