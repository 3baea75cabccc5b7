"""Whether a question was asked at all, judged by how well it would fit conversations where it was not.

A question that nobody asked still finds a place that shares some of its words, and how good that place
looks says little: long questions of common words find good places everywhere. What tells is the comparison
with a cohort, other conversations of the series. The best window here is measured in units of the spread of
the best windows there. A question that fits here hardly better than it fits strangers was not asked here.

This is one sign among those that craft/path.py weighs: a question that has no good room left between its
neighbours is doubted too. Headings that fit any conversation ("Introduction", "Closing") are never doubted,
and without a cohort of some conversations nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from onrecord.craft import layout_weights as weigh
from onrecord.craft.path import NEVER
from onrecord.craft.relevance import WINDOWS_WORDS, Array, Heard, Sought, bm25

LEAST_COHORT = 5
_SPREAD = 0.3
"""Is added to the cohort's spread, so that a question of one word does not divide by nothing."""
_MOST_COHORT = 60

_ANYWHERE = re.compile(
    r"\W*(?:intro\w*|outro\w*|conclu\w*|closing|opening|wrap.?up|final\b.*|summary"
    r"|(?:audience )?q ?(?:&|and) ?a|(?:audience )?questions?|thanks?\b.*|welcome\b.*"
    r"|sponsor\w*|about\b.*|background|overview"
    r"|.*\bintroductions?|closing \w+|einleitung|begrüßung|schluss\w*|fazit|uvod\w*"
    r"|zaključ\w*|hyrje|mbyllje)\W*",
    re.IGNORECASE,
)


def doubts(texts: Sequence[str], questions: Sequence[Sought], heard: Heard, cohort: Sequence[Heard]) -> Array:
    """What each question gets for not being there, in units of log odds; NEVER where it is not doubted.

    Args:
        texts: The questions as announced.
        questions: The same as weighed stems.
        heard: The conversation.
        cohort: Others of the series in which these questions were not announced.
    """
    if len(cohort) < LEAST_COHORT:
        return np.full(len(questions), NEVER)
    sample = cohort[:: -(-len(cohort) // _MOST_COHORT)]
    return np.array(
        [
            NEVER if _ANYWHERE.fullmatch(text) else weigh.ABSENT - weigh.FITS * fit(stems, heard, sample)
            for text, stems in zip(texts, questions, strict=True)
        ]
    )


def fit(stems: Sought, heard: Heard, cohort: Sequence[Heard]) -> float:
    """How many spreads better the best window is than the best windows of the cohort; a mean of all sizes."""
    apart = []
    for size in WINDOWS_WORDS:
        own = _top(stems, heard, size)
        others = np.array([_top(stems, other, size) for other in cohort])
        apart.append((own - others.mean()) / (others.std() + _SPREAD))
    return float(np.mean(apart))


def _top(stems: Sought, heard: Heard, size_words: int) -> float:
    if not len(heard) or not any(stem in heard.holding for stem in stems):
        return 0.0
    return float(bm25(heard, heard.around(size_words), stems).max())
