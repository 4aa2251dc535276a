"""What must be gone: a performance excluded or withdrawn, a buyer erased. Recorded at once, kept out from then on, and carried through
the landed files, the facts and what is published; the record tells when each was done."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.warehouse.actions.known import performances_of
from dip.warehouse.actions.landing import REMOVAL_LOCK, need_right
from dip.warehouse.models import Removal, TicketSource
from dip.warehouse.rules.landed import RemovalKind
from dip.warehouse.rules.pseudonyms import Keys, Pseudonymiser, read_p1
from dip.warehouse.store.keys import UnableToReadKeys, read_keys

_REASON = "an erasure by the platform reaches every theatre"


class UnableToRemove(Refusal):
    """It cannot be removed as asked."""


def exclude_performance(*, access: Access, at: datetime, number: int) -> Removal:
    """Keep a performance of the theatre out of the audience figures, what was delivered of it too, until that is lifted."""
    return _remove_performance(access, at, number, RemovalKind.EXCLUDE)


def withdraw_performance(*, access: Access, at: datetime, number: int) -> Removal:
    """Take back, for good, what was delivered of a performance. Deliveries of it are refused from now on."""
    return _remove_performance(access, at, number, RemovalKind.WITHDRAW)


@transaction.atomic
def lift_exclusion(*, access: Access, at: datetime, removal_id: int) -> Removal:
    """Let a performance count again: what is delivered of it from now on. What was removed must be delivered again."""
    need_right(access)
    alone(access.organisation_id)
    found = Removal.objects.within(access).filter(pk=removal_id, kind=RemovalKind.EXCLUDE.value, lifted_at=None).first()
    if found is None:
        raise UnableToRemove(_("This is no exclusion that is in force."))
    found.lifted_at = at
    found.save(update_fields=["lifted_at"])
    write_line(access=access, at=at, verb="lift", subject="Removal", subject_id=found.pk, label=str(found.performance_id))
    return found


@transaction.atomic
def erase_buyer(
    *, access: Access, at: datetime, email: str = "", pseudonym: str = "", customer: str = "", source_id: int | None = None
) -> list[Removal]:
    """Make the tickets of a buyer nobody's, and keep it so: by address, by the pseudonym that the venue made, or by the id at a source.

    A theatre's own request reaches its own sources; the platform's every theatre. What is given is not kept and not logged: only the
    pseudonyms that come of it. Asking twice records nothing more. Raises :class:`UnableToRemove`.
    """
    _need_right_to_erase(access)
    try:
        keys = read_keys(Path(settings.PSEUDONYM_KEYS), at)
    except UnableToReadKeys as error:
        raise UnableToRemove(str(error)) from error
    salt = _salt(access, source_id) if customer else b""
    sets = [keys, keys.before] if keys.is_mapping else [keys]
    buyers = {one for each in sets for one in _buyers(each, email, pseudonym, customer, salt) if one}
    if not buyers:
        raise UnableToRemove(
            _("Give an e-mail address, a pseudonym of 64 digits and letters a to f, or a customer number with its source.")
        )
    organisation_id, is_national = access.organisation_id, access.is_platform
    alone(0 if is_national else organisation_id)
    held = Removal.objects.within(access).filter(kind=RemovalKind.ERASE.value, buyer__in=buyers, is_national=is_national)
    before = {one.buyer: one for one in held}
    fresh = [
        Removal(
            organisation_id=organisation_id, kind=RemovalKind.ERASE.value, buyer=buyer, source_id=source_id, is_national=is_national,
            requested_at=at, requested_by=access.actor[:120],
        )
        for buyer in sorted(buyers - before.keys())
    ]  # fmt: skip
    Removal.objects.bulk_create(fresh)
    for one in fresh:
        write_line(access=access, at=at, verb="erase", subject="Removal", subject_id=one.pk)
    return [*before.values(), *fresh]


def settle(*, at: datetime, removal_ids: Collection[int], is_published: bool) -> int:
    """Note that removals are done in the facts (or in what is published), for the applier; how many were not noted before."""
    name = "published_done_at" if is_published else "facts_done_at"
    rows = Removal.objects.across_tenants("the applier serves every theatre").filter(pk__in=list(removal_ids), **{name: None})
    return rows.update(**{name: at})


@transaction.atomic
def _remove_performance(access: Access, at: datetime, number: int, kind: RemovalKind) -> Removal:
    need_right(access)
    alone(access.organisation_id)
    known = performances_of(access.organisation_id, [str(number)])[str(number)]
    if known < 1:
        raise UnableToRemove(_("Performance %(number)s is none of your theatre's.") % {"number": number}, "number")
    held = Removal.objects.within(access).filter(performance_id=known, lifted_at=None, kind=kind.value).first()
    if held is not None:
        return held
    made = Removal.objects.create(
        organisation_id=access.organisation_id,
        kind=kind.value,
        performance_id=known,
        requested_at=at,
        requested_by=access.actor[:120],
    )
    write_line(access=access, at=at, verb=kind.value, subject="Removal", subject_id=made.pk, label=str(known))
    return made


def alone(organisation_id: int) -> None:
    """Wait for deliveries that are being written, and let later ones see what is removed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [REMOVAL_LOCK, organisation_id])


def _need_right_to_erase(access: Access) -> None:
    if not access.is_platform:
        need_right(access)
    elif not access.allows(Module.AUDIENCE, Level.MANAGE):
        raise AccessDenied("needs the right to manage the audience module")


def _salt(access: Access, source_id: int | None) -> bytes:
    source = TicketSource.objects.within(access).filter(pk=source_id).first()
    if source is None:
        raise UnableToRemove(_("Choose the source that knows the customer by this number."), "source_id")
    return bytes(source.salt)


def _buyers(keys: Keys, email: str, pseudonym: str, customer: str, salt: bytes) -> list[int]:
    maker = Pseudonymiser(keys)
    read = read_p1(pseudonym) if pseudonym else None
    found = [maker.of_p1(p1) for p1 in read or () if p1 is not None]
    return [*found, maker.of_email(email) if email else 0, maker.of_customer(customer, salt) if customer else 0]
