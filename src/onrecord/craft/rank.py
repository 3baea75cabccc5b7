"""Asking the whole archive: the passages that answer a question best, from all conversations.

Every portion with what is heard around it is a candidate. Three views of it are added up, each measured
against the whole archive: the words within 40, 100 and 250 words around it (craft/relevance.py), and the
conversation as a whole, because four guests speak of the same thing in passing and one was asked about it.
Where the question names somebody who speaks in the archive, conversations and passages with that voice go
first (craft/named.py).
Then the best passages are taken one after another. A passage that overlaps one already taken says nothing
new, and each further one from the same conversation must be better than the first was: who reads ten
answers wants several conversations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.craft.named import named
from onrecord.craft.relevance import WINDOWS_WORDS, Array, Heard, Sought, bm25, standard

PASSAGE_WORDS = 100
_WHOLE = 1.0
_NAMED = 2.0
_AGAIN = 0.25
_APART_WORDS = 200
_LENIENT = 30.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage: which conversation, its portions from `first` to before `end`, and its score."""

    conversation: int
    first: int
    end: int
    score: float


def rank(archive: Sequence[Heard], question: str, stems: Sought, count: int = 10) -> tuple[Hit, ...]:
    """The passages of an archive that are most about what is sought, best first.

    Args:
        archive: The conversations, in any order; they may be empty.
        question: What is asked, in anybody's words.
        stems: The same, weighed by the idf of the archive (`sought`).
        count: How many passages at most.

    Returns:
        Hits of about a hundred words with a score above 0, none from where no stem was heard.
    """
    holding = [n for n, heard in enumerate(archive) if any(stem in heard.holding for stem in stems)]
    if not holding:
        return ()
    heard = [archive[n] for n in holding]
    words = np.concatenate([one.words for one in heard])
    whole = np.concatenate([np.full(len(one), _whole(one, stems)) for one in heard])
    scores = _WHOLE * standard(whole, words)
    exact = np.zeros_like(scores)
    for size in WINDOWS_WORDS:
        raw = np.concatenate([bm25(one, one.around(size), stems) for one in heard])
        scores = scores + standard(raw, words)
        exact = exact + (raw if size <= PASSAGE_WORDS else 0)
    scores = scores + np.concatenate([_voices(one, question) for one in heard])
    scores[exact <= 0] = -np.inf
    return _taken(heard, holding, scores, count)


def _taken(heard: Sequence[Heard], holding: Sequence[int], scores: Array, count: int) -> tuple[Hit, ...]:
    starts = np.concatenate(([0], np.cumsum([len(one) for one in heard])))
    owner = np.repeat(np.arange(len(heard)), np.diff(starts))
    left = scores.copy()
    hits: list[Hit] = []
    while len(hits) < count:
        at = int(left.argmax())
        if not math.isfinite(left[at]):
            break
        which = int(owner[at])
        one, own = heard[which], at - int(starts[which])
        first, end = (int(edge[own]) for edge in one.around(PASSAGE_WORDS))
        hits.append(Hit(holding[which], first, end, float(scores[at])))
        middle = (one.at_words[:-1] + one.at_words[1:]) / 2
        near = np.abs(middle - middle[own]) < PASSAGE_WORDS / 2 + _APART_WORDS
        mine = left[starts[which] : starts[which + 1]]
        mine[near] = -np.inf
        mine -= _AGAIN
    return tuple(hits)


def _voices(heard: Heard, question: str) -> Array:
    """What each portion gets for the voices that the question names: in the conversation, and around it."""
    speaks = named(heard.portions, question)
    if not speaks.any():
        return speaks
    first, end = heard.around(PASSAGE_WORDS)
    said = np.concatenate(([0.0], np.cumsum(speaks * heard.words)))
    out: Array = _NAMED + _NAMED * (said[end] - said[first]) / (heard.at_words[end] - heard.at_words[first])
    return out


def _whole(heard: Heard, stems: Sought) -> float:
    """How much a whole conversation is about what is sought: each stem counts less the more it was heard."""
    often = {stem: len(heard.holding.get(stem, ())) for stem in stems}
    length = math.sqrt(max(1.0, float(heard.at_words[-1])) / 9000)
    return sum(weight * often[stem] / (often[stem] + _LENIENT * length) for stem, weight in stems.items())
