"""What people change about themselves."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from dip.registry.models import Person
from dip.registry.rules import changed
from dip.registry.terms import Access, AccessDenied, Refusal
from dip.registry.trail import write_line


class UnableToChangeProfile(Refusal):
    """The name is missing, or the language is not one of the platform's."""


@transaction.atomic
def change_profile(*, access: Access, at: datetime, name: str, language: str) -> Person:
    """Change one's own name and language. Raises :class:`UnableToChangeProfile`; a repeat changes nothing."""
    if access.person_id is None:
        raise AccessDenied("only a person has a profile")
    if language not in dict(settings.LANGUAGES):
        raise UnableToChangeProfile(_("“%(language)s” is not a language of the platform.") % {"language": language}, "language")
    after = {"name": " ".join(name.split()), "language": language}
    if not after["name"]:
        raise UnableToChangeProfile(_("Fill in your name."), "name")
    person = Person.objects.select_for_update().get(pk=access.person_id)
    changes = changed({"name": person.name, "language": person.language}, after)
    if changes:
        person.name, person.language = after["name"], after["language"]
        person.save(update_fields=["name", "language"])
        write_line(
            access=access, at=at, verb="change_profile", subject="person", subject_id=person.pk, label=person.name, changes=changes
        )
    return person
