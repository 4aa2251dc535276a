"""Who compares with whom by name: by mutual consent, for stated figures, until a day, and until one of the two ends it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from dip.kernel import clock
from dip.kernel.clock import local
from dip.registry.models import Organisation
from dip.registry.terms import PROVIDERS, TAKERS, Access
from dip.warehouse.models import Consent
from dip.warehouse.rules.peer_groups import MEASURES, PeerSide

#: Code of the buyers that two theatres share, beside the codes of the measures.
OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation with which the asker compares by name."""

    organisation_id: int
    name: str
    consent_id: int
    figures: tuple[str, ...]
    until: date


@dataclass(frozen=True, slots=True)
class Comparison:
    """One invitation and what became of it, as one of the two sees it. ``state``: "received", "sent", "accepted", "revoked" (ended after
    both agreed), "declined", "withdrawn" or "expired"."""

    id: int
    organisation_id: int
    name: str
    state: str
    figures: tuple[str, ...]
    until: date
    asked_at: datetime
    asked_by: str
    accepted_at: datetime | None
    accepted_by: str
    ended_at: datetime | None
    ended_by: str
    ended_by_name: str
    is_mine: bool
    """Whether the one who looks asked for it."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer or is in force."""
        return self.state in ("received", "sent", "accepted")


def side_of(access: Access) -> PeerSide | None:
    """Which side the access's role is on; None for roles that have no figures of their own."""
    return PeerSide.THEATRE if access.is_taker else PeerSide.PROVIDER if access.is_provider else None


def figures_of(side: PeerSide) -> tuple[str, ...]:
    """Codes of everything that two organisations of a side may agree to compare."""
    return (*(measure.value for measure in MEASURES[side]), *((OVERLAP,) if side is PeerSide.THEATRE else ()))


def partners(access: Access, at: datetime | None = None) -> tuple[Partner, ...]:
    """Organisations with a consent of both that nobody ended, by name."""
    day = local(at or clock.now()).date()
    return tuple(
        Partner(row.other_of(access.organisation_id), _name(row, access), row.pk, tuple(row.figures), row.until)
        for row in sorted(_rows(access), key=lambda row: (_name(row, access), row.pk))
        if row.is_in_force(day)
    )


def comparisons(access: Access, at: datetime) -> tuple[Comparison, ...]:
    """All invitations of the asker, open ones first, then the newest."""
    found = [_comparison(row, access, local(at).date()) for row in _rows(access)]
    order = {"received": 0, "accepted": 1, "sent": 2}
    return tuple(sorted(found, key=lambda one: (order.get(one.state, 3), -one.asked_at.timestamp(), one.id)))


def comparison_of(access: Access, consent_id: int, at: datetime) -> Comparison:
    """One of them; raises :class:`Consent.DoesNotExist` for any other."""
    row = Consent.objects.within(access).select_related("asker", "answerer", "ended_by_organisation").get(pk=consent_id)
    return _comparison(row, access, local(at).date())


def invitable(access: Access, at: datetime) -> tuple[tuple[int, str], ...]:
    """(Number, name) of organisations of the asker's kind without an open invitation between them, by name."""
    roles = TAKERS if access.is_taker else PROVIDERS if access.is_provider else frozenset()
    if not roles:
        return ()
    day = local(at).date()
    taken = {row.other_of(access.organisation_id) for row in _rows(access) if row.ended_at is None and day <= row.until}
    same = Q()
    for role in sorted(roles):
        same |= Q(roles__contains=[role.value])
    rows = Organisation.objects.filter(same).exclude(pk__in={*taken, access.organisation_id})
    return tuple(rows.order_by("name", "pk").values_list("pk", "name"))


def _rows(access: Access) -> list[Consent]:
    return list(Consent.objects.within(access).select_related("asker", "answerer", "ended_by_organisation"))


def _name(row: Consent, access: Access) -> str:
    other = row.answerer if row.asker_id == access.organisation_id else row.asker
    return str(other.name)


def _comparison(row: Consent, access: Access, day: date) -> Comparison:
    is_mine = row.asker_id == access.organisation_id
    return Comparison(
        id=row.pk,
        organisation_id=row.other_of(access.organisation_id),
        name=_name(row, access),
        state=_state(row, day, is_mine=is_mine),
        figures=tuple(row.figures),
        until=row.until,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        accepted_at=row.accepted_at,
        accepted_by=row.accepted_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        ended_by_name=row.ended_by_organisation.name if row.ended_by_organisation else "",
        is_mine=is_mine,
    )


def _state(row: Consent, day: date, *, is_mine: bool) -> str:
    if row.ended_at is not None and row.ended_by_organisation_id is not None:
        if row.accepted_at is not None:
            return "revoked"
        return "withdrawn" if row.ended_by_organisation_id == row.asker_id else "declined"
    if row.ended_at is not None or day > row.until:
        return "expired"
    return "accepted" if row.accepted_at is not None else "sent" if is_mine else "received"
