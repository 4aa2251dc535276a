"""One hall: its facts, layouts and surcharges."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel.clock import local, now
from dip.programme import queries
from dip.programme.actions import (
    UnableToAct,
    change_hall,
    drop_rank_template,
    merge_halls,
    set_rank_template,
    set_surcharges,
)
from dip.programme.forms.fields import show_findings
from dip.programme.forms.theatres import HallForm, MergeForm, RanksForm, SurchargeForm
from dip.programme.models import Hall
from dip.programme.queries import HallRow, TheatrePage
from dip.programme.views.parts import found, render
from dip.registry.guard import member, requires
from dip.registry.terms import Access, Level, Module

_MANAGE = requires(Module.PROGRAMME, Level.MANAGE)


def _editable(access: Access, hall_id: int) -> tuple[TheatrePage, HallRow]:
    """The hall and its theatre, for whoever may change them; 404 for everybody else, and for a merged hall."""
    today = local(now()).date()
    row = found(queries.hall_row, hall_id, today)
    page = found(queries.theatre_page, access, row.theatre_id, today)
    if not page.can_edit or row.id != hall_id:
        found(Hall.objects.none().get)
    return page, row


def _forms(row: HallRow, page: TheatrePage, data: dict[str, object]) -> dict[str, forms.Form]:
    """The forms of the page; ``data`` has the posted data of the one that was sent, by its name."""
    posted = data.get
    initial = {"name": row.name, "kind": row.kind, "capacity": row.capacity, "aliases": row.aliases, "do_not_use": row.do_not_use}
    others = [(hall.id, hall.name) for hall in page.halls if hall.id != row.id]
    return {
        "hall": HallForm(posted("hall"), initial=initial),
        "ranks": RanksForm(posted("ranks"), initial={"is_default": not row.templates}, prefix="ranks"),
        "surcharge": SurchargeForm(posted("surcharge"), prefix="surcharge"),
        "merge": MergeForm(posted("merge"), choices=others, prefix="merge"),
    }


@_MANAGE
@require_http_methods(["GET", "POST"])
def hall(request: HttpRequest, access: Access, hall_id: int) -> HttpResponse:
    """The page of a hall: four forms, of which one is sent at a time."""
    page, row = _editable(access, hall_id)
    name = request.POST.get("form", "") if request.method == "POST" else ""
    made = _forms(row, page, {name: request.POST} if name in _ACTS else {})
    if name in _ACTS and made[name].is_valid():
        try:
            messages.success(request, _ACTS[name](access, hall_id, made[name]))
            return redirect("programme-theatre", page.theatre.pk) if name == "merge" else redirect("programme-hall", hall_id)
        except UnableToAct as refusal:
            show_findings(made[name], refusal.findings)
    context = {"page": page, "theatre": page.theatre, "hall": row, **{f"{key}_form": form for key, form in made.items()}}
    return render(request, access, "hall", context, status=400 if name else 200)


@member
@require_GET
def facts(request: HttpRequest, access: Access, hall_id: int) -> HttpResponse:
    """A hall for whoever reads: its names, its layouts by rank, what plays next. A merged one leads to what it became."""
    today = local(now()).date()
    row = found(queries.hall_row, hall_id, today)
    if row.id != hall_id:
        return redirect("programme-hall-facts", row.id, permanent=True)
    page = found(queries.theatre_page, access, row.theatre_id, today)
    context = {
        "page": page,
        "theatre": page.theatre,
        "hall": row,
        "ranks": range(1, max([len(template.seats) for template in row.templates], default=0) + 1),
        "merged": queries.merged_halls(hall_id),
        "coming": queries.coming_in_hall(access, hall_id, today),
    }
    return render(request, access, "hall_facts", context)


@_MANAGE
@require_POST
def drop_ranks(request: HttpRequest, access: Access, hall_id: int) -> HttpResponse:
    """Forget a layout."""
    _editable(access, hall_id)
    drop_rank_template(access=access, at=now(), hall_id=hall_id, name=request.POST.get("name", ""))
    messages.success(request, _("The layout is removed; performances keep their seats."))
    return redirect("programme-hall", hall_id)


def _change(access: Access, hall_id: int, form: forms.Form) -> str:
    change_hall(access=access, at=now(), hall_id=hall_id, **form.cleaned_data)
    return _("%(name)s is changed.") % {"name": form.cleaned_data["name"]}


def _ranks(access: Access, hall_id: int, form: forms.Form) -> str:
    set_rank_template(access=access, at=now(), hall_id=hall_id, **form.cleaned_data)
    return _("The layout is kept; new performances take the default one.")


def _surcharge(access: Access, hall_id: int, form: forms.Form) -> str:
    set_surcharges(access=access, at=now(), hall_id=hall_id, **form.cleaned_data)
    return _("The surcharges are kept from that date on.")


def _merge(access: Access, hall_id: int, form: forms.Form) -> str:
    into = merge_halls(access=access, at=now(), hall_id=hall_id, into_id=form.cleaned_data["into"])
    return _("The hall is now %(name)s; its performances moved with it.") % {"name": into.name}


_ACTS: dict[str, Callable[[Access, int, forms.Form], str]] = {
    "hall": _change,
    "ranks": _ranks,
    "surcharge": _surcharge,
    "merge": _merge,
}
