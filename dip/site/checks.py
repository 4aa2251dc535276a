"""``dip check``: can this installation run, and if not, what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

from dip.kernel import clock
from dip.site.config import Config, UnableToConfigure, read_config


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check: what was looked at, what was found, and the remedy when it is wrong."""

    name: str
    is_good: bool
    found: str
    remedy: str = ""


def run_checks() -> int:
    """Print each outcome on a line; 0 when all are good, 1 otherwise."""
    outcomes = list(_outcomes())
    for outcome in outcomes:
        print(f"{'ok  ' if outcome.is_good else 'FAIL'} {outcome.name}: {outcome.found}")
        if not outcome.is_good:
            print(f"     {outcome.remedy}")
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def _outcomes() -> Iterator[Outcome]:
    try:
        config = read_config()
    except UnableToConfigure as error:
        yield Outcome("configuration", False, str(error), "Correct the variable and run `dip check` again.")
        return
    for field in fields(Config):
        value = getattr(config, field.name)
        yield Outcome(
            f"configuration {field.name}", True, "set" if field.name in {"secret_key", "database_url"} and value else str(value)
        )
    import django

    django.setup()
    for check in (_database, _migrations, _static, _mail, _warehouse):
        yield _guarded(check, config)


def _guarded(check: Callable[[Config], Outcome], config: Config) -> Outcome:
    try:
        return check(config)
    except Exception as error:  # a check that breaks is a finding, and the others still run
        return Outcome(
            check.__name__.strip("_"), False, f"{type(error).__name__}: {error}", "Read the message; `dip migrate` mends most."
        )


def _database(_config: Config) -> Outcome:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('TimeZone')")
        version, zone = cursor.fetchone()
    return Outcome(
        "database",
        int(version.split(".")[0]) >= 15,
        f"PostgreSQL {version}, session time zone {zone}",
        "Use PostgreSQL 15 or newer.",
    )


def _migrations(_config: Config) -> Outcome:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Outcome("migrations", not missing, f"{len(missing)} to apply", "Run `dip migrate`.")


def _static(config: Config) -> Outcome:
    manifest = config.home / "static" / "staticfiles.json"
    return Outcome("static files", manifest.exists(), str(manifest), "Run `dip migrate`.")


def _mail(config: Config) -> Outcome:
    if config.smtp_url is None:
        return Outcome("mail", True, f"written as files to {config.home / 'mail'}; set DIP_SMTP_URL to send")
    from django.core.mail import get_connection

    connection = get_connection()
    connection.open()
    connection.close()
    return Outcome("mail", True, "the server answers")


def _warehouse(_config: Config) -> Outcome:
    from dip.warehouse.queries import published_at

    moment = published_at()
    found = "nothing published yet" if moment is None else f"published {clock.local(moment):%Y-%m-%d %H:%M}"
    return Outcome("warehouse", moment is not None, found, "Run `dip warehouse refresh`.")
