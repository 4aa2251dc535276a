"""Framework agreements on paper: uploaded by either party, seen by both, taken out of use by who uploaded them."""

import hashlib
from datetime import date, datetime
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions import letters
from dip.contracts.actions.entitlement import UnableToAct, need_level
from dip.contracts.models import Framework
from dip.contracts.rules.drafts import clean
from dip.registry.models import Organisation
from dip.registry.terms import PROVIDERS, TAKERS, Access, AccessDenied, Level
from dip.registry.trail import write_line

MOST_BYTES = 10_000_000
#: A PDF says so in its first bytes; a few readers' marks may stand before it.
_MARK, _WITHIN = b"%PDF-", 1024


class UnableToKeepFramework(UnableToAct):
    """The file, its title or its validity is not as it should be."""


@transaction.atomic
def upload_framework(
    *,
    access: Access,
    at: datetime,
    other_organisation_id: int,
    title: str,
    valid_from: date,
    valid_until: date | None,
    file_name: str,
    media_type: str,
    content: bytes,
) -> Framework:
    """Keep a framework agreement with another organisation: a PDF of at most 10 MB. Both days count. The other party is told.

    The same file again answers what is there; from the one who uploaded it, with its title and validity as given now, and in use
    again when it had ended. Raises :class:`UnableToKeepFramework` at the field, AccessDenied.
    """
    need_level(access, Level.MANAGE)
    other = _other(access, other_organisation_id)
    title = clean(title).strip()
    _check(title, valid_from, valid_until, content)
    provider_id, taker_id = (access.organisation_id, other.pk) if access.is_provider else (other.pk, access.organisation_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=provider_id)  # one upload at a time for a pair
    digest = hashlib.sha256(content).hexdigest()
    pair = {"provider_id": provider_id, "taker_id": taker_id, "digest": digest}
    known: Framework | None = Framework.objects.within(access).filter(**pair).first()
    given = {"title": title, "valid_from": valid_from, "valid_until": valid_until}
    if known is not None:
        return _again(access, at, known, given)
    framework: Framework = Framework.objects.create(
        **pair,
        **given,
        file_name=PurePath(clean(file_name).replace("\\", "/")).name[-160:] or "framework.pdf",
        media_type="application/pdf",
        content=content,
        uploaded_at=at,
        uploaded_by=access.actor[:160],
        uploader_id=access.organisation_id,
    )
    _line(access, at, "upload_framework", framework, other.name)
    told = {"framework": framework, "sender": access.organisation_name}
    letters.post("framework", letters.readers_of(other.pk), told | {"link": letters.frameworks_page()})
    return framework


@transaction.atomic
def end_framework(*, access: Access, at: datetime, framework_id: int) -> Framework:
    """Take a framework agreement out of use; it is kept, since agreements may cite it. Only who uploaded it does. Repeating is
    harmless. Raises AccessDenied."""
    need_level(access, Level.MANAGE)
    rows = Framework.objects.within(access).select_for_update(of=("self",))
    framework: Framework | None = rows.select_related("provider", "taker").filter(pk=framework_id).first()
    if framework is None:
        raise AccessDenied("no such framework agreement for this organisation")
    if framework.uploader_id != access.organisation_id:
        raise AccessDenied("a framework agreement is ended by who uploaded it")
    if framework.ended_at is None:
        framework.ended_at = at
        framework.save(update_fields=["ended_at"])
        _line(access, at, "end_framework", framework, _counterpart(access, framework))
    return framework


def _other(access: Access, organisation_id: int) -> Organisation:
    wanted, told = (TAKERS, _("theatre")) if access.is_provider else (PROVIDERS, _("producer or agency"))
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None or found.pk == access.organisation_id or not found.plays(*wanted):
        raise UnableToKeepFramework(
            _("Other party: choose a %(kind)s that is on the platform.") % {"kind": told}, "other_organisation_id"
        )
    return found


def _check(title: str, valid_from: date, valid_until: date | None, content: bytes) -> None:
    if not title or len(title) > 120:
        raise UnableToKeepFramework(_("Title: give one of 120 characters at most."), "title")
    if valid_until is not None and valid_until < valid_from:
        raise UnableToKeepFramework(_("Valid until: give a day not before the first one."), "valid_until")
    if len(content) > MOST_BYTES:
        size = round(len(content) / 1_000_000, 1)
        told = _("File: %(size)s MB is too large; upload a PDF of 10 MB at most.") % {"size": size}
        raise UnableToKeepFramework(told, "content")
    if _MARK not in content[:_WITHIN]:
        raise UnableToKeepFramework(_("File: this is not a PDF; save it as PDF and upload that."), "content")


def _again(access: Access, at: datetime, known: Framework, given: dict[str, object]) -> Framework:
    is_same = all(getattr(known, key) == value for key, value in given.items()) and known.ended_at is None
    if is_same or (known.uploader_id != access.organisation_id and known.ended_at is None):
        return known
    for key, value in given.items():
        setattr(known, key, value)
    known.ended_at, known.uploader_id = None, access.organisation_id
    known.uploaded_at, known.uploaded_by = at, access.actor[:160]
    known.save()
    _line(access, at, "upload_framework", known, _counterpart(access, known))
    return known


def _counterpart(access: Access, framework: Framework) -> str:
    return framework.taker.name if framework.provider_id == access.organisation_id else framework.provider.name


def _line(access: Access, at: datetime, verb: str, framework: Framework, other: str) -> None:
    until = framework.valid_until.isoformat() if framework.valid_until else None
    write_line(
        access=access, at=at, verb=verb, subject="framework", subject_id=framework.pk, label=f"{framework.title}, {other}",
        changes={"valid_from": [None, framework.valid_from.isoformat()], "valid_until": [None, until]},
    )  # fmt: skip
