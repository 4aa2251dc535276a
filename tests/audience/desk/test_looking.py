"""Sources, deliveries, how to deliver: who sees what, and in how many queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dip.audience.views import desk_words as words
from dip.kernel.clock import now
from dip.registry.terms import Level, Module, Role
from dip.ticketing.terms.orders import TicketRow
from dip.warehouse.actions import files as actions
from dip.warehouse.actions.applying import apply_orders
from dip.warehouse.rules.files.fields import FileField
from dip.warehouse.rules.verdicts import WORDS, VerdictCode
from tests.factories.registry import NOW, make_client_login, make_organisation
from tests.warehouse.files.conftest import line

LOOK = (
    "",
    "how/",
    "deliveries/",
    "codes/kind/",
    "codes/channel/",
    "codes/event/",
    "removals/",
    "codes/performances/?code=1&q=proef",
)
CHANGE = ("files/", "removals/performance/", "removals/buyer/")


def text(response) -> str:
    return response.content.decode()


def test_who_may_open_what(desk):
    batch = desk.land().batch_id
    own = (f"deliveries/{batch}/", f"sources/{desk.source.pk}/")
    for path in (*LOOK, *own):
        answers = [
            one.get(f"/audience/orders/{path}").status_code for one in (desk.owner, desk.colleague, desk.stranger, desk.provider)
        ]
        assert answers == [200, 200, 404 if path in own else 200, 403], path
    for path in (*CHANGE, f"files/{desk.source.pk}/"):
        answers = [
            one.get(f"/audience/orders/{path}").status_code for one in (desk.owner, desk.colleague, desk.stranger, desk.provider)
        ]
        assert answers == [200, 403, 200 if path in CHANGE else 404, 403], path


def test_a_stranger_sees_nothing_of_another_theatre(desk):
    desk.land()
    for path in LOOK:
        assert "Kassa Grote Zaal" not in text(desk.stranger.get(f"/audience/orders/{path}"))
    assert "Proef" not in text(desk.stranger.get("/audience/orders/removals/performance/?q=proef"))


def test_people_without_the_right_have_neither_page_nor_entry(desk, client):
    make_client_login(client, make_organisation(Role.THEATRE), Role.THEATRE, {Module.SALES: Level.VIEW})
    assert client.get("/audience/orders/").status_code == 403
    assert "/audience/orders/" not in text(client.get("/organisation"))
    assert "/audience/orders/" in text(desk.owner.get("/audience/orders/how/"))


def test_a_source_and_a_delivery_tell_what_became_of_rows(desk):
    batch = desk.land().batch_id
    page = text(desk.owner.get("/audience/orders/"))
    for said in ("Kassa Grote Zaal", "1 waiting", "Kinds: 1", "Channels: 1", "every 3s"):
        assert said in page
    receipt = text(desk.owner.get(f"/audience/orders/deliveries/{batch}/"))
    for said in ("2 rows were delivered", "1 kept", "1 refused", "every 2s", "unknown_performance", "unknown_code"):
        assert said in receipt
    assert 'num d-date"><span class="only-s">row </span>3</th>' in receipt
    apply_orders(now())
    assert "every 2s" not in text(desk.owner.get(f"/audience/orders/deliveries/{batch}/"))
    assert "Everything that landed is counted." in text(desk.owner.get("/audience/orders/"))


@pytest.mark.parametrize("path", ["", "deliveries/", "codes/kind/", "codes/event/", "removals/", "files/"])
def test_as_many_queries_for_three_as_for_one(desk, path):
    from dip.warehouse.actions import removals

    counts = []
    for number in (1, 2):
        desk.land(line(f"o-{number}", f"t-{number}", desk.evenings[0].number, kind=f"Soort {number}"))
        removals.withdraw_performance(access=desk.access, at=NOW, number=desk.evenings[number - 1].number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert desk.owner.get(f"/audience/orders/{path}").status_code == 200
        counts.append(len(asked))
        actions.make_source(access=desk.access, at=NOW, name=f"Kassa {number}")
    assert counts[0] == counts[1]


def test_gender_is_kept_on_a_ground(desk):
    path = f"/audience/orders/sources/{desk.source.pk}/"
    assert desk.owner.post(path, {"ground": "met toestemming gevraagd"}).status_code == 302
    assert "Ground: met toestemming gevraagd." in text(desk.owner.get(path))
    assert desk.colleague.post(path, {"ground": ""}).status_code == 403
    assert desk.stranger.post(path, {"ground": ""}).status_code == 404
    assert desk.owner.post(path, {"ground": ""}).status_code == 302
    assert "Gender is not kept." in text(desk.owner.get(path))


@pytest.mark.parametrize("language", ["en", "nl", "fr"])
def test_every_verdict_and_field_has_words(language):
    from django.utils.translation import override

    assert set(words.VERDICTS) == set(VerdictCode) == set(WORDS)
    assert set(words.FIELDS) >= {field.value for field in FileField}
    assert set(TicketRow.__struct_fields__) - set(words.FIELDS) <= {"vat_rate", "price_band", "payment_class", "language"}
    with override("en"):
        english = {str(text) for pair in words.VERDICTS.values() for text in pair}
    with override(language):
        spoken = {str(text) for pair in words.VERDICTS.values() for text in pair}
    assert spoken == english if language == "en" else not spoken & english
