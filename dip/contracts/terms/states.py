"""Where an agreement and a settlement stand, and what happened to them."""

from enum import StrEnum


class AgreementStatus(StrEnum):
    """Where an agreement stands."""

    CONCEPT = "concept"
    """Only its provider sees it."""
    PROPOSED = "proposed"
    """The theatre's turn."""
    APPROVED = "approved"
    """Binds both."""
    REJECTED = "rejected"
    """At least one field was; the provider's turn."""
    REVISED = "revised"
    """Was approved, and a later agreement that was approved took its place."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """Proposed, and not answered in time."""


#: Still to be agreed upon.
OPEN = frozenset({AgreementStatus.CONCEPT, AgreementStatus.PROPOSED, AgreementStatus.REJECTED})
#: Over, without ever binding or no longer binding.
ENDED = frozenset({AgreementStatus.REVISED, AgreementStatus.WITHDRAWN, AgreementStatus.EXPIRED})


class SettlementStatus(StrEnum):
    """Where a settlement (borderel) stands."""

    OPEN = "open"
    """Waits for the theatre's figures."""
    CONFIRMED = "confirmed"
    """By the theatre; the provider's turn."""
    DISPUTED = "disputed"
    """By the provider, line by line; the theatre's turn."""
    SIGNED = "signed"
    """By both: may be invoiced."""
    PAID = "paid"
    REOPENED = "reopened"
    """Was signed or confirmed; a later one took its place."""


class Turn(StrEnum):
    """Whose act an agreement waits for."""

    PROVIDER = "provider"
    THEATRE = "theatre"
    NOBODY = "nobody"


class Happening(StrEnum):
    """What can happen to an agreement, as its history tells."""

    DRAFTED = "drafted"
    CHANGED = "changed"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    APPROVED_FIRST = "approved_first"
    """One of the two that four eyes ask for."""
    APPROVED = "approved"
    REJECTED = "rejected"
    REVISION_BEGUN = "revision_begun"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REMINDED = "reminded"
    BORDEREL_OPENED = "borderel_opened"
    BORDEREL_NOT_NEEDED = "borderel_not_needed"
    """Every performance was cancelled."""
    BORDEREL_REMINDED = "borderel_reminded"
    BORDEREL_CONFIRMED = "borderel_confirmed"
    BORDEREL_DISPUTED = "borderel_disputed"
    BORDEREL_SIGNED = "borderel_signed"
    BORDEREL_REOPENED = "borderel_reopened"
    INVOICED = "invoiced"
    PAID = "paid"
