"""The programme's words as people read them: kinds, statuses, fields, events, and what a finding means and asks for."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dip.programme.terms import (
    DuplicateKind,
    EventKind,
    Finding,
    FindingCode,
    FundFeature,
    HallKind,
    PerformanceKind,
    PerformanceStatus,
    RequestStatus,
    VenueKind,
)

Words = Mapping[str, str | Promise]

KINDS: Words = {
    PerformanceKind.NORMAL: _("regular performance"),
    PerformanceKind.PREMIERE: _("première"),
    PerformanceKind.TRYOUT: _("try-out"),
    PerformanceKind.DERNIERE: _("dernière"),
}
STATUSES: Words = {
    PerformanceStatus.CONCEPT: _("concept"),
    PerformanceStatus.PUBLISHED: _("published"),
    PerformanceStatus.CANCELLED: _("cancelled"),
}
FEATURES: Words = {
    FundFeature.REGULAR: _("regular performance"),
    FundFeature.SCHOOL_PRIMARY: _("school performance, primary"),
    FundFeature.SCHOOL_SECONDARY: _("school performance, secondary"),
    FundFeature.EDUCATION: _("educational activity"),
    FundFeature.LECTURE: _("paid lecture"),
    FundFeature.OTHER: _("other"),
}
HALL_KINDS: Words = {
    HallKind.REGULAR: _("hall of the house"),
    HallKind.OTHER_LOCATION: _("other location in the building"),
    HallKind.EXTERNAL: _("external location"),
}
VENUE_KINDS: Words = {
    VenueKind.THEATRE: _("theatre"),
    VenueKind.FESTIVAL: _("festival"),
    VenueKind.OTHER: _("other"),
}
DUPLICATE_KINDS: Words = {
    DuplicateKind.THEATRE: _("theatre"),
    DuplicateKind.HALL: _("hall"),
    DuplicateKind.PRODUCTION: _("production"),
}
LACKS: Words = {
    "organisation": _("no organisation"),
    "postcode": _("no postcode"),
    "province": _("no province"),
    "halls": _("no halls"),
    "capacity": _("a hall without seats"),
    "contact": _("nobody to ask"),
}
VENUE_FIELDS: Words = {
    "id": _("Id"),
    "name": _("Name"),
    "street": _("Street"),
    "house_number": _("Number"),
    "postcode": _("Postcode"),
    "city": _("City"),
    "province": _("Province"),
    "kind": _("Kind"),
    "contact_email": _("Contact address"),
    "do_not_use": _("Not in use"),
}
LIKENESSES: Words = {"name": _("name"), "address": _("address"), "halls": _("halls"), "size": _("seats")}
REQUEST_STATUSES: Words = {
    RequestStatus.OPEN: _("Awaiting the theatre"),
    RequestStatus.CONFIRMED: _("Confirmed"),
    RequestStatus.PROPOSED: _("Correction proposed"),
    RequestStatus.SETTLED: _("Settled"),
    RequestStatus.WITHDRAWN: _("Withdrawn"),
}
#: Pills of the web domain by status of a request.
REQUEST_PILLS: Words = {
    RequestStatus.OPEN: "requested",
    RequestStatus.CONFIRMED: "confirmed",
    RequestStatus.PROPOSED: "corrected",
    RequestStatus.SETTLED: "confirmed",
    RequestStatus.WITHDRAWN: "withdrawn",
}
EVENTS: Words = {
    EventKind.CREATED: _("Entered"),
    EventKind.CHANGED: _("Changed"),
    EventKind.PUBLISHED: _("Published"),
    EventKind.MOVED: _("Moved"),
    EventKind.CANCELLED: _("Cancelled"),
    EventKind.CONFIRMED: _("Confirmed by the theatre"),
    EventKind.PROPOSED: _("Correction proposed by the theatre"),
    EventKind.CORRECTED: _("Correction accepted"),
    EventKind.DECLINED: _("Correction declined"),
    EventKind.REOPENED: _("Connection request put again"),
    EventKind.AGENCY_MOVED: _("Agency changed"),
    EventKind.VENUE_MERGED: _("Theatre or hall merged"),
    EventKind.PRODUCTION_MERGED: _("Merged: entered twice"),
    EventKind.FOLDED: _("Entered twice: the other one counts"),
}
FIELDS: Words = {
    "title": _("title"),
    "season_year": _("season"),
    "genre": _("genre"),
    "producer": _("producer"),
    "agency": _("agency"),
    "co_producers": _("co-producers"),
    "is_revival": _("revival"),
    "subsidy_scheme": _("subsidy scheme"),
    "fund_consent": _("consent for the fund"),
    "cast_members": _("cast"),
    "external_ref": _("own reference"),
    "theatre": _("theatre"),
    "hall": _("hall"),
    "date": _("date"),
    "time": _("time"),
    "starts_at": _("date and time"),
    "kind": _("type"),
    "is_private": _("private"),
    "in_festival": _("in a festival"),
    "festival": _("festival"),
    "production": _("production"),
    "counts": _("counts under"),
    "is_other_location": _("other location"),
    "fund_feature": _("fund feature"),
    "capacity": _("capacity"),
    "capacity_by_rank": _("seats per rank"),
    "reason": _("reason"),
    "number": _("performance"),
    "status": _("status"),
}
FINDINGS: Words = {
    FindingCode.TITLE_MISSING: _("The title is empty. Give the title under which tickets are sold."),
    FindingCode.TITLE_TAKEN: _("%(value)s is entered already for this season. Open that one, or tell the two apart in the title."),
    FindingCode.SEASON_OUT_OF_RANGE: _("%(value)s is no season. Choose one from the list."),
    FindingCode.GENRE_UNKNOWN: _("There is no genre %(value)s. Choose one from the list."),
    FindingCode.PRODUCER_UNKNOWN: _("There is no such producer. Choose the producer you act for."),
    FindingCode.AGENCY_UNKNOWN: _("There is no such agency. Choose one from the list, or leave it empty."),
    FindingCode.CO_PRODUCER_UNKNOWN: _("A co-producer is an organisation on the platform other than the producer. Choose another."),
    FindingCode.THEATRE_UNKNOWN: _("There is no such theatre. Search it by name or city."),
    FindingCode.THEATRE_NOT_IN_USE: _("%(value)s is not in use any more. Choose another theatre."),
    FindingCode.HALL_UNKNOWN: _("There is no such hall. Choose one of the theatre's halls."),
    FindingCode.HALL_ELSEWHERE: _("%(value)s is a hall of another theatre. Choose one of this theatre's halls."),
    FindingCode.HALL_NOT_IN_USE: _("%(value)s is not in use any more. Choose another hall."),
    FindingCode.IN_THE_PAST: _("This moment has passed. Correct date and time first."),
    FindingCode.TOO_MANY_RANKS: _("%(value)s ranks are given, ten is the most. Join some."),
    FindingCode.ALREADY_ENTERED: _("This hall and moment are entered already for this production. Leave the row out."),
    FindingCode.NOT_CONCEPT: _("It is published already."),
    FindingCode.ALREADY_CANCELLED: _("It is cancelled; enter a new performance instead."),
    FindingCode.UNKNOWN_PERFORMANCE: _("There is no performance %(value)s."),
    FindingCode.NOT_PUBLISHED: _("It is not published yet."),
    FindingCode.REASON_MISSING: _("Give the reason: the other party reads it."),
    FindingCode.NOTHING_CORRECTED: _("Nothing differs from what the provider says. Change a field, or confirm."),
    FindingCode.DATE_UNREADABLE: _("“%(value)s” is no date. Write it as 2027-02-28."),
    FindingCode.TIME_UNREADABLE: _("“%(value)s” is no time. Write it as 20:15."),
    FindingCode.SEATS_UNREADABLE: _("“%(value)s” is no number of seats. Write a whole number above 0."),
    FindingCode.NO_LONGER_ASKED: _("This is not asked any more: the performance was cancelled or moved elsewhere."),
    FindingCode.ALREADY_DECIDED: _("This is decided already."),
    FindingCode.NAME_MISSING: _("The name is empty."),
    FindingCode.CITY_MISSING: _("The city is empty: names of theatres recur, cities tell them apart."),
    FindingCode.NAME_TAKEN: _("%(value)s exists already. Use that one, or choose another name."),
    FindingCode.INTO_ITSELF: _("It cannot be merged into itself. Choose another."),
    FindingCode.ALREADY_MERGED: _("%(value)s was merged before. Choose one that is in use."),
    FindingCode.ADDRESS_UNREADABLE: _("“%(value)s” is no e-mail address."),
    FindingCode.AMOUNT_UNREADABLE: _("“%(value)s” is no amount. Write euros and cents: 2,50."),
    FindingCode.FESTIVAL_UNKNOWN: _("There is no such festival. Choose one from the list."),
    FindingCode.FESTIVAL_BACKWARDS: _("A festival ends on or after its first day, and within 200 days. Correct one of the days."),
    FindingCode.OUTSIDE_FESTIVAL: _("%(value)s: this day lies outside the festival. Choose another day, or another festival."),
    FindingCode.OTHER_FESTIVAL: _("Performance %(value)s is part of another festival. Take it out there first."),
    FindingCode.FESTIVAL_NOT_EMPTY: _("A performance on %(value)s would fall outside these days. Take it out first."),
    FindingCode.NOT_THE_SAME_KIND: _("Choose two of one kind: two theatres, two halls of one theatre, or two productions."),
    FindingCode.OTHER_PRODUCER: _("%(value)s are of different producers, so they are two productions."),
    FindingCode.OTHER_SEASON: _("%(value)s are of different seasons: a revival is a production of its own."),
    FindingCode.BOTH_HAVE_FIGURES: _(
        "Performances %(value)s are one evening, and both have figures. Cancel the wrong one first, with a reason."
    ),
    FindingCode.PRODUCTION_UNKNOWN: _("There is no production %(value)s. Paste its DIP-id, as NL-26-00123-00279."),
    FindingCode.PROVINCE_UNKNOWN: _("There is no province %(value)s. Write its name, as Utrecht."),
    FindingCode.KIND_UNKNOWN: _("There is no kind %(value)s. Write theatre, festival or other."),
    FindingCode.YES_UNREADABLE: _("“%(value)s” is neither yes nor no. Write one of the two, or leave it empty."),
    FindingCode.ROW_TWICE: _("Id %(value)s stands in the sheet twice. Only the first row counts."),
    FindingCode.CHANGED_SINCE: _(
        "It was changed by somebody else since; “%(value)s” is not put in its place. Look, and send it again."
    ),
    FindingCode.CHOOSE_HALL: _("%(value)s has several halls. Search it, and choose the hall."),
    FindingCode.DATE_MISSING: _("Give one date and time at least."),
    FindingCode.PLACE_MISSING: _("Choose a hall from the suggestions, or write the name and town of another place."),
    FindingCode.REPORTED_ALREADY: _("This is decided already."),
    FindingCode.HALL_TAKEN: _(
        "Another performance in %(value)s starts within three hours of this one. Check the time with the theatre."
    ),
    FindingCode.MORE_SEATS_THAN_HALL: _("More seats than the hall has: %(value)s. Check the ranks."),
    FindingCode.NOBODY_TO_ASK: _("%(value)s has nobody on the platform to ask. Tell them the DIP-id yourself."),
}


def finding_text(finding: Finding) -> str:
    """What was found and what to do, in the language of the request."""
    return str(FINDINGS[finding.code]) % {"value": finding.value}


def word(words: Words, key: str) -> str:
    """The word for a key, or the key itself."""
    return str(words.get(key, key))


def request_word(status: str, is_asked: bool) -> str:
    """Where a connection request stands; ``is_asked``: as the theatre that is asked reads it."""
    if is_asked and status == RequestStatus.OPEN:
        return str(_("To answer"))
    return word(REQUEST_STATUSES, status)
