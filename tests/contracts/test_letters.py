"""Mails of the workflow: whole in three languages, to the right people, and without a figure of anybody."""

import re

import pytest

from dip.contracts import actions
from dip.contracts.actions import letters
from dip.registry.models import Membership
from dip.registry.terms import Level, Module
from tests.contracts.mails import mails
from tests.factories.contracts import Deal, make_deal
from tests.factories.registry import NOW, make_membership, make_person

pytestmark = pytest.mark.django_db
NAMES = (
    "proposed", "proposed_copy", "approved", "rejected", "withdrawn", "expired", "reminder", "second_needed",
)  # fmt: skip


def readers(deal: Deal, kind: str) -> list[str]:
    return [reader.email for reader in getattr(letters, f"{kind}_readers")(deal.agreement)]


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
@pytest.mark.parametrize("name", NAMES)
def test_every_mail_is_whole_in_every_language(proposed, name, language):
    told = {"sender": "Van Halderen", "is_again": True, "left": 1, "actor": "Anouk", "reason": "Te hoog", "parent": None}
    before = len(mails())
    letters.send(name, proposed.agreement, [letters.Reader("a@vlonder.example", language)], rejected=["provider_guarantee"], **told)
    mail = mails()[before]
    assert mail["language"] == language
    assert proposed.agreement.reference in mail["subject"]
    assert proposed.production.title in mail["subject"] + mail["body"]
    assert f"/contracts/{proposed.agreement.pk}/" in mail["body"]
    assert "\n\n\n" not in mail["body"]
    assert not re.search(r"€|\d[.,]\d\d\b|%\(|{{|6\.?500", mail["subject"] + mail["body"])
    if language != "en":
        assert "agreement" not in mail["subject"] + mail["body"]


def test_a_mail_of_a_revision_says_what_it_revises(approved):
    revision = actions.revise_agreement(access=approved.provider, at=NOW, agreement_id=approved.agreement.pk)
    before = len(mails())
    actions.propose_agreement(access=approved.provider, at=NOW, agreement_id=revision.pk)
    mail = mails()[before]
    assert revision.reference in mail["subject"]
    assert approved.agreement.reference in mail["body"]


def test_each_reads_in_their_own_language(proposed):
    for name, language in (("taker", "nl"), ("second", "fr")):
        person = proposed.people[name]
        person.language = language
        person.save()
    found = letters.theatre_readers(proposed.agreement)
    assert {(one.email, one.language) for one in found} == {
        (proposed.people["taker"].email, "nl"), (proposed.people["second"].email, "fr"),
    }  # fmt: skip


def test_people_without_the_right_or_gone_are_not_told(proposed):
    make_membership(proposed.house, make_person(), rights={Module.CONTRACTS: Level.VIEW})
    make_membership(proposed.house, make_person(), rights={Module.SALES: Level.APPROVE})
    make_membership(proposed.house, make_person(), is_active=False)
    make_membership(proposed.house, make_person(is_active=False))
    assert sorted(readers(proposed, "theatre")) == sorted(proposed.people[name].email for name in ("taker", "second"))


def test_without_people_the_general_address_and_then_the_theatres(proposed):
    Membership.objects.filter(organisation=proposed.house).delete()
    assert readers(proposed, "theatre") == [proposed.house.email]
    proposed.house.email = ""
    proposed.house.save()
    assert readers(proposed, "theatre") == []
    proposed.theatre.contact_email = "kassa@vlonder.example"
    proposed.theatre.save()
    proposed.agreement.theatre.refresh_from_db()
    assert readers(proposed, "theatre") == ["kassa@vlonder.example"]


def test_a_contact_from_elsewhere_does_not_take_the_theatres_place(proposed):
    proposed.agreement.theatre_contact = "anoek@vlonder.exmaple"
    assert readers(proposed, "theatre")[0] == "anoek@vlonder.exmaple"
    assert len(readers(proposed, "theatre")) == 3


def test_the_producer_hears_along_with_its_agency():
    deal = make_deal("proposed", with_agency=True)
    assert readers(deal, "provider") == [deal.people["provider"].email, deal.producer.email]
    deal.agreement.provider_contact = "joris@halderen.example"
    assert readers(deal, "provider") == ["joris@halderen.example", deal.producer.email]


def test_subjects_stay_on_one_line():
    deal = make_deal("concept")
    deal.production.title = "Zeven\nDagen\r\nBcc: iemand@elders.example"
    deal.production.save()
    deal.propose()
    assert all("\n" not in mail["subject"] and "\r" not in mail["subject"] for mail in mails())
