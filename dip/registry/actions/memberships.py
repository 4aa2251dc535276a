"""Memberships: what a super-user grants and takes, and the guarantee that an organisation always has one."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry.models import Membership, Organisation
from dip.registry.rules import lowered, require_super_user, rights_changed, stored_rights
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line


class UnableToGrant(Refusal):
    """The person is no member, or the super-user would lower their own rights."""


class UnableToDeactivate(Refusal):
    """The person is no member, or is the one who asks."""


@transaction.atomic
def grant_rights(
    *, access: Access, at: datetime, membership_id: int, rights: Mapping[Module, Level], is_super_user: bool
) -> Membership:
    """Give a member these rights, in place of what they had. A super-user may raise their own, never lower them.

    Raises :class:`UnableToGrant`; a repeat changes nothing and writes no line.
    """
    membership = _locked(access, membership_id, UnableToGrant)
    after = stored_rights(rights)
    if membership.person_id == access.person_id:
        if not is_super_user:
            raise UnableToGrant(_("You cannot give up being super-user. Ask another super-user to do it."), "is_super_user")
        if fallen := lowered(membership.rights, after):
            raise UnableToGrant(_("You cannot lower your own rights. Ask another super-user to do it."), fallen[0].value)
    changes = rights_changed(membership.rights, after)
    if is_super_user != membership.is_super_user:
        changes["super_user"] = [membership.is_super_user, is_super_user]
    if changes:
        membership.rights, membership.is_super_user = after, is_super_user
        membership.save(update_fields=["rights", "is_super_user"])
        _line(access, at, "grant_rights", membership, changes)
    return membership


@transaction.atomic
def deactivate_membership(*, access: Access, at: datetime, membership_id: int) -> Membership:
    """Shut a member out at once; what they did stays in the trail. Raises :class:`UnableToDeactivate`; a repeat does nothing."""
    membership = _locked(access, membership_id, UnableToDeactivate)
    if membership.person_id == access.person_id:
        raise UnableToDeactivate(_("You cannot switch yourself off. Ask another super-user to do it."))
    return _switch(access, at, membership, active=False)


@transaction.atomic
def reactivate_membership(*, access: Access, at: datetime, membership_id: int) -> Membership:
    """Let a member in again, with the rights they had. Raises :class:`UnableToGrant`; a repeat does nothing."""
    return _switch(access, at, _locked(access, membership_id, UnableToGrant), active=True)


def _locked(access: Access, membership_id: int, refusal: type[Refusal]) -> Membership:
    """The member's row, with the organisation locked, after a fresh look at the asker's own right.

    Under that lock an organisation cannot lose its last super-user: whoever takes a right holds it still, and cannot take their own.
    """
    require_super_user(access)
    Organisation.objects.select_for_update().get(pk=access.organisation_id)
    own = Membership.objects.filter(organisation_id=access.organisation_id, person_id=access.person_id)
    if not own.filter(is_super_user=True, is_active=True).exists():
        raise AccessDenied("your right as super-user was taken a moment ago")
    found = Membership.objects.select_related("person").filter(organisation_id=access.organisation_id, pk=membership_id).first()
    if found is None:
        raise refusal(_("There is no such member."))
    return found


def _switch(access: Access, at: datetime, membership: Membership, *, active: bool) -> Membership:
    if membership.is_active != active:
        membership.is_active = active
        membership.save(update_fields=["is_active"])
        verb = "reactivate_membership" if active else "deactivate_membership"
        _line(access, at, verb, membership, {"is_active": [not active, active]})
    return membership


def _line(access: Access, at: datetime, verb: str, membership: Membership, changes: Mapping[str, object]) -> None:
    write_line(
        access=access,
        at=at,
        verb=verb,
        subject="membership",
        subject_id=membership.pk,
        label=str(membership.person),
        changes=changes,
    )
