"""What a finding in the open files of areas means, and what to do: one sentence each, for the page and for the command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from dip.definitions.terms import GeoProblem

SENTENCES = {
    GeoProblem.NOT_A_NUMBER: gettext_lazy("The value is no number of 0 or more, and counts as unknown. Correct it in the file."),
    GeoProblem.NOT_A_POSTCODE: gettext_lazy(
        "This is not four digits from 1000 to 9999, and the row is left out. Correct or remove it."
    ),
    GeoProblem.TWICE: gettext_lazy("The area stands in the file twice, and the first row counts. Remove the other."),
    GeoProblem.NO_MUNICIPALITY: gettext_lazy(
        "The postcode has no municipality. Its buyers are counted in the totals only. Name the municipality in the file."
    ),
    GeoProblem.UNKNOWN_MUNICIPALITY: gettext_lazy(
        "The municipality is not in the list of municipalities, and no other postcode tells what became of it. Use its present name."
    ),
    GeoProblem.NAME_MATCHED: gettext_lazy(
        "The municipality has a former name, and went where most of its other postcodes went. Check the name after the arrow."
    ),
    GeoProblem.TWO_NAMES: gettext_lazy(
        "The file names two municipalities of its year for the postcode. Its own name counts: "
        "the other one lies across a border that was drawn coarsely."
    ),
    GeoProblem.UNKNOWN_PROVINCE: gettext_lazy(
        "There is no such province. The postcode gets that of its municipality. Correct the name."
    ),
    GeoProblem.OTHER_PROVINCE: gettext_lazy(
        "The postcode was in another province than most of its municipality, and went to that of the municipality, so that areas nest."
    ),
    GeoProblem.OTHER_SUM: gettext_lazy(
        "The inhabitants of the municipality differ from the sum of its postcodes by more than 5 %. The sum counts. "
        "A border that moved explains it; else check the municipality of its postcodes."
    ),
    GeoProblem.NO_PLACE: gettext_lazy("The postcode has no place on the map, and no distance. Nobody lives there when it is new."),
    GeoProblem.NO_POLYGON: gettext_lazy("People live in the area, but it has no polygon: it is in tables and not on maps."),
    GeoProblem.NO_AREA: gettext_lazy(
        "The area is in this file but not in that of the postcodes or municipalities, and is left out."
    ),
    GeoProblem.FAR_AWAY: gettext_lazy("The place by addresses lies far from the middle of the area, and is not used."),
    GeoProblem.URBANITY_REVERSED: gettext_lazy(
        "Areas of class 5 are more densely built than those of class 1, so the classes were turned: 1 is most urban. Check the edition."
    ),
    GeoProblem.NO_AGES: gettext_lazy("The row has no ages: the area takes no part in what is expected by age."),
}
#: Findings of one kind that are shown as examples.
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One kind of finding: what it means, how often, and where the first ones are."""

    problem: GeoProblem
    sentence: str
    count: int
    examples: Sequence[str]


def lines(findings: Sequence[Mapping[str, str | int]]) -> list[ProblemLine]:
    """Findings by kind, the most frequent first."""
    found: dict[GeoProblem, list[Mapping[str, str | int]]] = {}
    for finding in findings:
        found.setdefault(GeoProblem(str(finding["problem"])), []).append(finding)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        ProblemLine(problem, str(SENTENCES[problem]), len(rows), [place(row) for row in rows[:EXAMPLES]])
        for problem, rows in ordered
    ]


def place(finding: Mapping[str, str | int]) -> str:
    """File, row, field and value of a finding: "pc4.csv:74 gemeente 1099"."""
    row = f":{finding['row']}" if finding["row"] else ""
    return f"{finding['file']}{row} {finding['field']} {finding['value']}"
