"""Parts that tell of the same people twice: what one of them holds back must not follow from the other.

* Who came once is new or occasional, who came more often regular or core: so the first bucket of the frequency is the sum of two stages.
* Who was lost from last season (retention) is who has been away since (lapsed).
"""

import numpy as np
import numpy.typing as npt

from dip.warehouse.rules.audience.persons import LIMITS, PersonLimits, complete

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Stages, counted from 0, that a bucket of the frequency adds up: new and occasional, regular and core.
PAIRS = ((0, 1), (2, 3))
#: Parts of which the one tells the other.
TWINS = {"retention": "lapsed", "lapsed": "retention"}
#: Parts that lean on each other, so that in a table of several lines a line is told whole or not at all.
WHOLE_LINES = ("stages", "frequency")


def linked(code: str, counts: Ints, may: Mask, limits: PersonLimits = LIMITS) -> Mask:
    """Which values of a part may stand beside the parts that it is linked with; the same for parts that are not linked."""
    if code == "stages":
        both = [may[first] and may[second] for first, second in PAIRS]
        return np.array([both[0], both[0], both[1], both[1]])
    if code == "frequency":
        often = complete(counts[1:], may[1:], limits)
        is_few = bool((~often).any()) and int(counts[1:][~often].sum()) < limits.buyers_min
        return np.append(may[0] and not is_few, often)
    return may
