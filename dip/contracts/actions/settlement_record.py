"""What every act on a borderel leaves behind: a line in the audit trail, an event that both parties read, and a first approval."""

from datetime import datetime

from django.utils.translation import gettext as _

from dip.contracts.actions import history
from dip.contracts.actions.approving import four_eyes_complete
from dip.contracts.models import FirstApproval, Settlement
from dip.contracts.queries.settlements import side_of
from dip.contracts.terms.statement import Party
from dip.contracts.terms.states import Happening
from dip.registry.terms import Access, AccessDenied, Level, Module, Refusal
from dip.registry.trail import write_line


class UnableToSettle(Refusal):
    """There is no such borderel, or it does not stand where this act begins."""


def locked(access: Access, settlement_id: int, level: Level, *parties: Party) -> Settlement:
    """The borderel, locked for this transaction, for one of these parties.

    Raises :class:`AccessDenied` without the right or on the other side, :class:`UnableToSettle` when the access sees no such borderel.
    """
    if not access.allows(Module.CONTRACTS, level):
        raise AccessDenied(f"needs {level.name.lower()} in contracts")
    rows = Settlement.objects.within(access).select_for_update(of=("self",)).filter(pk=settlement_id)
    row: Settlement | None = rows.select_related("agreement__theatre", "agreement__production", "agreement__provider").first()
    if row is None:
        raise UnableToSettle(_("There is no such borderel."))
    if side_of(access, row.agreement) not in parties:
        raise AccessDenied("is the other party’s to do")
    return row


def record(access: Access, at: datetime, row: Settlement, verb: str, kind: Happening, note: str = "", **changes: object) -> None:
    """An act of a person on a borderel: audit line, with what changed, and event."""
    label = f"{row.agreement.reference}, borderel {row.number}"
    told = {name: [None, value] for name, value in changes.items()}
    write_line(access=access, at=at, verb=verb, subject="settlement", subject_id=row.pk, label=label, changes=told)
    history.record(row.agreement, kind, access=access, at=at, note=note)


def is_first_of_two(access: Access, at: datetime, row: Settlement) -> bool:
    """Whether four eyes are asked of this organisation and this is the first pair: it is kept, and a colleague has to follow.

    The second pair clears the first, so that a later round wants two again. Raises a refusal for the same person twice, and for a system.
    """
    if not four_eyes_complete(access, at, row.agreement, subject_of(row)):
        return True
    forget_first(access, row)
    return False


def subject_of(row: Settlement) -> str:
    """Under which name a first approval of a borderel is kept."""
    return f"settlement-{row.number}"


def forget_first(access: Access, row: Settlement) -> None:
    """What was approved first is no longer what stands."""
    FirstApproval.objects.within(access).filter(agreement=row.agreement, subject=subject_of(row)).delete()
