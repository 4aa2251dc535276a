"""The tokens of the stylesheet keep their contrast in both themes."""

import re

import pytest

from dip.web.charts.drawing import STYLESHEET, tokens

CSS = STYLESHEET.read_text()


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    (ink, ground)
    for ink in ("ink", "muted", "accent", "pos", "neg", "warn")
    for ground in ("bg", "sunken", "raised", "accent-wash")
]
TEXT += [
    ("neg", "neg-wash"),
    ("pos", "pos-wash"),
    ("ink", "neg-wash"),
    ("muted", "neg-wash"),
    ("muted", "pos-wash"),
    ("on-accent", "accent"),
]
TEXT += [("ink", "seq-1"), ("ink", "seq-2"), ("on-seq", "seq-3"), ("on-seq", "seq-4"), ("ink", "accent-mid"), ("ink", "band")]


@pytest.mark.parametrize(("ink", "ground"), TEXT)
@pytest.mark.parametrize("theme", [0, 1])
def test_text_reaches_four_and_a_half(ink, ground, theme):
    assert contrast(tokens()[ink][theme], tokens()[ground][theme]) >= 4.5


@pytest.mark.parametrize(
    ("edge", "ground"),
    [("field", "bg"), ("field", "sunken"), ("compare", "bg"), ("accent", "bg"), ("accent", "band"), ("ink", "accent")],
)
@pytest.mark.parametrize("theme", [0, 1])
def test_controls_and_lines_reach_three_or_have_a_halo(edge, ground, theme):
    least = 1.5 if (edge, ground) == ("ink", "accent") else 3.0  # the tick on a bar has a halo of the page's colour
    assert contrast(tokens()[edge][theme], tokens()[ground][theme]) >= least


def test_every_token_that_is_used_exists():
    named = set(re.findall(r"--([\w-]+):", CSS))
    local = {"v", "m", "e", "w", "plot-l", "plot-s"}
    assert set(re.findall(r"var\(--([\w-]+)", CSS)) <= named | local


def test_one_shadow_in_the_whole_product():
    shadows = [value for value in re.findall(r"box-shadow:([^;}]+)", CSS) if "rgb" in value]
    assert len(shadows) == 1
