"""The documents of agreements and borderellen as files."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dip.contracts.actions.documents import Document, agreement_document, settlement_document
from dip.contracts.queries.papers.agreement import DRAFT
from dip.kernel import clock
from dip.registry.guard import requires
from dip.registry.seals import UnableToSeal
from dip.registry.terms import Access, Level, Module
from dip.web import formats

_CONCEPT = "concept"
_MOST_VERSION = 999


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def agreement_pdf(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """The document of a version: ``?version=2``, the newest without one; ``?version=concept`` the draft, for its provider.
    ``?language=`` nl, en or fr; the reader's own without one."""
    version, language = request.GET.get("version", ""), request.GET.get("language", "")
    wrong = _wrong(version, language)
    if wrong:
        return _refused(wrong)
    number = None if not version else DRAFT if version == _CONCEPT else int(version)
    try:
        made = agreement_document(
            access=access,
            at=clock.now(),
            agreement_id=agreement_id,
            language=formats.language_of(language),
            number=number,
        )
    except UnableToSeal as error:
        return _unsealed(request, error)
    return _file(made)


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def settlement_pdf(request: HttpRequest, access: Access, agreement_id: int, number: int) -> HttpResponse:
    """The document of a borderel that was confirmed. ``?language=`` as of an agreement."""
    language = request.GET.get("language", "")
    wrong = _wrong("", language)
    if wrong:
        return _refused(wrong)
    try:
        made = settlement_document(
            access=access,
            at=clock.now(),
            agreement_id=agreement_id,
            number=number,
            language=formats.language_of(language),
        )
    except UnableToSeal as error:
        return _unsealed(request, error)
    return _file(made)


def _wrong(version: str, language: str) -> str:
    """What is wrong with the question, with its remedy; empty when nothing is."""
    if language and language not in formats.LANGUAGES:
        return _("language={value}: choose nl, en or fr, or leave it out.").format(value=language)
    is_number = version.isascii() and version.isdigit() and 1 <= int(version[:6]) <= _MOST_VERSION
    if version and version != _CONCEPT and not is_number:
        return _("version={value}: give the number of a version, or concept, or leave it out for the newest.").format(value=version)
    return ""


def _refused(said: str) -> HttpResponse:
    return HttpResponseBadRequest(said, content_type="text/plain; charset=utf-8")


def _unsealed(request: HttpRequest, error: UnableToSeal) -> HttpResponse:
    """No document without its seal: say so, with what the platform has to do."""
    return render(request, "contracts/unsealed.html", {"module": "contracts", "said": error.message}, status=503)


def _file(made: Document | None) -> HttpResponse:
    if made is None:
        raise Http404("no such document")
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{made.name}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
