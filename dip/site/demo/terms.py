"""Words of the demo sector: how large it is, and what came of building it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

#: Called with what is being done and the share that is done, 0..1.
Progress = Callable[[str, float], None]


def quiet(_step: str, _share: float) -> None:
    """A progress callback that says nothing."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many of everything. ``performances`` is the number in one season; there are two seasons, and ``past`` earlier ones told coarsely."""

    name: str
    theatres: int
    """Theatres and festivals with an organisation."""
    providers: int
    """Producers and agencies."""
    performances: int
    other_venues: int = 0
    """Venues that are known and take no part."""
    seed: int = 2611
    past: int = 0
    audience: int = 0
    """Theatres that deliver orders, of this season and the two before."""


#: ``tenth`` holds a tenth of the organisations of ``national``, each as large as there: what an organisation's own pages must
#: read is the same in both, and only the rest of the country differs. Earlier seasons are told at the scale that people look at: they
#: would make the benches longer, and nothing in them is read by the pages that are measured; orders likewise.
SCALES: dict[str, Scale] = {
    "small": Scale("small", theatres=24, providers=14, performances=260, other_venues=4, audience=6),
    "demo": Scale("demo", theatres=60, providers=70, performances=6_000, other_venues=24, past=4, audience=28),
    "tenth": Scale("tenth", theatres=15, providers=20, performances=5_000, other_venues=6),
    "national": Scale("national", theatres=150, providers=200, performances=50_000, other_venues=60),
}


@dataclass(frozen=True, slots=True)
class Login:
    """One person who can sign in: what they show, and with what."""

    role: str
    organisation: str
    name: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """One API client: whose it is, and its secret, which is the same in every demo."""

    purpose: str
    organisation: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the demo sector holds and how to get in. ``is_new`` is False when it stood there already."""

    scale: str
    season_year: int
    counts: dict[str, int]
    logins: tuple[Login, ...]
    clients: tuple[Credentials, ...]
    hero_dip_id: str = ""
    hero_theatre: str = ""
    is_new: bool = True
    notes: tuple[str, ...] = field(default=())
    looks: tuple[str, ...] = field(default=())
    """Who sees what in the Audience Monitor: a login and an address."""

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, as it is kept in the audit trail."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "DemoReport":
        """The report that :meth:`as_json` kept; it stood there already, so ``is_new`` is False."""
        return cls(
            scale=values["scale"],
            season_year=values["season_year"],
            counts=dict(values["counts"]),
            logins=tuple(Login(**login) for login in values["logins"]),
            clients=tuple(Credentials(**client) for client in values["clients"]),
            hero_dip_id=values["hero_dip_id"],
            hero_theatre=values["hero_theatre"],
            is_new=False,
            notes=tuple(values["notes"]),
            looks=tuple(values.get("looks", ())),
        )

    def text(self) -> str:
        """The report for a terminal."""
        counts = ", ".join(f"{number:,} {name}".replace(",", ".") for name, number in self.counts.items())
        lines = [f"Demo sector ({self.scale}): {counts}. All of it is invented.", "", "Sign in:"]
        wide = max(len(login.role) for login in self.logins)
        lines += [
            f"  {login.role:<{wide}}  {login.email:<40} {login.password}   {login.name}, {login.organisation}"
            for login in self.logins
        ]
        if self.looks:
            lines += [
                "",
                "The audience, with areas and numbers of people that are generated:",
                *(f"  {look}" for look in self.looks),
            ]
        lines += ["", "API clients:"]
        wide = max(len(client.purpose) for client in self.clients)
        lines += [f"  {client.purpose:<{wide}}  {client.client_id}  {client.client_secret}" for client in self.clients]
        if self.notes:
            lines += ["", "Replay real sales into it:", *(f"  {note}" for note in self.notes)]
        return "\n".join(lines)
