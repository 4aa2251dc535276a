"""One's own name and language, and the choice of language in the bar."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.i18n import set_language

from dip.kernel.clock import now
from dip.registry.actions.profiles import change_profile
from dip.registry.forms import ProfileForm, show_refusal
from dip.registry.guard import access_of, member, public
from dip.registry.terms import Access, Refusal
from dip.registry.views.parts import render


@member
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, access: Access) -> HttpResponse:
    """Name, language, and the way to password and second factor."""
    form = ProfileForm(request.POST or None, initial={"name": request.user.name, "language": request.user.language})
    if request.method == "POST" and form.is_valid():
        try:
            person = change_profile(access=access, at=now(), **form.cleaned_data)
            with translation.override(person.language):
                messages.success(request, _("Your profile is changed."))
            response = redirect("registry-profile")
            remember_language(response, person.language)
            return response
        except Refusal as refusal:
            show_refusal(form, refusal)
    return render(request, access, "profile", "registry-profile", {"form": form}, 400 if form.errors else 200)


@public
def choose_language(request: HttpRequest) -> HttpResponse:
    """The bar's choice of language; who is signed in finds it back at the next sign-in."""
    response = set_language(request)
    asked = request.POST.get("language", "")
    access = access_of(request) if request.method == "POST" else None
    if access and asked in dict(settings.LANGUAGES):
        change_profile(access=access, at=now(), name=request.user.name, language=asked)
    return response


def remember_language(response: HttpResponseBase, language: str) -> None:
    """Have the coming pages in this language."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
