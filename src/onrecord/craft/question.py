"""What somebody types, as a question to the archive: its words in every reading, its phrases, their weights.

    How do they view "Aleksandar Vučić"?

has the words how, do, they, view, aleksandar, vucic, and one phrase. A word weighs as much as it is rare
(inverse document frequency over the windows of the archive); what nearly every window holds weighs next
to nothing and is not even looked for. A phrase must stand as it is, whatever its words weigh.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from onrecord.craft.terms import readings, words

MOST_WORDS: Final = 48
"""Of a longer question only the rarest words are looked for."""
_MOST_READ: Final = 2000
_FAINT: Final = 0.3
"""A word that weighs less than this share of the heaviest one is not looked for."""
_ENOUGH: Final = 200
"""In fewer windows it means little that a word is missing."""
_COMMON: Final = 1.0
"""Of a question of such words alone (the, and, of) only the three heaviest are looked for."""

_QUOTED = re.compile('"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»')


@dataclass(frozen=True, slots=True)
class Question:
    """The distinct words of a question, folded, each with the terms it may be indexed as; and its phrases."""

    words: tuple[tuple[str, ...], ...]
    phrases: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is looked for: the weight of each term, of the whole question, and the phrases.

    Every reading of a word has the word's weight.
    """

    weights: Mapping[str, float]
    whole: float
    phrases: tuple[tuple[tuple[str, ...], ...], ...]


def read_question(text: str, languages: Sequence[str]) -> Question:
    """Read a question; `languages` are those of the archive.

    >>> read_question('view of "the War"?', ["en"])
    Question(words=(('view',), ('of',), ('the',), ('war',)), phrases=((('the',), ('war',)),))
    """
    shown = text[: _MOST_READ * 10]
    phrases = []
    for match in _QUOTED.finditer(shown):
        phrase = _words(next(filter(None, match.groups()), ""), languages)
        if len(phrase) > 1:
            phrases.append(tuple(phrase[:MOST_WORDS]))
    return Question(tuple(dict.fromkeys(_words(shown, languages)[:_MOST_READ])), tuple(phrases[:4]))


def _words(text: str, languages: Iterable[str]) -> list[tuple[str, ...]]:
    known = tuple(languages)
    return [readings(word, known) for _, _, word in words(text)]


def weigh(question: Question, held_by: Callable[[str], int], windows: int) -> Weighed:
    """Weigh the words of a question.

    Args:
        question: as it was read.
        held_by: how many windows hold a term.
        windows: how many there are.
    """
    weighed = []
    heaviest = 0.0
    for word in question.words:
        held = sum(held_by(term) for term in word)
        weight = log(1 + (max(0, windows - held) + 0.5) / (held + 0.5))
        if held or windows >= _ENOUGH:  # a word that nobody said makes the little words count for less
            heaviest = max(heaviest, weight)
        if held:
            weighed.append((weight, word))
    weighed.sort(key=lambda pair: -pair[0])
    kept = [(weight, word) for weight, word in weighed[:MOST_WORDS] if weight >= _FAINT * heaviest]
    if heaviest < _COMMON:
        kept = kept[:3]
    weights = {term: weight for weight, word in reversed(kept) for term in word}
    return Weighed(weights, sum(weight for weight, _ in kept), question.phrases)
