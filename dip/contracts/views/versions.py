"""Two versions of an agreement side by side, field by field, and what it revises or is revised by."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dip.contracts.queries.agreement import AgreementPage
from dip.contracts.queries.versions import Comparison, Version, compared
from dip.contracts.rules.answers import FORMAT, PERFORMANCES
from dip.contracts.rules.values import fields_of
from dip.contracts.terms.fields import Field
from dip.contracts.views.agreement import found
from dip.contracts.views.history import evenings_text, log_lines
from dip.contracts.views.term_rows import counter_text, with_unit
from dip.contracts.wording import MISSING, format_name, said
from dip.contracts.words import STATUSES
from dip.registry.guard import requires
from dip.registry.terms import Access, Level, Module


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One field in both versions; ``answer``: how the theatre answered it in the earlier one, in words."""

    name: str
    before: str
    after: str
    is_changed: bool
    answer: str = ""


@requires(Module.CONTRACTS, Level.VIEW)
@require_safe
def versions(request: HttpRequest, access: Access, agreement_id: int) -> HttpResponse:
    """Any two versions: ``?from=1&to=2``, by default the newest and the one before; 0 is the provider's draft."""
    page = found(access, agreement_id)
    every = _every(page)
    later = _chosen(request.GET.get("to", ""), every, every[-1])
    earlier = _chosen(request.GET.get("from", ""), every, _before(every, later))
    comparison = compared(earlier, later) if earlier is not later else None
    rows = rows_of(comparison) if comparison else []
    context = {
        "module": "contracts",
        "page": page,
        "versions": [(one, version_name(one)) for one in every],
        "earlier": earlier,
        "later": later,
        "earlier_name": version_name(earlier),
        "later_name": version_name(later),
        "comparison": comparison,
        "changed": [row for row in rows if row.is_changed],
        "same": [row for row in rows if not row.is_changed],
        "log": log_lines(page),
        "kin": [(kin, STATUSES[kin.status]) for kin in page.kin],
    }
    return render(request, "contracts/versions.html", context)


def _every(page: AgreementPage) -> list[Version]:
    """Every version, and last the draft when it is ahead of them and the reader may see it."""
    return [*page.versions, page.shown] if page.is_draft else list(page.versions)


def _chosen(asked: str, every: list[Version], otherwise: Version) -> Version:
    return next((one for one in every if str(one.number) == asked), otherwise)


def _before(every: list[Version], later: Version) -> Version:
    place = next(at for at, one in enumerate(every) if one is later)
    return every[max(place - 1, 0)]


def version_name(version: Version) -> str:
    """Version 2; the draft."""
    return _("Version %(number)s") % {"number": version.number} if version.number else _("Draft")


def rows_of(found: Comparison) -> list[CompareRow]:
    """Format, performances, and every field of either format that one of the two fills."""
    earlier, later = found.earlier, found.later
    rows = [
        CompareRow(_("Format"), format_name(earlier.format), format_name(later.format), earlier.format != later.format, _answer(earlier, FORMAT)),
        CompareRow(_("Performances"), evenings_text(earlier), evenings_text(later), found.evenings_differ, _answer(earlier, PERFORMANCES)),
    ]  # fmt: skip
    fields: dict[str, Field] = {one.code: one for code in (earlier.format, later.format) for one in fields_of(code)}
    for code, field in fields.items():
        before, after = (with_unit(field, version.values.get(code)) for version in (earlier, later))
        if before != MISSING or after != MISSING:
            rows.append(CompareRow(said(field.names), before, after, code in found.changed, _answer(earlier, code)))
    return rows


def _answer(version: Version, code: str) -> str:
    answer = version.answers.get(code)
    if answer is None:
        return ""
    if answer.is_accepted:
        return _("accepted")
    wished = counter_text(version.format, code, answer.counter)
    if wished:
        return _("rejected: “%(reason)s”, %(value)s proposed") % {"reason": answer.reason, "value": wished}
    return _("rejected: “%(reason)s”") % {"reason": answer.reason}
