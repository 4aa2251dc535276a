"""The organisation's own facts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dip.kernel.clock import now
from dip.registry import queries
from dip.registry.actions import organisations
from dip.registry.forms import OrganisationForm, show_refusal
from dip.registry.guard import member, super_user
from dip.registry.terms import Access, Refusal
from dip.registry.views.parts import levels_in_words, render


@member
@require_GET
def organisation(request: HttpRequest, access: Access) -> HttpResponse:
    """Name, number, roles, fee, and who grants rights."""
    facts = queries.organisation_facts(access)
    own = [(module, level) for module, _level, level in levels_in_words(access.rights)]
    return render(
        request, access, "organisation", "registry-organisation", {"facts": facts, "heading": facts.name, "own_rights": own}
    )


@super_user
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, access: Access) -> HttpResponse:
    """Change name, town and e-mail."""
    facts = queries.organisation_facts(access)
    form = OrganisationForm(request.POST or None, initial={"name": facts.name, "city": facts.city, "email": facts.email})
    if request.method == "POST" and form.is_valid():
        try:
            organisations.change_organisation(access=access, at=now(), organisation_id=facts.id, **form.cleaned_data)
            messages.success(request, _("The facts of your organisation are changed."))
            return redirect("registry-organisation")
        except Refusal as refusal:
            show_refusal(form, refusal)
    return render(
        request, access, "organisation_change", "registry-organisation", {"form": form, "facts": facts}, 400 if form.errors else 200
    )
