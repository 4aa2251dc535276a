"""Who gets the weekly mail of an organisation, in which language, and what was mailed already."""

from dataclasses import dataclass
from datetime import date, datetime

from dip.registry.models import Membership
from dip.registry.rules import effective_rights, require_super_user
from dip.registry.terms import Access, Level, Module
from dip.reports.models import Letter, Subscription
from dip.reports.terms import Choice, Preference, Reader, Side, side_of


@dataclass(frozen=True, slots=True)
class Addressee:
    """One member who may get the mail. ``has_figures``: sees sales; ``has_requests``: answers for a theatre's programme."""

    membership_id: int
    person_id: int
    name: str
    email: str
    language: str
    choice: Choice
    has_figures: bool
    has_requests: bool
    letter: Letter | None

    @property
    def is_mailed(self) -> bool:
        """Whether this week's mail was queued for them."""
        return self.letter is not None and self.letter.queued_at is not None


def addressees(access: Access, monday: date) -> list[Addressee]:
    """Active members who may get the mail of ``monday``, whatever they chose, by name. Three queries."""
    rows = Membership.objects.filter(organisation_id=access.organisation_id, is_active=True, person__is_active=True)
    members = list(rows.select_related("person", "organisation").order_by("person__name", "pk"))
    chosen = {s.pk: s for s in Subscription.objects.within(access).filter(membership__in=members)}
    letters = {x.person_id: x for x in Letter.objects.within(access).filter(edition__monday=monday)}
    found = []
    for member in members:
        organisation, person = member.organisation, member.person
        rights = effective_rights(member.rights, access.role, organisation.roles, organisation.is_member)
        has_figures = rights[Module.SALES] >= Level.VIEW
        has_requests = side_of(access) is Side.THEATRE and rights[Module.PROGRAMME] >= Level.MANAGE
        if has_figures or has_requests:
            subscription = chosen.get(member.pk)
            found.append(
                Addressee(
                    membership_id=member.pk,
                    person_id=person.pk,
                    name=person.name or person.email,
                    email=person.email,
                    language=(subscription.language if subscription else "") or person.language,
                    choice=Choice(subscription.choice) if subscription else Choice.WEEKLY,
                    has_figures=has_figures,
                    has_requests=has_requests,
                    letter=letters.get(person.pk),
                )
            )
    return found


def readers(access: Access, monday: date) -> list[Reader]:
    """The members who may get the mail, for the organisation's super-user. Three queries."""
    require_super_user(access)
    return [
        Reader(
            one.membership_id, one.name, one.email, one.choice, one.language, one.has_figures,
            one.letter.queued_at if one.letter else None, one.person_id == access.person_id,
        )
        for one in addressees(access, monday)
    ]  # fmt: skip


def preference(access: Access) -> Preference | None:
    """What the asker chose in this organisation; None without a membership. Two queries."""
    member = Membership.objects.filter(organisation_id=access.organisation_id, person_id=access.person_id, is_active=True).first()
    return None if member is None else preference_of(member.pk)


def preference_of(membership_id: int) -> Preference:
    """What one member chose. One query."""
    reason = "a member's own choice, by the membership of the page or of the mail's link"
    found = Subscription.objects.across_tenants(reason).filter(pk=membership_id).first()
    if found is None:
        return Preference(membership_id, Choice.WEEKLY, "")
    return Preference(membership_id, Choice(found.choice), found.language)


def own_letters(access: Access, mondays: list[date]) -> dict[date, datetime]:
    """Monday → when the asker's mail was queued. One query."""
    found = Letter.objects.within(access).filter(person_id=access.person_id, edition__monday__in=mondays, queued_at__isnull=False)
    return dict(found.values_list("edition__monday", "queued_at"))
