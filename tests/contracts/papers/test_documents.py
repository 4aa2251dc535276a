"""What stands in the documents: every field, the statement to the cent, and nothing that was not proposed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dip.contracts.actions.documents import agreement_document, settlement_document
from dip.contracts.models import SealedDocument, SettlementRemark
from dip.contracts.queries.papers.agreement import DRAFT
from dip.contracts.rules.formats import formats as all_formats
from dip.contracts.rules.kept import restored_statement
from dip.contracts.rules.values import completed, fields_of, stored
from dip.contracts.terms.fields import FieldKind
from dip.contracts.terms.states import AgreementStatus, SettlementStatus
from dip.contracts.wording import said, value_text
from dip.registry.models import AuditLine
from dip.registry.seal_check import Verdict, check_seal
from dip.registry.terms import Role
from dip.web import formats
from tests.contracts.papers.making import PARTAGE, TRANCHES, Cast, make_agreement, make_framework, make_settlement, make_version
from tests.contracts.papers.reading import page_count, squeezed, text_of
from tests.factories.registry import make_access

NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
ODD = "Opbouw #let *vet* _a_ $x$ <b> @c [d] \\ `e` 🎉"
pytestmark = pytest.mark.django_db

OWN = {
    "partage": PARTAGE,
    "volume": TRANCHES,
    "buyout": {**PARTAGE, "buyout_amount": 450_000},
    "rent": {**PARTAGE, "rent": 180_000, "other_charges": 20_000},
    "suppletion": {**PARTAGE, "suppletion": 250_000, "suppletion_warranty": 450_000},
}


def own(code: str) -> dict:
    """The terms of a format, without those of another."""
    known = {field.code for field in fields_of(code)}
    return {name: value for name, value in OWN[code].items() if name in known}


def agency(cast: Cast):
    return make_access(cast.provider, Role.AGENCY if cast.agency else Role.PRODUCER)


def house(cast: Cast):
    return make_access(cast.house, Role.THEATRE)


def agreed(access, agreement, number=1, language="nl"):
    return agreement_document(access=access, at=NOW, agreement_id=agreement.pk, number=number, language=language)


@pytest.mark.parametrize(
    ("code", "language"), [*((one.code, "nl") for one in all_formats()), ("partage", "en"), ("suppletion", "fr"), ("volume", "fr")]
)
def test_every_field_of_every_format_stands_in_it_with_its_value(code, language):
    cast = Cast()
    agreement = make_agreement(cast, own(code), code, AgreementStatus.APPROVED)
    shown = squeezed(text_of(agreed(agency(cast), agreement, language=language).content))
    values = completed(code, own(code))
    for field in fields_of(code):
        if field.kind not in (FieldKind.TEXT, FieldKind.PRICES, FieldKind.TRANCHES):
            assert squeezed(said(field.names, language)) in shown
            assert squeezed(value_text(field, values.get(field.code), language)) in shown, field.code
    for price in (*values["entrance_prices"], *values["settlement_prices"]):
        assert squeezed(formats.money(price, language=language)) in shown


def test_parties_halls_and_moments_stand_in_it():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED, name="VH-2026-114")
    shown = text_of(agreed(agency(cast), agreement, language="en").content)
    for part in (
        agreement.reference, "Zeven Dagen Vloed", "Impresariaat Van Halderen", "Toneelgroep Noordwal", "Theater De Vlonder", "VH-2026-114",
        "Thu 14-01-2027", "Fri 15-01-2027", "20:15", "Grote Zaal", "420 + 222", str(cast.performances[0].pk), "04-11-2026, 15:42",
        "Joris van Halderen", "11-11-2026, 10:05", "Anouk Terpstra", "It binds both parties", "contracts/verify", cast.production.dip_id,
    ):  # fmt: skip
        assert part in shown, part


def test_readings_that_deviate_are_spelled_out_and_the_others_listed():
    cast = Cast()
    agreement = make_agreement(cast, {**PARTAGE, "guarantee_sum": "each"}, status=AgreementStatus.APPROVED)
    shown = text_of(agreed(agency(cast), agreement, language="en").content)
    assert "in their own way" in shown
    assert "the standard reading is: for the whole" in shown
    assert "Read as the standard does. Base of royalties: recette excl. VAT;" in shown


def test_remarks_are_printed_as_they_were_typed():
    cast = Cast()
    agreement = make_agreement(cast, {**PARTAGE, "remarks": ODD + "\nTweede regel"}, status=AgreementStatus.APPROVED)
    assert ODD.replace("🎉", "[U+1F389]") + " Tweede regel" in text_of(agreed(agency(cast), agreement).content)


@pytest.mark.parametrize("evenings", [1, 6])
def test_long_ones_fit(evenings):
    cast = Cast(evenings, tuple(range(120, 20, -10)))
    terms = {**TRANCHES, "remarks": "Een lange opmerking over laden en lossen. " * 60}
    agreement = make_agreement(cast, terms, "volume", AgreementStatus.APPROVED)
    made = agreed(agency(cast), agreement)
    assert page_count(made.content) <= 7
    assert "€ 16.000,00" in text_of(made.content)


@pytest.mark.parametrize(
    ("status", "said_of_it"),
    [
        (AgreementStatus.PROPOSED, "It binds nobody until the theatre approves it"),
        (AgreementStatus.REJECTED, "Rejected on 11-11-2026, 10:05. This version binds nobody"),
        (AgreementStatus.WITHDRAWN, "Withdrawn on 11-11-2026, 10:05. This version binds nobody"),
        (AgreementStatus.EXPIRED, "expired on 11-11-2026, 10:05. This version binds nobody"),
    ],
)
def test_what_is_not_approved_says_that_it_binds_nobody(status, said_of_it):
    cast = Cast()
    shown = text_of(agreed(agency(cast), make_agreement(cast, status=status), language="en").content)
    assert said_of_it in shown
    assert "Not binding" in shown


def test_the_framework_is_cited_when_it_applies():
    cast = Cast()
    terms = {**PARTAGE, "framework_applies": True}
    before = make_agreement(cast, terms, status=AgreementStatus.APPROVED)
    assert "It is not on the platform" in text_of(agreed(agency(cast), before, language="en").content)
    make_framework(cast)
    agreement = make_agreement(cast, terms, status=AgreementStatus.APPROVED)
    shown = text_of(agreed(agency(cast), agreement, language="en").content)
    assert "“Mantelovereenkomst 2025” applies, valid from 01-08-2025 until further notice" in shown


def test_rejections_stand_in_the_later_versions():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.REJECTED, version=2)
    make_version(agreement, 2)
    shown = text_of(agreed(house(cast), agreement, number=2, language="en").content)
    assert "Guarantee for the provider Te hoog voor doordeweeks" in shown
    assert "Version 2" not in text_of(agreed(house(cast), agreement, number=1, language="en").content)


def test_all_parties_get_the_same_bytes_before_the_seal():
    cast = Cast()
    make_framework(cast)
    agreement = make_agreement(cast, {**PARTAGE, "framework_applies": True}, status=AgreementStatus.REJECTED)
    made = {agreed(access, agreement).digest for access in (agency(cast), house(cast), make_access(cast.producer, Role.PRODUCER))}
    assert len(made) == 1
    SealedDocument.objects.across_tenants("a test").all().delete()
    assert agreed(make_access(cast.producer, Role.PRODUCER), agreement).digest in made


def test_the_same_document_comes_again_whatever_became_of_names_since():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    before = agreed(agency(cast), agreement)
    cast.agency.name, cast.theatre.city = "Een andere naam", "Elders"
    cast.agency.save()
    cast.theatre.save()
    after = agreed(house(cast), agreement)
    assert (after.digest, after.name) == (before.digest, before.name)
    assert before.content[: len(before.content) // 2] == after.content[: len(before.content) // 2]
    assert SealedDocument.objects.across_tenants("a test").count() == 1


def test_sealing_leaves_one_line_in_the_trail():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    for _ in range(2):
        agreed(agency(cast), agreement)
    assert AuditLine.objects.within(make_access(cast.agency, Role.AGENCY, super_user=True)).filter(verb="sealed").count() == 1


def test_a_draft_is_for_its_provider_unsealed_and_marked():
    cast = Cast()
    agreement = make_agreement(cast)
    made = agreement_document(access=agency(cast), at=NOW, agreement_id=agreement.pk, language="en")
    assert (made.is_sealed, made.name) == (False, f"{agreement.reference}-concept-en.pdf")
    assert check_seal(made.content).verdict is Verdict.NOT_OURS
    shown = text_of(made.content)
    assert "It was not proposed and binds nobody" in shown
    assert "Not sealed" in shown
    assert not SealedDocument.objects.across_tenants("a test").exists()


@pytest.mark.parametrize("terms", [{}, {"tranches": ()}, {"entrance_prices": ()}])
def test_a_draft_that_is_not_complete_is_printed_too(terms):
    cast = Cast(1)
    for code in OWN:
        agreement = make_agreement(cast, terms, code)
        assert agreed(agency(cast), agreement, number=DRAFT).content.startswith(b"%PDF")


def test_the_theatre_never_gets_what_was_not_proposed():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.REJECTED)
    agreement.terms = stored(completed("partage", {**PARTAGE, "provider_guarantee": 987_654}))
    agreement.save()
    assert agreed(house(cast), agreement, number=DRAFT) is None
    assert "9.876,54" not in text_of(agreed(house(cast), agreement, number=None).content)
    assert "9.876,54" in text_of(agreed(agency(cast), agreement, number=DRAFT).content)


def settled(access, agreement, settlement, language="nl"):
    return settlement_document(access=access, at=NOW, agreement_id=agreement.pk, number=settlement.number, language=language)


def test_a_borderel_holds_figures_corrections_statement_and_signatures():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    settlement = make_settlement(agreement)
    shown = text_of(settled(house(cast), agreement, settlement, "en").content)
    for part in (
        "Signed by both",
        "422",
        "Drie kaarten aan de deur",
        "€ 12,301.75",
        "Anouk Terpstra",
        "Joris van Halderen",
        "Kassa De Vlonder",
    ):
        assert part in shown, part
    for line in restored_statement(settlement.statement):
        for cents in (line.cents, *line.evenings):
            assert formats.number(Decimal(cents) / 100, 2, "en") in shown, line.code
    assert formats.money(settlement.payable_cents, language="en").replace("\u00a0", " ") in shown


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_six_performances_each_have_a_column(language):
    cast = Cast(6)
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    settlement = make_settlement(agreement)
    shown = text_of(settled(agency(cast), agreement, settlement, language).content)
    share = restored_statement(settlement.statement).line("provider_share")
    assert len(share.evenings) == 6
    assert all(squeezed(formats.number(Decimal(cents) / 100, 2, language)) in squeezed(shown) for cents in share.evenings)


def test_disputes_and_replies_stand_in_it():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    settlement = make_settlement(agreement, SettlementStatus.DISPUTED)
    SettlementRemark.objects.create(
        settlement=settlement, line="royalties", reason="Het is 8 %", expected_cents=150_000, at=NOW, by="Joris", reply="Klopt", replied_at=NOW, replied_by="Anouk"
    )  # fmt: skip
    shown = text_of(settled(house(cast), agreement, settlement, "en").content)
    for part in ("Not signed", "It may not be invoiced yet", "Het is 8 %", "expected 1,500.00", "Klopt"):
        assert part in shown
    later = datetime(2027, 2, 2, 9, 0, tzinfo=UTC)
    SettlementRemark.objects.across_tenants("a test").update(reply="Toch niet", replied_at=later)
    assert "Toch niet" in text_of(settled(house(cast), agreement, settlement, "en").content)


def test_a_borderel_is_another_document_at_each_stage():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    settlement = make_settlement(agreement, SettlementStatus.CONFIRMED)
    confirmed = settled(house(cast), agreement, settlement)
    settlement.status, settlement.signed_at, settlement.signed_by = SettlementStatus.SIGNED, NOW, "Joris"
    settlement.save()
    signed = settled(house(cast), agreement, settlement)
    settlement.status, settlement.paid_date = SettlementStatus.PAID, NOW.date()
    settlement.save()
    assert confirmed.digest != signed.digest == settled(agency(cast), agreement, settlement).digest
    settlement.status, settlement.reopened_at, settlement.reopen_reason = SettlementStatus.REOPENED, NOW, "Kaarten vergeten"
    settlement.save()
    assert "Kaarten vergeten" in text_of(settled(agency(cast), agreement, settlement).content)


def test_a_borderel_that_is_open_is_no_document_yet():
    cast = Cast()
    agreement = make_agreement(cast, status=AgreementStatus.APPROVED)
    settlement = make_settlement(agreement, SettlementStatus.OPEN)
    assert settled(house(cast), agreement, settlement) is None
