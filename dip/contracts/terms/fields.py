"""What an agreement consists of: fields, each with its kind, its words, and its names on the wire."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Texts = Mapping[str, str]
"""Language → text; nl, en and fr are always there."""


class FieldKind(StrEnum):
    """How a field is typed, stored, compared and printed."""

    MONEY = "money"
    """Whole cents."""
    PERCENT = "percent"
    """A Decimal of 0..100, stored as text: "12.5"."""
    YES_NO = "yes_no"
    COUNT = "count"
    TEXT = "text"
    PRICES = "prices"
    """Whole cents per rank, rank 1 first; a tuple of at most ten."""
    TRANCHES = "tranches"
    """A tuple of :class:`Tranche`, lowest first."""
    CHOICE = "choice"
    SURCHARGES = "surcharges"
    """A tuple of codes of surcharges."""


@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of the net and the provider's share of it. ``limit_cents``: the net up to which it goes, None without limit."""

    limit_cents: int | None
    percentage: Decimal


Value = int | bool | str | Decimal | tuple[int, ...] | tuple[str, ...] | tuple[Tranche, ...] | None
Values = Mapping[str, Value]
"""Code of a field → its value; a field that is not filled is None or absent."""


class FieldGroup(StrEnum):
    """Where a field stands on a page."""

    SHARE = "share"
    RIGHTS = "rights"
    PRICES = "prices"
    SURCHARGES = "surcharges"
    PRACTICAL = "practical"
    READING = "reading"
    """How an unsettled term is read; each has a default, and most agreements leave them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field of the kind CHOICE."""

    code: str
    names: Texts


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is agreed. ``wire`` is its member in ``properties`` on the External API, ``rejection`` its flag there."""

    code: str
    kind: FieldKind
    group: FieldGroup
    names: Texts
    hints: Texts = dataclasses.field(default_factory=dict)
    wire: str = ""
    rejection: str = ""
    """Without ``is_`` and ``_rejected``: ``provider_partage``."""
    is_required: bool = False
    default: Value = None
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    """``ticket``, ``performance``, ``days``, ``people`` … : what an amount or count is per or of."""

    @property
    def is_reading(self) -> bool:
        """Whether it settles how another field is read."""
        return self.group is FieldGroup.READING


@dataclass(frozen=True, slots=True)
class TermsFinding:
    """One problem in the terms of an agreement. ``values`` fill the sentence, which belongs to the pages."""

    code: str
    field: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)
    is_warning: bool = False
    """Told, and no reason to refuse."""
