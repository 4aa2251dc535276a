"""A small maker without a booking system: a production in a barn, school performances, and figures typed on a phone."""

from datetime import datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db.models import Max

from dip.kernel.clock import local
from dip.programme.actions import enter_light
from dip.programme.terms import FundFeature, LightEntry
from dip.registry.models import Membership, Organisation, Person
from dip.registry.terms import Access, Door, Level, Module, Role
from dip.site.demo.record import PASSWORD, Written
from dip.site.demo.terms import Login
from dip.ticketing.actions.light import state_by_hand

NAME, PERSON, EMAIL = "Atelier Zomerhuis", "Fenna Roodbol", "maker@demo.example"
_BARN, _SCHOOL, _TOWN = "De Oude Stal", "Basisschool De Klimboom", "Vorden"
#: Days from today of the evenings in the barn, and what was sold on the one that has figures: full price, discount, free, cents.
_EVENINGS, _SOLD = (-9, -2, 5, 12), (38, 11, 4, 67_450)
_MORNINGS = (9, 16)


def add_light(written: Written, at: datetime) -> dict[str, int]:
    """The maker, its production, and the first evening's figures; the second one waits for them."""
    maker = _maker(written, at)
    rights = dict.fromkeys(Module, Level.APPROVE)
    access = Access(maker.pk, maker.name, Role.PRODUCER, rights, door=Door.JOB, actor=PERSON)
    evenings = LightEntry(
        "Het Laatste Hooi",
        written.genre_ids[0],
        _moments(at, _EVENINGS, time(20, 15)),
        place_name=_BARN,
        place_city=_TOWN,
        seats=70,
    )
    entered = at - timedelta(days=40)
    played = enter_light(access=access, at=entered, entry=evenings, key="demo-light")
    mornings = LightEntry(
        "Het Laatste Hooi", written.genre_ids[0], _moments(at, _MORNINGS, time(10, 0)), place_name=_SCHOOL, place_city=_TOWN, seats=54,
        fund_feature=FundFeature.SCHOOL_PRIMARY,
    )  # fmt: skip
    schools = enter_light(access=access, at=entered, entry=mornings, key="demo-school")
    normal, discount, free, cents = _SOLD
    counted = _moments(at, (_EVENINGS[0],), time(23, 0))[0]
    state_by_hand(
        access=access, at=at - timedelta(days=8), number=played.numbers[0], normal=normal, discount=discount, free=free,
        recette_cents=cents, true_at=counted,
    )  # fmt: skip
    return {"performances of a small maker": len(played.numbers) + len(schools.numbers)}


def _maker(written: Written, at: datetime) -> Organisation:
    """The organisation and its one person, who can sign in."""
    number = (Organisation.objects.aggregate(top=Max("number"))["top"] or 0) + 1
    maker = Organisation.objects.create(number=number, name=NAME, roles=[Role.PRODUCER.value], city=_TOWN)
    person = Person.objects.bulk_create(
        [Person(email=EMAIL, name=PERSON, password=make_password(PASSWORD), language="nl", created_at=at - timedelta(days=50))]
    )[0]
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    Membership.objects.create(
        person=person, organisation=maker, is_super_user=True, rights={m.value: int(Level.APPROVE) for m in Module}
    )
    written.logins.append(Login("small maker, on a phone", maker.name, PERSON, EMAIL, PASSWORD))
    return maker


def _moments(at: datetime, days: tuple[int, ...], clock: time) -> tuple[datetime, ...]:
    """Naive moments on the local clock, this many days from today."""
    today = local(at).date()
    return tuple(datetime.combine(today + timedelta(days=n), clock) for n in days)
