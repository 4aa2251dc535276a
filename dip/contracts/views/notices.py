"""What a reader must know before they trust the numbers of an agreement: each as a sentence with its remedy."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dip.contracts.queries.agreement import AgreementPage, Moved, Side
from dip.contracts.terms.states import OPEN, AgreementStatus
from dip.contracts.views.statement_rows import missing_words
from dip.contracts.words import finding_text
from dip.web import formats


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence; ``is_bad``: something is broken rather than remarkable."""

    text: str
    is_bad: bool = False


def notices_of(page: AgreementPage) -> list[Notice]:
    """Everything to be told over the terms, what is broken first."""
    found = [*_moved(page), *_state(page), *_figures(page)]
    found += [
        Notice(finding_text(finding, page.shown.format), is_bad=not finding.is_warning)
        for finding in page.findings
        if page.status in OPEN and (finding.is_warning or page.side is not Side.THEATRE)
    ]
    return sorted(found, key=lambda one: not one.is_bad)


def _moved(page: AgreementPage) -> list[Notice]:
    remedy = ""
    if page.status is AgreementStatus.APPROVED and page.side is Side.PROVIDER:
        remedy = _("Revise the agreement when the terms change with it.")
    elif page.status is AgreementStatus.PROPOSED and page.side is Side.PROVIDER:
        remedy = _("Withdraw it and propose again, so that the theatre answers what will be played.")
    return [Notice(f"{_moved_words(one)} {remedy}".strip(), is_bad=one.after is None) for one in page.moved]


def _moved_words(one: Moved) -> str:
    told = {"number": one.before.number, "before": formats.full_moment(one.before.starts_at), "hall": one.before.hall}
    if one.after is None:
        return _("Performance %(number)s of %(before)s is cancelled, and counts in no column.") % told
    told |= {"after": formats.full_moment(one.after.starts_at), "new_hall": one.after.hall}
    if one.before.starts_at == one.after.starts_at:
        return _("Performance %(number)s of %(before)s moved from %(hall)s to %(new_hall)s since this was proposed.") % told
    if one.before.hall == one.after.hall:
        return _("Performance %(number)s moved from %(before)s to %(after)s since this was proposed.") % told
    return _("Performance %(number)s moved from %(before)s, %(hall)s, to %(after)s, %(new_hall)s since this was proposed.") % told


def _state(page: AgreementPage) -> list[Notice]:
    found = []
    if not page.parties.is_connected:
        found.append(Notice(_("%(theatre)s is not connected to the platform: nobody there can answer yet.") % {"theatre": page.parties.theatre}, is_bad=True))  # fmt: skip
    if page.is_draft and page.versions:
        count = len(page.versions)
        found.append(
            Notice(_("You look at your draft. The theatre sees version %(number)s until you propose again.") % {"number": count})
        )
    if page.reject_reason and page.status is AgreementStatus.REJECTED:
        found.append(Notice(_("The theatre wrote: “%(reason)s”") % {"reason": page.reject_reason}))
    if page.side is Side.PRODUCER:
        found.append(
            Notice(_("%(agency)s proposes this for you. You read it, and change nothing.") % {"agency": page.parties.provider})
        )
    if page.shown.values.get("framework_applies") and not page.framework:
        found.append(
            Notice(_("A framework agreement should apply, and no valid one of these two parties is on the platform. Upload it."))
        )
    return found


def _figures(page: AgreementPage) -> list[Notice]:
    column = page.columns.actual or page.columns.estimated
    if not column.missing or page.status not in (*OPEN, AgreementStatus.APPROVED):
        return []
    if len(column.missing) == len(column.evenings):
        return [
            Notice(
                _("No figures have come in yet: today’s sales count as nothing. They follow from the theatre’s ticketing system.")
            )
        ]
    return [Notice(_("%(what)s. Until they come in, nothing sold counts for them.") % {"what": missing_words(column)})]
