"""Writing the sector: organisations, people, API clients, venues with halls."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Max
from django.utils.text import slugify

from dip.definitions.models import Country, Genre, Province
from dip.programme.models import Hall, HallAlias, RankTemplate, Surcharge, Theatre, TheatreAlias
from dip.registry.models import ApiClient, ApiSecret, Membership, Organisation, Person
from dip.registry.terms import TAKERS, Level, Module, Role
from dip.registry.tokens import secret_digest
from dip.site.demo.names import Names
from dip.site.demo.sector import GENRES, PROVINCES, REPLAYING, Cadence, Sector
from dip.site.demo.sector import Venue as VenuePlan
from dip.site.demo.terms import Credentials, Login, Scale

PASSWORD = "demo-in-delft-blue"  # noqa: S105  # printed for everybody: it opens invented data only
_SECRETS = {name: f"{name}-secret-of-the-demo" for name in ("sandbox", "theatre", "booking", "ticketing")}
_FIRST_NUMBER = 101
#: Under which the super-user of a theatre that states its figures by spreadsheet signs in.
UNCOUPLED = "uncoupled"


@dataclass(slots=True)
class Written:
    """What the tables now hold of a sector: rows by the index that they have in it."""

    organisations: list[Organisation]
    theatres: list[Theatre]
    halls: dict[tuple[int, int], Hall]
    clients: dict[int, ApiClient]
    """By venue."""
    persons: dict[int, Person]
    """The super-user of each organisation, by its index."""
    genre_ids: list[int]
    logins: list[Login] = field(default_factory=list)
    credentials: list[Credentials] = field(default_factory=list)


def ranks_of(capacity: int) -> list[int]:
    """Seats per rank of a hall: one rank when small, three when large."""
    if capacity < 200:
        return [capacity]
    if capacity < 500:
        return [capacity - capacity // 4, capacity // 4]
    second, third = capacity * 3 // 10, capacity // 8
    return [capacity - second - third, second, third]


def record_sector(sector: Sector, scale: Scale, at: datetime) -> Written:
    """Write everybody and every hall."""
    founded = at - timedelta(days=900)
    organisations = _organisations(sector, founded)
    theatres, halls = _venues(sector, organisations, founded)
    genres = dict(Genre.objects.values_list("code", "id"))
    written = Written(organisations, theatres, halls, {}, {}, [genres[code] for code in GENRES])
    _people(sector, scale, written, founded)
    _clients(sector, written, at)
    return written


def _organisations(sector: Sector, founded: datetime) -> list[Organisation]:
    number = max(_FIRST_NUMBER, (Organisation.objects.aggregate(top=Max("number"))["top"] or 0) + 1)
    rows = [
        Organisation(
            number=number + n, name=body.name, roles=[role.value for role in body.roles], city=body.city,
            email=f"info@{slugify(body.name)}.example", is_member=body.is_member, created_at=founded,
        )
        for n, body in enumerate(sector.bodies)
    ]  # fmt: skip
    made = Organisation.objects.bulk_create(rows)
    platform = Organisation.objects.filter(roles__contains=[Role.PLATFORM.value]).order_by("id").first()
    if platform is None:
        platform = Organisation.objects.create(
            number=number + len(rows), name="Platform DIP", roles=[Role.PLATFORM.value], city="Utrecht"
        )
    return [*made, platform]


def _venues(
    sector: Sector, organisations: list[Organisation], founded: datetime
) -> tuple[list[Theatre], dict[tuple[int, int], Hall]]:
    provinces = dict(Province.objects.values_list("code", "id"))
    countries = dict(Country.objects.values_list("code", "id"))
    theatres = Theatre.objects.bulk_create(
        Theatre(
            name=v.name, street=v.street, house_number=str(3 + n * 7 % 90), postcode=v.postcode, city=v.city, kind=v.kind,
            province_id=None if v.province is None else provinces[PROVINCES[v.province]], country_id=countries[v.country],
            time_zone="Europe/Brussels" if v.country == "BE" else "Europe/Amsterdam",
            organisation=None if v.body is None else organisations[v.body],
            contact_email=f"programmering@{slugify(v.name)}.example",
            is_coupled=v.body is not None and v.cadence in (Cadence.HOURLY, Cadence.NIGHTLY), do_not_use=v.do_not_use,
        )
        for n, v in enumerate(sector.venues)
    )  # fmt: skip
    merged = [theatres[n] for n, v in enumerate(sector.venues) if v.merged_into is not None]
    for theatre, venue in zip(merged, (v for v in sector.venues if v.merged_into is not None), strict=True):
        theatre.merged_into = theatres[venue.merged_into or 0]
    Theatre.objects.bulk_update(merged, ["merged_into"])
    TheatreAlias.objects.bulk_create(
        TheatreAlias(theatre=theatres[n], name=v.alias) for n, v in enumerate(sector.venues) if v.alias
    )
    keys = [(n, r) for n, v in enumerate(sector.venues) for r in range(len(v.rooms))]
    halls = Hall.objects.bulk_create(_hall(theatres[n], sector.venues[n], r) for n, r in keys)
    by_key = dict(zip(keys, halls, strict=True))
    _hall_details(sector, by_key, founded.date())
    return theatres, by_key


def _hall(theatre: Theatre, venue: VenuePlan, place: int) -> Hall:
    room = venue.rooms[place]
    return Hall(theatre=theatre, name=room.name, kind=room.kind, capacity=room.capacity)


def _hall_details(sector: Sector, halls: dict[tuple[int, int], Hall], founded: date) -> None:
    own = {key: hall for key, hall in halls.items() if sector.venues[key[0]].body is not None}
    RankTemplate.objects.bulk_create(
        RankTemplate(hall=hall, name="Standaard", seats=ranks_of(hall.capacity), is_default=True) for hall in own.values()
    )
    RankTemplate.objects.bulk_create(
        RankTemplate(hall=hall, name="Zonder zijbalkons", seats=ranks_of(hall.capacity * 9 // 10))
        for hall in own.values()
        if hall.capacity >= 600
    )
    Surcharge.objects.bulk_create(
        Surcharge(
            hall=hall, valid_from=date(founded.year + later, 8, 1), theatre_cents=min(425, (n * 35 % 16) * 25 + 25 * later),
            consumption_cents=(n % 3) * 100, service_cents=(n % 4) * 25, wardrobe_cents=(n % 2) * 100,
        )
        for n, hall in enumerate(own.values())
        for later in (0, 1)
    )  # fmt: skip
    HallAlias.objects.bulk_create(HallAlias(hall=hall, name="Zaal 1") for (v, r), hall in own.items() if r == 0 and v % 3 == 1)


def _people(sector: Sector, scale: Scale, written: Written, founded: datetime) -> None:
    """A super-user and up to two colleagues for every organisation; those of the first of each role are told in the report."""
    names, password = Names(scale.seed + 3), make_password(PASSWORD)
    full, view = {m.value: int(Level.APPROVE) for m in Module}, {Module.SALES.value: 1, Module.PROGRAMME.value: 1}
    shown = _shown(sector, written)
    persons: list[Person] = []
    members: list[tuple[int, bool, dict[str, int]]] = []
    for n, organisation in enumerate(written.organisations):
        told = shown.get(n)
        name = {"producer": "Maud Elsinga", "theatre": "Sanne Oudkerk"}.get(told or "") or names.person()
        email = f"{told}@demo.example" if told else _address(name, n)
        language = "en" if told in ("platform", "funder") else "fr" if told == "festival" else "nl"
        persons.append(Person(email=email, name=name, password=password, language=language, created_at=founded))
        members.append((n, True, full))
        if told:
            label = "theatre without a coupling" if told == UNCOUPLED else told
            written.logins.append(Login(label, organisation.name, name, email, PASSWORD))
        for colleague in range(2 if told else n % 3):
            name = names.person()
            email = "colleague@demo.example" if told == "producer" and not colleague else _address(name, n)
            rights = view if colleague == 0 else {Module.PROGRAMME.value: 2, Module.SALES.value: 2}
            persons.append(Person(email=email, name=name, password=password, language="nl", created_at=founded))
            members.append((n, False, rights))
            if email == "colleague@demo.example":
                written.logins.append(Login("colleague who may only look", organisation.name, name, email, PASSWORD))
    made = Person.objects.bulk_create(persons)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in made]
    )
    Membership.objects.bulk_create(
        Membership(person=person, organisation=written.organisations[n], is_super_user=is_super, rights=rights)
        for person, (n, is_super, rights) in zip(made, members, strict=True)
    )
    for person, (n, is_super, _rights) in zip(made, members, strict=True):
        if is_super:
            written.persons[n] = person


def _address(name: str, number: int) -> str:
    return f"{slugify(name)}.{number}@demo.example"


def _shown(sector: Sector, written: Written) -> dict[int, str]:
    """Index of the organisation with which each role is shown."""
    shown: dict[int, str] = {len(written.organisations) - 1: Role.PLATFORM.value}
    house = next(v.body for v in sector.venues if v.body is not None)
    shown[sector.producers[0]], shown[house] = Role.PRODUCER.value, Role.THEATRE.value
    for n, body in enumerate(sector.bodies):
        role = body.roles[0].value
        if role not in shown.values():
            shown[n] = role
    by_sheet = (v.body for v in sector.venues if v.body is not None and v.cadence is Cadence.SHEET and v.body not in shown)
    uncoupled = next(by_sheet, None)
    if uncoupled is not None:
        shown[uncoupled] = UNCOUPLED
    return shown


def _clients(sector: Sector, written: Written, at: datetime) -> None:
    """A client for every coupled venue, one booking system, a sandbox, and one of the platform for replays."""
    manage = {Module.PROGRAMME.value: int(Level.MANAGE), Module.SALES.value: int(Level.MANAGE)}
    delivers = manage | {Module.AUDIENCE.value: int(Level.MANAGE)}
    rows: list[ApiClient] = []
    for n, venue in enumerate(sector.venues):
        if venue.body is not None and venue.cadence in (Cadence.HOURLY, Cadence.NIGHTLY):
            role = next(role for role in sector.bodies[venue.body].roles if role in TAKERS)
            rows.append(_client(written.organisations[venue.body], f"demo-venue-{n:03d}", venue.system, role, delivers))
            written.clients[n] = rows[-1]
    producer = written.organisations[sector.producers[0]]
    overseas = next(one for one in written.organisations if one.name == REPLAYING)
    booking = _client(producer, "demo-booking", "Tourboek", Role.PRODUCER, manage)
    sandbox = _client(producer, "dip-sandbox", "Sandbox", Role.PRODUCER, manage)
    replaying = [
        _client(overseas, "dip-replay-booking", "Replay, booking", Role.PRODUCER, manage),
        _client(overseas, "dip-replay-ticketing", "Replay, ticketing", Role.THEATRE, manage),
    ]
    ApiClient.objects.bulk_create([*rows, booking, sandbox, *replaying])
    told = [
        ("sandbox of a producer", sandbox, _SECRETS["sandbox"]),
        ("ticketing of the theatre", written.clients[0], _SECRETS["theatre"]),
        ("replay, as a booking system", replaying[0], _SECRETS["booking"]),
        ("replay, as a ticketing system", replaying[1], _SECRETS["ticketing"]),
    ]
    ApiSecret.objects.bulk_create(
        ApiSecret(client=client, digest=secret_digest(secret), hint=secret[-4:], created_at=at) for _, client, secret in told
    )
    written.credentials += [
        Credentials(purpose, client.organisation.name, client.client_id, secret) for purpose, client, secret in told
    ]


def _client(organisation: Organisation, client_id: str, name: str, role: Role, rights: dict[str, int]) -> ApiClient:
    return ApiClient(client_id=client_id, organisation=organisation, name=name, role=role.value, rights=rights)
