"""Shape of what people fill in."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dip.registry import words
from dip.registry.terms import Level, Module, Refusal, Role
from dip.web.words import role_name


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role_name(role.value).capitalize()) for role in Role]


def show_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put an action's refusal beside the field that it names, or over the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


class LanguageField(forms.ChoiceField):
    """One of the platform's languages, in its own name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=settings.LANGUAGES, **{"label": _("Language")} | options)


class RightsForm(forms.Form):
    """A level for each module."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(level.value), name) for level, name in words.LEVELS.items()]
        for module, name in words.MODULES.items():
            self.fields[module.value] = forms.ChoiceField(label=name, choices=choices, initial="0", widget=forms.RadioSelect)

    def rights(self) -> dict[Module, Level]:
        """What was chosen, after ``is_valid``."""
        return {module: Level(int(self.cleaned_data[module.value])) for module in Module}

    def level_names(self) -> list[Any]:
        """Heads of the columns of :meth:`matrix`."""
        return list(words.LEVELS.values())

    def matrix(self) -> list[dict[str, Any]]:
        """Rows of the table of modules and levels: the module's name, its errors, and a cell per level with name, value and state."""
        rows = []
        for module, name in words.MODULES.items():
            bound = self[module.value]
            chosen = str(bound.value())
            cells = [
                {
                    "id": f"{bound.auto_id}_{level.value}",
                    "name": bound.html_name,
                    "value": level.value,
                    "words": text,
                    "on": str(level.value) == chosen,
                }
                for level, text in words.LEVELS.items()
            ]
            rows.append({"words": name, "errors": bound.errors, "cells": cells})
        return rows


class InviteForm(RightsForm):
    """Who is invited, in which language, with which rights."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(label=_("Name"), max_length=120, required=False, help_text=_("They can change it themselves."))
    language = LanguageField(label=_("Language of the mail"))
    is_super_user = forms.BooleanField(label=_("Super-user: grants rights, invites people, manages API clients"), required=False)


class GrantForm(RightsForm):
    """The rights of a member."""

    is_super_user = forms.BooleanField(label=_("Super-user: grants rights, invites people, manages API clients"), required=False)


class ClientForm(RightsForm):
    """A new API client."""

    name = forms.CharField(
        label=_("System"), max_length=120, help_text=_("What calls, for example the name of your box office system.")
    )
    role = forms.ChoiceField(label=_("Acts as"))
    once = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, roles: tuple[Role, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role_name(role.value).capitalize()) for role in roles]


class RotateForm(forms.Form):
    """How the old secret of a client ends; ``replaces`` is the newest secret that the page showed."""

    ends = forms.ChoiceField(
        label=_("The old secret"),
        choices=[
            ("later", _("stays valid for seven days, so that your system can change over")),
            ("now", _("ends at once: it may have leaked")),
        ],
        widget=forms.RadioSelect,
        initial="later",
    )
    replaces = forms.IntegerField(widget=forms.HiddenInput)


class OrganisationForm(forms.Form):
    """Facts of an organisation that its super-user changes."""

    name = forms.CharField(label=_("Name"), max_length=200)
    city = forms.CharField(label=_("Town"), max_length=120, required=False)
    email = forms.EmailField(label=_("General e-mail"), required=False)


class PlatformOrganisationForm(OrganisationForm):
    """All facts, for the platform."""

    roles = forms.MultipleChoiceField(label=_("Roles"), choices=_roles, widget=forms.CheckboxSelectMultiple)
    is_member = forms.BooleanField(
        label=_("Pays the fee"), required=False, help_text=_("A producer that does not has a read-only account.")
    )

    def chosen_roles(self) -> list[Role]:
        """The roles, after ``is_valid``."""
        return [Role(role) for role in self.cleaned_data["roles"]]


class SuperUserForm(forms.Form):
    """Somebody whom the platform invites as super-user."""

    super_user_email = forms.EmailField(label=_("E-mail of the super-user"))
    super_user_name = forms.CharField(label=_("Name"), max_length=120, required=False)
    language = LanguageField(label=_("Language of the mail"))


class NewOrganisationForm(PlatformOrganisationForm, SuperUserForm):
    """A new organisation with its first super-user."""

    super_user_name = forms.CharField(label=_("Name of the super-user"), max_length=120, required=False)
    is_member = forms.BooleanField(
        label=_("Pays the fee"), required=False, initial=True, help_text=_("A producer that does not has a read-only account.")
    )
    field_order = ("name", "city", "email", "roles", "is_member", "super_user_email", "super_user_name", "language")


class ActivationForm(forms.Form):
    """What somebody fills in who accepts an invitation."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = LanguageField()
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=128,
        help_text=_("Ten characters or more; a sentence is good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ProfileForm(forms.Form):
    """What people change about themselves."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = LanguageField()


class TrailForm(forms.Form):
    """Filters of the audit trail."""

    verb = forms.ChoiceField(label=_("Act"), required=False)
    who = forms.CharField(label=_("Who"), max_length=120, required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label=_("Up to and including"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, verbs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("every act")), *verbs]

    def clean(self) -> dict[str, Any]:
        """The period must not be turned round."""
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first. Choose a later one."))
        return values


class OrganisationsForm(forms.Form):
    """Filters of the platform's list."""

    q = forms.CharField(label=_("Name, town or number"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=lambda: [("", _("every role")), *_roles()])
