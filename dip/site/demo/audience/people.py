"""Who buys in the demo: invented people around each theatre, with habits that last over the seasons. Pure numpy."""

from dataclasses import dataclass, fields

import numpy as np

from dip.site.demo.audience.atlas import Atlas, example_atlas
from dip.site.demo.curves import Floats, Ints

#: People are drawn in blocks, so that who somebody is does not depend on how many others there are.
BLOCK = 2_000
#: Scope of a buyer: known by an address in the sector, known by a number at the theatre, not known. As in landed files.
SECTOR, VENUE, NOBODY = 2, 1, 0
_TRAVELLERS, _SECOND = 0.025, 0.28
#: Shares of what people like (1 family, 2 show, 3 theatre, 4 classical, 5 cabaret, 6 a bit of everything).
_TASTES = np.array([0.08, 0.20, 0.28, 0.11, 0.25, 0.08])
#: Chance to go, by what somebody likes (rows) and what is played: unclassified, family … cabaret, the producer that the demo tells about,
#: and the large tour of it.
AFFINITY = np.array([
    [0.30, 1.00, 0.16, 0.07, 0.03, 0.05, 0.07, 0.09],
    [0.22, 0.14, 1.00, 0.10, 0.06, 0.22, 0.09, 0.14],
    [0.30, 0.06, 0.12, 1.00, 0.16, 0.15, 1.15, 0.95],
    [0.16, 0.04, 0.10, 0.22, 1.00, 0.08, 0.24, 0.30],
    [0.22, 0.05, 0.20, 0.12, 0.05, 1.00, 0.10, 0.11],
    [0.55, 0.25, 0.50, 0.55, 0.45, 0.50, 0.85, 1.60],
])  # fmt: skip
#: Middle and spread of the year of birth by what somebody likes, in years before the running one.
_AGE = np.array([[40, 9], [49, 15], [57, 14], [64, 12], [46, 14], [52, 15]])
#: How far people come from, in kilometres, and the share that comes from further.
_REACH, _WIDE, _WIDE_SHARE = 7.0, 26.0, 0.13
#: Now and then an area from which few come, and a country nearby.
_SHY, _SHY_SHARE = 0.22, 0.06


@dataclass(slots=True)
class Crowd:
    """People around theatres; arrays of one length. ``number``: within their theatre's crowd; ``home``: index of that theatre among those
    that deliver orders; ``second``: another one they go to, −1 none; ``pc4`` 0: not told; ``birth``: year of the five-year band, 0 not told."""

    home: Ints
    number: Ints
    second: Ints
    is_traveller: np.ndarray
    pc4: Ints
    country: Ints
    birth: Ints
    gender: Ints
    taste: Ints
    """0..5: index in the rows of AFFINITY."""
    weight: Floats
    first: Ints
    """First season, counted from the running one: −9 … 0."""
    last: Ints
    pause: Ints
    """A season in which they stay away; 1 none."""
    scope: Ints
    channel: Ints
    is_fan: np.ndarray
    is_urban: np.ndarray

    def __len__(self) -> int:
        return len(self.home)

    def active(self, season: int, people: Ints) -> Floats:
        """How much of the habit of ``people`` (indices) shows in a season, counted from the running one."""
        is_there = (self.first[people] <= season) & (season <= self.last[people]) & (self.pause[people] != season)
        return np.where(is_there, 1.0, 0.012)


def crowd_of(seed: int, home: int, town: tuple[float, float], near: Ints, year: int, blocks: int, first: int = 0) -> Crowd:
    """``blocks`` blocks of people around the theatre ``home``, from block ``first`` on. ``near``: other theatres, the nearest first."""
    atlas = example_atlas()
    chances = _chances(atlas, *town)
    made = [
        _block(np.random.default_rng([seed, 31, home, n]), home, n, atlas, chances, near, year)
        for n in range(first, first + blocks)
    ]
    return joined(made)


def joined(parts: list[Crowd]) -> Crowd:
    """Several crowds as one."""
    return Crowd(*(np.concatenate([getattr(one, field.name) for one in parts]) for field in fields(Crowd)))


def address(home: int, number: int) -> str:
    """The invented mail address of somebody."""
    return f"koper.{home:03d}.{number:06d}@publiek.example"


def customer(home: int, number: int) -> str:
    """The invented customer number of somebody."""
    return f"K{home:03d}{number:06d}"


def _chances(atlas: Atlas, lat: float, lon: float) -> Floats:
    """The sum of the chances that somebody lives in each area, in their order."""
    far = atlas.distances(lat, lon)
    draw = (1 - _WIDE_SHARE) * np.exp(-far / _REACH) + _WIDE_SHARE * np.exp(-far / _WIDE) / 6
    older = atlas.ages[:, 9:16].sum(axis=1) / np.maximum(atlas.inhabitants, 1)
    appetite = np.exp(0.9 * np.log(atlas.house_value / 320) + 1.6 * (older - 0.42) - 0.05 * (atlas.urbanity - 2))
    shy = np.where((atlas.pc4 * 7919 % 100) < 100 * _SHY_SHARE, _SHY, 1.0)
    found = np.cumsum(draw * atlas.inhabitants * appetite * shy)
    return np.asarray(found / found[-1])


def _block(rng: np.random.Generator, home: int, block: int, atlas: Atlas, chances: Floats, near: Ints, year: int) -> Crowd:
    taste = np.searchsorted(np.cumsum(_TASTES), rng.random(BLOCK) * 0.999999)
    area = np.searchsorted(chances, rng.random(BLOCK))
    born = year - np.clip(rng.normal(_AGE[taste, 0], _AGE[taste, 1]), 19, 91).astype(np.int64)
    is_told = rng.random((2, BLOCK)) < np.array([[0.93], [0.66]])
    country = np.where(rng.random(BLOCK) < 0.985, 528, np.where(rng.random(BLOCK) < 0.7, 56, 276))
    first = np.where(rng.random(BLOCK) < 0.52, -9, -2 + np.searchsorted([0.36, 0.7], rng.random(BLOCK)))
    stays = np.minimum(rng.geometric(0.24, BLOCK), 9)
    rank, roams = rng.geometric(0.5, BLOCK) - 1, rng.random(BLOCK) < _SECOND  # drawn whether or not there is a theatre nearby
    second = np.where(roams, near[np.minimum(rank, len(near) - 1)], -1) if len(near) else np.full(BLOCK, -1)
    return Crowd(
        home=np.full(BLOCK, home), number=block * BLOCK + np.arange(BLOCK), second=second, is_traveller=rng.random(BLOCK) < _TRAVELLERS,
        pc4=np.where(is_told[0] & (country == 528), atlas.pc4[area], 0), country=np.where(is_told[0], country, 0),
        birth=np.where(is_told[1], born // 5 * 5, 0), gender=np.searchsorted([0.60, 0.985], rng.random(BLOCK)) + 1, taste=taste,
        weight=rng.gamma(0.5, 2.0, BLOCK) + 0.02, first=first, last=np.where(first == -9, -3, first) + stays,
        pause=np.where(rng.random(BLOCK) < 0.1, -1, 1), scope=np.array([SECTOR, VENUE, NOBODY])[np.searchsorted([0.82, 0.92], rng.random(BLOCK))],
        channel=np.searchsorted([0.84, 0.92, 0.96, 0.985], rng.random(BLOCK)) + 1, is_fan=rng.random(BLOCK) < 0.06, is_urban=atlas.urbanity[area] <= 2,
    )  # fmt: skip
