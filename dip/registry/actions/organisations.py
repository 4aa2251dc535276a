"""Organisations: made by the platform, with an invitation for their first super-user; facts changed by their own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from dip.registry.actions.invitations import send_invitation
from dip.registry.models import Invitation, Organisation
from dip.registry.rules import changed, require_platform, require_super_user
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal, Role
from dip.registry.trail import write_line

#: A lock of the database under which national numbers are handed out, one at a time.
_NUMBER_LOCK = 0x0D1B_0001
#: The rights of a first super-user: everything, until they grant otherwise.
FULL_RIGHTS = dict.fromkeys(Module, Level.APPROVE)


class UnableToCreateOrganisation(Refusal):
    """Its name is missing or taken, or it has no role."""


class UnableToChangeOrganisation(Refusal):
    """A fact is missing, or is not theirs to change."""


@transaction.atomic
def create_organisation(
    *,
    access: Access,
    at: datetime,
    name: str,
    roles: Sequence[Role],
    super_user_email: str,
    super_user_name: str = "",
    language: str = "nl",
    city: str = "",
    email: str = "",
    is_member: bool = True,
) -> tuple[Organisation, Invitation]:
    """A new organisation with the next national number, and the invitation of its first super-user.

    Raises :class:`UnableToCreateOrganisation`, and ``UnableToInvite`` for the address. A repeat is refused: the name is then taken.
    """
    require_platform(access)
    name, city = " ".join(name.split()), " ".join(city.split())
    if not name:
        raise UnableToCreateOrganisation(_("Give the organisation a name."), "name")
    if not roles:
        raise UnableToCreateOrganisation(_("Choose at least one role."), "roles")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    if Organisation.objects.filter(name__iexact=name, city__iexact=city).exists():
        message = _("“%(name)s” exists already in this town. Look it up in the list, or add what sets them apart.")
        raise UnableToCreateOrganisation(message % {"name": name}, "name")
    organisation = Organisation.objects.create(
        number=(Organisation.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        name=name,
        roles=_in_order(roles),
        city=city,
        email=email.strip(),
        is_member=is_member,
    )
    facts = {"name": name, "number": organisation.number, "roles": organisation.roles, "is_member": is_member}
    _line(access, at, "create_organisation", organisation, changed({}, facts))
    invitation = send_invitation(
        access=access,
        at=at,
        organisation=organisation,
        email=super_user_email,
        name=super_user_name,
        language=language,
        rights=FULL_RIGHTS,
        is_super_user=True,
    )
    return organisation, invitation


@transaction.atomic
def change_organisation(
    *,
    access: Access,
    at: datetime,
    organisation_id: int,
    name: str,
    city: str,
    email: str,
    roles: Sequence[Role] | None = None,
    is_member: bool | None = None,
) -> Organisation:
    """Change the facts of an organisation; its roles and its membership of the platform only by the platform.

    ``None`` leaves as it is. Raises :class:`UnableToChangeOrganisation`; a repeat changes nothing and writes no line.
    """
    require_super_user(access)
    if organisation_id != access.organisation_id or roles is not None or is_member is not None:
        require_platform(access)
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise AccessDenied(f"there is no organisation {organisation_id}")
    after = {
        "name": " ".join(name.split()),
        "city": " ".join(city.split()),
        "email": email.strip(),
        "roles": organisation.roles if roles is None else _in_order(roles),
        "is_member": organisation.is_member if is_member is None else is_member,
    }
    _refuse_empty(organisation, after)
    before = {field: getattr(organisation, field) for field in after}
    if not changed(before, after):
        return organisation
    for field, value in after.items():
        setattr(organisation, field, value)
    organisation.save(update_fields=list(after))
    _line(access, at, "change_organisation", organisation, changed(before, after))
    return organisation


def _refuse_empty(organisation: Organisation, after: dict[str, object]) -> None:
    if not after["name"]:
        raise UnableToChangeOrganisation(_("Give the organisation a name."), "name")
    if not after["roles"]:
        raise UnableToChangeOrganisation(_("Choose at least one role."), "roles")
    roles: list[str] = after["roles"]  # type: ignore[assignment]
    if organisation.plays(Role.PLATFORM) and Role.PLATFORM.value not in roles:
        raise UnableToChangeOrganisation(_("The platform's own organisation keeps the role platform."), "roles")


def _line(access: Access, at: datetime, verb: str, organisation: Organisation, changes: dict[str, list[object]]) -> None:
    """In the trail of who did it and of whom it concerns."""
    for concerned in {access.organisation_id, organisation.pk}:
        write_line(
            access=access,
            at=at,
            verb=verb,
            subject="organisation",
            subject_id=organisation.pk,
            label=organisation.name,
            changes=changes,
            organisation_id=concerned,
        )


def _in_order(roles: Sequence[Role]) -> list[str]:
    return [role.value for role in Role if role in set(roles)]
