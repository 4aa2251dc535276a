"""Peer groups through the door: frozen, changed in batches, told as medians of the others, and by name only by consent."""

from datetime import date, timedelta
from statistics import median

import pytest

from dip.programme.models import Theatre
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Level, Module, Role
from dip.warehouse.actions import consents as acts
from dip.warehouse.actions import peers as groups
from dip.warehouse.models import Consent, PeerChange, PeerEdition, PeerGroup, PeerMember, PeerValue, PeerVersion
from dip.warehouse.queries import consents, peers
from dip.warehouse.rules.peer_groups import MEMBERS_MIN, PeerMeasure
from tests.factories.peers import make_peer_market, publish_peers
from tests.factories.programme import make_hall, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.warehouse import Market, _published, write_curve

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
REASON = "tests"
PAGE = "https://dip.example/trends/named/"
LATER = NOW + timedelta(days=40)


@pytest.fixture
def market():
    made = make_peer_market()
    publish_peers()
    return made


@pytest.fixture
def parties():
    """Three theatres and a producer, nothing published."""
    makers = [make_organisation(Role.PRODUCER)]
    return Market(None, takers=[make_organisation(Role.THEATRE) for _ in range(3)], producers=makers)


def of(market, place=0, **over):
    return make_access(market.takers[place], Role.THEATRE, **over)


def values(measure, season=2025):
    rows = PeerValue.objects.across_tenants(REASON).filter(
        measure=measure.value, edition__season_year=season, edition__side="theatre", counts=True
    )
    return dict(rows.values_list("organisation_id", "value"))


def add_house(market, seats=300):
    """One more theatre with a performance of every production of last season."""
    taker = make_organisation(Role.THEATRE)
    hall = make_hall(make_theatre(taker), capacity=seats)
    for step, production in enumerate(market.productions):
        performance = _published(production, hall, date(2026, 2, 1) + timedelta(days=step))
        performance.save()
        write_curve(performance, {10: 100, -1: 200})
    return taker


def play(market, day):
    """One more production of the running season, in every hall."""
    production = make_production(market.producers[0], genre=market.genre, season_year=2026)
    for stop, hall in enumerate(market.halls):
        performance = _published(production, hall, day + timedelta(days=stop))
        performance.save()
        write_curve(performance, {10: 100}, until=NOW + timedelta(days=400))


class TestFigures:
    def test_medians_are_of_the_others_and_one_s_own_stands_beside(self, market):
        found = peers.peer_figures(of(market))
        row = next(one for one in found.rows if one.measure is PeerMeasure.OCCUPANCY)
        others = [value for one, value in values(PeerMeasure.OCCUPANCY).items() if one != market.takers[0].pk]
        assert (found.edition.season_year, row.count, len(found.group.members)) == (2025, 12, 13)
        assert row.median == pytest.approx(median(others), abs=0.01)
        assert min(others) < row.low < row.median < row.high < max(others)
        assert row.own == pytest.approx(values(PeerMeasure.OCCUPANCY)[market.takers[0].pk])
        assert row.standing == "lowest"
        assert (row.has_mix, row.coverage) == (True, 1.0)
        assert row.at_mix == pytest.approx(sum(others) / len(others), abs=0.03)  # disturbed by hidden factors
        best = next(one for one in peers.peer_figures(of(market, 12)).rows if one.measure is PeerMeasure.OCCUPANCY)
        assert best.standing == "highest"
        assert best.median < row.median  # each leaves out its own
        late = next(one for one in found.rows if one.measure is PeerMeasure.LAST_WEEK)
        assert late.own is not None
        buyers = next(one for one in found.rows if one.measure is PeerMeasure.NEW_BUYERS)
        assert (buyers.own, buyers.count, buyers.median) == (None, None, None)

    def test_providers_have_groups_of_their_own(self):
        market = make_peer_market(producers=13)
        publish_peers()
        found = peers.peer_figures(make_access(market.producers[0], Role.PRODUCER))
        told = {row.measure: row for row in found.rows}
        assert found.group.kinds == ("1",)
        assert told[PeerMeasure.THEATRES].own == 13
        assert told[PeerMeasure.THEATRES].median is None  # all are alike: a quartile would tell everybody's
        assert told[PeerMeasure.OCCUPANCY].count is None or told[PeerMeasure.OCCUPANCY].count == 12

    def test_strangers_are_told_nothing_of_a_group(self, market):
        stranger = peers.peer_figures(make_access(make_organisation(Role.THEATRE), Role.THEATRE))
        assert stranger.group is None
        assert all((row.own, row.median, row.count) == (None, None, None) for row in stranger.rows)
        assert peers.peer_figures(make_access(make_organisation(Role.FUNDER), Role.FUNDER)) is None
        with pytest.raises(AccessDenied):
            peers.peer_figures(of(market, rights={Module.SALES: Level.NONE}))

    def test_before_anything_is_published(self):
        assert groups.tend(NOW).editions == 0
        assert peers.peer_figures(make_access(make_organisation(Role.THEATRE), Role.THEATRE)) is None

    def test_a_small_sector_has_values_and_no_group(self):
        market = make_peer_market(theatres=6, producers=5)
        publish_peers()
        found = peers.peer_figures(of(market))
        assert found.group is None
        assert found.rows[0].own is not None
        assert found.rows[0].median is None

    def test_the_same_questions_whatever_the_number(self, market, django_assert_num_queries):
        with django_assert_num_queries(8):
            peers.peer_figures(of(market))
        access = of(market)
        with django_assert_num_queries(8):
            peers.peer_figures(access, 2025)


class TestFrozen:
    def test_freezing_again_changes_nothing(self, market):
        held = list(PeerMember.objects.across_tenants(REASON).values_list("group_id", "organisation_id", "from_version"))
        stamp = PeerEdition.objects.values_list("made_at", flat=True)
        assert groups.freeze(LATER, 2025) == groups.Tended()
        assert list(PeerMember.objects.across_tenants(REASON).values_list("group_id", "organisation_id", "from_version")) == held
        assert set(stamp) == {NOW}
        assert all(
            PeerMember.objects.across_tenants(REASON).filter(group=group).count() >= MEMBERS_MIN
            for group in PeerGroup.objects.all()
        )

    def test_newcomers_wait_until_they_are_three_and_an_edition_comes(self, market):
        """In the running season: two houses wait, a third makes a batch, and only the next edition shows it."""
        play(market, date(2026, 9, 1))
        publish_peers()
        group = PeerGroup.objects.get(season_year=2026, side="theatre")
        add_house(market), add_house(market)
        groups.tend(NOW + timedelta(hours=1))
        assert PeerChange.objects.across_tenants(REASON).filter(group=group, is_join=True).count() == 2
        Theatre.objects.filter(organisation=market.takers[3]).update(do_not_use=True)
        groups.tend(NOW + timedelta(hours=2))
        assert PeerMember.objects.across_tenants(REASON).filter(group=group, until_version=None).count() == 13
        assert PeerVersion.objects.filter(group=group).count() == 1
        play(market, date(2026, 12, 1))
        publish_peers(LATER + timedelta(days=60))
        assert PeerVersion.objects.filter(group=group).count() == 2
        members = PeerMember.objects.across_tenants(REASON).filter(group=group, until_version=None)
        assert members.count() == 14
        assert market.takers[3].pk not in members.values_list("organisation_id", flat=True)
        assert not PeerChange.objects.across_tenants(REASON).exists()

    def test_one_whose_figures_end_is_not_seen_to_go(self, market):
        """A finished season, made anew: one house fewer has figures, and the median stays as it was."""
        before = peers.peer_figures(of(market)).rows
        Theatre.objects.filter(organisation=market.takers[5]).update(organisation=None)
        publish_peers(LATER)
        after = peers.peer_figures(of(market)).rows
        assert PeerEdition.objects.filter(season_year=2025, side="theatre").count() == 2
        assert [(row.count, row.median) for row in after] == [(row.count, row.median) for row in before]


class TestConsent:
    def invited(self, market, figures=("occupancy", "price"), **over):
        asked = {"organisation_id": market.takers[1].pk, "figures": figures, "until": date(2027, 7, 31), "address": PAGE}
        return acts.invite(access=of(market), at=NOW, **(asked | over))

    def test_nothing_before_both_agree_and_nothing_after_one_ends_it(self, market, mailoutbox):
        row = self.invited(market)
        mine, theirs = of(market), of(market, 1)
        assert [one.state for one in consents.comparisons(mine, NOW)] == ["sent"]
        assert [one.state for one in consents.comparisons(theirs, NOW)] == ["received"]
        assert peers.named_figures(mine, row.pk, NOW).rows == ()
        with pytest.raises(acts.UnableToCompare):
            acts.accept(access=mine, at=NOW, consent_id=row.pk, address=PAGE)
        acts.accept(access=theirs, at=NOW, consent_id=row.pk, address=PAGE)
        assert [one.name for one in consents.partners(mine, NOW)] == [market.takers[1].name]
        told = peers.named_figures(mine, row.pk, NOW).rows
        back = peers.named_figures(theirs, row.pk, NOW).rows
        assert [one.measure for one in told] == [PeerMeasure.OCCUPANCY, PeerMeasure.PRICE]
        assert [(one.own, one.other) for one in told] == [(one.other, one.own) for one in back]
        assert told[0].other == pytest.approx(values(PeerMeasure.OCCUPANCY)[market.takers[1].pk])
        acts.end(access=theirs, at=NOW, consent_id=row.pk, address=PAGE)
        assert peers.named_figures(mine, row.pk, NOW).rows == peers.named_figures(theirs, row.pk, NOW).rows == ()
        assert consents.partners(mine, NOW) == consents.partners(theirs, NOW) == ()
        assert consents.comparison_of(mine, row.pk, NOW).state == "revoked"
        assert consents.comparison_of(mine, row.pk, NOW).ended_by_name == market.takers[1].name
        lines = AuditLine.objects.across_tenants(REASON).filter(subject="Consent")
        assert sorted(lines.values_list("verb", "organisation_id")) == sorted(
            (verb, market.takers[n].pk) for verb in ("ask_comparison", "accept_comparison", "revoke_comparison") for n in (0, 1)
        )

    def test_strangers_and_people_without_the_right_reach_nothing(self, parties):
        row = self.invited(parties)
        acts.accept(access=of(parties, 1), at=NOW, consent_id=row.pk, address=PAGE)
        for stranger in (of(parties, 2), make_access(parties.producers[0], Role.PRODUCER)):
            assert consents.comparisons(stranger, NOW) == ()
            with pytest.raises(Consent.DoesNotExist):
                peers.named_figures(stranger, row.pk, NOW)
            with pytest.raises(Consent.DoesNotExist):
                acts.end(access=stranger, at=NOW, consent_id=row.pk, address=PAGE)
        with pytest.raises(AccessDenied):
            acts.end(access=of(parties, rights={Module.SALES: Level.VIEW}), at=NOW, consent_id=row.pk, address=PAGE)

    def test_what_cannot_be_asked_is_named(self, parties):
        def refused(**over):
            with pytest.raises(acts.UnableToCompare) as error:
                self.invited(parties, **over)
            return error.value.field

        assert refused(organisation_id=parties.producers[0].pk) == "organisation"
        assert refused(organisation_id=parties.takers[0].pk) == "organisation"
        assert refused(figures=()) == "figures"
        assert refused(figures=("theatres",)) == "figures"
        assert refused(until=NOW.date()) == "until"
        assert refused(until=date(2029, 1, 1)) == "until"
        self.invited(parties)
        assert refused() == "organisation"

    def test_it_ends_by_itself_and_may_be_asked_again(self, parties):
        row = self.invited(parties, until=date(2026, 12, 1))
        acts.accept(access=of(parties, 1), at=NOW, consent_id=row.pk, address=PAGE)
        after = NOW + timedelta(days=10)
        assert consents.partners(of(parties), after) == ()
        assert consents.comparison_of(of(parties), row.pk, after).state == "expired"
        again = acts.invite(
            access=of(parties, 1),
            at=after,
            organisation_id=parties.takers[0].pk,
            figures=("price",),
            until=date(2027, 7, 1),
            address=PAGE,
        )
        assert acts.end(access=of(parties, 1), at=after, consent_id=again.pk, address=PAGE).accepted_at is None
        assert consents.comparison_of(of(parties), again.pk, after).state == "withdrawn"

    def test_many_consents_do_not_open_a_median(self, market):
        """Who is shown five of twelve by name is told no median of which only seven are unknown."""
        for place in range(1, 6):
            row = self.invited(market, organisation_id=market.takers[place].pk)
            acts.accept(access=of(market, place), at=NOW, consent_id=row.pk, address=PAGE)
        assert peers.peer_figures(of(market)).rows[0].median is None
        assert peers.peer_figures(of(market, 6)).rows[0].median is not None
