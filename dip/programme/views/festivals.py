"""Festivals: the list, the programme of one, entering, and what plays in it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import local, now
from dip.programme import queries
from dip.programme.actions import UnableToAct, add_to_festival, change_festival, create_festival, leave_festival
from dip.programme.forms.festivals import FestivalForm
from dip.programme.forms.fields import show_findings
from dip.programme.queries import FestivalPage
from dip.programme.rules.festivals import may_add_festival
from dip.programme.views.parts import found, number_in, page_in, render, tell_refusal
from dip.registry.guard import member, requires
from dip.registry.terms import Access, Level, Module

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)


@member
@require_GET
def festivals(request: HttpRequest, access: Access) -> HttpResponse:
    """The list: those to come, or all, or one's own."""
    text = request.GET.get("q", "").strip()[:100]
    which = request.GET.get("which", "")
    since = None if which == "all" or text else local(now()).date()
    context = {
        "page": queries.festival_list(access, text=text, own=which == "own", since=since, page=page_in(request)),
        "text": text,
        "which": which,
        "may_add": may_add_festival(access),
    }
    return render(request, access, "festivals", context, tab="programme-festivals")


@member
@require_GET
def festival(request: HttpRequest, access: Access, festival_id: int) -> HttpResponse:
    """One festival with its programme by day."""
    page = found(queries.festival_page, access, festival_id)
    context = {"page": page, "festival": page.festival, "may_add": may_add_festival(access)}
    return render(request, access, "festival", context)


@_MANAGE
@require_http_methods(["GET", "POST"])
def new_festival(request: HttpRequest, access: Access) -> HttpResponse:
    """Enter a festival."""
    if not may_add_festival(access):
        raise Http404
    form = FestivalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_festival(access=access, at=now(), entry=form.entry())
            messages.success(request, _("%(name)s is entered. Now put performances into it.") % {"name": made.name})
            return redirect("programme-festival-add", made.pk)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    return render(request, access, "festival_form", {"form": form}, status=400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def edit_festival(request: HttpRequest, access: Access, festival_id: int) -> HttpResponse:
    """Change its facts."""
    page = _run(access, festival_id)
    row = page.festival
    initial = {"name": row.name, "city": row.city, "first_date": row.first_date, "last_date": row.last_date}
    form = FestivalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_festival(access=access, at=now(), festival_id=festival_id, entry=form.entry())
            messages.success(request, _("%(name)s is changed.") % {"name": form.cleaned_data["name"]})
            return redirect("programme-festival", festival_id)
        except UnableToAct as refusal:
            show_findings(form, refusal.findings)
    context = {"form": form, "festival": row}
    return render(request, access, "festival_form", context, status=400 if form.errors else 200)


@_MANAGE
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, access: Access, festival_id: int) -> HttpResponse:
    """Put performances into it: those that the access has in its days."""
    if not may_add_festival(access):
        raise Http404
    page = found(queries.festival_page, access, festival_id)
    if request.method == "POST":
        numbers = [number_in(text) for text in request.POST.getlist("number")]
        if _added(request, access, festival_id, numbers):
            return redirect("programme-festival", festival_id)
    text = request.GET.get("q", "").strip()[:100]
    rows = queries.offered_performances(access, festival_id, text)
    context = {"page": page, "festival": page.festival, "rows": rows, "text": text}
    return render(request, access, "festival_add", context, status=400 if request.method == "POST" else 200)


def _added(request: HttpRequest, access: Access, festival_id: int, numbers: list[int]) -> bool:
    """Whether something was put in; what was refused is told."""
    if not numbers:
        messages.warning(request, _("Nothing was chosen. Tick the performances that are part of the festival."))
        return False
    try:
        done = add_to_festival(access=access, at=now(), festival_id=festival_id, numbers=numbers)
    except UnableToAct as refusal:
        tell_refusal(request, refusal)
        return False
    text = ngettext("%(n)s performance is part of the festival now.", "%(n)s performances are part of the festival now.", len(done))
    messages.success(request, text % {"n": len(done)} if done else _("They were part of it already."))
    return True


@_MANAGE
@require_POST
def leave(request: HttpRequest, access: Access, festival_id: int) -> HttpResponse:
    """Take one performance out; it stays a performance."""
    page = found(queries.festival_page, access, festival_id)
    number = number_in(request.POST.get("number", ""))
    mine = {line.performance.number for _day, lines in page.days for line in lines if line.can_leave}
    if number not in mine:
        raise Http404
    leave_festival(access=access, at=now(), festival_id=festival_id, numbers=[number])
    messages.success(request, _("Performance %(number)s is not part of the festival any more.") % {"number": number})
    return redirect("programme-festival", festival_id)


def _run(access: Access, festival_id: int) -> FestivalPage:
    page = found(queries.festival_page, access, festival_id)
    if not page.can_run:
        raise Http404
    return page
