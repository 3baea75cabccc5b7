"""Where else a question might lie: the runs of portions that are most about it, whatever the others say.

The classic of one line: give each portion its relevance less a threshold, and take the run with the greatest
sum. Then the greatest one apart from it, and so on. It needs no other question and no order, so it serves
for the two alternatives that a person is shown.
"""

from __future__ import annotations

import numpy as np

from onrecord.craft.path import Run
from onrecord.craft.relevance import Array, Heard, Sought, relevance

THRESHOLD = 0.7
_POWER = 0.6


def others(heard: Heard, stems: Sought, but: Run | None, count: int = 2) -> list[Run]:
    """Up to so many runs of portions that are most about what is sought, apart from one, best first."""
    scores = (about_each(heard, stems) - THRESHOLD) * heard.words**_POWER
    found: list[Run] = []
    if but is not None:
        scores[but[0] : but[1]] = -np.inf
    for _ in range(count):
        run, worth = heaviest(scores)
        if worth <= 0:
            break
        found.append(run)
        scores[run[0] : run[1]] = -np.inf
    return found


def about_each(heard: Heard, stems: Sought) -> Array:
    """How much each portion is about what is sought: above 0 where more than usual."""
    means: Array = relevance(heard, stems).mean(axis=0)
    return means


def heaviest(scores: Array) -> tuple[Run, float]:
    """The run with the greatest sum, and that sum.

    >>> heaviest(np.array([1.0, -3.0, 2.0, -1.0, 2.0]))
    ((2, 5), 3.0)
    """
    top, run = -np.inf, (0, 0)
    sum_here, since = 0.0, 0
    for i, score in enumerate(scores):
        if sum_here <= 0:
            sum_here, since = 0.0, i
        sum_here += float(score)
        if sum_here > top:
            top, run = sum_here, (since, i + 1)
    return run, float(top)
