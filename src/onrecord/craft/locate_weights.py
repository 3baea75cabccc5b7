"""What each sign of a run weighs when one question is looked for; learnt by bench/ledger_fit.py."""

from __future__ import annotations

from typing import Final

WEIGHTS: Final = (
    *(0.1, 0.2, 0.1, 0.2, -0.3),  # relevance in 40, 100 and 250 words, who speaks, each portion's price
    *(0.5, 0.0, 0.5),  # the beginning: words after it, words ahead of it, cue
    *(-0.3, 0.2, 0.3),  # the end: the same
    *(1.0, 0.0, 0.5, 3.0),  # tightness, length, unusual length, place in the list
)
