"""Whether a document is as the platform sealed it: a page for whoever holds the file, with or without an account."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dip.contracts.queries.papers.kept import Held, Newer, held_document, newer_than
from dip.contracts.terms.papers import PaperKind
from dip.contracts.terms.states import AgreementStatus
from dip.registry.guard import access_of, public
from dip.registry.seal_check import MOST_BYTES, SealFound, Verdict, check_seal
from dip.registry.terms import Module
from dip.web import formats

#: Files from one address in so many seconds.
MOST_FILES, WINDOW_SECONDS = 30, 300
#: Around the file itself in the body of a form.
_ENVELOPE = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page says of a file. ``tone``: good, bad or plain. ``facts``: name and value; ``link``: the agreement, for a party."""

    tone: str
    title: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    news: str = ""
    link: int | None = None


@csrf_exempt  # changes nothing; and so that the size is looked at before the body is
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Choose or drop a PDF, and read what became of it since it was sealed. The file is looked at and not kept."""
    if request.method != "POST":
        return _page(request, None)
    if not _counts(request):
        return _page(request, _answer_busy(), status=429)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES + _ENVELOPE:
        return _page(request, _answer(request, SealFound(Verdict.TOO_LARGE)), status=413)
    sent = request.FILES.get("file")
    content = sent.read() if sent is not None else b""
    found = check_seal(content)
    return _page(request, _answer(request, found, str(sent.name) if sent is not None else ""))


def _page(request: HttpRequest, answer: Answer | None, status: int = 200) -> HttpResponse:
    context = {"module": "contracts", "answer": answer, "most": MOST_BYTES // 2**20}
    name = "contracts/parts/verify-answer.html" if request.headers.get("HX-Request") else "contracts/verify.html"
    return render(request, name, context, status=status)


def _counts(request: HttpRequest) -> bool:
    """Count one file from this address; whether it is among the first of its window."""
    key = f"seal-check:{get_adapter(request).get_client_ip(request) or 'unknown'}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return True
    try:
        return int(cache.incr(key)) <= MOST_FILES
    except ValueError:  # its window ended between the two
        return True


def _answer_busy() -> Answer:
    return Answer("plain", _("Too many files at once"), _("Wait five minutes, and try again."))


def _answer(request: HttpRequest, found: SealFound, name: str = "") -> Answer:
    if found.verdict in (Verdict.INTACT, Verdict.ADDED_TO):
        return _sealed(request, found, name)
    tone, title, sentence = _SAID[found.verdict]()
    return Answer(tone, title, sentence, ((_("File"), name),) if name else ())


_SAID = {
    Verdict.CHANGED: lambda: (
        "bad",
        _("Changed after it was sealed"),
        _(
            "This platform sealed a document with this seal, and this file is not that document any more. Do not rely on it; ask the other party for theirs, or download it again."
        ),
    ),
    Verdict.NOT_OURS: lambda: (
        "bad",
        _("Not sealed by this platform"),
        _(
            "No seal of this platform is in this file. A printed and scanned document, a draft, and a file that was saved anew carry none: choose the file as it was downloaded."
        ),
    ),
    Verdict.ENCRYPTED: lambda: (
        "bad",
        _("Protected with a password"),
        _("This file is encrypted, so it is not the file that the platform sealed. Choose the file as it was downloaded."),
    ),
    Verdict.NOT_A_PDF: lambda: (
        "plain",
        _("Not a PDF"),
        _("Only the PDF of an agreement or a borderel can be checked. Choose that file."),
    ),
    Verdict.TOO_LARGE: lambda: (
        "plain",
        _("Too large"),
        _("The file is larger than {most} MB; no document of this platform is. Choose the file as it was downloaded.").format(
            most=MOST_BYTES // 2**20
        ),
    ),
    Verdict.EMPTY: lambda: ("plain", _("No file"), _("Choose a PDF, or drop it here.")),
}


def _sealed(request: HttpRequest, found: SealFound, name: str) -> Answer:
    held = held_document(found.origins)
    facts = [(_("File"), name)] if name else []
    facts += _facts(held)
    if found.sealed_at:
        facts.append((_("Sealed"), formats.full_moment(found.sealed_at)))
    if found.is_replaced_key and found.key and found.key.replaced_at:
        told = _("one that the platform used until {day}; what it sealed stays valid")
        facts.append((_("Key"), told.format(day=formats.plain_day(found.key.replaced_at))))
    newer = _newer(request, found)
    news, link = _news(held, newer) if held and newer else ("", None)
    if found.verdict is Verdict.ADDED_TO:
        title = _("Something was added after it was sealed")
        sentence = _(
            "What this platform sealed is whole, and something came after it: a note, another signature, a changed page. Rely only on the file as it was downloaded."
        )
        return Answer("bad", title, sentence, tuple(facts), news, link)
    sentence = _("This is, byte for byte, the document that this platform sealed.")
    return Answer("good", _("Whole, and sealed by this platform"), sentence, tuple(facts), news, link)


def _facts(held: Held | None) -> list[tuple[str, str]]:
    if held is None:
        return []
    is_agreement = held.kind is PaperKind.AGREEMENT
    what = _("Agreement {reference}, version {number}") if is_agreement else _("Borderel {number} of agreement {reference}")
    if held.kind is PaperKind.INVOICE:
        what = held.title.replace("{", "{{").replace("}", "}}")
    return [
        (_("Document"), what.format(reference=held.reference, number=held.number)),
        (_("Stands as"), _stage(held)),
        (_("Moment of the document"), formats.full_moment(held.at)),
        (_("Language"), {"nl": "Nederlands", "en": "English", "fr": "Français"}[held.language]),
    ]


def _stage(held: Held) -> str:
    words = {
        "proposed": _("proposed, not binding"),
        "approved": _("approved"),
        "rejected": _("rejected, not binding"),
        "withdrawn": _("withdrawn, not binding"),
        "expired": _("expired, not binding"),
        "confirmed": _("confirmed by the theatre, not signed"),
        "disputed": _("disputed by the provider"),
        "signed": _("signed by both"),
        "reopened": _("reopened; a later borderel takes its place"),
        "issued": _("issued"),
    }
    code = held.stage.partition(" ")[0]
    return words.get(code, code)


def _newer(request: HttpRequest, found: SealFound) -> Newer | None:
    """How things stand now: for a party with the right to see agreements, and nobody else."""
    access = access_of(request)
    return newer_than(access, found.origins) if access is not None and access.allows(Module.CONTRACTS) else None


def _news(held: Held, newer: Newer) -> tuple[str, int]:
    if held.kind is PaperKind.INVOICE:
        return _("Whether it still stands, its agreement’s page says."), newer.agreement_id
    if newer.revised_by:
        said = _("A later agreement, {reference}, took its place.").format(reference=newer.revised_by)
    elif held.kind is PaperKind.AGREEMENT and newer.version > held.number:
        said = _("Not the newest: version {number} was proposed since.").format(number=newer.version)
    elif held.kind is PaperKind.SETTLEMENT and newer.settlement > held.number:
        said = _("Not the newest: borderel {number} takes its place.").format(number=newer.settlement)
    elif held.kind is PaperKind.AGREEMENT and held.stage == "proposed" and newer.status != AgreementStatus.PROPOSED:
        said = _("This version was answered since: download it again to see how it stands.")
    else:
        said = _("This is the newest version.") if held.kind is PaperKind.AGREEMENT else _("This is the newest borderel.")
    return said, newer.agreement_id
