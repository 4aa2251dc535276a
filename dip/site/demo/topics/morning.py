"""What people of the Sales Monitor do every morning: targets, rules with what they found, own numbers, a report, views, a link."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from dip.kernel.clock import local
from dip.kernel.periods import season_year
from dip.registry.models import Membership
from dip.registry.terms import PROVIDERS, TAKERS, Access, Door, Level, Module, Role
from dip.sales.models import (
    Alert,
    AlertRule,
    DifferenceReport,
    OwnCount,
    SavedView,
    ShareLink,
    ShareOpening,
    Target,
    TargetChange,
)
from dip.sales.queries.sharing import digest_of, token_of
from dip.sales.queries.states import lines
from dip.sales.queries.visible import evenings_of_season
from dip.sales.terms import AlertKind, AlertUnit, AsOf, Line, MailMode, Origin, Part
from dip.site.demo.heroes import TITLE
from dip.site.demo.record import Written
from dip.ticketing.models import Position
from dip.ticketing.terms import Measure

#: Productions of a provider that have targets, the one with most performances first.
_PRODUCTIONS = 12
#: Alerts that are told; what else is so counts as known.
_TOLD = 3
_SALT = "a salt of the demo, the same each time"[:32]


def add_morning(written: Written, at: datetime) -> dict[str, int]:
    """Targets of the running season, and what hangs on them, for those who can sign in."""
    counts = {"targets": 0, "alerts": 0}
    producer, theatre = _access("producer@demo.example", PROVIDERS), _access("theatre@demo.example", TAKERS)
    agency = _access("agency@demo.example", PROVIDERS)
    if producer is None or theatre is None:
        return counts
    year = season_year(local(at).date())
    for access in filter(None, (producer, theatre, agency)):
        found = lines(access, evenings_of_season(access, year), AsOf(at))
        counts["targets"] += _targets(access, found, at)
        counts["alerts"] += _alerts(access, found, at)
        if access is producer:
            _views_and_link(access, found, at)
            _report(access, theatre, found, at)
        if access is theatre:
            _own_counts(access, found, at)
    return counts


def _access(email: str, roles: frozenset[Role]) -> Access | None:
    """As the person with this address acts."""
    found = Membership.objects.filter(person__email=email).select_related("organisation", "person").first()
    role = next((Role(one) for one in found.organisation.roles if Role(one) in roles), None) if found else None
    if found is None or role is None:
        return None
    rights = dict.fromkeys(Module, Level.APPROVE)
    return Access(
        found.organisation_id, found.organisation.name, role, rights, found.person_id, door=Door.JOB, actor=found.person.name
    )


def _aimed(access: Access, found: Sequence[Line]) -> list[Line]:
    """A theatre aims at everything, a provider at its largest productions."""
    if access.is_taker:
        return list(found)
    tours: dict[str, list[Line]] = {}
    for line in found:
        tours.setdefault(line.evening.dip_id, []).append(line)
    largest = sorted(tours.values(), key=lambda tour: (tour[0].evening.title != TITLE, -len(tour)))[:_PRODUCTIONS]
    return [line for tour in largest for line in tour]


def _targets(access: Access, found: Sequence[Line], at: datetime) -> int:
    """Seven tenths of the seats or so, set two months ago; every ninth was raised since."""
    rows, changes = [], []
    for line in _aimed(access, found):
        number, seats = line.evening.number, line.state.for_sale or line.evening.capacity
        first = max(round(seats * (0.56 + number * 7 % 26 / 100) / 5) * 5, 5)
        steps: list[tuple[datetime, int | None, int, Origin]] = [
            (at - timedelta(days=61, minutes=number % 50), None, first, Origin.CAPACITY)
        ]
        if number % 9 == 0:
            steps.append((at - timedelta(days=9, minutes=number % 50), first, round(first * 1.08), Origin.TYPED))
        changes += [_change(access, number, *step) for step in steps]
        moment, _before, tickets, origin = steps[-1]
        rows.append(
            Target(
                organisation_id=access.organisation_id, performance_id=number, tickets=tickets, set_at=moment, set_by=access.actor,
                recette_cents=tickets * 2600 if line.evening.title == TITLE else None, origin=origin,
            )
        )  # fmt: skip
    Target.objects.bulk_create(rows, batch_size=2000)
    TargetChange.objects.bulk_create(changes, batch_size=2000)
    return len(rows)


def _change(access: Access, number: int, moment: datetime, before: int | None, after: int, origin: Origin) -> TargetChange:
    return TargetChange(
        organisation_id=access.organisation_id, performance_id=number, at=moment, actor=access.actor, person_id=access.person_id,
        origin=origin, tickets=after, tickets_before=before,
    )  # fmt: skip


_RULES = (
    (AlertKind.NO_FIGURES, 48, AlertUnit.HOURS, MailMode.MORNING),
    (AlertKind.SOLD_OUT, 100, AlertUnit.PERCENT, MailMode.AT_ONCE),
    (AlertKind.DROP, 20, AlertUnit.TICKETS, MailMode.AT_ONCE),
    (AlertKind.RESTATED, 3, AlertUnit.TICKETS, MailMode.MORNING),
    (AlertKind.BEHIND_TARGET, 85, AlertUnit.PERCENT, MailMode.NONE),
)


def _alerts(access: Access, found: Sequence[Line], at: datetime) -> int:
    """The rules of one person, and what they found in the last days; of each kind a few are told, the rest is known."""
    coming = [line for line in found if line.evening.starts_at > at]
    hero = next((line.evening.production_id for line in coming if line.evening.title == TITLE), None)
    rules = {}
    for kind, limit, unit, mail in _RULES:
        rules[kind] = AlertRule.objects.create(
            organisation_id=access.organisation_id, person_id=access.person_id, role=access.role.value, kind=kind, limit=limit,
            unit=unit, mail=mail, made_at=at - timedelta(days=40),
            production_id=hero if kind is AlertKind.BEHIND_TARGET else None,
        )  # fmt: skip
    alerts = [*_silent(rules, coming, at), *_full(rules, coming, at), *_restated(access, rules, found, at)]
    Alert.objects.bulk_create(alerts)
    return sum(not alert.is_known for alert in alerts)


def _alert(rule: AlertRule, line: Line, at: datetime, values: dict[str, Any], **more: Any) -> Alert:
    return Alert(
        rule=rule, organisation_id=rule.organisation_id, person_id=rule.person_id, performance_id=line.evening.number,
        kind=rule.kind, values=values, fired_at=at, **({"episode": 1} | more),
    )  # fmt: skip


def _days(line: Line, at: datetime) -> int:
    return (line.evening.performance_date - local(at).date()).days


def _silent(rules: dict[AlertKind, AlertRule], coming: Iterable[Line], at: datetime) -> list[Alert]:
    """The soonest that fell silent are told; every other silence was there when the rule was made."""
    rule, since = rules[AlertKind.NO_FIGURES], at - timedelta(hours=48)
    quiet = [one for one in coming if one.confirmed_at is None or not one.state.has_tickets or one.confirmed_at < since]
    fell = [one for one in quiet if one.state.has_tickets and one.confirmed_at][:_TOLD]
    told = {one.evening.number for one in fell}
    rows = []
    for one in quiet:
        last = one.confirmed_at.isoformat() if one.confirmed_at and one.state.has_tickets else None
        values = {"sold": one.state.sold, "seats": one.state.for_sale, "days": _days(one, at), "last": last}
        rows.append(_alert(rule, one, at - timedelta(hours=5), values, is_known=one.evening.number not in told))
    return rows


def _full(rules: dict[AlertKind, AlertRule], coming: Iterable[Line], at: datetime) -> list[Alert]:
    full = [one for one in coming if one.state.has_tickets and 0 < one.state.for_sale <= one.state.sold]
    rows = []
    for place, one in enumerate(full):
        values = {"sold": one.state.sold, "seats": one.state.for_sale, "days": _days(one, at)}
        fired = at - timedelta(hours=20 + 9 * place)
        rows.append(
            _alert(rules[AlertKind.SOLD_OUT], one, fired, values, is_known=place >= _TOLD, read_at=at if place == 1 else None)
        )
    return rows


def _restated(access: Access, rules: dict[AlertKind, AlertRule], found: Iterable[Line], at: datetime) -> list[Alert]:
    """The last past day that changed, as its position tells."""
    by_number = {line.evening.number: line for line in found}
    changed = Position.objects.within(access).filter(performance_id__in=by_number, measure=Measure.TICKETS, restates__isnull=False)
    for one in changed.select_related("restates").order_by("-known_at")[:1]:
        before, after = (_sold(row) for row in (one.restates, one))
        if before != after:
            values = {"before": before, "after": after, "true_at": one.true_at.isoformat()}
            fired = min(one.known_at, at)
            line = by_number[one.performance_id]
            return [_alert(rules[AlertKind.RESTATED], line, fired, values, episode=one.pk, ended_at=fired)]
    return []


def _sold(row: Any) -> int:
    return (row.normal_tickets or 0) + (row.discount_tickets or 0) + (row.other_tickets or 0)


def _views_and_link(access: Access, found: Sequence[Line], at: datetime) -> None:
    """Three saved views, and a page that is shared with somebody without an account."""
    hero = next((line.evening for line in found if line.evening.title == TITLE), None)
    if hero is None:
        return
    page = f"/sales/productions/{hero.dip_id}/"
    views = (
        (f"{TITLE}, op weg naar de zaal", f"{page}?scope=tour-days", True),
        ("Per theater", "/sales/?by=theatre", False),
        (f"Wat er nog komt van {TITLE}", f"{page}?which=coming", False),
    )
    SavedView.objects.bulk_create(
        SavedView(
            organisation_id=access.organisation_id, person_id=access.person_id, name=name[:60], address=address, is_shared=is_shared,
            made_at=at - timedelta(days=30 - n),
        )
        for n, (name, address, is_shared) in enumerate(views)
    )  # fmt: skip
    link = ShareLink.objects.create(
        organisation_id=access.organisation_id, person_id=access.person_id, role=access.role.value, address=page, title=TITLE,
        label="Regisseur en cast", salt=_SALT, token_digest=digest_of(token_of(_SALT)), made_at=at - timedelta(days=6),
        expires_at=at + timedelta(days=24),
    )  # fmt: skip
    ShareOpening.objects.bulk_create(
        ShareOpening(link=link, at=at - timedelta(hours=hours), network=network, agent=agent, part=part)
        for hours, network, agent, part in (
            (131, "192.0.2.0/24", "Safari, iOS", "page"), (130, "192.0.2.0/24", "Safari, iOS", "curve.csv"),
            (44, "198.51.100.0/24", "Firefox, Windows", "page"), (3, "192.0.2.0/24", "Safari, iOS", "page"),
        )
    )  # fmt: skip


def _report(producer: Access, theatre: Access, found: Sequence[Line], at: datetime) -> None:
    """The producer reported a difference at the house that the demo tells about."""
    own = {evening.number for evening in evenings_of_season(theatre, season_year(local(at).date()))}
    here = [one for one in found if one.evening.number in own and one.state.has_tickets]
    line = next((one for one in here if one.evening.starts_at > at), here[-1] if here else None)
    if line is None:
        return
    DifferenceReport.objects.create(
        performance_id=line.evening.number, organisation_id=producer.organisation_id, theatre_organisation_id=theatre.organisation_id,
        at=at - timedelta(hours=27), actor=producer.actor, person_id=producer.person_id, platform_sold=line.state.sold,
        claimed=line.state.sold + 14,
        note="Uw kassa noemde ons gisteren veertien kaarten meer dan hier staan. Tellen de reserveringen van de school mee?",
    )  # fmt: skip


def _own_counts(access: Access, found: Sequence[Line], at: datetime) -> None:
    """The theatre told its own number of some evenings: most add up, two do not."""
    heard = [one for one in found if one.state.has_tickets and one.evening.starts_at > at and one.confirmed_at][:8]
    rows = []
    for place, one in enumerate(heard):
        extra = one.state.free + (one.state.reserved or 0)
        told = min(one.confirmed_at or at, at) + timedelta(minutes=1)
        rows.append(
            OwnCount(
                performance_id=one.evening.number, count=one.state.sold + extra + (3 if place in (1, 5) else 0), true_at=told,
                told_at=max(told, at - timedelta(hours=3)), includes=[Part.FREE, Part.RESERVED], actor=access.actor,
            )
        )  # fmt: skip
    OwnCount.objects.bulk_create(rows)
