"""A landed file: its columns and the numbers that stand for words in them. One row per version of a ticket."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

import numpy as np

#: Columns in their order, with the type of each; the engine's names of types are in :data:`TYPES`.
COLUMNS: Mapping[str, type[np.integer]] = {
    "source": np.int16,
    "ticket": np.int64,
    "order_key": np.int64,
    "performance": np.int32,  # 0: an event of the source that nobody named a performance for yet
    "state": np.uint8,
    "version": np.int64,  # microseconds since 1970
    "buyer": np.int64,  # 0: none
    "scope": np.uint8,
    "kind": np.uint8,
    "channel": np.uint8,
    "price_cents": np.int32,
    "fee_cents": np.int32,
    "list_cents": np.int32,  # -1: unknown
    "sold_hour": np.int32,  # hours since 1970
    "cancelled_hour": np.int32,  # 0: not cancelled
    "pc4": np.uint16,
    "country": np.uint16,
    "birth": np.uint16,
    "gender": np.uint8,
    "attended": np.uint8,
    "band": np.uint8,
    "promo": np.uint8,
    "content": np.int64,  # hash of the sale, see CONTENT
    "buyer_before": np.int64,  # the pseudonym under the keys before the last rotation, during the mapping period
    "kind_code": np.int32,  # keys of the source's own codes, 0: the national word came
    "channel_code": np.int32,
    "event_code": np.int32,
}
TYPES: Mapping[type[np.integer], str] = {
    np.int16: "SMALLINT",
    np.int32: "INTEGER",
    np.int64: "BIGINT",
    np.uint8: "UTINYINT",
    np.uint16: "USMALLINT",
}
#: What a ticket's content is: the sale as the source states it. Neither the buyer (a key may rotate, a buyer may be erased) nor what a
#: code of the source is read as (it may be decided anew).
CONTENT = (
    "order_key", "state", "price_cents", "fee_cents", "list_cents", "sold_hour", "cancelled_hour", "attended", "band", "promo",
)  # fmt: skip
#: Columns of which the content has the code of the source where there is one, the national value elsewhere.
CODED = {"performance": "event_code", "kind": "kind_code", "channel": "channel_code"}
#: What an erased buyer leaves: nothing.
OF_BUYER = ("buyer", "buyer_before", "scope", "pc4", "country", "birth", "gender")


class State(IntEnum):
    """What a ticket is."""

    SOLD = 1
    RESERVED = 2
    CANCELLED = 3
    EXCHANGED = 4


class Scope(IntEnum):
    """Where a buyer's pseudonym is one buyer: nowhere, at one source, or in the sector."""

    NONE = 0
    VENUE = 1
    SECTOR = 2


class Kind(IntEnum):
    """National kinds of ticket."""

    NORMAL = 1
    DISCOUNT = 2
    FREE = 3
    OTHER = 4


class Channel(IntEnum):
    """Where a ticket was bought."""

    ONLINE = 1
    BOX_OFFICE = 2
    PHONE = 3
    AGENT = 4
    GROUP = 5
    SUBSCRIPTION = 6
    OTHER = 7


class Gender(IntEnum):
    """As the source gives it, when it has a ground to."""

    F = 1
    M = 2
    X = 3


class CodeField(StrEnum):
    """What a code of a source is of."""

    KIND = "kind"
    CHANNEL = "channel"
    EVENT = "event"


class BatchState(StrEnum):
    """Landed: safe, and told to the sender. Applied: in the facts."""

    LANDED = "landed"
    APPLIED = "applied"


class RemovalKind(StrEnum):
    """What is asked to be gone."""

    EXCLUDE = "exclude"
    WITHDRAW = "withdraw"
    ERASE = "erase"


def name_of(word: IntEnum) -> str:
    """As the wire says it."""
    return word.name.lower()


STATES = {name_of(one): one.value for one in State}
KINDS = {name_of(one): one.value for one in Kind}
CHANNELS = {name_of(one): one.value for one in Channel}
GENDERS = {name_of(one): one.value for one in Gender}
#: Grounds for a buyer in the figures. None: the ticket counts, the buyer does not.
CONSENTS = ("statistics", "consent", "none")
PAYMENTS = ("ideal", "card", "cash", "voucher", "invoice", "free", "other")
