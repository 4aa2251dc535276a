"""How many calls a client makes in a minute."""

from dataclasses import dataclass

#: Calls of one client in a minute that each web process answers.
CALLS, WINDOW_SECONDS = 1200, 60


@dataclass(frozen=True, slots=True)
class Count:
    """Calls in the minute that began at ``began`` (seconds since 1970)."""

    began: float = 0.0
    calls: int = 0

    def one_more(self, now: float) -> "Count":
        """With the call of ``now``; a new minute begins with its first call."""
        if now - self.began >= WINDOW_SECONDS:
            return Count(now, 1)
        return Count(self.began, self.calls + 1)

    def left(self) -> int:
        """Calls that are still answered in this minute."""
        return max(0, CALLS - self.calls)

    def wait(self, now: float) -> int:
        """Whole seconds until the minute is over, at least 1."""
        return max(1, round(self.began + WINDOW_SECONDS - now))
