"""Framework agreements: uploading, reading, downloading, ending; and which agreements cite them."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dip.contracts.models import Framework
from dip.contracts.queries.frameworks import ending_soon, standing_of
from dip.registry.terms import Level, Module, Role
from tests.factories.contracts import REASON, make_deal
from tests.factories.registry import NOW, make_client_login, make_organisation

LIST = reverse("contracts-frameworks")
PDF = b"%PDF-1.7\nMantel"
TODAY = date(2026, 11, 23)


def upload(client, other, content=PDF, **over):
    given = {"other": other.pk, "title": "Mantel 2026", "valid_from": "2026-08-01", "valid_until": "2027-07-31"} | over
    file = SimpleUploadedFile('../mantel "2026".pdf', content, "text/html")
    return client.post(LIST, given | {"file": file})


def keep(deal, **over):
    values = {
        "provider": deal.proposer, "taker": deal.house, "title": "Mantel", "valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31),
        "file_name": "mantel.pdf", "media_type": "application/pdf", "content": PDF, "digest": sha256(str(over).encode()).hexdigest(), "uploaded_at": NOW,
        "uploaded_by": "Noor Dijkema", "uploader": deal.proposer,
    }  # fmt: skip
    return Framework.objects.create(**values | over)


@pytest.fixture
def deal(db, present):
    return make_deal("proposed", values={"framework_applies": True})


@pytest.fixture
def maker(client, deal):
    make_client_login(client, deal.producer, Role.PRODUCER, {Module.CONTRACTS: Level.MANAGE})
    return client


class TestUploading:
    def test_both_parties_read_it(self, maker, deal, client):
        assert upload(maker, deal.house).status_code == 302
        [kept] = Framework.objects.across_tenants(REASON)
        assert (kept.provider, kept.taker, kept.valid_until) == (deal.producer, deal.house, date(2027, 7, 31))
        make_client_login(client, deal.house, Role.THEATRE, {Module.CONTRACTS: Level.VIEW})
        text = client.get(LIST).content.decode()
        assert "Mantel 2026" in text
        assert deal.producer.name in text
        assert 'type="file"' not in text

    def test_a_theatre_uploads_one_too(self, client, deal):
        make_client_login(client, deal.house, Role.THEATRE, {Module.CONTRACTS: Level.MANAGE})
        assert upload(client, deal.producer).status_code == 302

    @pytest.mark.parametrize(
        ("over", "words"),
        [
            ({"content": b"geen pdf"}, "not a PDF"), ({"valid_until": "2026-01-01"}, "not before the first"), ({"title": ""}, "required"),
            ({"other": ""}, "required"), ({"valid_from": "gisteren"}, "valid date"), ({"content": b""}, "empty"),
        ],
    )  # fmt: skip
    def test_bad_input_is_told_at_the_field_and_what_was_good_stays(self, maker, deal, over, words):
        given = {"other": deal.house.pk} | over
        content = given.pop("content", PDF)
        file = SimpleUploadedFile("m.pdf", content, "application/pdf")
        answer = maker.post(
            LIST, {"title": "Mantel 2026", "valid_from": "2026-08-01", "valid_until": "2027-07-31"} | given | {"file": file}
        )
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert Framework.objects.across_tenants(REASON).count() == 0

    def test_the_same_file_again_is_the_same(self, maker, deal):
        upload(maker, deal.house)
        upload(maker, deal.house)
        assert Framework.objects.across_tenants(REASON).count() == 1


class TestReading:
    def test_the_file_is_a_download_that_runs_nowhere(self, maker, deal):
        upload(maker, deal.house)
        [kept] = Framework.objects.across_tenants(REASON)
        answer = maker.get(reverse("contracts-framework-file", args=[kept.pk]))
        assert answer.content == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert ".." not in answer["Content-Disposition"]

    def test_its_page_shows_which_agreements_cite_it(self, maker, deal):
        kept = keep(deal)
        other = make_deal("proposed", producer=deal.producer, house=deal.house, values={"framework_applies": False})
        text = maker.get(reverse("contracts-framework", args=[kept.pk])).content.decode()
        assert deal.agreement.reference in text
        assert other.agreement.reference not in text
        past = keep(deal, valid_from=date(2020, 1, 1), valid_until=date(2021, 1, 1))
        assert deal.agreement.reference not in maker.get(reverse("contracts-framework", args=[past.pk])).content.decode()

    def test_strangers_find_nothing(self, client, deal):
        kept = keep(deal)
        pages = [reverse(f"contracts-framework{name}", args=[kept.pk]) for name in ("", "-file")]
        for role in (Role.PRODUCER, Role.THEATRE, Role.PLATFORM, Role.FUNDER):
            make_client_login(client, make_organisation(role), role)
            assert {client.get(page).status_code for page in pages} <= {404, 403}
            assert client.post(reverse("contracts-framework-end", args=[kept.pk])).status_code in (403, 404)
        assert Framework.objects.across_tenants(REASON).get(pk=kept.pk).ended_at is None
        make_client_login(client, deal.producer, Role.PRODUCER, {Module.PROGRAMME: Level.APPROVE})
        assert {client.get(page).status_code for page in [*pages, LIST]} == {403}

    def test_queries_are_fixed(self, maker, deal):
        counts = []
        for number in (1, 3):
            for place in range(number):
                keep(deal, title=f"Mantel {number} {place}")
            with CaptureQueriesContext(connection) as seen:
                maker.get(LIST)
            counts.append(len(seen))
        assert counts[0] == counts[1]


class TestEnding:
    def test_who_uploaded_it_takes_it_out_of_use(self, maker, deal, client):
        kept = keep(deal)
        page = reverse("contracts-framework-end", args=[kept.pk])
        make_client_login(client, deal.house, Role.THEATRE, {Module.CONTRACTS: Level.MANAGE})
        assert client.post(page).status_code == 403
        make_client_login(client, deal.producer, Role.PRODUCER, {Module.CONTRACTS: Level.VIEW})
        assert client.post(page).status_code == 403
        make_client_login(client, deal.producer, Role.PRODUCER, {Module.CONTRACTS: Level.MANAGE})
        assert client.post(page).status_code == 302
        assert Framework.objects.across_tenants(REASON).get(pk=kept.pk).ended_at is not None


class TestStanding:
    @pytest.mark.parametrize(
        ("since", "until", "ended", "standing"),
        [
            (-10, None, False, "holds"), (-10, 400, False, "holds"), (-10, 60, False, "soon"), (-10, 61, False, "holds"),
            (-10, 0, False, "soon"), (-10, -1, False, "over"), (1, None, False, "to_come"), (-10, None, True, "ended"),
        ],
    )  # fmt: skip
    def test_on_a_day(self, since, until, ended, standing):
        last = None if until is None else TODAY + timedelta(days=until)
        assert standing_of(TODAY + timedelta(days=since), last, NOW if ended else None, TODAY) == standing

    def test_one_that_a_later_one_follows_asks_for_no_attention(self, deal):
        keep(deal, valid_until=TODAY + timedelta(days=30))
        assert ending_soon(deal.provider, TODAY)[1] == ending_soon(deal.taker, TODAY)[1] == 1
        keep(deal, title="Volgende", valid_from=TODAY + timedelta(days=31), valid_until=None)
        assert ending_soon(deal.provider, TODAY)[1] == 0
