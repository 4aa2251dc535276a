"""Invented names, each given once."""

from collections.abc import Sequence

import numpy as np

from dip.site.demo import words


class Names:
    """Gives out invented names; never the same one twice for the same kind of thing. Deterministic for a seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 1])
        self._given: set[str] = {
            "Toneelgroep Noordwal", "Theater De Vlonder", "Zeven Dagen Vloed", "Bureau Oostenwind", "Maud Elsinga", "Sanne Oudkerk",
        }  # fmt: skip
        stems = [a + b for a in words.FIRST for b in words.SECOND]
        self._rng.shuffle(stems)
        self._stems = iter(stems)

    def pick(self, choices: Sequence[str]) -> str:
        """One of ``choices``."""
        return choices[int(self._rng.integers(len(choices)))]

    def once(self, make: object) -> str:
        """What the callable makes, called again until it is new; a number is added when nothing new comes."""
        name = ""
        for _ in range(40):
            name = make()  # type: ignore[operator]
            if name not in self._given:
                break
        else:
            count = 2
            while f"{name} {count}" in self._given:
                count += 1
            name = f"{name} {count}"
        self._given.add(name)
        return name

    def venue(self, forms: Sequence[str]) -> str:
        """A theatre, company, agency or festival."""
        return self.once(lambda: self.pick(forms).format(x=next(self._stems)))

    def person(self) -> str:
        """Somebody's name."""
        return self.once(lambda: f"{self.pick(words.FIRST_NAMES)} {self.pick(words.LAST_NAMES)}")

    def title(self, genre: str) -> str:
        """The title of a production; most that are neither of the genres are for families."""
        made = self.once(lambda: self._title(genre))
        return f"{made} ({4 + len(made) % 5}+)" if genre == "other" and len(made) % 3 else made

    def _title(self, genre: str) -> str:
        pick, form = self.pick, int(self._rng.integers(5))
        if genre == "music" and form < 4:
            stem = pick(words.FIRST).lower().capitalize() + pick(words.SECOND)
            return f"{pick(words.ENSEMBLES)} {stem} {pick(words.PROGRAMMES)}"
        if genre == "cabaret" and form < 4:
            return f"{pick(words.FIRST_NAMES)} {pick(words.LAST_NAMES)} · {pick(words.ADJECTIVES)} {pick(words.NOUNS)}"
        return (
            f"De {pick(words.NOUNS)} van {pick(words.FIRST_NAMES)}",
            f"{pick(words.NUMBERS)} {pick(words.THINGS)} {pick(('Later', 'Vloed', 'Onderweg', 'te Huur', 'Wind', 'zonder Einde'))}",
            f"Brieven uit {pick(words.PLACES)}"
            if form == 2 and genre == "theatre"
            else f"De {pick(words.NOUNS)} en de {pick(words.NOUNS)}",
            f"{pick(words.ADJECTIVES)} {pick(words.THINGS)}",
            f"Een {pick(words.NOUNS)} in {pick(words.PLACES)}",
        )[form]
