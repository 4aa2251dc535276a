"""The formats of agreement. One file each; what stands here as a file is a format, so a sixth is one more file."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from dip.contracts.rules.ledger import Ledger
from dip.contracts.terms.fields import Field, TermsFinding, Texts, Values
from dip.contracts.terms.statement import Party


@dataclass(frozen=True, slots=True)
class Format:
    """A standard format: its own fields, how it shares the net, who invoices, and what it refuses in its terms."""

    code: str
    """Its type on the wire."""
    order: int
    names: Texts
    sentences: Texts
    fields: tuple[Field, ...]
    share: Callable[[Ledger, str], None]
    """Writes ``provider_share`` and ``theatre_share``, and what moves between them."""
    charge: Callable[[Ledger, str], None]
    check: Callable[[Values], list[TermsFinding]]
    issuer: Party = Party.PROVIDER


@lru_cache(maxsize=1)
def formats() -> tuple[Format, ...]:
    """All formats, in their order on pages."""
    found = [import_module(f"{__name__}.{module.name}").FORMAT for module in iter_modules(__path__)]
    return tuple(sorted(found, key=lambda one: one.order))


def format_of(code: str) -> Format:
    """The format of a code; raises KeyError when there is none."""
    return {one.code: one for one in formats()}[code]
