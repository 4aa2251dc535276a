"""Which sentence an audience carries, and when it carries none."""

import re
from dataclasses import dataclass

import pytest
from django.utils import translation

from dip.audience.rules.findings import Finding, areas_heading, elsewhere_heading, heading, lede, stands_out, trend_heading
from dip.audience.rules.shares import ends, share_of
from dip.audience.views.monitor_phrases import _PATTERNS, paragraph, phrase


@dataclass(frozen=True)
class Row:
    code: str
    count: int | None
    rate: float | None
    national_rate: float | None


def rows(**given):
    """code=(rate, national); rate None is held back."""
    return [Row(code, None if own is None else round(1000 * own), own, national) for code, (own, national) in given.items()]


STAGES = rows(new=(0.3, 0.4), regular=(0.4, 0.3), core=(0.3, 0.3))


class TestStandsOut:
    def test_the_value_most_above_the_nation(self):
        assert stands_out(STAGES).code == "regular"
        assert heading("stages", STAGES) == Finding("over", {"part": "stages", "of": "regular", "rate": 0.4, "national": 0.3})

    @pytest.mark.parametrize(
        "given",
        [
            rows(new=(0.42, 0.4), core=(0.58, 0.6)),  # two points
            rows(new=(0.64, 0.6), core=(0.36, 0.4)),  # four points, but not 1.15 times
            rows(new=(0.6, 0.4), core=(None, 0.6)),  # something is held back
            rows(new=(0.6, 0.4), core=(0.4, None)),  # of the nation too
            rows(unknown=(0.6, 0.1), core=(0.4, 0.9)),  # of whom nothing is known
            rows(new=(0.0, 0.0)),
            [],
        ],
    )
    def test_nothing_does(self, given):
        assert stands_out(given) is None
        assert heading("stages", given) == Finding("measure", {"part": "stages"})

    def test_the_nation_beside_itself_says_nothing(self):
        assert heading("stages", STAGES, is_national=True).code == "measure"


class TestHeadings:
    def test_new_buyers_pairs_visits_and_who_came_again(self):
        assert heading("returning", rows(new=(0.54, 0.43), returning=(0.46, 0.57))) == Finding("new", {"rate": 0.54})
        assert heading("party_sizes", rows(**{"1": (0.4, 0.4), "2": (0.6, 0.6)})) == Finding("pairs", {"rate": 0.6})
        assert heading("party_sizes", rows(**{"1": (0.6, 0.4), "2": (0.4, 0.6)})).code == "over"
        assert heading("frequency", rows(**{"1": (0.4, 0.6), "2": (0.6, 0.4)})) == Finding("more_than_once", {"rate": 0.6})
        assert heading("frequency", rows(**{"1": (0.6, 0.6), "2": (0.4, 0.4)})).code == "once"
        kept = rows(kept=(0.3, 0.34), lost=(0.7, 0.66))
        assert heading("retention", kept) == Finding("kept_beside", {"rate": 0.3, "national": 0.34})
        assert heading("retention", kept, is_national=True).code == "kept"
        assert heading("lapsed", rows(away=(0.4, 0.4), dormant=(0.6, 0.6))) == Finding("lapsed", {"count": 1000})

    def test_lead_times_are_late_early_or_neither(self):
        late = rows(**{"0": (0.3, 0.1), "1-7": (0.3, 0.3), "31-90": (0.2, 0.3), "91-180": (0.1, 0.2), "181+": (0.1, 0.1)})
        assert heading("lead_times", late).code == "later"
        early = rows(**{"0": (0.1, 0.3), "1-7": (0.3, 0.3), "31-90": (0.3, 0.2), "91-180": (0.2, 0.1), "181+": (0.1, 0.1)})
        assert heading("lead_times", early).code == "earlier"
        assert heading("lead_times", early, is_national=True) == Finding("month", {"rate": pytest.approx(0.6)})
        assert (
            heading("lead_times", rows(**{"0": (0.6, 0.6), "31-90": (0.4, 0.4), "91-180": (0, 0), "181+": (0, 0)})).code
            == "measure"
        )

    def test_a_moment_is_named_when_many_order_then(self):
        even = {f"{day}-{time}": (1 / 28, 1 / 28) for day in range(1, 8) for time in ("night", "morning", "afternoon", "evening")}
        assert heading("moments", rows(**even)).code == "measure"
        assert heading("moments", rows(**even | {"7-evening": (0.2, 0.1)})).values["of"] == "7-evening"

    def test_what_is_held_back_says_nothing(self):
        for part in ("returning", "party_sizes", "lead_times", "moments", "frequency", "retention", "lapsed", "kinds"):
            given = rows(**{code: (None, 0.2) for code in ("new", "1", "2", "kept", "31-90", "91-180", "181+", "1-night", "away")})
            assert heading(part, given).code == "measure", part

    def test_areas_elsewhere_and_trends(self):
        assert areas_heading([("A", 1.0), ("B", 1.1), ("C", 1.5), ("D", 1.2)]).code == "areas"
        assert areas_heading([("A", 1.0), ("B", 1.0), ("E", 1.0), ("C", 2.5), ("D", 2.0)]) == Finding(
            "areas_twice", {"names": ["C", "D"]}
        )
        assert areas_heading([("A", 1.0)]).code == "areas"
        assert elsewhere_heading(rows(**{"1": (0.6, 0.8), "2": (0.3, 0.1), "3+": (0.1, 0.1)})).code == "elsewhere_more"
        assert elsewhere_heading(rows(**{"1": (0.9, 0.8), "2": (0.05, 0.1), "3+": (0.05, 0.1)})).code == "elsewhere_less"
        assert elsewhere_heading(rows(**{"1": (0.8, None), "2": (0.1, 0.1), "3+": (0.1, 0.1)})).code == "elsewhere_part"
        assert elsewhere_heading(rows(**{"1": (None, 0.8), "2": (None, 0.1)})).code == "elsewhere"
        assert trend_heading((2023, 2024, 2025), (0.5, None, 0.4)).code == "trend_fell"
        assert trend_heading((2023, 2024), (0.4, 0.5)).code == "trend_rose"
        assert trend_heading((2023, 2024), (0.4, 0.41)).code == "trend_same"
        assert trend_heading((2023, 2024), (None, 0.41)).code == "trend"


class TestLede:
    PARTS = {"returning": rows(new=(0.54, 0.43), returning=(0.46, 0.57)), "stages": STAGES}

    def test_three_findings_at_most(self):
        said = lede(700, self.PARTS, [("Utrecht", 60), ("Gelderland", 40)], is_national=False)
        assert [one.code for one in said] == ["lede_new_more", "lede_over", "lede_home"]

    def test_the_nation_is_beside_nothing(self):
        assert [one.code for one in lede(700, self.PARTS, [], is_national=True)] == ["lede_new"]

    def test_as_the_nation_or_fewer(self):
        for own, code in ((0.44, "lede_new_as"), (0.3, "lede_new_less")):
            parts = {"returning": rows(new=(own, 0.43), returning=(1 - own, 0.57))}
            assert [one.code for one in lede(700, parts, [], is_national=False)] == [code]

    def test_nothing_stands_out_nothing_is_shown_nobody_came(self):
        assert [one.code for one in lede(700, {}, [("A", 10), ("B", 10), ("C", 10), ("D", 10)], is_national=False)] == [
            "lede_measure"
        ]
        assert [one.code for one in lede(None, self.PARTS, [], is_national=False)] == ["held_back"]
        assert [one.code for one in lede(0, {}, [], is_national=False)] == ["nobody"]


class TestShares:
    def test_what_is_shown_alone_is_not_everybody(self):
        given = [Row("new", 135, 1.0, 0.5), Row("returning", None, None, 0.4), Row("reactivated", None, None, 0.1)]
        assert share_of(given[0], given, 200) == 0.675
        assert share_of(given[1], given, 200) is None
        assert share_of(given[0], given, None) is None

    def test_an_attribute_is_told_of_those_of_whom_it_is_known(self):
        given = [Row("unknown", 100, 0.1, 0.1), Row("f", 450, 1.0, 0.5), Row("m", None, None, 0.5)]
        assert share_of(given[1], given, 1000) == 0.5
        assert share_of(given[0], given, 1000) == 0.1
        assert share_of(given[1], [Row("unknown", None, None, None), *given[1:]], 1000) is None

    def test_axes_end_at_ten_per_cents(self):
        assert ends([0.23, None, 0.3]) == (0.0, 0.3)
        assert ends([]) == (0.0, 0.1)
        assert ends([0.31]) == (0.0, 0.4)


VALUES = {
    "part": "stages", "of": "core", "rate": 0.54, "national": 0.43, "names": ["Utrecht", "Limburg"], "count": 445, "name": "Utrecht",
    "first": 2023, "last": 2025, "start": 0.5, "end": 0.4,
}  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_every_sentence_has_words_in_every_language(language):
    with translation.override(language):
        for code in _PATTERNS:
            said = str(phrase(Finding(code, VALUES | ({"of": "1-night"} if code == "moment" else {})), "het land"))
            assert said
            assert not re.search(r"[{}]", said), code
        first = str(paragraph([Finding("lede_new", VALUES), Finding("lede_home", VALUES)], ""))
        assert first.startswith("<strong>")
        assert "Utrecht" in first


def test_sentences_differ_by_language():
    said = []
    for language in ("nl", "en", "fr"):
        with translation.override(language):
            said.append(phrase(Finding("lede_new_more", VALUES), "x"))
    assert len(set(said)) == 3
