"""Saved views: a page under a name, for oneself or for the organisation. Links: a page for somebody without an account."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line
from dip.sales.models import FirstView, SavedView, ShareLink, ShareOpening
from dip.sales.queries.sharing import digest_of, token_of
from dip.sales.terms.sharing import MOST_DAYS

#: Views of one person, and links that work at the same time.
MOST_VIEWS, MOST_LINKS = 60, 200


class UnableToSaveView(Refusal):
    """The name is missing or taken, there are too many, or there is no such view."""


class UnableToShare(Refusal):
    """The number of days is out of bounds, there are too many links, or there is no such link."""


def _need(access: Access) -> int:
    if access.person_id is None or not access.allows(Module.SALES, Level.VIEW):
        raise AccessDenied("needs a person who may see sales")
    return access.person_id


@transaction.atomic
def save_view(*, access: Access, at: datetime, name: str, address: str, is_shared: bool = False) -> SavedView:
    """Keep a page under a name; under a name that the person has already, the page is replaced. Raises :class:`UnableToSaveView`.

    ``address``: path and question of a page that the door knows to be one.
    """
    person_id = _need(access)
    name = _named(name)
    mine = SavedView.objects.within(access).filter(person_id=person_id)
    known: SavedView | None = mine.select_for_update(of=("self",)).filter(name=name).first()
    if known is not None:
        known.address, known.is_shared = address, is_shared
        known.save(update_fields=["address", "is_shared"])
        return known
    if mine.count() >= MOST_VIEWS:
        raise UnableToSaveView(_("{n} views are the most. Delete one that you no longer need.").format(n=MOST_VIEWS), "name")
    row: SavedView = SavedView.objects.create(
        organisation_id=access.organisation_id, person_id=person_id, name=name, address=address, is_shared=is_shared, made_at=at
    )
    return row


def _named(name: str) -> str:
    name = " ".join(name.split())[:60]
    if not name:
        raise UnableToSaveView(_("Give the view a name."), "name")
    return name


@transaction.atomic
def change_view(*, access: Access, at: datetime, view_id: int, name: str, is_shared: bool) -> SavedView:
    """Another name, or shared with the organisation or not. Raises :class:`UnableToSaveView`."""
    row = _mine(access, view_id)
    row.name, row.is_shared = _named(name), is_shared
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "is_shared"])
    except IntegrityError as error:
        raise UnableToSaveView(_("You have a view of that name already. Choose another."), "name") from error
    if not is_shared:  # a colleague's Sales Monitor cannot open with what they no longer see
        firsts = FirstView.objects.across_tenants("colleagues began with a view that is no longer shared").filter(view=row)
        firsts.exclude(person_id=row.person_id).delete()
    return row


@transaction.atomic
def delete_view(*, access: Access, at: datetime, view_id: int) -> None:
    """Take a view away; the page itself stays. Raises :class:`UnableToSaveView`."""
    _mine(access, view_id).delete()


def _mine(access: Access, view_id: int) -> SavedView:
    person_id = _need(access)
    rows = SavedView.objects.within(access).select_for_update(of=("self",))
    row: SavedView | None = rows.filter(pk=view_id, person_id=person_id).first()
    if row is None:
        raise UnableToSaveView(_("There is no such view of yours."))
    return row


@transaction.atomic
def set_first_view(*, access: Access, at: datetime, view_id: int | None) -> None:
    """Have the Sales Monitor open with this view for the person; with the season for None. Raises :class:`UnableToSaveView`."""
    person_id = _need(access)
    mine = FirstView.objects.within(access)
    if view_id is None:
        mine.delete()
        return
    row = SavedView.objects.within(access).filter(pk=view_id).first()
    if row is None:
        raise UnableToSaveView(_("There is no such view."))
    if not mine.update(view=row):
        FirstView.objects.create(organisation_id=access.organisation_id, person_id=person_id, view=row)


@transaction.atomic
def make_link(*, access: Access, at: datetime, address: str, title: str, days: int, label: str = "") -> tuple[ShareLink, str]:
    """A link to one page that works ``days`` days, and its token. Only the digest of the token is kept.

    The page is later read as this person, in this role, may read it then. Raises :class:`AccessDenied`, :class:`UnableToShare`.
    """
    person_id = _need(access)
    if not 1 <= days <= MOST_DAYS:
        text = _("“Days” is {n}; give a whole number from 1 to {most}.")
        raise UnableToShare(text.format(n=days, most=MOST_DAYS), "days")
    working = ShareLink.objects.within(access).filter(person_id=person_id, revoked_at=None, expires_at__gt=at)
    if working.count() >= MOST_LINKS:
        raise UnableToShare(_("{n} links at once are the most. Revoke one that is no longer needed.").format(n=MOST_LINKS))
    salt = secrets.token_hex(16)
    token = token_of(salt)
    row: ShareLink = ShareLink.objects.create(
        organisation_id=access.organisation_id,
        person_id=person_id,
        role=access.role.value,
        address=address,
        title=title[:200],
        label=" ".join(label.split())[:120],
        salt=salt,
        token_digest=digest_of(token),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    _line(access, at, "share_page", row, {"address": [None, address], "until": [None, row.expires_at.isoformat()]})
    return row, token


@transaction.atomic
def revoke_link(*, access: Access, at: datetime, link_id: int) -> ShareLink:
    """End a link at once: one's own, or as super-user any of the organisation. A repeat does nothing. Raises :class:`UnableToShare`."""
    _need(access)
    row: ShareLink | None = ShareLink.objects.within(access).select_for_update(of=("self",)).filter(pk=link_id).first()
    if row is None:
        raise UnableToShare(_("There is no such link."))
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = at, access.actor[:160]
        row.save(update_fields=["revoked_at", "revoked_by"])
        _line(access, at, "revoke_link", row, {"label": [row.label, None]})
    return row


def note_opening(*, at: datetime, link: ShareLink, network: str, agent: str, part: str) -> None:
    """Keep that a link was opened."""
    ShareOpening.objects.create(link=link, at=at, network=network[:50], agent=agent[:60], part=part[:40])


def _line(access: Access, at: datetime, verb: str, row: ShareLink, changes: dict[str, object]) -> None:
    write_line(access=access, at=at, verb=verb, subject="share_link", subject_id=row.pk, label=row.title, changes=changes)
