"""A festival that is going on or comes next, with what plays in its house and around it."""

from datetime import datetime, timedelta

from dip.kernel.clock import local
from dip.programme.models import Festival, Performance
from dip.programme.terms import PerformanceStatus
from dip.registry.terms import Role
from dip.site.demo.record import Written

#: Days that a festival lasts, and the most that plays in it.
_DAYS, _MOST = 10, 24


def add_festivals(written: Written, at: datetime) -> dict[str, int]:
    """The first festival of the sector, in the ten days from its next performance on; nothing when none is to come."""
    login = next((one for one in written.logins if one.role == Role.FESTIVAL.value), None)
    owner = next((one for one in written.organisations if login and one.name == login.organisation), None)
    if owner is None:
        return {}
    coming = Performance.objects.filter(status=PerformanceStatus.PUBLISHED, performance_date__gte=local(at).date())
    own = coming.filter(theatre__organisation=owner).order_by("starts_at").values_list("performance_date", "theatre__city")
    first = own.first()
    if first is None:
        return {}
    day, city = first
    last = day + timedelta(days=_DAYS - 1)
    festival = Festival.objects.create(
        name=f"{owner.name} {day.year}", owner=owner, city=city, first_date=day, last_date=last, created_at=at - timedelta(days=120)
    )
    around = coming.filter(performance_date__lte=last, theatre__city=city).order_by("starts_at", "number")
    numbers = list(around.values_list("number", flat=True)[:_MOST])
    Performance.objects.filter(pk__in=numbers).update(festival=festival, in_festival=True)
    return {"performances in a festival": len(numbers)}
