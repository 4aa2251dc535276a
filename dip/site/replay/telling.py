"""What a replay prints: remarks by kind with their line numbers, and totals per season beside the published ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from dip.site.replay.terms import Remark, Totals

_FULL = 40


def remark_lines(remarks: Iterable[Remark]) -> Iterator[str]:
    """Each kind with its count; every line number, and the words where they are few."""
    by_code: dict[str, list[Remark]] = defaultdict(list)
    for remark in remarks:
        by_code[remark.code].append(remark)
    for code, some in sorted(by_code.items()):
        some.sort(key=lambda remark: remark.line)
        left_out = sum(remark.is_left_out for remark in some)
        yield f"{code}: {len(some)} lines" + (f", {left_out} of them left out" if left_out else ", all kept")
        if len(some) <= _FULL:
            yield from (f"  line {remark.line}: {remark.told}" for remark in some)
        else:
            yield f"  for example line {some[0].line}: {some[0].told}"
            yield f"  lines {_ranges(sorted({remark.line for remark in some}))}"


def _ranges(lines: Sequence[int]) -> str:
    """``2-4, 9`` of 2, 3, 4, 9."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(f"{first}-{last}" if first != last else str(first) for first, last in parts)


def season_lines(totals: Sequence[Totals]) -> Iterator[str]:
    """The table; amounts in whole units of the file's currency, differences in per cent of what was published."""
    head = (
        "season", "weeks", "tickets in file", "on platform", "gross in file", "on platform", "", "published weeks", "tickets", "gross",
        "difference", "gross",
    )  # fmt: skip
    rows = [_row(one) for one in totals]
    wide = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    for row in [head, *rows]:
        yield "  ".join(
            cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(row, wide, strict=True))
        )


def _row(one: Totals) -> tuple[str, ...]:
    season = one.season
    return (
        season.name, str(one.weeks), f"{one.tickets:,}", f"{one.tickets_there:,}", f"{one.gross_cents / 100:,.2f}",
        f"{one.gross_cents_there / 100:,.2f}", "equal" if one.is_equal else "DIFFERS",
        _known(season.playing_weeks), _known(season.attendance), _known(season.gross_cents and season.gross_cents // 100),
        _share(one.tickets_there, season.attendance), _share(one.gross_cents_there, season.gross_cents),
    )  # fmt: skip


def _share(ours: int, published: int | None) -> str:
    return "" if not published else f"{100 * (ours - published) / published:+.2f} %"


def _known(number: int | None) -> str:
    return "" if number is None else f"{number:,}"
