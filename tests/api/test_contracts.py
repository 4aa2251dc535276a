"""Agreements over the external API: a booking system drafts, changes, proposes and revises; both sides read what is theirs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dip.contracts.models import Agreement, AgreementEvent, Settlement
from dip.contracts.rules.formats import formats
from dip.contracts.rules.wire import NO_LIMIT
from dip.kernel import clock
from dip.programme.models import Surcharge
from dip.registry.models import AuditLine
from dip.registry.terms import Level, Module, Role
from tests.api.caller import Caller, refusal
from tests.factories.contracts import REASON, make_deal
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_organisation
from tests.factories.ticketing import push, tickets

pytestmark = pytest.mark.django_db
ALL = {Module.CONTRACTS: Level.APPROVE}
#: The real samples of the wire: each format with the values that systems send.
COMMON = {
    "theater_fee": 200,
    "consumption_fee": 100,
    "service_fee": 0,
    "wardrobe_fee": 50,
    "mantel_agreement": False,
    "remarks": "Decor op maat",
}
COMMON |= {"theater_technicians": 3, "producer_technicians": None}
SAMPLES = {
    "partage": {
        "royalties_percentage": 12, "royalties_add_part_percentage": True, "partage_percentage": 80, "producer_warranty": 650000,
        "theater_warranty": 0, "warranty_per_performance": True, "settlement_pricing": [2600], "entrance_pricing": [2800],
    },
    "volume": {
        "royalties_percentage": 10, "royalties_add_part_percentage": True, "producer_warranty": 0, "theater_warranty": 0, "shared_costs": 0,
        "volumes": [{"amount": 400000, "percentage": 100}, {"amount": NO_LIMIT, "percentage": 50}],
        "settlement_pricing": [1650, 1150, 650], "entrance_pricing": [1850, 1350, 850],
    },
    "buyout": {"royalties_percentage": 11, "buyout_amount": 450000, "settlement_pricing": [2600], "entrance_pricing": [2800]},
    "suppletion": {
        "royalties_percentage": 11, "royalties_add_part_percentage": True, "partage_percentage": 75, "suppletion": 250000, "warranty": 450000,
        "warranty_per_performance": True, "theater_fee": 425,
        "settlement_pricing": [1825, 1475, 1275, 1075], "entrance_pricing": [2250, 1900, 1700, 1500],
    },
    "rent": {"rent": 350000, "other_charges": 25000, "settlement_pricing": [2600], "entrance_pricing": [2800]},
}  # fmt: skip


@pytest.fixture
def present(db, monkeypatch):
    """Doors read this clock: 10:00 in Amsterdam on 23 November 2026."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def deal(present):
    """A provider and a theatre, and nothing agreed yet."""
    return make_deal("", performances=2, ranks=[300])


@pytest.fixture
def booking(deal):
    """The provider's booking system."""
    return Caller(deal.producer, Role.PRODUCER, ALL)


@pytest.fixture
def house(deal):
    """A system of the theatre."""
    return Caller(deal.house, Role.THEATRE, ALL)


def body(deal, kind="partage", **over):
    return {
        "name": "2027-014",
        "production": {"id": deal.production.dip_id},
        "theater": {"id": deal.theatre.pk},
        "performances": [{"number": number} for number in deal.numbers],
        "properties": COMMON | SAMPLES[kind],
    } | over


def create(caller, deal, kind="partage", **over):
    answer = caller.post(f"/contracts/{kind}/create", body(deal, kind, **over))
    assert answer.status_code == 201, answer.content
    return answer.json()


def stored():
    return Agreement.objects.across_tenants(REASON).order_by("pk")


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_was_written_is_read_back_as_it_was_sent(deal, booking, kind):
    made = create(booking, deal, kind)
    sent = COMMON | SAMPLES[kind]
    assert {name: made["properties"][name] for name in sent} == sent
    assert made["type"] == kind
    assert made["status"] == "concept"
    assert made["name"] == "2027-014"
    assert made["warnings"] == []
    assert made["production"] == {"id": deal.production.dip_id, "title": deal.production.title}
    assert made["producer"] == {"id": deal.producer.number, "name": deal.producer.name, "type": "Producer"}
    assert made["agency"] is None
    assert [one["number"] for one in made["performances"]] == deal.numbers
    assert made["performances"][0]["date"] == "2027-01-14T20:15:00"
    assert made["first_date"] == "2027-01-14"
    assert (made["parentId"], made["childIds"]) == (0, [])
    assert not any(made["rejection_fields"].values())
    assert booking.get("/contracts").json() == [{name: value for name, value in made.items() if name != "warnings"}]


def test_every_field_has_a_place_on_the_wire(deal, booking):
    for format_of in formats():
        made = booking.post(f"/contracts/{format_of.code}/create", body(deal, format_of.code, name=format_of.code)).json()
        named = {field.wire for field in format_of.fields if field.wire}
        assert named <= set(made["properties"])
        assert {field.code for field in format_of.fields if not field.wire} <= set(made["properties"]["additional"])


def test_the_same_again_makes_no_second(deal, booking):
    first = create(booking, deal)
    assert create(booking, deal)["id"] == first["id"]
    other = create(booking, deal, name="another")
    assert other["id"] != first["id"]
    assert stored().count() == 2


def test_an_array_is_written_whole_or_not_at_all(deal, booking):
    good, bad = body(deal), body(deal, name="two", properties=COMMON | SAMPLES["partage"] | {"partage_percentage": 120})
    told = booking.post("/contracts/partage/create", [good, bad])
    assert refusal(told).startswith("Nothing was written. Row 1: ")
    assert told.json()["findings"][0]["field"] == "properties.partage_percentage"
    assert told.json()["findings"][0]["row"] == 1
    assert not stored().exists()
    assert len(booking.post("/contracts/partage/create", [good, body(deal, name="two")]).json()) == 2


def test_an_existing_client_plays_an_agreement_from_draft_to_revision(deal, booking, house):
    made = create(booking, deal)
    path = f"/contracts/{made['id']}"
    assert house.get("/contracts").json() == []  # nobody sees a concept but its provider

    proposed = booking.put(f"{path}/propose", {}).json()
    assert proposed["status"] == "proposed"
    assert booking.put(f"{path}/propose", {}).json() == proposed  # the same again
    assert house.get("/contracts").json()[0]["properties"] == proposed["properties"]
    assert refusal(booking.put(f"{path}/partage/update", {"properties": {"partage_percentage": 70}}))

    deal.agreement = stored().get()
    deal.answer("provider_guarantee", False, "Twee weekdagen", counter=600_000)
    deal.reject("royalties_percentage")
    rejected = booking.get("/contracts").json()[0]
    assert rejected["status"] == "rejected"
    flags = {name for name, told in rejected["rejection_fields"].items() if told}
    assert flags == {"is_provider_guarantee_rejected", "is_copyright_rejected"}

    changed = booking.put(
        f"{path}/partage/update", {"properties": {"producer_warranty": 600000, "royalties_percentage": 11.5}}
    ).json()
    assert changed["properties"]["producer_warranty"] == 600000
    assert changed["properties"]["royalties_percentage"] == 11.5
    assert changed["properties"]["partage_percentage"] == 80  # left out, and as it was
    theirs = house.get("/contracts").json()[0]
    assert theirs["properties"]["producer_warranty"] == 650000  # what was proposed, not what is being changed

    assert booking.put(f"{path}/propose", {}).json()["status"] == "proposed"
    deal.approve()
    assert booking.get(f"/contracts/{deal.production.dip_id}").json()[0]["status"] == "approved"

    revision = booking.put(f"{path}/partage/revise", {"properties": {"partage_percentage": 75}}).json()
    assert revision["parentId"] == made["id"]
    assert revision["status"] == "concept"
    assert booking.put(f"{path}/partage/revise", {"properties": {"partage_percentage": 70}}).json()["id"] == revision["id"]
    assert booking.put(f"/contracts/{revision['id']}/propose", {}).json()["status"] == "proposed"
    deal.agreement = stored().get(pk=revision["id"])
    deal.approve()
    after = {one["id"]: one for one in house.get("/contracts").json()}
    assert after[made["id"]]["status"] == "revised"
    assert after[made["id"]]["childIds"] == [revision["id"]]
    assert after[revision["id"]]["properties"]["partage_percentage"] == 70
    kinds = set(AgreementEvent.objects.across_tenants(REASON).values_list("kind", flat=True))
    assert {"drafted", "proposed", "rejected", "changed", "approved", "revision_begun", "revised"} <= kinds
    assert AuditLine.objects.across_tenants(REASON).filter(door="api", verb="propose_agreement").count() == 3


def test_changes_since(deal, booking):
    create(booking, deal)
    later = (NOW + timedelta(days=1)).date().isoformat()
    assert booking.get("/contracts", modifiedSince=later).json() == []
    assert len(booking.get("/contracts", modifiedSince="2026-11-23T00:00:00").json()) == 1
    assert len(booking.get("/contracts", modifiedSince="2026-11-23", unheard_of="is ignored").json()) == 1
    assert "modifiedSince yesterday is no moment" in refusal(booking.get("/contracts", modifiedSince="yesterday"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"partage_percentage": 120}, "properties.partage_percentage"),
        ({"partage_percentage": "80"}, "properties.partage_percentage"),
        ({"producer_warranty": 1, "theater_warranty": 1}, "properties.theater_warranty"),
        ({"producer_warranty": 12.5}, "properties.producer_warranty"),
        ({"theater_fee": -1}, "properties.theater_fee"),
        ({"entrance_pricing": "2800"}, "properties.entrance_pricing"),
        ({"mantel_agreement": "yes"}, "properties.mantel_agreement"),
        ({"additional": {"royalties_base": "moon"}}, "properties.additional.royalties_base"),
    ],
)
def test_wrong_terms_are_refused_by_their_wire_name(deal, booking, change, field):
    told = booking.post("/contracts/partage/create", body(deal, properties=COMMON | SAMPLES["partage"] | change))
    refusal(told)
    assert field in [one["field"] for one in told.json()["findings"]]
    assert not stored().exists()


def test_tranches_out_of_order_are_refused(deal, booking):
    volumes = [{"amount": 400000, "percentage": 100}, {"amount": 300000, "percentage": 60}, {"amount": NO_LIMIT, "percentage": 50}]
    told = booking.post("/contracts/volume/create", body(deal, "volume", properties=SAMPLES["volume"] | {"volumes": volumes}))
    refusal(told)
    assert [one["code"] for one in told.json()["findings"]] == ["tranches_out_of_order"]


def test_terms_that_a_type_does_not_have_are_told_and_left_aside(deal, booking):
    made = create(booking, deal, "buyout", properties=SAMPLES["buyout"] | {"rent": 5, "additional": {"moon": 1}})
    assert made["warnings"] == [
        "properties.rent is no term of buyout and was left aside.",
        "properties.additional.moon is no term of buyout and was left aside.",
    ]


def test_a_price_missing_for_a_rank_in_use_waits_for_the_proposal(deal, booking):
    for one in deal.performances:
        one.capacity_by_rank = [200, 100]
        one.save()
    made = create(booking, deal)
    told = booking.put(f"/contracts/{made['id']}/propose", {})
    refusal(told)
    assert "properties.entrance_pricing" in [one["field"] for one in told.json()["findings"]]


def test_what_the_path_and_the_body_point_to_must_be_there(deal, booking):
    assert "production is missing" in refusal(booking.post("/contracts/partage/create", {"theater": {"id": 1}}))
    assert "There is no type moon" in refusal(booking.post("/contracts/moon/create", body(deal)), 404)
    assert "No production NL-1" in refusal(booking.post("/contracts/partage/create", body(deal, production={"id": "NL-1"})), 404)
    foreign = make_performance(make_production(deal.producer), make_hall(make_theatre(make_organisation(Role.THEATRE))))
    told = booking.post("/contracts/partage/create", body(deal, performances=[{"number": foreign.number}]))
    assert "performances" in [one["field"] for one in told.json()["findings"]]
    made = create(booking, deal)
    path = f"/contracts/{made['id']}/partage/update"
    assert "Create another" in refusal(booking.put(path, {"theater": {"id": deal.theatre.pk + 1}}))
    assert "Create another" in refusal(booking.put(path, {"production": {"id": "NL-26-1-1"}}))
    assert "Send one object" in refusal(booking.put(path, [{}, {}]))
    assert refusal(booking.put("/contracts/99999999999999999999999/propose", {}), 404)


def test_owner_colleague_and_stranger(deal, booking, house):
    made = create(booking, deal)
    reader = Caller(deal.producer, Role.PRODUCER, {Module.CONTRACTS: Level.VIEW})
    without = Caller(deal.producer, Role.PRODUCER, {Module.SALES: Level.VIEW})
    other = Caller(make_organisation(Role.PRODUCER), Role.PRODUCER, ALL)
    other_house = Caller(make_organisation(Role.THEATRE), Role.THEATRE, ALL)
    platform = Caller(make_organisation(Role.PLATFORM), Role.PLATFORM, ALL)
    booking.put(f"/contracts/{made['id']}/propose", {})

    assert [one["id"] for one in reader.get("/contracts").json()] == [made["id"]]
    assert refusal(reader.put(f"/contracts/{made['id']}/propose", {}), 403)
    for path in ("/contracts", f"/contracts/{deal.production.dip_id}", "/theater/contacts", "/borderellen", "/borderellen/1"):
        assert refusal(without.get(path), 403)
    for stranger in (other, other_house, platform):
        assert stranger.get("/contracts").json() == []
        assert stranger.get(f"/contracts/{deal.production.dip_id}").json() == []
        assert stranger.get("/borderellen").json()["data"] == []
    assert refusal(other.put(f"/contracts/{made['id']}/partage/update", {}), 404)
    assert refusal(other.post("/contracts/partage/create", body(deal)), 404)
    assert refusal(house.put(f"/contracts/{made['id']}/propose", {})) == "Not a producer or agency"


def test_the_producer_for_whom_an_agency_acts_reads(present):
    deal = make_deal("proposed", with_agency=True)
    producer, agency = Caller(deal.producer, Role.PRODUCER, ALL), Caller(deal.agency, Role.AGENCY, ALL)
    for caller in (producer, agency):
        (found,) = caller.get("/contracts").json()
        assert found["agency"] == {"id": deal.agency.number, "name": deal.agency.name}
    assert refusal(producer.put(f"/contracts/{deal.agreement.pk}/partage/update", {}), 403)


def test_surcharges_are_for_agencies(deal, booking, house):
    agency = Caller(make_organisation(Role.AGENCY), Role.AGENCY, ALL)
    Surcharge.objects.create(hall=deal.hall, valid_from="2026-12-01", theatre_cents=250, service_cents=25)
    (found,) = agency.get(f"/theaters/{deal.theatre.pk}/fees").json()
    assert found["id"] == deal.theatre.pk
    (hall,) = found["theater_locations"]
    assert hall["fees"] == [
        {"start_date": "2026-12-01", "end_date": None, "theater_fee": 250, "consumption_fee": 0, "service_fee": 25, "wardrobe_fee": 0},
        {
            "start_date": "2020-08-01", "end_date": "2026-11-30",
            "theater_fee": 200, "consumption_fee": 100, "service_fee": 0, "wardrobe_fee": 50,
        },
    ]  # fmt: skip
    assert found in agency.get("/theaters/fees").json()
    assert agency.get("/theaters/99999999/fees").json() == []
    for caller in (booking, house):
        assert refusal(caller.get("/theaters/fees")) == "Not an agency"
        assert refusal(caller.get(f"/theaters/{deal.theatre.pk}/fees")) == "Not an agency"


def test_contacts_are_the_theatres_own_and_those_used_before(deal, booking):
    deal.theatre.contact_email = "kantoor@vlonder.example"
    deal.theatre.save()
    create(booking, deal, contact_theater="programma@vlonder.example")
    found = {one["theater"]["id"]: one["emails"] for one in booking.get("/theater/contacts").json()}
    assert found[deal.theatre.pk] == ["kantoor@vlonder.example", "programma@vlonder.example"]
    stranger = Caller(make_organisation(Role.PRODUCER), Role.PRODUCER, ALL)
    theirs = {one["theater"]["id"]: one["emails"] for one in stranger.get("/theater/contacts").json()}
    assert theirs[deal.theatre.pk] == ["kantoor@vlonder.example"]


def test_a_sheet_is_calculated_from_the_newest_sales_until_it_is_confirmed(present):
    deal = make_deal("approved", performances=2)
    push(deal.performances[0], tickets(344, price=2975))
    provider = Caller(deal.producer, Role.PRODUCER, ALL)
    found = provider.get("/borderellen").json()
    assert found["meta"]["pagination"] == {
        "page": 1, "pageSize": 50, "totalItems": 2, "totalPages": 1, "hasNextPage": False, "hasPreviousPage": False,
    }  # fmt: skip
    sheet = next(one for one in found["data"] if one["performanceId"] == deal.numbers[0])
    assert (sheet["status"], sheet["version"], sheet["contractId"]) == ("estimated", 0, deal.agreement.pk)
    calculation = sheet["calculation"]
    gross = 344 * 2975 + 344 * 150
    assert calculation["grossRevenueInVat"] == gross
    assert calculation["theaterFeeInVat"] == 344 * 200
    assert calculation["theaterDeductionInVat"] == 344 * 350
    parts = ("providerTotalExVat", "consumerTotalExVat", "theaterDeductionInVat", "grossRevenueVat", "copyrightTotalExVat")
    assert sum(calculation[name] for name in parts) == gross
    assert provider.get(f"/borderellen/{sheet['id']}").json() == sheet
    assert sheet["contractGuaranteeProvider"] == 650_000
    assert sheet["contractPartagePercentage"] == 80


def test_a_signed_sheet_stays_as_it_was_signed(present):
    deal = make_deal("settled", performances=2)
    caller = Caller(deal.house, Role.THEATRE, ALL)
    before = caller.get("/borderellen").json()["data"]
    assert {one["status"] for one in before} == {"signed"}
    for one in deal.performances:
        push(one, tickets(400, price=3000), true_at=NOW)
    assert caller.get("/borderellen").json()["data"] == before
    settlement = Settlement.objects.across_tenants(REASON).get()
    assert sum(one["calculation"]["providerTotalInVat"] for one in before) == settlement.provider_total_cents


def test_sheets_come_in_parts_and_in_the_order_asked(present):
    deal = make_deal("approved", performances=3)
    caller = Caller(deal.producer, Role.PRODUCER, ALL)
    numbers = [one["performanceId"] for one in caller.get("/borderellen", SortColumn="performanceId").json()["data"]]
    assert numbers == sorted(deal.numbers)
    part = caller.get("/borderellen", SortColumn="performanceId", SortDirection="desc", Offset=1, Limit=1).json()
    assert [one["performanceId"] for one in part["data"]] == [sorted(deal.numbers)[1]]
    assert part["meta"]["pagination"] == {
        "page": 2, "pageSize": 1, "totalItems": 3, "totalPages": 3, "hasNextPage": True, "hasPreviousPage": True,
    }  # fmt: skip
    assert "SortColumn moon is not known" in refusal(caller.get("/borderellen", SortColumn="moon"))
    assert "SortDirection up is not known" in refusal(caller.get("/borderellen", SortDirection="up"))
    for bad in ({"Limit": 0}, {"Limit": "many"}, {"Limit": 501}, {"Offset": -1}):
        assert refusal(caller.get("/borderellen", **bad))
    assert refusal(caller.get("/borderellen/999999"), 404)


def test_reading_takes_a_fixed_number_of_queries(present):
    deal = make_deal("approved")
    callers = [Caller(deal.house, Role.THEATRE, ALL), Caller(deal.producer, Role.PRODUCER, ALL)]
    counts = []
    for _ in range(2):
        row = []
        for caller in callers:
            for path in ("/contracts", "/borderellen"):
                caller.get(path)
                with CaptureQueriesContext(connection) as seen:
                    assert caller.get(path).status_code == 200
                row.append(len(seen))
        counts.append(row)
        make_deal("approved", performances=3, producer=deal.producer, house=deal.house)
        make_deal("rejected", producer=deal.producer, house=deal.house)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 14
