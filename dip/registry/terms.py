"""Words of the registry: roles, modules, levels, and the access that a request carries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """A part that an organisation plays; one organisation can play several."""

    PRODUCER = "producer"
    AGENCY = "agency"
    THEATRE = "theatre"
    FESTIVAL = "festival"
    ASSOCIATION = "association"
    FUNDER = "funder"
    PLATFORM = "platform"


#: Roles that enter productions and follow them on tour.
PROVIDERS = frozenset({Role.PRODUCER, Role.AGENCY})
#: Roles that run halls and sell tickets.
TAKERS = frozenset({Role.THEATRE, Role.FESTIVAL})


class Module(StrEnum):
    """A part of the platform for which rights are granted."""

    PROGRAMME = "programme"
    SALES = "sales"
    AUDIENCE = "audience"
    CONTRACTS = "contracts"
    REPORTS = "reports"


class Level(IntEnum):
    """What a person may do in a module; each level holds the ones below it."""

    NONE = 0
    VIEW = 1
    MANAGE = 2
    APPROVE = 3


class Door(StrEnum):
    """Where a request came in."""

    PAGE = "page"
    API = "api"
    JOB = "job"
    SHARED = "shared"
    """A link to one page for somebody without an account: reads that page, and nothing else."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who asks, for which organisation, in which role, with which rights. Built once per request."""

    organisation_id: int
    organisation_name: str
    role: Role
    rights: Mapping[Module, Level] = field(default_factory=dict)
    person_id: int | None = None
    client_id: int | None = None
    is_super_user: bool = False
    door: Door = Door.PAGE
    actor: str = ""
    """Name of the person or API client, as the audit trail prints it."""

    def allows(self, module: Module, level: Level = Level.VIEW) -> bool:
        """Whether these rights reach ``level`` in ``module``."""
        return self.rights.get(module, Level.NONE) >= level

    @property
    def is_provider(self) -> bool:
        """Acts as producer or agency."""
        return self.role in PROVIDERS

    @property
    def is_taker(self) -> bool:
        """Acts as theatre or festival."""
        return self.role in TAKERS

    @property
    def is_platform(self) -> bool:
        """Acts as the platform's own organisation."""
        return self.role is Role.PLATFORM


class AccessDenied(Exception):
    """The access does not reach what was asked; doors answer 403 or, for strangers to a record, 404."""


class Refusal(Exception):
    """An act that cannot be done as asked. The message says what is wrong and what to do, in the language of the reader.

    Each action has its own kind; doors show the message beside ``field`` (or over the form, when it is None).
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
