"""The page of one agreement: terms, statement, course and history, for both sides and the producer who only reads."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dip.contracts.queries.agreement import AgreementPage, Side, agreement_page
from dip.contracts.rules.answers import answerable
from dip.contracts.terms.columns import Basis
from dip.contracts.terms.states import OPEN, AgreementStatus, SettlementStatus
from dip.contracts.views.charts import payout_figure
from dip.contracts.views.history import log_lines
from dip.contracts.views.notices import notices_of
from dip.contracts.views.statement_rows import breakdown_of, check_of, columns_of, heads_of, rows_of
from dip.contracts.views.term_rows import default_rows, reject_form, term_rows
from dip.contracts.wording import format_name
from dip.contracts.words import PILLS, STATUSES
from dip.kernel.clock import local, now
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module
from dip.web import formats


def found(access: Access, agreement_id: int) -> AgreementPage:
    """The agreement as the access sees it; 404 when it does not."""
    page = agreement_page(access, agreement_id, local(now()).date())
    if page is None:
        raise Http404("no such agreement")
    return page


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def agreement(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """One agreement. ``?reject=<field>`` opens the form of that field, for who has no scripts."""
    page = found(access, agreement_id)
    field = request.GET.get("reject", "")
    form = None
    if page.may_answer and field in answerable(page.shown.format, page.shown.values):
        form = reject_form(page, field, page.answers.get(field))
    return render(request, "contracts/agreement.html", page_context(page, form, field))


def page_context(page: AgreementPage, form: Any = None, field: str = "") -> dict[str, Any]:
    """Everything that the page shows; ``form``: of the ``field`` that is being rejected."""
    columns = columns_of(page)
    rows = term_rows(page, form, field)
    return {
        "module": "contracts",
        "page": page,
        "format_name": format_name(page.shown.format),
        "status": STATUSES[page.status],
        "pill": PILLS[page.status],
        "rows": rows,
        "days": days_words(page),
        "carried": sum(1 for answer in page.answers.values() if answer.carried_from) if page.side is Side.THEATRE else 0,
        "default_rows": default_rows(page.shown),
        "bar": answer_bar(page),
        "acts": acts_of(page),
        "notices": notices_of(page),
        "heads": heads_of(page),
        "statement": rows_of(columns, page.parties.provider, page.parties.theatre),
        "chosen": page.basis.basis.value,
        "checks": [check_of(column) for column in columns],
        "breakdown": breakdown_of(page, page.basis),
        "is_played": page.columns.actual is not None,
        "figure": payout_figure(page),
        "log": log_lines(page),
        "statement_title": _statement_title(page),
    }


def days_words(page: AgreementPage) -> str:
    """The first and last day, what they share told once: 14–15 Jan 2027."""
    first, last = page.first_date, page.last_date
    until = formats.text_day(last)
    if first == last:
        return until
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{until}"
    return f"{formats.text_day(first)} – {until}"


def _statement_title(page: AgreementPage) -> str:
    if page.status is AgreementStatus.PROPOSED:
        return _("Settlement if this version is approved")
    if page.status in OPEN:
        return _("Settlement by this draft") if page.is_draft else _("Settlement by this version")
    if page.status is AgreementStatus.APPROVED:
        return _("Settlement")
    return _("Settlement as it would have been")


@dataclass(frozen=True, slots=True)
class AnswerBar:
    """How far the answer is. ``next_open``: the first field without an answer; ``is_approval``: everything is accepted."""

    accepted: int
    rejected: int
    open: int
    next_open: str
    is_approval: bool
    may_send: bool
    waits_for_second: bool

    @property
    def total(self) -> int:
        """Everything that is asked."""
        return self.accepted + self.rejected + self.open


def answer_bar(page: AgreementPage) -> AnswerBar | None:
    """The counts of answers, for the theatre while it answers and for both once it was sent; None before."""
    version = page.newest
    if version is None or (page.side is not Side.THEATRE and version.answered_at is None):
        return None
    asked = answerable(version.format, version.values)
    given = [version.answers[code] for code in asked if code in version.answers]
    missing = [code for code in asked if code not in version.answers]
    accepted = sum(answer.is_accepted for answer in given)
    is_approval = not missing and accepted == len(asked)
    is_open = page.status is AgreementStatus.PROPOSED
    return AnswerBar(
        accepted=accepted,
        rejected=len(given) - accepted,
        open=len(missing) if is_open else 0,
        next_open=missing[0] if missing and is_open else "",
        is_approval=is_approval,
        may_send=page.may_answer and not missing and (page.may_approve or not is_approval),
        waits_for_second=f"version-{version.number}" in page.approvals and is_open,
    )


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the reader can do. ``is_post``: it is done at once, by a form; else a page that asks."""

    label: str
    url: str
    is_post: bool = False
    is_primary: bool = False
    icon: str = ""


def _url(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def acts_of(page: AgreementPage) -> list[Act]:
    """What the reader can do beside answering, the one that is their turn as primary."""
    acts = [*_provider_acts(page), *_settlement_acts(page)]
    seen = False
    found_acts = []
    for act in acts:
        primary = act.is_primary and not seen
        seen = seen or primary
        if act.url:
            found_acts.append(Act(act.label, act.url, act.is_post, primary, act.icon))
    return sorted(found_acts, key=lambda act: act.is_primary)


def _provider_acts(page: AgreementPage) -> list[Act]:
    if page.side is not Side.PROVIDER or not page.may_manage:
        return []
    status = page.status
    if status in (AgreementStatus.CONCEPT, AgreementStatus.REJECTED):
        ready = page.is_draft
        number = len(page.versions) + 1
        label = _("Propose") if number == 1 else _("Propose version %(number)s") % {"number": number}
        acts = [Act(_("Edit"), _url("contracts-edit", page.id), is_primary=not ready, icon="pencil")]
        if ready:
            acts.append(Act(label, _url("contracts-propose", page.id), is_post=True, is_primary=True))
        acts.append(Act(_("Withdraw"), _url("contracts-withdraw", page.id)))
        return acts
    if status is AgreementStatus.PROPOSED:
        return [Act(_("Withdraw"), _url("contracts-withdraw", page.id))]
    open_revision = any(not kin.is_parent and kin.status in OPEN for kin in page.kin)
    if status is AgreementStatus.APPROVED and not open_revision:
        return [Act(_("Revise"), _url("contracts-revise", page.id), is_post=True)]
    return []


def _settlement_acts(page: AgreementPage) -> list[Act]:
    if page.status is not AgreementStatus.APPROVED or page.settlement is None:
        return []
    turn_of = {
        SettlementStatus.OPEN: Side.THEATRE,
        SettlementStatus.DISPUTED: Side.THEATRE,
        SettlementStatus.CONFIRMED: Side.PROVIDER,
    }
    is_turn = turn_of.get(page.settlement.status) is page.side and page.may_manage
    return [Act(_("Borderel"), _url("contracts-settlement", page.id), is_primary=is_turn, icon="arrow-right")]


def is_outlook(page: AgreementPage) -> bool:
    """Whether nothing was sold or played yet, so that only the sold-out column tells."""
    return page.basis.basis is Basis.POTENTIAL
