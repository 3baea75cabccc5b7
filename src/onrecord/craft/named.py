"""Whose words are asked for: the portions spoken by somebody whom the question names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from onrecord.craft.content import words_of
from onrecord.craft.portion import Portion
from onrecord.craft.relevance import Array

_SHORTEST_NAME = 4
"""A last name by itself counts from so many letters on; a shorter one only with all the others."""


def named(portions: Sequence[Portion], question: str) -> Array:
    """For each portion 1 where a voice speaks that the question names, else 0."""
    words = words_of(question)
    line = f" {' '.join(words)} "
    called = set()
    for voice in {portion.voice for portion in portions}:
        name = words_of(voice)
        if not name:
            continue
        last = len(name[-1]) >= _SHORTEST_NAME and name[-1] in words
        if last or f" {' '.join(name)} " in line:
            called.add(voice)
    return np.array([float(portion.voice in called) for portion in portions])
