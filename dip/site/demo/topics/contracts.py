"""Agreements of the demo: a few hundred in every state, with what was proposed and answered, their borderels, and framework agreements.

Written straight into the tables, as the actions would have left them: a tour of agreements takes a second, not a minute.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from dip.contracts.actions.outlooks import recalculate
from dip.contracts.models import (
    Agreement,
    AgreementEvent,
    AgreementPerformance,
    AgreementSerial,
    AgreementVersion,
    FieldAnswer,
    Framework,
    Settlement,
    SettlementRemark,
)
from dip.contracts.queries.figures import figures_of
from dip.contracts.rules.answers import answerable
from dip.contracts.rules.values import completed, differences, stored
from dip.contracts.terms.columns import PerformanceFigures
from dip.contracts.terms.states import AgreementStatus, Happening
from dip.kernel.clock import from_local, local
from dip.kernel.periods import season_year
from dip.programme.models import Performance
from dip.programme.terms import PerformanceStatus
from dip.site.demo import agreements as plan
from dip.site.demo.agreements import DAY, Fate, House, Moments
from dip.site.demo.borderels import Borderel
from dip.site.demo.houses import CODES, add_settings, make_frameworks, raise_tariffs, tariffs_of
from dip.site.demo.record import Written
from dip.site.demo.stops import SHOWN, Stop, choose_stops, names_of
from dip.ticketing.models import PerformanceSales

_REASON = "the demo's own agreements"


def add_contracts(written: Written, at: datetime) -> dict[str, int]:
    """Agreements of those who can sign in and of some others, with everything that hangs on them."""
    stops = choose_stops(at)
    if not stops:
        return {"agreements": 0}
    raise_tariffs(stops, at)
    book = _Book(stops, at)
    for place, stop in enumerate(stops):
        book.add(place, stop)
    book.write()
    recalculate(at=at)
    add_settings()
    return {"agreements": len(book.agreements), "borderels": len(book.settlements), "framework agreements": len(book.frameworks)}


@dataclass(slots=True)
class _Deal:
    """One agreement while it is written."""

    stop: Stop
    fate: Fate
    moments: Moments
    values: dict[str, Any]
    row: Agreement
    place: int
    answers: list[datetime] = field(default_factory=list)


class _Book:
    """Collects the rows of every agreement, and writes them at once."""

    def __init__(self, stops: Sequence[Stop], at: datetime) -> None:
        self.at, self.today = at, local(at).date()
        self.rng = np.random.default_rng([2611, 23])
        self.coming = {login: list(plan.COMING_FIRST) for login in SHOWN}
        self.played = {login: list(plan.PLAYED_FIRST) for login in SHOWN}
        self.formats = {login: list(plan.FORMATS_FIRST) for login in SHOWN}
        numbers = [evening.number for stop in stops for evening in stop.evenings]
        sales = PerformanceSales.objects.across_tenants(_REASON).filter(performance_id__in=numbers)
        self.sales = {row.performance_id: row for row in sales}
        self.names = names_of(stops)
        self.tariffs = tariffs_of(stops)
        self.frameworks = make_frameworks(stops, self.names, at)
        self.pairs = {(one.provider_id, one.taker_id) for one in self.frameworks}
        self.last = dict(AgreementSerial.objects.values_list("season_year", "last"))
        self.agreements: list[Agreement] = []
        self.performances: list[AgreementPerformance] = []
        self.versions: list[AgreementVersion] = []
        self.answers: list[FieldAnswer] = []
        self.events: list[AgreementEvent] = []
        self.settlements: list[Settlement] = []
        self.remarks: list[SettlementRemark] = []

    def add(self, place: int, stop: Stop) -> None:
        """The agreement of one stop, and a revision of it where its fate says so."""
        login = stop.shown[place % len(stop.shown)] if stop.shown else ""
        first, last = stop.days
        wanted = self.coming.get(login, []) if first > self.today else self.played.get(login, [])
        fate = plan.fate_of(self.rng, first, last, self.today, wanted)
        if all(evening.status == PerformanceStatus.CANCELLED for evening in stop.evenings) and fate not in (
            Fate.APPROVED,
            Fate.SECOND,
        ):
            fate = Fate.APPROVED
        noon = from_local(datetime.combine(first, time(12)))
        moments = plan.moments_of(self.rng, fate, first, self.at, noon)
        code = plan.format_for(self.rng, self.formats.get(login, []) if place % 3 == 0 else [])
        values = completed(code, plan.terms_of(self.rng, code, self._house(stop, moments.drafted)))
        row = self._row(stop, code, moments.drafted)
        self._course(_Deal(stop, fate, moments, values, row, place))
        self._bind(row, stop, is_binding=fate in plan.BINDING and fate is not Fate.REVISED)
        if fate in plan.PLAYED:
            self._settle(row, stop, values, fate, place)

    def _house(self, stop: Stop, on: datetime) -> House:
        ranks = max((evening.capacity_by_rank or [evening.capacity] for evening in stop.evenings), key=sum)
        known = [self.sales[one.number] for one in stop.evenings if one.number in self.sales]
        sold, money = sum(one.sold for one in known), sum(one.recette_cents for one in known)
        price = money // sold if sold > 10 else 2350
        tariff = next((t for t in self.tariffs.get(stop.evenings[0].hall_id, []) if t.valid_from <= local(on).date()), None)
        cents = {f"{code}_surcharge": getattr(tariff, f"{code}_cents") if tariff else 0 for code in CODES}
        framework = (stop.provider_id, stop.house_id) in self.pairs
        return House(tuple(ranks), price, cents, len(stop.evenings), framework)

    def _row(self, stop: Stop, code: str, drafted: datetime, parent: Agreement | None = None) -> Agreement:
        production, theatre, (first, last) = stop.evenings[0].production, stop.evenings[0].theatre, stop.days
        season = season_year(first)
        self.last[season] = self.last.get(season, 0) + 1
        row = Agreement(
            reference=f"A{season % 100:02d}-{self.last[season]:05d}", parent=parent, format=code, provider_id=stop.provider_id,
            producer_id=production.producer_id, agency_id=production.agency_id,
            agency_as_provider=production.agency_id is not None and production.pk % 2 == 0, theatre=theatre, production=production,
            first_date=first, last_date=last, created_at=drafted, modified_at=drafted,
            name=f"{production.title[:30]} {theatre.city}"[:80] if self.last[season] % 3 == 0 else "",
        )  # fmt: skip
        self.agreements.append(row)
        return row

    def _course(self, deal: _Deal) -> None:
        """Drafting, proposing, answering: as far as its fate and moments say."""
        row, moments, fate = deal.row, deal.moments, deal.fate
        row.terms = stored(deal.values)
        self._event(row, Happening.DRAFTED, moments.drafted, "provider", is_internal=True)
        if fate is Fate.CONCEPT:
            return
        field_code, dearer, counter = plan.cheaper(deal.values)
        first = dearer if fate in (Fate.SECOND, Fate.REJECTED) else deal.values
        version = self._propose(deal, 1, moments.proposed[0], first)
        if fate in (Fate.SECOND, Fate.REJECTED):
            self._reject(deal, version, field_code, dearer, counter)
        if fate is Fate.REJECTED:
            row.terms = version.terms
            return
        if fate is Fate.SECOND:
            version = self._propose(deal, 2, moments.proposed[1], deal.values, before=dearer)
        if fate is Fate.PROPOSED:
            return self._begin_answer(deal, version)
        if fate in (Fate.EXPIRED, Fate.WITHDRAWN):
            return self._end(deal, version)
        self._approve(deal, version, moments.answered[-1])
        if fate is Fate.REVISED and moments.revised is not None:
            self._revise(deal, moments.revised)
        return None

    def _propose(self, deal: _Deal, number: int, moment: datetime, values: dict[str, Any], before: Any = None) -> AgreementVersion:
        row = deal.row
        version = AgreementVersion(
            agreement=row, number=number, format=row.format, terms=stored(values), performances=[_snapshot(e) for e in deal.stop.evenings],
            proposed_at=moment, proposed_by=self.names[row.provider_id],
        )  # fmt: skip
        self.versions.append(version)
        row.version, row.status, row.terms, row.modified_at = number, AgreementStatus.PROPOSED, version.terms, moment
        deadline = max(local(moment).date() + 14 * DAY, self.today + (1 + deal.place % 4) * DAY)
        row.answer_by = min(deadline, row.first_date) if deal.fate is Fate.PROPOSED else local(moment).date() + 14 * DAY
        changed = differences(row.format, before, values) if before else {}
        changes = {code: [*stored({"a": was, "b": now}).values()] for code, (was, now) in changed.items()}
        self._event(row, Happening.PROPOSED, moment, "provider", changes=changes)
        return version

    def _reject(self, deal: _Deal, version: AgreementVersion, code: str, values: dict[str, Any], counter: Any) -> None:
        row, moment, name = deal.row, deal.moments.answered[0], self.names[deal.stop.house_id]
        self._answer(version, answerable(row.format, values), moment, name, {code: counter})
        version.answered_at, version.answered_by, version.outcome = moment, name, "rejected"
        row.status, row.modified_at, row.answer_by = AgreementStatus.REJECTED, moment, None
        changes = {code: [stored(values)[code], stored({code: counter})[code]]}
        self._event(row, Happening.REJECTED, moment, "theatre", changes=changes)

    def _begin_answer(self, deal: _Deal, version: AgreementVersion) -> None:
        """The theatres that people sign in for answered some fields of two out of three, and sent nothing yet."""
        if not ({"theatre", "uncoupled"} & set(deal.stop.shown)) or deal.place % 3 == 0:
            return
        codes = answerable(deal.row.format, deal.values)
        rejected = {plan.cheaper(deal.values)[0]: None} if deal.place % 2 else {}
        name, moment = self.names[deal.stop.house_id], self.at - timedelta(hours=3)
        self._answer(version, [*codes[: 3 + deal.place % 4], *rejected], moment, name, rejected)

    def _answer(
        self, version: AgreementVersion, codes: Iterable[str], moment: datetime, name: str, rejected: dict[str, Any]
    ) -> None:
        for code in dict.fromkeys(codes):
            reason = plan.REASONS.get(code, "Dit wijkt af van onze afspraak.") if code in rejected else ""
            counter = stored({code: rejected[code]})[code] if code in rejected else None
            self.answers.append(
                FieldAnswer(
                    version=version,
                    field=code,
                    is_accepted=code not in rejected,
                    reason=reason,
                    counter=counter,
                    at=moment,
                    by=name,
                )
            )

    def _end(self, deal: _Deal, version: AgreementVersion) -> None:
        row, is_expired = deal.row, deal.fate is Fate.EXPIRED
        moment = version.proposed_at + (15 if is_expired else 6) * DAY
        row.status = AgreementStatus.EXPIRED if is_expired else AgreementStatus.WITHDRAWN
        row.ended_at = row.modified_at = moment
        version.outcome = row.status
        if is_expired:
            self._event(row, Happening.REMINDED, moment - 6 * DAY, "")
        note = "" if is_expired else "De tournee slaat deze plaats over."
        self._event(
            row, Happening.EXPIRED if is_expired else Happening.WITHDRAWN, moment, "" if is_expired else "provider", note=note
        )

    def _approve(self, deal: _Deal, version: AgreementVersion, moment: datetime) -> None:
        name = self.names[deal.stop.house_id]
        version.answered_at, version.answered_by, version.outcome = moment, name, "approved"
        deal.row.status, deal.row.approved_at, deal.row.modified_at = AgreementStatus.APPROVED, moment, moment
        deal.row.answer_by = None
        self._event(deal.row, Happening.APPROVED, moment, "theatre")

    def _revise(self, deal: _Deal, moment: datetime) -> None:
        """A later agreement with one thing changed takes the place of this one."""
        code, dearer, _counter = plan.cheaper(deal.values)
        child = self._row(deal.stop, deal.row.format, moment, parent=deal.row)
        self._event(deal.row, Happening.REVISION_BEGUN, moment, "provider", note=child.reference, is_internal=True)
        moments = Moments(moment, [moment + DAY], [moment + 3 * DAY])
        later = _Deal(deal.stop, Fate.APPROVED, moments, {**deal.values, code: dearer[code]}, child, deal.place)
        self._course(later)
        self._bind(child, deal.stop, is_binding=True)
        deal.row.status, deal.row.ended_at, deal.row.modified_at = AgreementStatus.REVISED, moment + 3 * DAY, moment + 3 * DAY
        self._event(deal.row, Happening.REVISED, moment + 3 * DAY, "theatre", note=child.reference)

    def _bind(self, row: Agreement, stop: Stop, *, is_binding: bool) -> None:
        self.performances += [AgreementPerformance(agreement=row, performance=one, is_binding=is_binding) for one in stop.evenings]

    def _figures(self, stop: Stop) -> list[PerformanceFigures]:
        return [figures_of(one, self.sales.get(one.number)) for one in stop.evenings]

    def _settle(self, row: Agreement, stop: Stop, values: dict[str, Any], fate: Fate, place: int) -> None:
        figures = self._figures(stop)
        if all(one.is_cancelled for one in figures):
            return
        sides = {"provider": self.names[stop.provider_id], "theatre": self.names[stop.house_id]}
        borderel = Borderel(row, values, figures, sides)
        borderel.tell(fate, self.at, place)
        self.settlements += borderel.rows
        self.remarks += borderel.remarks
        for kind, moment, side, note in borderel.told:
            self._event(row, kind, moment, side, note=note)

    def _event(self, row: Agreement, kind: Happening, moment: datetime, side: str, **more: Any) -> None:
        organisation = {"provider": row.provider_id, "theatre": row.theatre.organisation_id}.get(side)
        actor = self.names[organisation] if organisation else "DIP"
        self.events.append(
            AgreementEvent(
                agreement=row, at=moment, kind=kind.value, version=row.version, actor=actor, organisation_id=organisation, **more
            )
        )

    def write(self) -> None:
        """Everything, parents first."""
        Framework.objects.bulk_create(self.frameworks)
        Agreement.objects.bulk_create([one for one in self.agreements if one.parent is None])
        Agreement.objects.bulk_create([one for one in self.agreements if one.parent is not None])
        AgreementVersion.objects.bulk_create(self.versions)
        Settlement.objects.bulk_create(self.settlements)
        for model, rows in (
            (AgreementPerformance, self.performances), (FieldAnswer, self.answers), (AgreementEvent, self.events),
            (SettlementRemark, self.remarks),
        ):  # fmt: skip
            model.objects.bulk_create(rows, batch_size=2000)
        for season, last in self.last.items():
            AgreementSerial.objects.update_or_create(season_year=season, defaults={"last": last})


def _snapshot(evening: Performance) -> dict[str, Any]:
    """As a version keeps it."""
    return {
        "number": evening.number, "date": evening.performance_date.isoformat(), "starts_at": evening.starts_at.isoformat(),
        "hall": evening.hall.name, "hall_id": evening.hall_id,
        "capacity_by_rank": list(evening.capacity_by_rank or ([evening.capacity] if evening.capacity else [])),
    }  # fmt: skip
