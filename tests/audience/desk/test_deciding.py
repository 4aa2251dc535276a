"""Codes decided in bulk; performances taken out and let in again; buyers erased."""

from dip.kernel.clock import now
from dip.warehouse.actions.applying import apply_orders, tend
from dip.warehouse.models import Removal, SourceCode
from tests.audience.desk.conftest import ALL
from tests.warehouse.files.conftest import HEAD, line


def text(response) -> str:
    return response.content.decode()


def code(raw: str) -> SourceCode:
    return SourceCode.objects.across_tenants(ALL).get(raw=raw)


def test_kinds_are_proposed_and_decided_and_undone(desk):
    number = desk.evenings[0].number
    desk.land(line("o-1", "t-1", number), line("o-2", "t-2", number), line("o-3", "t-3", number, kind="Wisselkaart"))
    page = text(desk.owner.get("/audience/orders/codes/kind/"))
    assert "For 1 code a meaning is proposed" in page
    assert '<td class="num d-date">2<' in page
    given = {f"code-{code('CJP').pk}": "discount", f"code-{code('Wisselkaart').pk}": ""}
    assert desk.owner.post("/audience/orders/codes/kind/", given).status_code == 302
    assert (code("CJP").value, code("Wisselkaart").value) == ("discount", "")
    apply_orders(now())
    decided = text(desk.owner.get("/audience/orders/codes/kind/?decided=1"))
    assert "CJP" in decided
    desk.owner.post("/audience/orders/codes/kind/", {f"code-{code('CJP').pk}": "free", "decided": "1"})
    assert code("CJP").value == "free"
    refused = desk.owner.post("/audience/orders/codes/kind/", {f"code-{code('CJP').pk}": "wat dan ook"}, follow=True)
    assert "Choose one of" in text(refused)


def test_others_decide_nothing(desk):
    desk.land()
    given = {f"code-{code('CJP').pk}": "free"}
    assert desk.colleague.post("/audience/orders/codes/kind/", given).status_code == 403
    desk.stranger.post("/audience/orders/codes/kind/", given)
    assert desk.provider.post("/audience/orders/codes/kind/", given).status_code == 403
    assert code("CJP").value == ""
    assert desk.owner.get("/audience/orders/codes/zitplaats/").status_code == 404


def test_an_event_of_a_file_gets_its_performance(desk):
    evening = desk.evenings[0]
    from tests.warehouse.files.conftest import csv, read

    head = HEAD.replace("Voorstelling DIP", "Voorstellingsdatum") + ";Voorstelling"
    row = line("o-1", "t-1", evening.performance_date.strftime("%d-%m-%Y")) + ";De Lange Proef"
    from dip.warehouse.actions import files as actions
    from tests.factories.registry import NOW

    actions.land_file(access=desk.access, at=NOW, source_id=desk.source.pk, file=read(csv(row, head=head)))
    page = text(desk.owner.get("/audience/orders/codes/event/"))
    one = code(f"{evening.performance_date}/de-lange-proef")
    assert "Proposed:" in page
    assert f'value="{evening.number}"' in page
    found = text(desk.owner.get(f"/audience/orders/codes/performances/?code={one.pk}&q=lange"))
    assert f'name="code-{one.pk}" value="{evening.number}"' in found
    desk.owner.post("/audience/orders/codes/event/", {f"code-{one.pk}": str(evening.number)})
    assert code(one.raw).value == str(evening.number)


def test_a_performance_is_excluded_and_lifted(desk):
    desk.land()
    apply_orders(now())
    tend(now())
    number = desk.evenings[0].number
    assert "De Lange Proef" in text(desk.owner.get("/audience/orders/removals/performance/?q=lange"))
    page = text(desk.owner.get(f"/audience/orders/removals/performance/?number={number}"))
    assert "1 delivery holds tickets of this performance." in page
    assert desk.owner.post("/audience/orders/removals/performance/", {"number": number, "kind": "exclude"}).status_code == 302
    assert "Under way" in text(desk.owner.get("/audience/orders/removals/"))
    apply_orders(now())
    tend(now())
    assert "Gone everywhere" in text(desk.owner.get("/audience/orders/removals/"))
    made = Removal.objects.across_tenants(ALL).get()
    path = f"/audience/orders/removals/{made.pk}/lift/"
    assert "Deliver them again" in text(desk.owner.get(path))
    assert [one.post(path).status_code for one in (desk.colleague, desk.stranger, desk.provider)] == [403, 404, 403]
    assert desk.owner.post(path).status_code == 302
    made.refresh_from_db()
    assert made.lifted_at is not None
    assert desk.owner.get(path).status_code == 302


def test_only_own_performances_are_taken_out(desk):
    number = desk.evenings[0].number
    for one, status in ((desk.colleague, 403), (desk.stranger, 404), (desk.provider, 403)):
        assert one.post("/audience/orders/removals/performance/", {"number": number, "kind": "withdraw"}).status_code == status
    assert not Removal.objects.across_tenants(ALL).exists()
    desk.owner.post("/audience/orders/removals/performance/", {"number": number, "kind": "withdraw"})
    assert Removal.objects.across_tenants(ALL).get().kind == "withdraw"


def test_a_buyer_is_erased_after_a_page_that_says_what_happens(desk):
    desk.land()
    path = "/audience/orders/removals/buyer/"
    given = {"email": "o-1@vlonder.example", "pseudonym": "", "customer": "", "source": ""}
    page = text(desk.owner.post(path, given))
    assert "It cannot be undone" in page
    assert not Removal.objects.across_tenants(ALL).exists()
    assert desk.owner.post(path, given | {"act": "erase"}).status_code == 302
    assert "@vlonder" not in text(desk.owner.get("/audience/orders/removals/"))
    assert Removal.objects.across_tenants(ALL).get().kind == "erase"
    assert desk.owner.post(path, given | {"email": ""}).status_code == 400
    assert desk.owner.post(path, given | {"email": "", "customer": "12"}).status_code == 400
    assert desk.owner.post(path, given | {"email": "geen adres", "act": "erase"}).status_code == 400
    by_number = given | {"email": "", "customer": "12", "source": desk.source.pk, "act": "erase"}
    assert desk.owner.post(path, by_number).status_code == 302
    assert [one.post(path, given | {"act": "erase"}).status_code for one in (desk.colleague, desk.provider)] == [403, 403]
