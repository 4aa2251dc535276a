"""Connectors with one fault each, and the checks that must find it: exactly those."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dip.ticketing.connector import Changes, Greeting, Trouble, UnableToRead
from tests.ticketing.conformance.reference import NOW, TOKEN, Reference

Fault = tuple[str, type[Reference], frozenset[str]]
FAULTS: list[Fault] = []


def fault(*codes: str) -> Callable[[type[Reference]], type[Reference]]:
    """Note a broken connector with the codes of the checks that must fail."""

    def note(broken: type[Reference]) -> type[Reference]:
        FAULTS.append((broken.__name__, broken, frozenset(codes)))
        return broken

    return note


def altered(*codes: str, **fields: Any) -> None:
    """A connector whose every state has these fields."""

    class Altered(Reference):
        def snapshot(self, ref):
            return replace(super().snapshot(ref), **fields)

    Altered.__name__ = "state_" + "_".join(fields)
    fault(*codes)(Altered)


def altered_line(name: str, *codes: str, place: int = 0, **fields: Any) -> None:
    """A connector with these fields in one line of every state."""

    class Altered(Reference):
        def snapshot(self, ref):
            state = super().snapshot(ref)
            lines = list(state.lines)
            lines[place] = replace(lines[place], **fields)
            return replace(state, lines=tuple(lines))

    Altered.__name__ = f"line_{name}"
    fault(*codes)(Altered)


def altered_performance(name: str, *codes: str, **fields: Any) -> None:
    """A connector with these fields in the first performance that it lists."""

    class Altered(Reference):
        def performances(self):
            for place, one in enumerate(super().performances()):
                yield replace(one, **fields) if place == 0 else one

    Altered.__name__ = f"performance_{name}"
    fault(*codes)(Altered)


altered("says_what_lacks", reserved=None)
altered("says_what_lacks", blocked=None)
altered("says_what_lacks", capacity=None)
altered("fits_the_hall", capacity=40)
altered("no_negative", blocked=-1)
altered("right_shapes", "tried_on_something", capacity="400", lines=())
altered("known_marks", quality={"approximately": "guessed"})
altered("nothing_personal", quality={"kind_guessed": "asked noor@vlonder.example"})
altered("sane_moment", as_of=NOW + timedelta(hours=3))
altered("sane_moment", as_of=NOW - timedelta(days=9))
altered("tried_on_something", lines=())
altered_line("negative", "no_negative", tickets=-2, gross_cents=0, vat_cents=0)
altered_line("kind", "national_kinds", kind="jongeren")
altered_line("paid_free", "free_is_free", place=2, gross_cents=100, vat_cents=8)
altered_line("no_vat", "says_what_lacks", vat_cents=None)
altered_line("phone", "nothing_personal", source_kind="06 12345678")
altered_line("repeated", "lines_once", place=1, source_kind="Normaal", kind="normal")
altered_line("half_cents", "right_shapes", "tried_on_something", gross_cents=12.5)
altered_performance("naive", "aware_times", starts_at=NOW.replace(tzinfo=None) + timedelta(days=1))
altered_performance("bad_id", "dip_id_form", dip_id="NL-26-123|1")
altered_performance("same_id", "dip_id_once", dip_id="NL-26-00123-00279|104503")
altered_performance("long_past", "from_yesterday", starts_at=NOW - timedelta(days=30))
altered_performance("same_evening", "evenings_once", starts_at=NOW.replace(hour=19, minute=15) + timedelta(days=2))
altered_performance("status", "right_shapes", sales_status="on_sale")


@fault("names_once")
class ListsTwice(Reference):
    def performances(self):
        yield from super().performances()
        yield next(iter(super().performances()))


@fault("names_stay")
class RenamesThem(Reference):
    asked = 0

    def performances(self):
        type(self).asked += 1
        for one in super().performances():
            is_renamed = one.ref == "evening-3" and type(self).asked % 2 == 0
            yield replace(one, ref="evening-3b") if is_renamed else one


@fault("greets")
class SaysNothing(Reference):
    def greet(self):
        super().greet()
        return Greeting("", "3.1", "")


@fault("has_rights")
class LacksARight(Reference):
    def greet(self):
        return replace(super().greet(), missing_rights=("can_view_orders",))


@fault("needs_no_more")
class HasTooManyRights(Reference):
    def greet(self):
        return replace(super().greet(), needless_rights=("can_change_orders",))


@fault("only_troubles", "leaves_out_unknown")
class FallsOverUnknown(Reference):
    """A deleted performance stops it with an error of its own."""

    def snapshots(self, refs):
        for ref in sorted(refs):
            yield self.snapshot(ref)


@fault("leaves_out_unknown")
class RefusesUnknown(Reference):
    def snapshots(self, refs):
        if refs - set(self.kassa.sold):
            raise UnableToRead(Trouble.ANSWER, "404 for one of them")
        yield from super().snapshots(refs)


@fault("leaves_out_unknown")
class InventsUnknown(Reference):
    def snapshots(self, refs):
        yield from super().snapshots(refs)
        for ref in sorted(refs - set(self.kassa.sold)):
            yield replace(self.snapshot("evening-1"), ref=ref)


@fault("asks_nothing_for_nothing")
class GivesAllForNothing(Reference):
    def snapshots(self, refs):
        yield from super().snapshots(refs or frozenset(self.kassa.sold))


@fault("answers_what_is_asked")
class ForgetsOne(Reference):
    """Leaves one out of every second answer to the same question."""

    asked = 0

    def snapshots(self, refs):
        type(self).asked += bool(refs & set(self.kassa.sold))
        left_out = {"evening-2"} if type(self).asked % 2 else set()
        yield from super().snapshots(refs - left_out)


@fault("answers_what_is_asked")
class AnswersTwice(Reference):
    def snapshots(self, refs):
        yield from super().snapshots(refs)
        if "evening-1" in refs:
            yield self.snapshot("evening-1")


@fault("same_twice")
class Wavers(Reference):
    """Its free count depends on how often it was asked."""

    asked = 0

    def snapshot(self, ref):
        type(self).asked += 1
        return replace(super().snapshot(ref), available=type(self).asked)


@fault("later_is_later")
class GoesBack(Reference):
    def snapshot(self, ref):
        state = super().snapshot(ref)
        return replace(state, as_of=NOW + (NOW - state.as_of))


@fault("begins_with_all")
class BeginsLate(Reference):
    def changes(self, cursor):
        return replace(super().changes(cursor), refs=frozenset({"evening-1"}) if not cursor else frozenset())


@fault("cursor_goes_on", "quiet_is_quiet")
class LosesItsPlace(Reference):
    def changes(self, cursor):
        return replace(super().changes(cursor), cursor="", refs=frozenset(self.kassa.sold) if not cursor else frozenset())


@fault("quiet_is_quiet")
class NamesEverything(Reference):
    def changes(self, cursor):
        return Changes(frozenset(self.kassa.sold), "always")


@fault("quiet_is_quiet")
class SaysEverything(Reference):
    def changes(self, cursor):
        return Changes(frozenset(), "always", everything=True)


@fault("refuses_wrong_token")
class BlamesTheNetwork(Reference):
    def _call(self):
        if self.account.secret != TOKEN:
            raise UnableToRead(Trouble.AWAY, "no usable answer")
        super()._call()


@fault("refuses_wrong_token")
class TakesAnyToken(Reference):
    def _call(self):
        if "invalid" in self.account.address:
            super()._call()


@fault("tells_wrong_address")
class BlamesTheToken(Reference):
    def _call(self):
        if "invalid" in self.account.address:
            raise UnableToRead(Trouble.CREDENTIALS, "no answer")
        super()._call()


@fault("keeps_secrets", "tells_wrong_address", "only_troubles")
class ShowsItsToken(Reference):
    def _call(self):
        if "invalid" in self.account.address:
            raise RuntimeError(f"GET {self.account.address}?token={self.account.secret} failed")
        super()._call()


@fault("right_shapes")
class AnswersAList(Reference):
    """Its changes are no record of the contract."""

    def changes(self, cursor):
        return ["evening-1"]
