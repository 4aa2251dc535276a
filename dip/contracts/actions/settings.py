"""How an organisation wants its agreements handled."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from dip.contracts.actions.entitlement import UnableToAct, need_level
from dip.contracts.models import ContractSettings
from dip.contracts.queries.parties import own_settings
from dip.contracts.rules.drafts import read_given, wrong_in
from dip.contracts.rules.formats import formats
from dip.contracts.rules.values import stored
from dip.contracts.wording import format_name
from dip.registry.models import Organisation
from dip.registry.terms import Access, Level
from dip.registry.trail import write_line

MOST_DAYS, MOST_REMINDERS = 90, 5


class UnableToChangeSettings(UnableToAct):
    """A setting has a value that it cannot have."""


@transaction.atomic
def change_settings(*, access: Access, at: datetime, **fields: Any) -> ContractSettings:
    """Change what is given of ``four_eyes``, ``answer_days`` (1 to 90), ``reminder_days`` (at most five of 1 to 60; empty: 5 and 1),
    ``contact_email`` and ``draft_terms`` (format → terms that a new concept begins with, as values or as stored).

    Needs the right to manage contracts; who decides on four eyes has the right to approve. The same again changes nothing. Raises
    :class:`UnableToChangeSettings` at the field, AccessDenied, TypeError for a field that there is not.
    """
    unknown = set(fields) - set(_READERS)
    if unknown:
        raise TypeError(f"change_settings does not take {', '.join(sorted(unknown))}")
    need_level(access, Level.MANAGE)
    Organisation.objects.select_for_update(no_key=True).get(pk=access.organisation_id)
    kept = own_settings(access)
    values = {name: _READERS[name](value) for name, value in fields.items()}
    changes = {name: [getattr(kept, name), value] for name, value in values.items() if getattr(kept, name) != value}
    if "four_eyes" in changes:
        need_level(access, Level.APPROVE)
    if not changes:
        return kept
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    write_line(
        access=access, at=at, verb="change_contract_settings", subject="contract_settings", subject_id=access.organisation_id,
        label=access.organisation_name, changes=changes,
    )  # fmt: skip
    return kept


def _four_eyes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnableToChangeSettings(_("Four eyes: choose yes or no."), "four_eyes")
    return value


def _answer_days(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_DAYS:
        told = _("Days to answer: %(value)s is not possible; give 1 to %(most)s.") % {"value": value, "most": MOST_DAYS}
        raise UnableToChangeSettings(told, "answer_days")
    return value


def _reminder_days(value: Any) -> list[int]:
    days = list(value) if isinstance(value, list | tuple) else [value]
    wrong = [one for one in days if isinstance(one, bool) or not isinstance(one, int) or not 1 <= one <= 60]
    if wrong or len(set(days)) > MOST_REMINDERS:
        told = _("Reminders: give at most %(most)s different numbers of days, each from 1 to 60.") % {"most": MOST_REMINDERS}
        raise UnableToChangeSettings(told, "reminder_days")
    return sorted(set(days), reverse=True)


def _contact_email(value: Any) -> str:
    text = str(value or "").strip()
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            told = _("Address: “%(value)s” is not an e-mail address; correct it or leave it empty.") % {"value": text}
            raise UnableToChangeSettings(told, "contact_email") from error
    return text


def _draft_terms(value: Any) -> dict[str, dict[str, Any]]:
    known = {one.code for one in formats()}
    if not isinstance(value, Mapping) or not set(value) <= known:
        told = _("Terms of a new concept: give them by format, one of %(known)s.") % {"known": ", ".join(sorted(known))}
        raise UnableToChangeSettings(told, "draft_terms")
    return {code: _terms(code, given) for code, given in value.items() if given}


def _terms(code: str, given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        told = _("Terms of a new concept for %(format)s: give values by field.") % {"format": format_name(code)}
        raise UnableToChangeSettings(told, "draft_terms")
    values, found = read_given(code, given)
    found += [finding for finding in wrong_in(code, values) if finding.field in values]
    if found:
        refusal = UnableToChangeSettings.told(found, code)
        refusal.field = "draft_terms"
        raise refusal
    return stored(values)


_READERS: dict[str, Callable[[Any], Any]] = {
    "four_eyes": _four_eyes,
    "answer_days": _answer_days,
    "reminder_days": _reminder_days,
    "contact_email": _contact_email,
    "draft_terms": _draft_terms,
}
