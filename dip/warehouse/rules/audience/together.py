"""How much more often than by chance two productions are bought together, so coarse that it does not tell the size of the other."""

#: Steps that a lift is told in.
STEPS = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)


def coarse_lift(lift: float) -> float:
    """The nearest of :data:`STEPS`, by proportion; the lower of two. The buyers of the other production, which belong to somebody else,
    could be reckoned back from an exact one.

    >>> coarse_lift(1.2), coarse_lift(2.6), coarse_lift(0.1), coarse_lift(40.0)
    (1.0, 3.0, 0.5, 20.0)
    """
    return min(STEPS, key=lambda step: (max(step, lift) / max(min(step, lift), 1e-9), step))
