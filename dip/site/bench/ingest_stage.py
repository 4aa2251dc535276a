"""Makes what the ingest bench pushes to: one theatre, one production, many performances, one API client. Prints it as JSON."""

import json
import secrets
import sys
from datetime import datetime, timedelta

_FIRST_DAYS_AHEAD = 30


def build(rows: int) -> dict[str, object]:
    """Migrate the empty database of ``DATABASE_URL`` and fill it; ``{"client_id", "secret", "production", "numbers"}``."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    from django.db import connection

    from dip.kernel.clock import now
    from dip.registry.models import ApiClient, ApiSecret, Organisation
    from dip.registry.tokens import secret_digest

    at = now()
    owner = Organisation.objects.create(number=456, name="De Stopwatch", roles=["theatre"])
    production, numbers = _programme(owner.pk, rows, at)
    secret = secrets.token_urlsafe(24)
    client = ApiClient.objects.create(
        client_id="bench", organisation=owner, name="Meetkassa", role="theatre", rights={"sales": 2, "programme": 1}
    )
    ApiSecret.objects.create(client=client, digest=secret_digest(secret), hint=secret[-4:], created_at=at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum has done long before, on a platform in use
    return {"client_id": client.client_id, "secret": secret, "production": production, "numbers": numbers}


def _programme(owner_id: int, rows: int, at: datetime) -> tuple[str, list[int]]:
    """The id of a production, and the numbers of its performances in a theatre of the owner."""
    from dip.definitions.models import Genre
    from dip.kernel.clock import local
    from dip.programme.models import Hall, Performance, Production, Theatre
    from dip.registry.models import Organisation

    producer = Organisation.objects.create(number=123, name="De Meetlat", roles=["producer"])
    theatre = Theatre.objects.create(name="De Stopwatch", city="Meetdorp", organisation_id=owner_id)
    hall = Hall.objects.create(theatre=theatre, name="Zaal", capacity=2000)
    genre = Genre.objects.order_by("id")[0]
    production = Production.objects.create(
        dip_id="NL-26-00123-00001", title="Meten", season_year=2026, producer=producer, genre=genre
    )
    starts = [at + timedelta(days=_FIRST_DAYS_AHEAD, hours=n) for n in range(rows)]
    place = {"production": production, "theatre": theatre, "hall": hall}
    seats = {"capacity_by_rank": [2000], "capacity": 2000, "status": "published", "published_at": at}
    performances = Performance.objects.bulk_create(
        Performance(starts_at=start, performance_date=local(start).date(), **place, **seats) for start in starts
    )
    return production.dip_id, [performance.number for performance in performances]


if __name__ == "__main__":
    print(json.dumps(build(int(sys.argv[1]))))
