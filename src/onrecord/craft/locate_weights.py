"""What each sign of a run weighs when one question is looked for; learnt by bench/ledger_fit.py."""

from __future__ import annotations

from typing import Final

WEIGHTS: Final = (
    *(0.274, -0.945, 1.132, 0.773, -0.466),  # relevance in 40, 100, 250 words, who speaks, a portion's price
    0.3,  # meaning, where an engine tells
    *(1.795, 0.435, 0.392),  # the beginning: words after it, words ahead of it, cue
    *(-0.762, 0.370, -1.279),  # the end: the same
    *(0.735, 2.745, 0.924, 1.499),  # tightness, length, unusual length, place in the list
)
