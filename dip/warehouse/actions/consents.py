"""Inviting another organisation to compare by name, answering, and ending it: by either, at once, for good."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from dip.kernel.clock import local
from dip.registry.models import Membership, Organisation
from dip.registry.post import queue_mail
from dip.registry.terms import PROVIDERS, TAKERS, Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.warehouse.models import Consent
from dip.warehouse.queries.consents import OVERLAP, figures_of, side_of
from dip.warehouse.rules.peer_groups import PeerSide

#: Days for which a consent may hold: two seasons.
DAYS_MAX = 731


class UnableToCompare(Refusal):
    """The invitation, answer or end is not possible as asked."""


@transaction.atomic
def invite(
    *, access: Access, at: datetime, organisation_id: int, figures: tuple[str, ...], until: date, address: str
) -> Consent:  # fmt: skip
    """Ask another organisation of the same kind to compare ``figures`` by name up to and including ``until``.

    ``address``: of the page on which it can answer, for the mail. Raises :class:`UnableToCompare`.
    """
    side = _need(access, Level.APPROVE)
    other = _other(access, side, organisation_id)
    chosen = _figures(access, side, figures)
    today = local(at).date()
    if not today < until <= today + timedelta(days=DAYS_MAX):
        last = today + timedelta(days=DAYS_MAX)
        raise UnableToCompare(_("Choose a day after today, and not after {last}.").format(last=last.isoformat()), "until")
    pair = _pair(access.organisation_id, other.pk, side)
    _close_expired(pair, at)
    try:
        with transaction.atomic():
            made: Consent = Consent.objects.create(
                asker_id=access.organisation_id, answerer=other, side=side.value, pair=pair, figures=chosen, until=until, asked_at=at,
                asked_by=access.actor[:120],
            )  # fmt: skip
    except IntegrityError as error:
        raise UnableToCompare(_("There is an open invitation or a comparison with this organisation."), "organisation") from error
    _record(access, at, made, "ask_comparison", {"figures": chosen, "until": until.isoformat()})
    _mail(made, other.pk, access.organisation_name, address, "invited")
    return made


@transaction.atomic
def accept(*, access: Access, at: datetime, consent_id: int, address: str) -> Consent:
    """Agree to what was asked, as it was asked. Raises :class:`UnableToCompare`, or ``DoesNotExist`` for an invitation of others."""
    side = _need(access, Level.APPROVE)
    row = _locked(access, consent_id)
    if row.answerer_id != access.organisation_id:
        raise UnableToCompare(_("Only the organisation that was invited can accept."))
    if row.ended_at is not None or local(at).date() > row.until:
        raise UnableToCompare(_("This invitation has ended. Ask for a new one."))
    if row.accepted_at is not None:
        return row
    _figures(access, side, tuple(row.figures))
    row.accepted_at, row.accepted_by = at, access.actor[:120]
    row.save(update_fields=["accepted_at", "accepted_by"])
    _record(access, at, row, "accept_comparison", {"figures": list(row.figures), "until": row.until.isoformat()})
    _mail(row, row.asker_id, access.organisation_name, address, "accepted")
    return row


@transaction.atomic
def end(*, access: Access, at: datetime, consent_id: int, address: str) -> Consent:
    """Withdraw one's invitation, decline it, or revoke a consent: neither sees the other's figures from this moment on.

    A second time changes nothing. Raises ``DoesNotExist`` for an invitation of others.
    """
    _need(access, Level.MANAGE)
    row = _locked(access, consent_id)
    if row.ended_at is not None:
        return row
    row.ended_at, row.ended_by, row.ended_by_organisation_id = at, access.actor[:120], access.organisation_id
    row.save(update_fields=["ended_at", "ended_by", "ended_by_organisation"])
    what = "revoke" if row.accepted_at else "withdraw" if row.asker_id == access.organisation_id else "decline"
    _record(access, at, row, f"{what}_comparison", {})
    _mail(row, row.other_of(access.organisation_id), access.organisation_name, address, what)
    return row


def _need(access: Access, level: Level) -> PeerSide:
    side = side_of(access)
    if side is None or not access.allows(Module.SALES, level):
        raise AccessDenied("needs a theatre's or provider's right to sales")
    return side


def _other(access: Access, side: PeerSide, organisation_id: int) -> Organisation:
    roles = TAKERS if side is PeerSide.THEATRE else PROVIDERS
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None or found.pk == access.organisation_id or not found.plays(*roles):
        raise UnableToCompare(_("Choose another organisation of your own kind."), "organisation")
    return found


def _figures(access: Access, side: PeerSide, figures: tuple[str, ...]) -> list[str]:
    known = figures_of(side)
    chosen = [code for code in known if code in figures]
    unknown = sorted(set(figures) - set(known))
    if unknown:
        raise UnableToCompare(_("“{value}” is no figure that can be compared.").format(value=unknown[0][:40]), "figures")
    if not chosen:
        raise UnableToCompare(_("Choose at least one figure."), "figures")
    if OVERLAP in chosen and not access.allows(Module.AUDIENCE):
        raise UnableToCompare(_("Buyers of both need the right to look at audiences."), "figures")
    return chosen


def _pair(one: int, two: int, side: PeerSide) -> str:
    return f"{min(one, two)}-{max(one, two)}-{side.value}"


def _close_expired(pair: str, at: datetime) -> None:
    rows = Consent.objects.across_tenants("an expired consent of the asker makes room for a new one")
    rows.filter(pair=pair, ended_at=None, until__lt=local(at).date()).update(ended_at=at)


def _locked(access: Access, consent_id: int) -> Consent:
    row: Consent = Consent.objects.within(access).select_for_update().get(pk=consent_id)
    return row


def _record(access: Access, at: datetime, row: Consent, verb: str, changes: dict[str, object]) -> None:
    """A line in the trail of each of the two."""
    names = {row.asker_id: row.asker.name, row.answerer_id: row.answerer.name}
    for mine, theirs in ((row.asker_id, row.answerer_id), (row.answerer_id, row.asker_id)):
        write_line(
            access=access, at=at, verb=verb, subject="Consent", subject_id=row.pk, label=names[theirs], changes=changes,
            organisation_id=mine,
        )  # fmt: skip


def _readers(organisation_id: int) -> list[tuple[str, str]]:
    """(Address, language) of those who may approve in sales; without one, of its general address."""
    wanted = {f"rights__{Module.SALES.value}__gte": Level.APPROVE.value, "is_active": True, "person__is_active": True}
    rows = Membership.objects.filter(organisation_id=organisation_id, **wanted).order_by("id")
    found = list(rows.values_list("person__email", "person__language"))
    email = Organisation.objects.values_list("email", flat=True).get(pk=organisation_id)
    return found or ([(email, "nl")] if email else [])


def _mail(row: Consent, organisation_id: int, who: str, address: str, what: str) -> None:
    for email, language in _readers(organisation_id):
        with override(language):
            subject, text = _words(what)
            body = "\n\n".join((text.format(name=who, day=row.until.isoformat()), address))
            queue_mail(to=email, subject=subject.format(name=who), body=body)


def _words(what: str) -> tuple[str, str]:
    return {
        "invited": (
            _("{name} asks to compare figures by name"),
            _("{name} asks your organisation to compare figures by name, until {day}. Nothing is shown to either until you accept. Read which figures are meant, and answer, here:"),
        ),
        "accepted": (
            _("{name} agrees to compare by name"),
            _("{name} has accepted to compare figures by name, until {day}. Either of you can end it at any time. The comparison is here:"),
        ),
        "revoke": (
            _("{name} has ended the comparison by name"),
            _("{name} has ended the comparison by name. Neither of you sees the other's figures any more. What was agreed and when stands here:"),
        ),
        "withdraw": (
            _("{name} has withdrawn its invitation"),
            _("{name} has withdrawn its invitation to compare by name. Nothing was shown to either. What was asked stands here:"),
        ),
        "decline": (
            _("{name} does not wish to compare by name"),
            _("{name} has declined to compare by name. Nothing was shown to either. What was asked stands here:"),
        ),
    }[what]  # fmt: skip
