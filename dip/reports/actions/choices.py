"""Choosing: weekly or not, and in which language; from the page, or by the link in a mail."""

from datetime import datetime

from django.db import transaction

from dip.registry.models import Membership
from dip.registry.terms import Access, AccessDenied, Door, Role
from dip.registry.trail import write_line
from dip.reports.actions.links import membership_of
from dip.reports.models import Subscription
from dip.reports.queries.readers import preference_of
from dip.reports.terms import Choice, Preference


@transaction.atomic
def choose(*, access: Access, choice: Choice, language: str, at: datetime) -> Preference:
    """The asker's own choice for this organisation. ``language``: nl, en, fr, or "" for the person's own."""
    member = Membership.objects.filter(organisation_id=access.organisation_id, person_id=access.person_id, is_active=True).first()
    if member is None:
        raise AccessDenied("only a member chooses")
    return _keep(access, member, choice, language, at)


@transaction.atomic
def choose_by_link(*, token: str, choice: Choice, at: datetime) -> Preference | None:
    """The choice of whoever holds a mail's link; None for a token that is not ours or a membership that is gone.

    A repeat changes nothing: a mail program may post it twice.
    """
    number = membership_of(token)
    member = Membership.objects.filter(pk=number).select_related("organisation", "person").first() if number else None
    if member is None:
        return None
    organisation = member.organisation
    access = Access(
        organisation.pk, organisation.name, Role(organisation.roles[0]), person_id=member.person_id, door=Door.PAGE,
        actor=str(member.person),
    )  # fmt: skip
    return _keep(access, member, choice, preference_of(member.pk).language, at)


def _keep(access: Access, member: Membership, choice: Choice, language: str, at: datetime) -> Preference:
    before = preference_of(member.pk)
    after = Preference(member.pk, choice, language)
    if after == before:
        return before
    rows = Subscription.objects.across_tenants("the member's own row")
    rows.update_or_create(pk=member.pk, defaults={"choice": choice.value, "language": language, "changed_at": at})
    changes = {
        name: [old, new]
        for name, old, new in (
            ("weekly_mail", before.choice.value, choice.value),
            ("language", before.language, language),
        )
        if old != new
    }
    write_line(
        access=access, at=at, verb="choose_weekly_mail", subject="membership", subject_id=member.pk, label=access.actor,
        changes=changes,
    )  # fmt: skip
    return after
