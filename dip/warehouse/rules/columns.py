"""Wire values in, a landed file's columns out: whole columns at once, each distinct value looked at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dip.warehouse.rules import normalising
from dip.warehouse.rules.buyers import add_buyers
from dip.warehouse.rules.decoding import Columns, Part, Table
from dip.warehouse.rules.landed import CHANNELS, CODED, COLUMNS, CONTENT, KINDS, STATES, CodeField
from dip.warehouse.rules.pseudonyms import keyed_hashes, mixed
from dip.warehouse.rules.verdicts import VerdictCode, Verdicts
from dip.warehouse.rules.world import Meaning, Wanted, World, coded

#: A sender's clock may run ahead by this much; microseconds.
AHEAD = 600 * 1_000_000
_HOUR = 3600 * 1_000_000
#: What a performance's text can be instead of a number.
UNKNOWN, OTHER_PRODUCTION, REMOVED = -1, -2, -3
_REFUSED = {
    UNKNOWN: VerdictCode.UNKNOWN_PERFORMANCE,
    OTHER_PRODUCTION: VerdictCode.OTHER_PRODUCTION,
    REMOVED: VerdictCode.REMOVED,
}


class Built(NamedTuple):
    """Columns of :data:`~dip.warehouse.rules.landed.COLUMNS`, by ticket and version; how many rows only repeated another one."""

    columns: dict[str, "np.ndarray"]
    repeated: int
    rejected: int
    erased_again: frozenset[int]
    """Pseudonyms under the new keys of buyers that were erased under the old ones."""


def wanted(table: Table) -> Wanted:
    """What the world must tell of this delivery."""
    performances: set[str] = set()
    codes: set[tuple[CodeField, str]] = set()
    for part in table.parts:
        mine = _wanted(part.columns)
        performances |= mine.performances
        codes |= mine.codes
    return Wanted(performances - {""}, {one for one in codes if one[1]})


def _wanted(columns: Columns) -> Wanted:
    performances = set(columns["performance"])
    found = {(CodeField.EVENT, normalising.event(text)) for text in set(columns["event"])} if "" in performances else set()
    if set(columns["kind"]) - KINDS.keys():
        kinds = set(zip(columns["kind"], columns["source_kind"], strict=True))
        found |= {(CodeField.KIND, normalising.code(raw or kind)) for kind, raw in kinds if kind not in KINDS}
    found |= {(CodeField.CHANNEL, normalising.code(text)) for text in set(columns["channel"]) if text not in CHANNELS}
    return Wanted(performances, found)


def build(table: Table, world: World, verdicts: Verdicts) -> Built:
    """The columns of the rows that can be kept; what is refused or left out is told to ``verdicts``."""
    if not table.parts:
        return Built({name: np.empty(0, kind) for name, kind in COLUMNS.items()}, 0, 0, frozenset())
    makings = [Making(part, world, verdicts) for part in table.parts]
    again = frozenset(one for making in makings for one in making.run())
    rows = [row for part in table.parts for row in part.rows] if len(makings) > 1 else table.parts[0].rows
    good = np.concatenate([making.good for making in makings])
    made = {name: np.concatenate([making.made[name] for making in makings]) for name in makings[0].made}
    return _finished(made, good, rows, verdicts, again)


class Making:
    """The columns of a part while they are made; ``good`` falls where a row is refused."""

    def __init__(self, part: Part, world: World, verdicts: Verdicts) -> None:
        self.wire, self.rows, self.world, self.verdicts = part.columns, part.rows, world, verdicts
        self.count = len(part.rows)
        self.good = np.ones(self.count, dtype=bool)
        self.made: dict[str, np.ndarray] = {}

    def run(self) -> frozenset[int]:
        """Make them all; new pseudonyms of buyers that were erased under the keys before."""
        self.add_moments()
        self.add_performances()
        self.add_kinds()
        self.add_figures()
        return add_buyers(self.wire, self.made, self.world, lambda where, code, name: self.tell(where & self.good, code, name))

    def refuse(self, where: "np.ndarray", code: VerdictCode, name: str) -> None:
        """Keep the rows out that nothing else kept out."""
        if where.any():
            self.tell(where & self.good, code, name)
            self.good &= ~where

    def tell(self, where: "np.ndarray", code: VerdictCode, name: str) -> None:
        """Tell something of rows."""
        if where.any():
            self.verdicts.tell_many([self.rows[place] for place in np.flatnonzero(where).tolist()], code, name)

    def add_moments(self) -> None:
        """State, version and hours."""
        state = coded(self.wire["state"], lambda text: STATES.get(text, 0))
        self.refuse(state == 0, VerdictCode.UNKNOWN_STATE, "state")
        latest = self.world.at + AHEAD
        read = {}
        for name in ("changed_at", "sold_at"):
            read[name] = normalising.moments(self.wire[name])
            self.refuse(read[name] == normalising.NO_MOMENT, VerdictCode.MALFORMED_TIME, name)
            self.refuse(read[name] > latest, VerdictCode.IN_FUTURE, name)
        gone = (state == STATES["cancelled"]) | (state == STATES["exchanged"])
        cancelled = np.where(gone, read["changed_at"], 0)
        if gone.any():
            given = self.wire["cancelled_at"]
            moments = normalising.moments(given)
            there = gone & np.fromiter((text is not None for text in given), bool, self.count)
            self.refuse(there & (moments == normalising.NO_MOMENT), VerdictCode.MALFORMED_TIME, "cancelled_at")
            cancelled = np.where(there, moments, cancelled)
        self.made["state"], self.made["version"] = state, read["changed_at"]
        self.made["sold_hour"] = np.where(self.good, read["sold_at"] // _HOUR, 0)
        self.made["cancelled_hour"] = np.where(self.good, cancelled // _HOUR, 0)

    def add_performances(self) -> None:
        """The performance of each ticket, or the source's event that waits for one."""
        number = coded(self.wire["performance"], lambda text: self.world.performances.get(text, UNKNOWN) if text else 0)
        for value, code in _REFUSED.items():
            self.refuse(number == value, code, "performance")
        event = np.zeros(self.count, np.int64)
        if (unnamed := number == 0).any():
            places = np.flatnonzero(unnamed)
            event[places], number[places] = self._read_as(
                CodeField.EVENT, places, [self.wire["event"][one] for one in places.tolist()], 0
            )
            self.refuse(unnamed & (event == 0), VerdictCode.NO_PERFORMANCE, "performance")
            if self.world.removed:
                self.refuse(unnamed & np.isin(number, list(self.world.removed)), VerdictCode.REMOVED, "event")
        self.made["performance"], self.made["event_code"] = number, event

    def add_kinds(self) -> None:
        """Kinds and channels: the national words, and the source's own codes as they are read now."""
        kind = coded(self.wire["kind"], lambda text: KINDS.get(text, 0))
        self._add_coded(
            "kind", kind, CodeField.KIND, lambda one: self.wire["source_kind"][one] or self.wire["kind"][one], KINDS["other"]
        )
        channel = coded(self.wire["channel"], lambda text: CHANNELS.get(text, 0))
        self._add_coded("channel", channel, CodeField.CHANNEL, self.wire["channel"].__getitem__, CHANNELS["other"])

    def _add_coded(self, name: str, number: "np.ndarray", of: CodeField, text: Callable[[int], str], other: int) -> None:
        keys = np.zeros(self.count, np.int64)
        places = np.flatnonzero(number == 0)
        if len(places):
            keys[places], number[places] = self._read_as(of, places, [text(one) for one in places.tolist()], other)
        self.made[name], self.made[f"{name}_code"] = number, keys

    def _read_as(self, of: CodeField, places: "np.ndarray", texts: list[str], other: int) -> tuple["np.ndarray", "np.ndarray"]:
        """(Key, value) of codes; what nobody decided is ``other``, and told."""
        clean = normalising.event if of is CodeField.EVENT else normalising.code
        none = Meaning(0, 0)
        meanings = {text: self.world.codes.get((of, clean(text)), none) for text in set(texts)}
        keys = coded(texts, lambda text: meanings[text].key)
        values = coded(texts, lambda text: meanings[text].value)
        given = coded(texts, lambda text: bool(text.strip())).astype(bool)
        undecided = VerdictCode.UNMATCHED_EVENT if of is CodeField.EVENT else VerdictCode.UNKNOWN_CODE
        for mask, code in ((given & (keys == 0), VerdictCode.PERSONAL_CODE), ((keys > 0) & (values == 0), undecided)):
            if mask.any():
                where = np.zeros(self.count, dtype=bool)
                where[places[mask]] = True
                self.tell(where & self.good, code, of.value)
        return keys, np.where(values == 0, other, values)

    def add_figures(self) -> None:
        """Money, bands and what was seen of the ticket."""
        wire, made = self.wire, self.made
        made["price_cents"] = np.fromiter(wire["price_cents"], np.int64, self.count)
        made["fee_cents"] = coded(wire["fee_cents"], int)
        made["list_cents"] = coded(wire["list_price_cents"], lambda cents: -1 if cents is None else cents)
        made["band"] = coded(wire["price_band"], lambda band: band or 0)
        made["promo"] = coded(wire["promo"], _told)
        made["attended"] = coded(wire["attended"], _told)
        made["ticket"] = keyed_hashes(wire["ticket"], self.world.salt)
        made["order_key"] = keyed_hashes(wire["order"], self.world.salt[8:] + self.world.salt[:8])
        made["source"] = np.full(self.count, self.world.source, np.int64)


def _finished(
    made: dict[str, "np.ndarray"], good: "np.ndarray", rows: Sequence[int], verdicts: Verdicts, erased_again: frozenset[int]
) -> Built:
    """Refused rows out, in the order of ticket and version, repeats of a version out."""
    made["content"] = content_of(made)
    order = np.argsort(made["ticket"])
    if (made["ticket"][order[1:]] == made["ticket"][order[:-1]]).any():
        order = np.lexsort((made["version"], made["ticket"]))  # stable: of one version the first row comes first
    order = order[good[order]]
    same = np.zeros(len(order), dtype=bool)
    ticket, version = made["ticket"][order], made["version"][order]
    same[1:] = (ticket[1:] == ticket[:-1]) & (version[1:] == version[:-1])
    clashes = np.zeros(len(order), dtype=bool)
    if same.any():
        first = order[np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))]
        clashes = same & (made["content"][order] != made["content"][first])
        verdicts.tell_many([rows[place] for place in sorted(order[clashes].tolist())], VerdictCode.CONFLICT, "changed_at")
    kept = order[~same]
    columns = {name: made[name][kept].astype(kind) for name, kind in COLUMNS.items()}
    rejected = len(good) - int(good.sum()) + int(clashes.sum())
    return Built(columns, int(same.sum() - clashes.sum()), rejected, erased_again)


def content_of(columns: Mapping[str, "np.ndarray"]) -> "np.ndarray":
    """The hash of each ticket's sale."""
    parts = [columns[name] for name in CONTENT]
    for name, code in CODED.items():
        own = columns[code].astype(np.int64)
        parts += [own, np.where(own > 0, 0, columns[name].astype(np.int64))]
    return mixed(parts)


def _told(flag: bool | None) -> int:
    return 0 if flag is None else 2 if flag else 1
