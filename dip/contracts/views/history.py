"""The history of an agreement in sentences: who did what, old values struck through, reasons and counter-proposals."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dip.contracts.queries.agreement import AgreementPage
from dip.contracts.queries.timeline import Told
from dip.contracts.queries.versions import Answer, Comparison, Version, compared
from dip.contracts.rules.answers import FORMAT, PERFORMANCES
from dip.contracts.rules.values import field_of, read_value
from dip.contracts.terms.states import Happening
from dip.contracts.views.term_rows import counter_text, evenings_words, value_words, with_unit
from dip.contracts.wording import MISSING, format_name
from dip.contracts.words import HAPPENINGS, field_name


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the history."""

    at: datetime
    text: SafeString
    is_internal: bool = False


def log_lines(page: AgreementPage) -> list[LogLine]:
    """The history, newest first."""
    return [LogLine(event.at, _sentence(page, event), event.is_internal) for event in page.events]


def _sentence(page: AgreementPage, event: Told) -> SafeString:
    version = next((one for one in page.versions if one.number == event.version), None)
    head = format_html("<strong>{}</strong>", _title(event))
    parts = [format_html("{} {}", head, _("by %(who)s.") % {"who": _who(event)}) if event.actor else format_html("{}.", head)]
    if event.kind == Happening.PROPOSED and version is not None:
        parts.append(_changes_since(page, version))
    elif event.kind == Happening.CHANGED and event.changes:
        parts.append(_change_html(page, event))
    elif event.kind == Happening.REJECTED and version is not None:
        parts.append(_rejections(version))
    if event.note:
        parts.append(format_html("“{}”", event.note))
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def _title(event: Told) -> str:
    word = str(HAPPENINGS.get(event.kind, event.kind))
    if event.version and event.kind in (Happening.PROPOSED, Happening.REJECTED, Happening.APPROVED, Happening.EXPIRED):
        return _("Version %(number)s: %(what)s") % {"number": event.version, "what": word[:1].lower() + word[1:]}
    return word


def _who(event: Told) -> str:
    return f"{event.actor}, {event.organisation}" if event.organisation and event.organisation != event.actor else event.actor


def _changes_since(page: AgreementPage, version: Version) -> SafeString:
    before = next((one for one in page.versions if one.number == version.number - 1), None)
    return changes_html(compared(before, version)) if before is not None else SafeString("")


def _change_html(page: AgreementPage, event: Told) -> SafeString:
    """What was changed in a draft, from the event itself: values as terms are stored."""
    rows = []
    for code, change in event.changes.items():
        before, after = change if isinstance(change, list) and len(change) == 2 else (None, change)
        rows.append((field_name(page.shown.format, code), _stored_text(page, code, before), _stored_text(page, code, after)))
    return format_html_join("; ", "{} <del>{}</del> <ins>{}</ins>", rows)


def _stored_text(page: AgreementPage, code: str, raw: object) -> str:
    if raw is None:
        return MISSING
    try:
        field = field_of(page.shown.format, code)
        return with_unit(field, read_value(field, raw))
    except (KeyError, ValueError):
        return ", ".join(str(one) for one in raw) if isinstance(raw, list) else str(raw)


def changes_html(found: Comparison) -> SafeString:
    """Each difference: name, the old value struck through, the new one."""
    earlier, later = found.earlier, found.later
    rows = []
    if earlier.format != later.format:
        rows.append((_("Format"), format_name(earlier.format), format_name(later.format)))
    if found.evenings_differ:
        rows.append((_("Performances"), evenings_text(earlier), evenings_text(later)))
    for code in found.changed:
        rows.append((field_name(later.format, code), value_words(earlier, code)[0], value_words(later, code)[0]))
    return format_html_join("; ", "{} <del>{}</del> <ins>{}</ins>", rows)


def evenings_text(version: Version) -> str:
    """The performances of a version in one line."""
    value, _small, lines = evenings_words(version.evenings)
    return " · ".join(lines) if lines else value


def _rejections(version: Version) -> SafeString:
    rejected = version.rejected
    if not rejected:
        return SafeString("")
    count = ngettext("%(n)s field", "%(n)s fields", len(rejected)) % {"n": len(rejected)}
    items = format_html_join("; ", "{}", ((rejection_html(version, answer),) for answer in rejected))
    return format_html("{}: {}.", count, items)


def rejection_html(version: Version, answer: Answer) -> SafeString:
    """A rejected field with its reason, and what the theatre would accept."""
    name = field_name(version.format, answer.field)
    text = format_html("{} (“{}”)", name, answer.reason)
    wished = counter_text(version.format, answer.field, answer.counter)
    if not wished or wished == MISSING:
        return text
    old = value_words(version, answer.field)[0] if answer.field not in (FORMAT, PERFORMANCES) else ""
    return format_html("{}, {} <del>{}</del> <ins>{}</ins>", text, _("proposed:"), old, wished)
