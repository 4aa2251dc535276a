"""Saved views and links: the person's list, the organisation's, and the link behind a token."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef

from dip.registry.keys import derived_key
from dip.registry.terms import Access
from dip.sales.models import FirstView, SavedView, ShareLink, ShareOpening
from dip.sales.terms import LinkRow, LinkState, OpeningRow, ViewRow


def views(access: Access) -> list[ViewRow]:
    """The person's saved views and those that colleagues shared, by name. One query; none for links and jobs."""
    if access.person_id is None:
        return []
    first = FirstView.objects.within(access).filter(view_id=OuterRef("pk"))
    rows = SavedView.objects.within(access).select_related("person").annotate(is_first=Exists(first)).order_by("name", "id")
    return [_view(access, row) for row in rows]


def _view(access: Access, row: Any) -> ViewRow:
    is_own = row.person_id == access.person_id
    return ViewRow(row.pk, row.name, row.address, row.is_shared, is_own, row.is_first, row.person.name)


def first_address(access: Access) -> str:
    """The address with which the Sales Monitor opens for the person; "" for the season. One query."""
    if access.person_id is None:
        return ""
    found = FirstView.objects.within(access).select_related("view").first()
    if found is None or not (found.view.is_shared or found.view.person_id == access.person_id):
        return ""
    return str(found.view.address)


def token_of(salt: str) -> str:
    """The token of a link: made from its salt with the platform's secret key, so that the table alone opens nothing."""
    return hmac.new(derived_key("share-link"), salt.encode(), sha256).hexdigest()[:40]


def digest_of(token: str) -> str:
    """What the table keeps of a token."""
    return sha256(token.encode()).hexdigest()


def state_of(link: ShareLink, at: datetime) -> LinkState:
    """Whether the link works at ``at``."""
    if link.revoked_at is not None:
        return LinkState.REVOKED
    return LinkState.EXPIRED if link.expires_at <= at else LinkState.ACTIVE


def link_of_token(token: str) -> ShareLink | None:
    """The link that a visitor holds, whatever its state; None for a token that was never given. One query."""
    found = ShareLink.objects.across_tenants("a link is found by its token, before there is an access").select_related(
        "organisation", "person"
    )
    link: ShareLink | None = found.filter(token_digest=digest_of(token)).first()
    return link


def links(access: Access, at: datetime, limit: int = 200) -> list[LinkRow]:
    """The person's links, or for a super-user all of the organisation; those that work first, the newest first. One query."""
    rows = ShareLink.objects.within(access).select_related("person").annotate(n=Count("openings"), last=Max("openings__at"))
    found = [_link(access, row, at) for row in rows.order_by("-made_at", "-id")[:limit]]
    return sorted(found, key=lambda row: row.state is not LinkState.ACTIVE)


def link(access: Access, link_id: int, at: datetime) -> LinkRow | None:
    """One link of :func:`links`, or None. One query."""
    rows = ShareLink.objects.within(access).select_related("person").annotate(n=Count("openings"), last=Max("openings__at"))
    row = rows.filter(pk=link_id).first()
    return None if row is None else _link(access, row, at)


def _link(access: Access, row: Any, at: datetime) -> LinkRow:
    state, is_own = state_of(row, at), row.person_id == access.person_id
    token = token_of(row.salt) if is_own and state is LinkState.ACTIVE else ""
    return LinkRow(
        row.pk,
        row.title,
        row.address,
        row.label,
        row.person.name,
        row.made_at,
        row.expires_at,
        state,
        row.n,
        row.last,
        token,
        is_own,
    )


def openings(access: Access, link_id: int, limit: int = 200) -> Sequence[OpeningRow]:
    """Who opened a link, as coarsely as it is kept, the last first. One query."""
    rows = ShareOpening.objects.within(access).filter(link_id=link_id).order_by("-at", "-id")[:limit]
    return [OpeningRow(row.at, row.network, row.agent, row.part) for row in rows]
