"""The spreadsheet route's acts: keep, confirm, refuse."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from dip.programme.models import Theatre
from dip.registry.models import AuditLine
from dip.registry.terms import AccessDenied, Role
from dip.ticketing.actions.sheets import UnableToUpload, confirm_upload, drop_upload, keep_upload, name_columns
from dip.ticketing.models import Delivery, SheetUpload
from dip.ticketing.queries import sheets as reads
from dip.ticketing.rules.sheets.changes import Outcome
from dip.ticketing.rules.sheets.fields import Field
from dip.ticketing.terms import SHEET_DAYS, SheetStatus
from tests.factories.programme import CANCELLED, CONCEPT, make_hall, make_performance, make_theatre
from tests.factories.registry import NOW, make_access, make_organisation
from tests.factories.ticketing import push, push_totals, tickets
from tests.ticketing.sheets import NR, TRUE_AT, D, F, House, N, codes, confirm, filled, look, send, state, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_figures_are_written_with_source_and_moment_and_couple_nothing():
    house = House()
    upload = send(house.access, filled([(house.performance, {N: 100, NR: 2450.5, D: 10, Field.DISCOUNT_RECETTE: "195,00", F: 4})]))
    done = confirm(house.access, upload)
    assert (done.changed, done.same, done.left) == (1, 0, 0)
    now = state(house.performance)
    assert (now.normal_tickets, now.discount_tickets, now.free_tickets, now.normal_cents, now.discount_cents) == (
        100,
        10,
        4,
        245050,
        19500,
    )
    assert (now.source, now.tickets_true_at, now.known_at) == ("spreadsheet", TRUE_AT, NOW)
    assert not Theatre.objects.get(pk=house.theatre.pk).is_coupled
    receipt = Delivery.objects.within(house.access).get()
    assert (receipt.pk, receipt.source) == (done.deliveries[0], "spreadsheet")
    upload.refresh_from_db()
    assert (upload.status, upload.settled_at, upload.changed_count) == (SheetStatus.CONFIRMED, NOW, 1)
    verbs = AuditLine.objects.within(make_access(house.organisation, Role.THEATRE, super_user=True)).values_list("verb", flat=True)
    assert {"upload_sheet", "confirm_sheet"} <= set(verbs)


def test_every_measure_of_a_row():
    house = House()
    cells = {N: 50, NR: 1000, Field.RESERVED: 12, Field.BLOCKED: 8, Field.CAPACITY: 280}
    done = confirm(house.access, send(house.access, filled([(house.performance, cells)])))
    now = state(house.performance)
    assert (now.sold, now.reserved, now.blocked, now.capacity, now.capacity_by_rank) == (50, 12, 8, 280, [280])
    assert len(done.deliveries) == 4


def test_an_unfilled_row_and_a_known_capacity_say_nothing():
    house = House(2)
    rows = [(house.performances[0], {Field.CAPACITY: 300}), (house.performances[1], {Field.CAPACITY: 300, N: 1, NR: 20})]
    preview = look(house.access, send(house.access, filled(rows)))
    assert [line.outcome for line in preview.lines] == [Outcome.EMPTY, Outcome.CHANGES]
    assert [change.field for change in preview.lines[1].changes] == [N, NR]


def test_good_rows_are_confirmed_while_wrong_ones_are_kept_back():
    house = House(2)
    upload = send(
        house.access, filled([(house.performances[0], {N: 30, NR: 600}), (house.performances[1], {N: "12 kaarten", NR: 240})])
    )
    assert codes(look(house.access, upload)) == [(3, "normal", "no_number")]
    done = confirm(house.access, upload)
    assert (done.changed, done.left) == (1, 1)
    assert state(house.performances[0]).sold == 30
    upload.refresh_from_db()
    assert [(one.row, one.code.value) for one in reads.findings_left(upload)] == [(3, "no_number")]
    fixed = send(house.access, filled([(house.performances[1], {N: 12, NR: 240})]), at=NOW + timedelta(minutes=5))
    confirm(house.access, fixed, at=NOW + timedelta(minutes=6))
    assert state(house.performances[1]).sold == 12


def test_nothing_is_written_when_no_row_is_good():
    house = House()
    upload = send(house.access, filled([(house.performance, {N: -3})]))
    with pytest.raises(UnableToUpload, match="No row can be confirmed"):
        confirm(house.access, upload)
    assert not Delivery.objects.within(house.access).exists()


def test_the_same_file_twice_is_told():
    house = House()
    content = filled([(house.performance, {N: 30, NR: 600})])
    first = keep_upload(access=house.access, at=NOW, file_name="a.xlsx", content=content, true_at=TRUE_AT)
    again = keep_upload(access=house.access, at=NOW, file_name="b.xlsx", content=content, true_at=TRUE_AT)
    assert (first.is_new, again.is_new, again.upload.pk) == (True, False, first.upload.pk)
    confirm(house.access, first.upload)
    after = keep_upload(access=house.access, at=NOW, file_name="c.xlsx", content=content, true_at=TRUE_AT)
    assert (after.is_new, after.upload.pk, after.upload.status) == (False, first.upload.pk, SheetStatus.CONFIRMED)


def test_the_same_figures_in_another_file_confirm_what_is_known():
    house = House()
    confirm(house.access, send(house.access, filled([(house.performance, {N: 30, NR: 600})])))
    later = NOW + timedelta(days=1)
    upload = send(house.access, filled([(house.performance, {N: 30, NR: 600, F: 0})]), at=later, true_at=later)
    preview = look(house.access, upload)
    assert [line.outcome for line in preview.lines] == [Outcome.SAME]
    done = confirm(house.access, upload, at=later)
    assert (done.changed, done.same) == (0, 1)
    assert state(house.performance).confirmed_at == later


def test_figures_that_moved_since_the_look_are_not_written_over():
    house = House()
    upload = send(house.access, filled([(house.performance, {N: 30, NR: 600})]))
    seen = look(house.access, upload).stamp
    confirm(house.access, send(house.access, filled([(house.performance, {N: 28, NR: 560})])))
    with pytest.raises(UnableToUpload, match="have changed since you looked"):
        confirm_upload(access=house.access, at=NOW, upload_id=upload.pk, stamp=seen)
    assert state(house.performance).sold == 28


def test_a_second_confirmation_is_refused():
    house = House()
    upload = send(house.access, filled([(house.performance, {N: 30, NR: 600})]))
    stamp = look(house.access, upload).stamp
    confirm(house.access, upload)
    for act in (confirm_upload,):
        with pytest.raises(UnableToUpload, match="settled already"):
            act(access=house.access, at=NOW, upload_id=upload.pk, stamp=stamp)
    with pytest.raises(UnableToUpload, match="settled already"):
        drop_upload(access=house.access, at=NOW, upload_id=upload.pk)


def test_a_coupled_theatre_is_refused_with_the_reason():
    house = House(is_coupled=True)
    with pytest.raises(UnableToUpload, match="is coupled: its ticketing system states the figures"):
        send(house.access, filled([(house.performance, {N: 30})]))


def test_a_theatre_that_was_coupled_after_the_upload_is_refused_too():
    house = House()
    upload = send(house.access, filled([(house.performance, {N: 30, NR: 600})]))
    stamp = look(house.access, upload).stamp
    push(house.performance, tickets(31), access=house.access)
    with pytest.raises(UnableToUpload, match="is coupled"):
        confirm_upload(access=house.access, at=NOW, upload_id=upload.pk, stamp=stamp)
    assert state(house.performance).sold == 31


def test_of_two_theatres_only_the_one_without_a_coupling_is_taken():
    house = House()
    coupled = make_performance(hall=make_hall(make_theatre(house.organisation, is_coupled=True)))
    preview = look(house.access, send(house.access, filled([(house.performance, {N: 3, NR: 60}), (coupled, {N: 4, NR: 80})])))
    assert codes(preview) == [(3, None, "coupled")]
    assert [line.known.number for line in preview.good] == [house.performance.number]


def test_strangers_colleagues_and_providers():
    house = House()
    content = filled([(house.performance, {N: 30, NR: 600})])
    with pytest.raises(AccessDenied):
        send(house.viewer, content)
    with pytest.raises(AccessDenied):
        send(make_access(house.performance.production.producer), content)
    upload = send(house.access, content)
    for read in (
        lambda: reads.upload(house.stranger, upload.pk),
        lambda: drop_upload(access=house.stranger, at=NOW, upload_id=upload.pk),
    ):
        with pytest.raises(SheetUpload.DoesNotExist):
            read()
    assert reads.uploads(house.stranger, NOW) == []
    assert codes(look(house.stranger, send(house.stranger, content))) == [(2, "dip_id", "unknown")]


@pytest.mark.parametrize("state_", [CONCEPT])
def test_a_performance_that_is_not_public_is_unknown(state_):
    house = House()
    hidden = make_performance(hall=house.hall, state=state_)
    assert codes(look(house.access, send(house.access, filled([(hidden, {N: 1, NR: 20})])))) == [(2, "dip_id", "unknown")]


def test_a_cancelled_performance_is_warned_about():
    house = House()
    gone = make_performance(hall=house.hall, state=CANCELLED)
    preview = look(house.access, send(house.access, filled([(gone, {N: 1, NR: 20})])))
    assert codes(preview) == [(2, None, "cancelled")]
    assert len(preview.good) == 1


@pytest.mark.parametrize(
    ("true_at", "told"),
    [(NOW + timedelta(minutes=2), "has not come yet"), (NOW - timedelta(days=500), "more than a year ago")],
)
def test_a_moment_that_cannot_be(true_at, told):
    house = House()
    with pytest.raises(UnableToUpload, match=told) as refusal:
        send(house.access, filled([(house.performance, {N: 1})]), true_at=true_at)
    assert refusal.value.field == "true_at"


def test_a_file_that_is_no_table_is_refused_with_a_remedy():
    house = House()
    with pytest.raises(UnableToUpload, match="Save it as Excel workbook") as refusal:
        send(house.access, b"\x89PNG\r\n\x1a\n\x00\x00")
    assert refusal.value.field == "file"


def test_an_upload_expires_and_the_same_file_can_be_sent_again():
    house = House()
    content = filled([(house.performance, {N: 30, NR: 600})])
    old = send(house.access, content)
    later = NOW + timedelta(days=SHEET_DAYS, minutes=1)
    assert reads.uploads(house.access, later)[0].is_expired
    with pytest.raises(UnableToUpload, match="old by now"):
        confirm_upload(access=house.access, at=later, upload_id=old.pk, stamp=look(house.access, old).stamp)
    again = keep_upload(access=house.access, at=later, file_name="a.xlsx", content=content, true_at=later)
    assert again.is_new
    assert again.upload.pk != old.pk


def test_older_figures_become_history():
    house = House()
    confirm(house.access, send(house.access, filled([(house.performance, {N: 30, NR: 600})])))
    upload = send(house.access, filled([(house.performance, {N: 20, NR: 400})]), true_at=TRUE_AT - timedelta(days=2))
    assert (2, None, "older") in codes(look(house.access, upload))
    confirm(house.access, upload)
    assert state(house.performance).sold == 30


def test_own_columns_are_named_once_and_remembered():
    house = House(2)
    first, second = (f"{p.starts_at.astimezone(UTC):%d-%m-%Y}" for p in house.performances)
    content = f"Speeldag;Uur;VK tot.;Opbr.\n{first};20.15;40;800,00\n".encode()
    upload = send(house.access, content, name="kassa.csv")
    assert not look(house.access, upload).is_readable
    name_columns(access=house.access, at=NOW, upload_id=upload.pk, columns={0: "date", 1: "time", 2: "normal", 3: "normal_recette"})
    upload.refresh_from_db()
    confirm(house.access, upload)
    assert state(house.performances[0]).sold == 40
    following = send(house.access, f"Opbr.;VK tot.;Uur;Speeldag\n820,00;41;20:15;{second}\n".encode(), name="kassa2.csv")
    assert look(house.access, following).is_readable
    confirm(house.access, following)
    assert (state(house.performances[1]).sold, state(house.performances[1]).recette_cents) == (41, 82000)


def test_two_columns_cannot_hold_the_same():
    house = House()
    upload = send(house.access, filled([(house.performance, {N: 1})]))
    with pytest.raises(UnableToUpload, match="Two columns"):
        name_columns(access=house.access, at=NOW, upload_id=upload.pk, columns={0: "normal", 1: "normal"})


@pytest.mark.parametrize("count", [1, 3])
def test_a_preview_asks_two_questions(django_assert_num_queries, count):
    house = House(count)
    upload = send(house.access, filled([(p, {N: 1, NR: 20}) for p in house.performances]))
    with django_assert_num_queries(2):
        look(house.access, upload)


def test_reserved_seats_that_stand_keep_their_value():
    house = House()
    push_totals(house.performance, reserved=10)
    Theatre.objects.filter(pk=house.theatre.pk).update(is_coupled=False)
    upload = send(house.access, workbook(["DIP-id", "Gereserveerd"], [[str(house.performance), 10]]))
    assert [line.outcome for line in look(house.access, upload).lines] == [Outcome.SAME]
    confirm(house.access, upload)
    assert state(house.performance).reserved_cents == 25000


def test_the_sheet_holds_what_is_on_sale_here():
    house = House(2)
    make_performance(hall=house.hall, state=CONCEPT)
    make_performance(hall=house.hall, state=CANCELLED)
    make_performance()
    found = reads.sheet_performances(house.access, date(2026, 11, 1), None)
    assert [one.number for one in found] == [p.number for p in house.performances]
    assert found[0].starts == datetime(2026, 12, 23, 20, 15)  # noqa: DTZ001  on the venue's clock
    assert reads.sheet_performances(house.stranger, date(2026, 11, 1), None) == []
    assert reads.sheet_performances(make_access(make_organisation(Role.PRODUCER)), date(2026, 11, 1), None) == []
