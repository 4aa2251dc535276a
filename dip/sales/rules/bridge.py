"""From the platform's sold to the theatre's own number: a statement that adds up, and reasons for what is left."""

from itertools import combinations

from dip.sales.terms import Bridge, BridgeLine, OwnNumber, Part, Parts

#: Part → the metric that defines it.
METRICS = {Part.FREE: "free_tickets", Part.RESERVED: "reservations", Part.BLOCKED: "blocked", Part.RESALE: "resale"}
Reason = tuple[str, dict[str, object]]


def bridge(now: Parts, then: Parts, own: OwnNumber, per_day: float | None = None) -> Bridge:
    """The statement for ``own``, the theatre's number.

    ``now``: the platform's figures as the page shows them; ``then``: those true at the moment of the theatre's number (the same when it
    is newer). ``per_day``: tickets a day of late, for the sentence about a number that is newer than the figures.
    """
    lines = [BridgeLine("platform", now.sold, "tickets_sold")]
    running = now.sold
    if then.sold != now.sold:
        lines.append(BridgeLine("since", then.sold - now.sold))
        running = then.sold
    for part in Part:
        if part in own.includes:
            value = then.of(part)
            lines.append(BridgeLine(part.value, value, METRICS[part]))
            running += value or 0
    rest = own.count - running
    return Bridge(now.sold, own, tuple(lines), rest, tuple(_reasons(now, then, own, rest, per_day)))


def _reasons(now: Parts, then: Parts, own: OwnNumber, rest: int, per_day: float | None) -> list[Reason]:
    found: list[Reason] = []
    if then.sold != now.sold:
        found.append(("since", {"tickets": abs(then.sold - now.sold), "at": own.true_at, "fewer": then.sold < now.sold}))
    for part in Part:
        if part in own.includes:
            value = then.of(part)
            found.append((f"{part.value}_counted", {"tickets": value}) if value is not None else (f"{part.value}_unknown", {}))
    if rest == 0:
        return [("adds_up", {}), *found]
    return [*found, *_about_rest(then, own, rest, per_day)]


def _about_rest(then: Parts, own: OwnNumber, rest: int, per_day: float | None) -> list[Reason]:
    """What may explain the rest, the likeliest first."""
    found: list[Reason] = []
    parts = _that_explain(then, own, rest)
    if parts:
        found.append(("rest_equals", {"parts": [part.value for part in parts], "tickets": abs(rest)}))
    if then.true_at and own.true_at > then.true_at:
        hours = (own.true_at - then.true_at).total_seconds() / 3600
        if hours >= 1:
            sold = round(per_day * hours / 24) if per_day and per_day > 0 else None
            found.append(("newer", {"hours": round(hours), "at": then.true_at, "tickets": sold, "rest": rest}))
    if not found:
        found.append(("unexplained", {"tickets": abs(rest), "more": rest > 0}))
    return found


def _that_explain(then: Parts, own: OwnNumber, rest: int) -> tuple[Part, ...]:
    """The fewest parts, not counted in as told, that add up to the rest exactly; or counted in, and taken away again."""
    open_parts = [(part, then.of(part)) for part in Part]
    signed = [(part, -(value or 0) if part in own.includes else (value or 0)) for part, value in open_parts]
    usable = [(part, value) for part, value in signed if value]
    for size in (1, 2):
        for chosen in combinations(usable, size):
            if sum(value for _, value in chosen) == rest:
                return tuple(part for part, _ in chosen)
    return ()
