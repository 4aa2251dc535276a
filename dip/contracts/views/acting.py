"""What the provider does with one agreement from its page: propose, withdraw with a reason, begin a revision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dip.contracts.actions.ending import withdraw_agreement
from dip.contracts.actions.entitlement import UnknownAgreement
from dip.contracts.actions.proposing import propose_agreement
from dip.contracts.actions.revising import revise_agreement
from dip.contracts.forms.answers import WithdrawForm
from dip.contracts.queries.agreement import AgreementPage, Side
from dip.contracts.terms.states import OPEN
from dip.contracts.views.agreement import found
from dip.kernel.clock import now
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module, Refusal

_MANAGE = requires(Module.CONTRACTS, Level.MANAGE)


def _own(access: Access, agreement_id: int) -> AgreementPage:
    """The agreement, for its provider; 404 for the theatre and the producer, who do not act here."""
    page = found(access, agreement_id)
    if page.side is not Side.PROVIDER:
        raise Http404("not proposed by this organisation")
    return page


@_MANAGE
@require_POST
def propose(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """Put what stands to the theatre; what is missing is told on the page."""
    _own(access, agreement_id)
    try:
        version = propose_agreement(access=access, at=now(), agreement_id=agreement_id)
        messages.success(request, _("Version %(number)s is proposed. The theatre has mail.") % {"number": version.number})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("contracts-agreement", agreement_id)


@_MANAGE
@require_POST
def revise(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """Begin a revision of an approved agreement: a concept of its own, beside the one that binds."""
    _own(access, agreement_id)
    try:
        revision = revise_agreement(access=access, at=now(), agreement_id=agreement_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("contracts-agreement", agreement_id)
    told = _("%(reference)s is a revision in concept. The approved agreement binds until the theatre approves this one.")
    messages.success(request, told % {"reference": revision.reference})
    return redirect("contracts-agreement", revision.pk)


@_MANAGE
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """Take a concept or proposal back, with a reason that both parties read."""
    page = _own(access, agreement_id)
    if page.status not in OPEN:
        messages.error(request, _("%(reference)s is no longer open: it cannot be withdrawn.") % {"reference": page.reference})
        return redirect("contracts-agreement", agreement_id)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_agreement(access=access, at=now(), agreement_id=agreement_id, reason=form.cleaned_data["reason"])
            messages.success(request, _("Withdrawn."))
            return redirect("contracts-agreement", agreement_id)
        except UnknownAgreement as error:
            raise Http404("no such agreement") from error
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    context = {"module": "contracts", "page": page, "form": form}
    return render(request, "contracts/agreement_withdraw.html", context, status=400 if request.method == "POST" else 200)
