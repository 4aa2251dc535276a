"""The command line ``dip``: every command's ``--help`` teaches what it does and what it leaves behind."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dip.site.settings")

app = typer.Typer(
    name="dip",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An open digital information platform for the performing arts.\n\nStart with `dip demo`, or `dip migrate` and then `dip up`.",
)
warehouse = typer.Typer(
    no_args_is_help=True,
    help="Look after the columnar facts: `refresh` pulls what is new, `rebuild` makes all anew from positions.",
)
app.add_typer(warehouse, name="warehouse")
geo = typer.Typer(no_args_is_help=True, help="Areas, for maps and for where buyers come from: `load` puts the open files in force.")
app.add_typer(geo, name="geo")

peers = typer.Typer(
    no_args_is_help=True,
    help="Groups of like organisations: `freeze` makes a season's, `tend` does what the job does every quarter.",
)
app.add_typer(peers, name="peers")
keys = typer.Typer(
    no_args_is_help=True, help="Look after the two keys of pseudonyms: `show` tells their age, `rotate` puts another one in use."
)
app.add_typer(keys, name="keys")

Port = Annotated[int, typer.Option(help="Port on 127.0.0.1 that the pages and the API answer on.")]


def say(text: str) -> None:
    """Tell the person at the terminal; results go to standard output, this goes to standard error."""
    print(text, file=sys.stderr, flush=True)


def _setup() -> None:
    import django

    from dip.site.config import UnableToConfigure

    try:
        django.setup()
    except UnableToConfigure as error:
        say(f"dip cannot start: {error}")
        raise typer.Exit(2) from error


@app.command()
def up(port: Port = 8000, workers: Annotated[int, typer.Option(help="Web processes; each serves 4 requests at once.")] = 2) -> None:
    """Serve the pages, the API and the background worker until Ctrl-C.

    Uses DATABASE_URL, or starts the embedded PostgreSQL in DIP_HOME. Everything that this command started stops with it. Run
    `dip migrate` before the first time and after every upgrade. Behind a reverse proxy set DIP_BASE_URL to the public address.
    """
    from dip.site.running import run

    raise typer.Exit(run(port=port, workers=workers))


@app.command()
def demo(
    port: Port = 8000,
    build_only: Annotated[bool, typer.Option("--build-only", help="Make the demo sector and stop; do not serve.")] = False,
    scale: Annotated[str, typer.Option(help="small (seconds), demo, tenth or national (minutes; for measuring).")] = "demo",
) -> None:
    """Make a lively invented sector and serve it.

    The first time this migrates, makes some sixty theatres, seventy providers and two seasons of performances with their daily
    figures, the orders of three seasons of some twenty-eight theatres with generated areas, and builds the warehouse. A second time it keeps the data and is up within seconds. Prints an address and one
    login per role. Nothing of it is real.
    """
    from dip.site import running

    os.environ.setdefault("DIP_BASE_URL", f"http://localhost:{port}")
    was_running = running.is_embedded_running()
    try:
        _setup()
        if not running.is_prepared():
            running.prepare()
        report = running.ensure_demo(scale)
        if build_only:
            print(report)
            return
        code = running.run(port=port, workers=2, banner=report, stop_database=not was_running)
    except KeyboardInterrupt:
        say("Interrupted. What was finished is kept; run `dip demo` again to go on.")
        code = 130
    finally:
        if build_only and not was_running:
            running.stop_embedded()
    raise typer.Exit(code)


@app.command()
def migrate() -> None:
    """Bring the database, static files and translations to this version.

    Safe to repeat. Never deletes figures.
    """
    from dip.site import running

    _setup()
    running.prepare()
    say("The database and files are up to date.")


@app.command()
def worker(
    concurrency: Annotated[int, typer.Option(help="Jobs at the same time.")] = 4,
    part: Annotated[str, typer.Option(help="warehouse: orders and figures; others: everything else; all.")] = "all",
) -> None:
    """Run background jobs: mails, reminders, connections, orders, the warehouse's refresh.

    `dip up` starts one for each part, so that a long reading of a ticketing system holds up no figures; run more on other machines with the
    same DATABASE_URL and DIP_HOME.
    """
    _setup()
    from django.core.management import call_command

    from dip.site.queues import PARTS, queues_of

    if part != "all" and part not in PARTS:
        say(f"There is no part {part!r}. Choose all, {' or '.join(PARTS)}.")
        raise typer.Exit(2)
    queues = ["--queues", ",".join(queues_of(part))] if part != "all" else []
    call_command("procrastinate", "worker", "--concurrency", str(concurrency), *queues, "--delete-jobs", "successful")


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="The file with real sales.", exists=True, dir_okay=False)],
    base_url: Annotated[str, typer.Option(help="Base of the external API, for example http://localhost:8000/external/v1.")],
    layout: Annotated[
        str, typer.Option(help="Columns of the file. broadway-weekly: one row per show and week.")
    ] = "broadway-weekly",
    producer: Annotated[int, typer.Option(envvar="DIP_PRODUCER", help="National number of the producer that the shows get.")] = 0,
    client_id: Annotated[str, typer.Option(envvar="DIP_CLIENT_ID", help="API client in that producer's role.")] = "",
    client_secret: Annotated[str, typer.Option(envvar="DIP_CLIENT_SECRET", help="Its secret.")] = "",
    ticketing_id: Annotated[
        str, typer.Option(envvar="DIP_TICKETING_ID", help="API client in the role of a theatre; the theatres become its own.")
    ] = "",
    ticketing_secret: Annotated[str, typer.Option(envvar="DIP_TICKETING_SECRET", help="Its secret.")] = "",
    published: Annotated[
        Path | None,
        typer.Option(help="File of published season totals to set beside; default: published_season_totals.csv next to FILE."),
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first rows, to try it out.")] = None,
) -> None:
    """Act as a booking and a ticketing system: register theatres, productions and performances of FILE, and push their figures.

    It speaks only the external API over HTTP, with the credentials of two clients, and reads the totals back. Repeating it changes
    nothing, and goes on where it stopped. `dip demo --build-only` prints a ready command; elsewhere the super-user of the producer
    and of the theatre make a client each on the page API clients.
    """
    from dip.site.replay.run import replay_file

    raise typer.Exit(
        replay_file(
            file,
            layout=layout,
            base_url=base_url,
            producer=producer,
            client_id=client_id,
            client_secret=client_secret,
            ticketing_id=ticketing_id,
            ticketing_secret=ticketing_secret,
            published=published,
            limit=limit,
        )
    )


@app.command()
def bench(
    name: Annotated[str, typer.Argument(help="ingest, pages, settle, or audience.")],
    scale: Annotated[
        str,
        typer.Option(help="For pages and audience: national (as the goals ask), tenth to try it out; for audience also decade."),
    ] = "national",
    part: Annotated[str, typer.Option(help="For audience: history or receipt.")] = "history",
    keep: Annotated[Path | None, typer.Option(help="For pages: folder that keeps the built data between runs.")] = None,
) -> None:
    """Measure, beside what could be used instead; the last line is one JSON object with figures and goals.

    `ingest`: positions/s through HTTP, beside the parse limit of the same bytes and a plain PostgreSQL upsert of the same rows.
    `pages`: server time, queries and bytes of the main pages on a national season, beside a tenth of it. Takes minutes.
    `settle`: settlements/s, 12,000 agreements recalculated after a night, PDFs/s, beside the same formulas in pandas where it is there.
    `audience`: with `--part history` the questions of the Audience Monitor warm and cold, the cost of a batch and from receipt to visible,
    on 20 M tickets (decade: on 200 M too), beside raw DuckDB and PostgreSQL; takes an hour, and 30 GB for a decade. With `--part receipt`
    from the bytes of a delivery to its receipt, beside the parse limit and PostgreSQL COPY + upsert.
    """
    if name not in {"ingest", "pages", "settle", "audience"}:
        say(f"There is no bench {name!r}. Choose ingest, pages, settle or audience.")
        raise typer.Exit(2)
    import importlib

    run = importlib.import_module(f"dip.site.bench.{name}").run
    options: dict[str, dict[str, Any]] = {"pages": {"scale": scale, "keep": keep}, "audience": {"scale": scale, "part": part}}
    result = run(**options.get(name, {}))
    print(json.dumps(result))


@app.command()
def conformance(
    name: Annotated[str, typer.Argument(help="The connector, for example pretix; without one every check is listed.")] = "",
    address: Annotated[str, typer.Option(help="Address of the system.")] = "",
    account: Annotated[str, typer.Option(help="The account there, for pretix the organizer.")] = "",
    token: Annotated[str, typer.Option(envvar="DIP_CONFORMANCE_TOKEN", help="Its token; better in the environment.")] = "",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the report as JSON here.")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="Write the report as a page here.")] = None,
    sample: Annotated[int, typer.Option(min=1, help="Performances whose figures are asked, at most.")] = 200,
) -> None:
    """Try a connector against a running ticketing system, and tell what conforms to the standard and how to mend the rest.

    Reads only. Use an account with a few performances that sold tickets of several kinds. The exit code is 1 when something that
    must hold does not. The checks are those of the page "What is checked".
    """
    _setup()
    from dip.site.conformance import list_checks, run_suite

    if not name:
        print(list_checks())
        return
    raise typer.Exit(
        run_suite(name, address=address, account=account, token=token, json_file=json_file, html_file=html_file, sample=sample)
    )


@app.command()
def check() -> None:
    """Say whether this installation can run: configuration, database, migrations, files, mail, the warehouse.

    Each line is one check with its remedy; the exit code is 1 when one failed.
    """
    from dip.site.checks import run_checks

    raise typer.Exit(run_checks())


@app.command()
def seal(
    certificate: Annotated[
        Path | None,
        typer.Option(help="PEM file: the certificate, and after it those that vouch for it.", exists=True, dir_okay=False),
    ] = None,
    key: Annotated[Path | None, typer.Option(help="PEM file with its private key.", exists=True, dir_okay=False)] = None,
    password: Annotated[str, typer.Option(envvar="DIP_SEAL_PASSWORD", help="Of the key; better in the environment.")] = "",
    renew: Annotated[bool, typer.Option("--renew", help="Make a new key of the platform's own.")] = False,
) -> None:
    """Show the key that seals agreements and borderellen, or replace it.

    The platform makes a key by itself when it seals for the first time. `--certificate` with `--key` bring one of an authority, `--renew`
    makes another. What was sealed before stays valid: the old certificate is kept, its private key is not.
    """
    _setup()
    from dip.site.sealing import UnableToSeal, replace, tell

    if (certificate is None) != (key is None) or (renew and certificate):
        say("Give --certificate and --key together, or --renew alone.")
        raise typer.Exit(2)
    try:
        print(replace(certificate, key, password) if certificate and key else replace() if renew else tell())
    except UnableToSeal as error:
        say(f"Nothing was changed. {error.message}")
        raise typer.Exit(1) from error


@keys.command("show")
def show_keys() -> None:
    """Tell when each key was made, and until when one before it counts; never the keys. Makes them when there are none yet."""
    _setup()
    from dip.kernel.clock import now
    from dip.warehouse.actions.keys import tell_keys

    for name, made, until in tell_keys(now()):
        print(f"{name}  made {made}" + (f", counts until {until}" if until else ", in use"))


@keys.command("rotate")
def rotate_key(
    which: Annotated[str, typer.Argument(help="sector (shared with the venues) or platform.")],
    days: Annotated[int, typer.Option(min=1, help="Days for which the key before counts beside it: a season.")] = 365,
) -> None:
    """Put a new key in use. While the mapping period lasts every buyer is known under both, so that nobody becomes a new visitor.

    Give the new sector key to the venues that make pseudonyms themselves; they deliver the new and the old one, with a space between,
    until the period is over. Keep a copy of both files, apart from each other: a lost key makes every buyer new.
    """
    _setup()
    from dip.kernel.clock import now
    from dip.warehouse.actions.keys import UnableToRotate, rotate_key

    try:
        rotate_key(at=now(), which=which, days=days)
    except UnableToRotate as error:
        say(f"Nothing was changed. {error}")
        raise typer.Exit(1) from error
    show_keys()


@peers.command("freeze")
def freeze_peers(
    season: Annotated[int, typer.Argument(min=2000, max=2200, help="Calendar year in which the season begins.")],
) -> None:
    """Put the organisations of a season in groups by type and size, of twelve or more, unless that was done; and publish their figures.

    A frozen group stays for the season. Who comes or goes later is taken in when three or more changes are together, with the next edition.
    """
    _setup()
    from dip.kernel.clock import now
    from dip.warehouse.actions import peers as groups

    done = groups.freeze(now(), season)
    print(f"{done.groups} groups frozen, {done.changes} changes taken in, {done.editions} editions made")


@peers.command("tend")
def tend_peers() -> None:
    """Freeze what is to be frozen and make the editions that are due, of all seasons."""
    _setup()
    from dip.kernel.clock import now
    from dip.warehouse.actions import peers as groups

    done = groups.tend(now())
    print(f"{done.groups} groups frozen, {done.changes} changes taken in, {done.editions} editions made")


@geo.command()
def load(
    folder: Annotated[Path, typer.Argument(help="The folder with the open files.", exists=True, file_okay=False)],
    dated: Annotated[str, typer.Option(help="The day that the inhabitants were counted; 2021-01-01 when left out.")] = "",
    attribution: Annotated[str, typer.Option(help="Whose the files are; CBS and Kadaster when left out.")] = "",
) -> None:
    """Check the open files of postcodes, municipalities and provinces, and put them in force.

    FOLDER has pc4_with_gemeente2022.csv (or pc4.csv) and gemeenten.csv, and, where there are, pc4_age.csv, pc4_woz_urban.csv,
    pc4_address_centroids.json and the polygons provincies.geojson, gemeenten.geojson and pc4.geojson. What is wrong in them is told, and
    the good is kept. Tables change in one transaction; polygons are files in DIP_HOME/geo. Safe to repeat; nothing needs a restart.
    """
    _setup()
    from dip.site import geo as areas

    try:
        print(areas.load(folder, dated=dated, attribution=attribution))
    except areas.UnableToLoadAreas as error:
        say(f"Nothing was loaded. {error}")
        raise typer.Exit(1) from error


@warehouse.command()
def refresh() -> None:
    """Pull the positions that came in since the watermark, and publish what they touched."""
    _setup()
    from dip.kernel.clock import now
    from dip.warehouse import actions

    print(actions.refresh(at=now()))


@warehouse.command()
def rebuild() -> None:
    """Make the facts and the published files anew, from positions and from landed orders; equal to what stood there."""
    _setup()
    from dip.kernel.clock import now
    from dip.warehouse import actions
    from dip.warehouse.actions.applying import rebuild_orders

    print(actions.rebuild(at=now()))
    print(rebuild_orders(now()))


if __name__ == "__main__":
    app()
