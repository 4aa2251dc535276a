"""What the desk says of verdicts, fields and codes, in the language of the request. The wire of the API has words of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dip.warehouse.rules.landed import CodeField, RemovalKind
from dip.warehouse.rules.verdicts import REJECTING, Verdict, VerdictCode

#: (What it means, what to do).
VERDICTS: Mapping[VerdictCode, tuple[str | Promise, str | Promise]] = {
    VerdictCode.UNREADABLE: (_("The row cannot be read as a ticket."), _("Send one JSON object a line, in UTF-8, with the members of the standard.")),
    VerdictCode.MISSING: (_("Something that every ticket needs is not there."), _("Fill it in at the source, and deliver the row again.")),
    VerdictCode.WRONG_TYPE: (_("What stands there is of another kind than the field: words for a number, for example."), _("Correct it, or choose another column, decimal sign or unit.")),
    VerdictCode.OUT_OF_RANGE: (_("It is too long, too large or too small. An amount below zero is none."), _("Correct it. A refund is a ticket with the state cancelled.")),
    VerdictCode.UNKNOWN_STATE: (_("What the ticket is cannot be told from this."), _("Use sold, reserved, cancelled or exchanged.")),
    VerdictCode.MALFORMED_TIME: (_("The moment cannot be read."), _("Choose the order of day and month, or write 25-11-2026 20:15. Systems send RFC 3339 with an offset.")),
    VerdictCode.IN_FUTURE: (_("The moment lies in the future."), _("Set the clock of the system, or choose the order of day and month.")),
    VerdictCode.NO_PERFORMANCE: (_("The row names neither a performance nor an event."), _("Give one of the two, or the day and the title.")),
    VerdictCode.UNKNOWN_PERFORMANCE: (_("The performance is none of your theatre's."), _("Correct the number, or deliver your own event and couple that once.")),
    VerdictCode.OTHER_PRODUCTION: (_("The number of the performance belongs to another production."), _("Correct the number, or leave the production out.")),
    VerdictCode.REMOVED: (_("The performance was excluded or withdrawn."), _("Lift the exclusion when it should count, and deliver again.")),
    VerdictCode.CONFLICT: (_("Another row says something else of the same ticket at the same moment; the first one counts."), _("Give what changed a later moment of change.")),
    VerdictCode.UNKNOWN_CODE: (_("The code is new here; until it is decided the ticket counts as other."), _("Say once what the code means, under raw codes.")),
    VerdictCode.PERSONAL_CODE: (_("The code looks like something of a person and was not kept; the ticket counts as other."), _("Choose the column with the kind or channel.")),
    VerdictCode.UNMATCHED_EVENT: (_("The event has no performance yet; the ticket waits."), _("Couple the event to its performance, under raw codes.")),
    VerdictCode.UNKNOWN_WORD: (_("The word is none of the standard's; it counts as not given."), _("Use a word of the standard's list.")),
    VerdictCode.UNREADABLE_BUYER: (_("The buyer cannot be read; the ticket counts, the buyer does not."), _("Correct the address or the number at the source.")),
    VerdictCode.UNREADABLE_POSTCODE: (_("The postcode is none; it counts as unknown."), _("Correct it, or deliver the country with it.")),
    VerdictCode.UNREADABLE_BIRTH: (_("The birth is not likely or cannot be read; it counts as unknown."), _("Correct it, or leave it out.")),
}  # fmt: skip
#: Fields as people call them; the wire's own name stands beside.
FIELDS: Mapping[str, str | Promise] = {
    "": _("the whole row"),
    "ticket": _("ticket number"),
    "order": _("order number"),
    "performance": _("performance (national number)"),
    "event": _("event (your own number)"),
    "event_date": _("day of the performance"),
    "event_time": _("time of the performance"),
    "event_title": _("title of the performance"),
    "state": _("state"),
    "sold_at": _("moment of sale"),
    "sold_time": _("time of sale"),
    "changed_at": _("moment of the last change"),
    "cancelled_at": _("moment of cancellation"),
    "quantity": _("number of tickets in the row"),
    "price_cents": _("price"),
    "fee_cents": _("service costs"),
    "list_price_cents": _("price before discount"),
    "kind": _("kind of ticket"),
    "source_kind": _("kind of ticket"),
    "channel": _("channel of sale"),
    "promo": _("sold in an action"),
    "attended": _("seen at the door"),
    "email": _("e-mail address of the buyer"),
    "customer": _("customer number"),
    "buyer_pseudonym": _("pseudonym of the buyer"),
    "postcode": _("postcode of the buyer"),
    "country": _("country of the buyer"),
    "birth_date": _("date of birth of the buyer"),
    "birth_year": _("year of birth of the buyer"),
    "birth_band": _("birth band of the buyer"),
    "gender": _("gender of the buyer"),
    "consent": _("ground for counting the buyer"),
}
#: What becomes of a field that is of a person.
TREATED: Mapping[str, str | Promise] = {
    "email": _("becomes a pseudonym at once; the address is not kept"),
    "customer": _("becomes a pseudonym of this source; the number is not kept"),
    "postcode": _("four digits are kept"),
    "birth_date": _("five years are kept"),
    "birth_year": _("five years are kept"),
    "gender": _("is kept when the source states a ground for it"),
}
CODES: Mapping[CodeField, str | Promise] = {
    CodeField.KIND: _("Kinds"),
    CodeField.CHANNEL: _("Channels"),
    CodeField.EVENT: _("Events"),
}
KINDS: Mapping[str, str | Promise] = {"normal": _("normal"), "discount": _("discount"), "free": _("free"), "other": _("other")}
CHANNELS: Mapping[str, str | Promise] = {
    "online": _("online"),
    "box_office": _("box office"),
    "phone": _("telephone"),
    "agent": _("agent"),
    "group": _("group"),
    "subscription": _("subscription"),
    "other": _("other"),
}
REMOVALS: Mapping[RemovalKind, str | Promise] = {
    RemovalKind.EXCLUDE: _("Excluded"),
    RemovalKind.WITHDRAW: _("Withdrawn"),
    RemovalKind.ERASE: _("Buyer erased"),
}
PLACES: Mapping[str, str | Promise] = {
    "files": _("landed files"),
    "facts": _("facts"),
    "published": _("published figures"),
}
SYSTEMS: Mapping[str, str | Promise] = {"file": _("files")}


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict as the desk shows it. ``row``: from 1, as the file or the body has it."""

    row: int
    code: str
    field: str
    field_name: str | Promise
    reason: str | Promise
    remedy: str | Promise
    rejects: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows got a verdict."""

    code: str
    rows: int
    reason: str | Promise
    remedy: str | Promise
    rejects: bool


def told(verdict: Verdict) -> Told:
    """One verdict in words."""
    reason, remedy = VERDICTS[verdict.code]
    return Told(
        verdict.row + 1,
        verdict.code.value,
        verdict.field,
        FIELDS.get(verdict.field, verdict.field),
        reason,
        remedy,
        verdict.rejects,
    )


def told_first(verdicts: Sequence[Verdict], most: int) -> list[Told]:
    """The first ones in words: those that kept a row out before the others, by row."""
    return [told(one) for one in sorted(verdicts, key=lambda one: (not one.rejects, one))[:most]]


def tallies(counts: Mapping[str, int]) -> list[Tally]:
    """Verdicts of a delivery with their rows: those that keep a row out first, then the most frequent."""
    found = [Tally(code, rows, *VERDICTS[VerdictCode(code)], VerdictCode(code) in REJECTING) for code, rows in counts.items()]
    return sorted(found, key=lambda one: (not one.rejects, -one.rows, one.code))
