"""Replaying a file of real sales through the external API: register, push, read back, compare."""

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dip.site.replay.pushing import push, read_back
from dip.site.replay.reading import UnableToRead, read_weeks
from dip.site.replay.register import Registered, register_runs, register_theatres, runs_of
from dip.site.replay.seasons import Seasons, read_published
from dip.site.replay.telling import remark_lines, season_lines
from dip.site.replay.terms import Remark, Totals, Week
from dip.site.replay.wire import UnableToReplay, Wire

LAYOUTS = ("broadway-weekly",)
_PUBLISHED = "published_season_totals.csv"
EQUAL, DIFFERS, UNABLE = 0, 1, 2


def replay_file(
    file: Path,
    *,
    layout: str,
    base_url: str,
    producer: int,
    client_id: str,
    client_secret: str,
    ticketing_id: str,
    ticketing_secret: str,
    published: Path | None = None,
    limit: int | None = None,
) -> int:
    """Replay and print; 0 when the platform's totals equal the file's, 1 when they differ or a row was refused, 2 when it could not run.

    ``client_id`` is a client in a producer's role, ``ticketing_id`` one in a theatre's role: that of the theatres in the file, which
    become the property of its organisation. ``producer``: the producer's national number.
    """
    if layout not in LAYOUTS:
        _say(f"There is no layout {layout!r}. Choose {' or '.join(LAYOUTS)}.")
        return UNABLE
    if not (producer and client_id and client_secret and ticketing_id and ticketing_secret):
        _say(
            "Give the credentials of two API clients: --client-id and --client-secret in the role of a producer, with --producer as its "
            "national number, and --ticketing-id and --ticketing-secret in the role of a theatre. `dip demo --build-only` prints those "
            "of the demo; elsewhere the super-user of each organisation makes a client on the page API clients."
        )
        return UNABLE
    try:
        weeks, remarks = read_weeks(file, limit)
        with (
            closing(Wire(base_url, client_id, client_secret)) as booking,
            closing(Wire(base_url, ticketing_id, ticketing_secret)) as ticketing,
        ):
            totals, told, is_whole = replay(weeks, booking, ticketing, producer, published or file.with_name(_PUBLISHED))
    except (UnableToRead, UnableToReplay) as error:
        _say(f"The replay stopped: {error}\nWhat was registered and pushed is kept; run it again to go on.")
        return UNABLE
    _print(file, weeks, [*remarks, *told], totals)
    return EQUAL if is_whole and all(one.is_equal for one in totals) else DIFFERS


def replay(
    weeks: Sequence[Week], booking: Wire, ticketing: Wire, producer: int, published: Path | None
) -> tuple[list[Totals], list[Remark], bool]:
    """Register, push and read back: totals per season, what the platform told about lines, and whether it kept every row."""
    seasons = Seasons(read_published(published), (week.week_ending for week in weeks))
    runs = runs_of(weeks, lambda week: seasons.of(week.week_ending))
    with _progress() as bar:
        _say(f"{len(weeks):,} weeks of {len(runs):,} productions in {len({week.theatre for week in weeks})} theatres")
        venues = register_theatres(ticketing, (week.theatre for week in weeks))
        registered = register_runs(booking, producer, runs, venues, _step(bar, "Register", len(weeks)))
        pushed = push(ticketing, registered, _step(bar, "Push", len(weeks)))
        there = read_back(booking, registered, _step(bar, "Read back", len(registered)))
    _say(f"Pushed: {pushed.accepted:,} brought news, {pushed.unchanged:,} were known, {pushed.rejected:,} were refused.")
    return _totals(registered, there), pushed.remarks, pushed.rejected == 0


def _totals(registered: Sequence[Registered], there: Sequence[tuple[int, int]]) -> list[Totals]:
    by_year: dict[int, list[tuple[Registered, tuple[int, int]]]] = defaultdict(list)
    for one, figures in zip(registered, there, strict=True):
        by_year[one.run.season.year].append((one, figures))
    totals = []
    for _year, some in sorted(by_year.items()):
        weeks = [week for one, _ in some for week in one.run.weeks]
        totals.append(
            Totals(
                season=some[0][0].run.season,
                weeks=len(weeks),
                tickets=sum(week.tickets for week in weeks),
                gross_cents=sum(week.gross_cents for week in weeks),
                tickets_there=sum(figures[0] for _, figures in some),
                gross_cents_there=sum(figures[1] for _, figures in some),
            )
        )
    return totals


def _print(file: Path, weeks: Sequence[Week], remarks: Sequence[Remark], totals: Sequence[Totals]) -> None:
    print(f"\nRemarks about the lines of {file.name} (line 1 is the header)")
    for line in remark_lines(remarks) if remarks else ("none",):
        print(line)
    print(
        f"\nSeasons, {len(weeks):,} lines; published are the League's totals; the last two columns tell how far the platform is from them"
    )
    for line in season_lines(totals):
        print(line)
    wrong = [one.season.name for one in totals if not one.is_equal]
    print("\nEvery total on the platform equals the file's." if not wrong else f"\nTotals differ in {', '.join(wrong)}.")


def _progress() -> Progress:
    console = Console(stderr=True, highlight=False)
    return Progress(TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console)


def _step(bar: Progress, name: str, total: int) -> Callable[[int], None]:
    task = bar.add_task(name, total=total)

    def advance(count: int) -> None:
        bar.advance(task, count)

    return advance


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
