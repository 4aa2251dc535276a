"""Makes agreements in every state of their life, through the actions. Every name is invented.

``make_deal()`` is a provider, a theatre and an agreement between them, with an access for everybody who has a part in it, or none;
``make_agreement()`` is its agreement alone. A state is reached by the acts that lead to it, so that mails, versions and history are
there as well.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from dip.contracts import actions
from dip.contracts.actions import settlement_opening, settlements
from dip.contracts.models import Agreement, AgreementEvent, AgreementPerformance, AgreementVersion, FieldAnswer, Settlement
from dip.programme.models import Hall, Performance, Production, Surcharge, Theatre
from dip.registry.models import Organisation, Person
from dip.registry.terms import Access, Level, Module, Role
from tests.factories.programme import make_hall, make_performance, make_production, make_theatre
from tests.factories.registry import NOW, make_access, make_membership, make_organisation, make_person
from tests.factories.ticketing import push, tickets

CONCEPT, PROPOSED, REJECTED, APPROVED, REVISED, WITHDRAWN, EXPIRED = (
    "concept",
    "proposed",
    "rejected",
    "approved",
    "revised",
    "withdrawn",
    "expired",
)
#: Approved, played, and the borderel waiting · confirmed by the theatre · signed by both · paid.
PLAYED, CONFIRMED, SETTLED, PAID = "played", "confirmed", "settled", "paid"
REASON = "a test looks at everything"
#: A day in the season on which nothing special happens.
DAY = date(2027, 1, 14)
TERMS: dict[str, dict[str, Any]] = {
    "partage": {"provider_percentage": Decimal(80), "provider_guarantee": 650_000, "royalties_percentage": Decimal(12)},
    "rent": {"rent": 300_000, "other_charges": 50_000},
    "buyout": {"buyout_amount": 450_000},
    "suppletion": {"provider_percentage": Decimal(75), "suppletion": 250_000, "suppletion_warranty": 450_000},
    "volume": {
        "tranches": [{"limit_cents": 400_000, "percentage": "100"}, {"limit_cents": None, "percentage": "50"}],
    },
}
PRICES: dict[str, Any] = {"entrance_prices": (2800,), "theatre_surcharge": 200}


@dataclass
class Deal:
    """A provider, a theatre, performances of a production there, and the agreement about them."""

    producer: Organisation
    agency: Organisation | None
    house: Organisation
    theatre: Theatre
    hall: Hall
    production: Production
    performances: list[Performance]
    at: datetime = NOW
    people: dict[str, Person] = field(default_factory=dict)
    agreement: Agreement = field(default=None)  # type: ignore[assignment]

    @property
    def proposer(self) -> Organisation:
        """Who proposes: the agency, else the producer."""
        return self.agency or self.producer

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.performances]

    @cached_property
    def provider(self) -> Access:
        """Somebody of the proposing organisation with every right."""
        return make_access(self.proposer, Role.AGENCY if self.agency else Role.PRODUCER, person=self.people["provider"])

    @cached_property
    def taker(self) -> Access:
        """Somebody of the theatre with every right."""
        return make_access(self.house, Role.THEATRE, person=self.people["taker"])

    @cached_property
    def second(self) -> Access:
        """A colleague at the theatre with every right."""
        return make_access(self.house, Role.THEATRE, person=self.people["second"])

    @cached_property
    def represented(self) -> Access:
        """The producer for whom the agency acts."""
        return make_access(self.producer, Role.PRODUCER)

    def colleague(self, side: str, level: Level = Level.VIEW) -> Access:
        """Somebody of the ``provider`` or the ``taker`` with a lower right in contracts."""
        whole = self.provider if side == "provider" else self.taker
        organisation = self.proposer if side == "provider" else self.house
        return make_access(organisation, whole.role, {Module.CONTRACTS: level}, person=make_person())

    def strangers(self) -> list[Access]:
        """Who has nothing to do with it: another producer and theatre, the platform, and the parties in another role."""
        others = [make_access(role=role) for role in (Role.PRODUCER, Role.AGENCY, Role.THEATRE, Role.PLATFORM, Role.FUNDER)]
        return [*others, make_access(self.house, Role.PRODUCER), make_access(self.producer, Role.THEATRE)]

    def draft(self, format_code: str = "partage", **over: Any) -> Agreement:
        """A concept; ``values`` over the usual terms of the format."""
        values = {**PRICES, **TERMS[format_code], **over.pop("values", {})}
        given = {
            "production_id": self.production.pk,
            "theatre_id": self.theatre.pk,
            "numbers": self.numbers,
            "values": values,
            "format_code": format_code,
        }
        return actions.draft_agreement(access=self.provider, at=self.at, **given | over)

    def propose(self, at: datetime | None = None) -> AgreementVersion:
        return actions.propose_agreement(access=self.provider, at=at or self.at, agreement_id=self.agreement.pk)

    def reject(self, *fields: str, at: datetime | None = None, reason: str = "Te hoog voor een weekdag") -> Agreement:
        """Reject these fields, the provider's share unless given, and accept the rest."""
        when = at or self.at
        for code in fields or ("performances",):
            self.answer(code, False, reason, at=when)
        actions.accept_rest(access=self.taker, at=when, agreement_id=self.agreement.pk)
        return actions.send_answer(access=self.taker, at=when, agreement_id=self.agreement.pk)

    def answer(self, code: str, is_accepted: bool = True, reason: str = "", counter: Any = None, **over: Any) -> FieldAnswer:
        given = {"access": self.taker, "at": self.at} | over
        return actions.answer_field(
            agreement_id=self.agreement.pk, field=code, is_accepted=is_accepted, reason=reason, counter=counter, **given
        )

    def approve(self, at: datetime | None = None) -> Agreement:
        return actions.approve_agreement(access=self.taker, at=at or self.at, agreement_id=self.agreement.pk)

    def refresh(self) -> Agreement:
        """The agreement as it stands now."""
        self.agreement = Agreement.objects.across_tenants(REASON).get(pk=self.agreement.pk)
        return self.agreement

    def version(self, number: int | None = None) -> AgreementVersion:
        """A version, the newest unless given."""
        agreement = self.refresh()
        return AgreementVersion.objects.across_tenants(REASON).get(agreement=agreement, number=number or agreement.version)

    def answers(self, number: int | None = None) -> dict[str, FieldAnswer]:
        rows = FieldAnswer.objects.across_tenants(REASON).filter(version=self.version(number))
        return {row.field: row for row in rows}

    def events(self) -> list[str]:
        rows = AgreementEvent.objects.across_tenants(REASON).filter(agreement=self.agreement)
        return [row.kind for row in rows]

    def bound(self) -> list[int]:
        """Numbers of the performances that the agreement binds."""
        rows = AgreementPerformance.objects.across_tenants(REASON).filter(agreement=self.agreement, is_binding=True)
        return list(rows.values_list("performance_id", flat=True))


def make_deal(
    state: str = CONCEPT,
    format_code: str = "partage",
    *,
    performances: int = 1,
    with_agency: bool = False,
    day: date = DAY,
    at: datetime = NOW,
    ranks: list[int] | None = None,
    values: dict[str, Any] | None = None,
    producer: Organisation | None = None,
    agency: Organisation | None = None,
    house: Organisation | None = None,
    production: Production | None = None,
    theatre: Theatre | None = None,
    **over: Any,
) -> Deal:
    """A deal whose agreement is in ``state``; "" makes none yet. Performances are on ``day`` and the days after it. The acts that lead
    to the state happen at ``at``; states after the performances put those a month before it."""
    if state in (PLAYED, CONFIRMED, SETTLED, PAID) and day == DAY:
        day = (at - timedelta(days=30)).date()
    deal = _stage(performances, with_agency, day, at, ranks, producer, agency, house, production, theatre)
    if state:
        over = {"values": values} | over if values else over
        signed_at = min(at, datetime.combine(day, datetime.min.time(), UTC) - timedelta(days=60))
        deal.at = signed_at if state in (PLAYED, CONFIRMED, SETTLED, PAID) else at
        deal.agreement = deal.draft(format_code, **over)
        _lead_to(deal, state)
        deal.at = at
        deal.refresh()
    return deal


def make_agreement(state: str = CONCEPT, format_code: str = "partage", **over: Any) -> Agreement:
    """An agreement in a state, see :func:`make_deal`."""
    return make_deal(state, format_code, **over).agreement


def _stage(
    count: int,
    with_agency: bool,
    day: date,
    at: datetime,
    ranks: list[int] | None,
    producer: Organisation | None,
    agency: Organisation | None,
    house: Organisation | None,
    production: Production | None,
    theatre: Theatre | None,
) -> Deal:
    producer = producer or (production.producer if production else make_organisation(Role.PRODUCER))
    agency = agency or (make_organisation(Role.AGENCY) if with_agency else None)
    house = house or (theatre.organisation if theatre and theatre.organisation else make_organisation(Role.THEATRE))
    theatre = theatre or make_theatre(house)
    hall = make_hall(theatre, ranks=ranks or [600])
    Surcharge.objects.create(hall=hall, valid_from=date(2020, 8, 1), theatre_cents=200, consumption_cents=100, wardrobe_cents=50)
    production = production or make_production(producer, agency=agency)
    seats = {"capacity": sum(ranks or [600]), "capacity_by_rank": ranks or [600]}
    evenings = [make_performance(production, hall, day=day + timedelta(days=back), at=at, **seats) for back in range(count)]
    people = {name: make_person() for name in ("provider", "taker", "second")}
    make_membership(agency or producer, people["provider"], super_user=True)
    make_membership(house, people["taker"], super_user=True)
    make_membership(house, people["second"])
    return Deal(producer, agency, house, theatre, hall, production, evenings, at, people)


def _lead_to(deal: Deal, state: str) -> None:
    """From a concept to a state, through the acts."""
    if state == WITHDRAWN:
        actions.withdraw_agreement(access=deal.provider, at=deal.at, agreement_id=deal.agreement.pk, reason="")
    if state in (CONCEPT, WITHDRAWN):
        return
    deal.propose()
    if state == REJECTED:
        deal.reject("provider_guarantee" if deal.agreement.format == "partage" else "performances")
    elif state == EXPIRED:
        actions.expire_agreements(at=deal.at + timedelta(days=60))
    elif state != PROPOSED:
        deal.approve()
    if state in (PLAYED, CONFIRMED, SETTLED, PAID):
        _settle(deal, state)
    if state == REVISED:
        first = deal.agreement
        deal.agreement = actions.revise_agreement(access=deal.provider, at=deal.at, agreement_id=first.pk)
        deal.propose()
        deal.approve()
        deal.agreement = first


def _settle(deal: Deal, state: str) -> None:
    """Figures of every performance, then the acts on the borderel."""
    last = max(one.starts_at for one in deal.performances)
    for performance in deal.performances:
        push(performance, tickets(344, price=2975), true_at=last + timedelta(hours=6))
    settlement_opening.open_settlements(at=last + timedelta(days=1))
    acts: list[tuple[str, Any]] = [
        (CONFIRMED, lambda key: settlements.confirm_settlement(access=deal.taker, at=last + timedelta(days=2), settlement_id=key)),
        (SETTLED, lambda key: settlements.sign_settlement(access=deal.provider, at=last + timedelta(days=3), settlement_id=key)),
        (
            PAID,
            lambda key: settlements.mark_paid(
                access=deal.provider, at=last + timedelta(days=9), settlement_id=key, paid_date=(last + timedelta(days=9)).date()
            ),
        ),
    ]
    for name, act in acts:
        if state != PLAYED:
            act(Settlement.objects.across_tenants(REASON).get(agreement=deal.agreement).pk)
        if state in (PLAYED, name):
            return
