"""Alerts: the list, the rules behind it, and the link in a mail that mutes."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dip.kernel import clock
from dip.registry.guard import public, requires
from dip.registry.terms import Access, Level, Module, Refusal
from dip.sales.actions import rules as actions
from dip.sales.actions.mailing import rules_of_token
from dip.sales.forms import RuleForm, show_refusal
from dip.sales.queries import alerts as queries
from dip.sales.sentences import ALERT_KINDS, MAIL_MODES, alert_text, rule_text
from dip.sales.terms import AlertKind, AlertRow, MailMode
from dip.sales.terms.alerts import STATES
from dip.sales.views import words
from dip.web import formats

#: Rows of the list, and of those that were put away.
MOST_ROWS, MOST_PAST = 200, 25
ICONS = {
    AlertKind.NO_FIGURES: ("unplug", "warnc"), AlertKind.BEHIND_TARGET: ("trending-down", "bad"),
    AlertKind.BEHIND_MEDIAN: ("trending-down", "bad"), AlertKind.SOLD_OUT: ("circle-check", ""), AlertKind.DROP: ("arrow-down", "bad"),
    AlertKind.RESTATED: ("history", ""),
}  # fmt: skip


def told(row: AlertRow) -> dict[str, Any]:
    """An alert as a list prints it."""
    icon, tone = ICONS[row.kind]
    return {
        "row": row,
        "kind": ALERT_KINDS[row.kind],
        "text": alert_text(row.kind, row.values),
        "icon": icon,
        "tone": tone,
        "address": reverse("sales-performance", args=[row.number]),
        "is_over": row.ended_at is not None and row.kind in STATES,
    }


def _need(access: Access) -> None:
    if not (access.is_provider or access.is_taker):
        raise Http404("alerts are for theatres and providers")


@requires(Module.SALES, Level.VIEW)
@require_GET
def alerts(request: HttpRequest, access: Access) -> HttpResponse:
    """What was found for the person, what is new marked, and the rules behind it."""
    _need(access)
    rows = queries.alerts(access, MOST_ROWS)
    fresh = [row.id for row in rows if not row.is_read]
    context = {
        "module": "sales",
        "places": words.places(access, "sales-alerts"),
        "alerts": [told(row) for row in rows],
        "past": [told(row) for row in queries.past_alerts(access, MOST_PAST)],
        "fresh": len(fresh),
        "rules": [
            (rule, ALERT_KINDS[rule.spec.kind], rule_text(rule.spec), MAIL_MODES[rule.mail]) for rule in queries.rules(access)
        ],
        "no_mail": MailMode.NONE,
    }
    response = render(request, "sales/alerts.html", context)
    if fresh:
        actions.read_alerts(access=access, at=clock.now(), alert_ids=fresh)
    return response


@requires(Module.SALES, Level.VIEW)
@require_POST
def dismiss(request: HttpRequest, access: Access) -> HttpResponse:
    """Put one alert away, or all."""
    _need(access)
    text = request.POST.get("alert", "")
    ids = None if text == "all" else [int(text)] if text.isascii() and text.isdigit() and len(text) < 18 else []
    count = actions.dismiss_alerts(access=access, at=clock.now(), alert_ids=ids)
    if ids is None:
        text = ngettext("{n} alert put away.", "{n} alerts put away.", count)
        messages.success(request, text.format(n=formats.tickets(count)))
    return redirect("home" if request.POST.get("next") == "home" else "sales-alerts")


@requires(Module.SALES, Level.VIEW)
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest, access: Access) -> HttpResponse:
    """Make a rule."""
    _need(access)
    at = clock.now()
    productions, theatres = queries.scopes(access, clock.local(at).date())
    initial = {"mail": MailMode.MORNING.value, "scope": request.GET.get("scope", ""), "kind": request.GET.get("kind", "")}
    form = RuleForm(request.POST or None, initial=initial, productions=productions, theatres=() if access.is_taker else theatres)
    if request.method == "POST" and form.is_valid() and _made(request, access, form, at):
        return redirect("sales-alerts")
    context = {"module": "sales", "places": words.places(access, "sales-alerts"), "form": form}
    return render(request, "sales/rule.html", context, status=400 if form.errors else 200)


def _made(request: HttpRequest, access: Access, form: RuleForm, at: datetime) -> bool:
    try:
        rule, known = actions.make_rule(access=access, at=at, spec=form.spec(), mail=form.mode())
    except Refusal as refusal:
        show_refusal(form, refusal)
        return False
    text = _("From now on you hear of it: {kind}.").format(kind=str(ALERT_KINDS[AlertKind(rule.kind)]).lower())
    if known:
        more = ngettext(
            "It is so for {n} performance already; that is not told again.",
            "It is so for {n} performances already; those are not told again.",
            known,
        )
        text += " " + more.format(n=formats.tickets(known))
    messages.success(request, text)
    return True


@requires(Module.SALES, Level.VIEW)
@require_POST
def change_rule(request: HttpRequest, access: Access, rule_id: int) -> HttpResponse:
    """Mute, resume or end a rule."""
    _need(access)
    act, at = request.POST.get("do", ""), clock.now()
    try:
        if act == "end":
            actions.end_rule(access=access, at=at, rule_id=rule_id)
            messages.success(request, _("The rule has ended."))
        else:
            actions.mute_rule(access=access, at=at, rule_id=rule_id, is_muted=act == "mute")
            messages.success(request, _("No more mails of this rule.") if act == "mute" else _("This rule mails again."))
    except actions.UnableToChangeRule as refusal:
        raise Http404(refusal.message) from refusal
    return redirect("sales-alerts")


@public
@csrf_exempt  # mail programs post here themselves (RFC 8058); the link's proof is all that it takes
@never_cache
@require_http_methods(["GET", "POST"])
def mute(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail: opening it asks, its button (or the mail program's) mutes. Programs that look at links change nothing."""
    rule_ids = rules_of_token(token)
    if not rule_ids:
        raise Http404("no such link")
    is_done = request.method == "POST"
    if is_done:
        actions.mute_by_link(at=clock.now(), rule_ids=rule_ids)
    response = render(request, "sales/mute.html", {"is_done": is_done, "count": len(rule_ids)})
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
