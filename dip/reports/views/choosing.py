"""Choosing whether to get the mail, asking for it now, and stopping it by the link in it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dip.kernel import clock
from dip.registry.guard import member, public
from dip.registry.terms import Access
from dip.reports.actions.asking import UnableToSend, ask_letter
from dip.reports.actions.choices import choose, choose_by_link
from dip.reports.actions.links import membership_of
from dip.reports.queries.readers import preference_of
from dip.reports.terms import Choice
from dip.reports.views.archive import LANGUAGES


@require_POST
@member
def choice(request: HttpRequest, access: Access) -> HttpResponse:
    """Keep the reader's own choice."""
    language = request.POST.get("language", "")
    try:
        wanted = Choice(request.POST.get("choice", ""))
    except ValueError:
        messages.error(request, _("Choose weekly or no mail."))
        return redirect("reports-index")
    if language and language not in dict(LANGUAGES):
        messages.error(request, _("The mail comes in Dutch, English or French. Choose one of them."))
        return redirect("reports-index")
    choose(access=access, choice=wanted, language=language, at=clock.now())
    told = _("You get the mail each Monday at 07:00.") if wanted is Choice.WEEKLY else _("You get no weekly mail.")
    messages.success(request, told)
    return redirect("reports-index")


@require_POST
@member
def send(request: HttpRequest, access: Access) -> HttpResponse:
    """Send this week's mail now: to oneself, or as super-user to a colleague."""
    asked = request.POST.get("member", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    try:
        one, _monday = ask_letter(access=access, membership_id=number, at=clock.now())
    except UnableToSend as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("This week’s mail is on its way to {email}.").format(email=one.email))
    return redirect("reports-index")


@csrf_exempt  # a mail program posts without cookies; the signed token is the right to stop this one mail
@public
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a member's mails, or begin them again. A visit asks first: mail scanners open links; a POST acts (RFC 8058)."""
    number = membership_of(token)
    if number is None:
        raise Http404("no such link")
    now = preference_of(number)
    if request.method == "POST":
        wanted = Choice.WEEKLY if request.POST.get("again") else Choice.NONE
        kept = choose_by_link(token=token, choice=wanted, at=clock.now())
        if kept is None:
            raise Http404("the membership is gone")
        now = kept
    return render(request, "reports/stop.html", {"is_weekly": now.choice is Choice.WEEKLY, "done": request.method == "POST"})
