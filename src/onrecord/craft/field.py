"""What speaks for and against each run of a conversation, put together for craft/path.py.

A run is judged by

    relevance    how much it is about its question (craft/relevance.py), and about no other
    the opening  whether its first words name the question's, and look like a beginning (craft/boundary.py)
    tightness    whether its words belong together (craft/cohesion.py)
    length       runs are of very different lengths, but seldom a tenth of their share

and a run of the background by the last three and a price. The weights of these were learnt together, by
asking which make the marked layouts most likely among all layouts (bench/ledger_fit.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.craft import layout_weights as weigh
from onrecord.craft.boundary import boundary
from onrecord.craft.cohesion import Counts, counts, tightness
from onrecord.craft.path import NEVER, Field
from onrecord.craft.portion import Portion
from onrecord.craft.relevance import Array, Heard, Idf, Places, Sought, bm25, hear, relevance, standard
from onrecord.craft.talk import Talk

OPENING_WORDS = 60
GRAIN_WORDS = 60
MOST_PLACES = 900
"""More places than this in a conversation are not all tried as beginnings, but the likeliest."""


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """A conversation, or a part of it, with all that does not depend on what is looked for."""

    heard: Heard
    table: Counts
    cue: Array
    """How much each portion looks like a beginning, weighed."""
    starts: Places
    """The portions at which a run may begin."""

    @property
    def edges(self) -> Places:
        """The places of a field as portions: the starts, and the end."""
        return np.append(self.starts, len(self.heard))


def ground(
    talk: Talk,
    portions: Sequence[Portion],
    language: str,
    idf: Idf | None,
    host: str = "",
    most_places: int = MOST_PLACES,
) -> Ground:
    """Prepare some portions of a conversation, at least one."""
    heard = hear(portions, idf)
    table = counts(heard)
    inside = np.array([not portion.opens for portion in portions])
    cue = weigh.CUE * boundary(talk, heard, table, language, host) + weigh.INSIDE * inside
    first = np.concatenate(([np.inf], cue[1:]))
    starts = np.sort(np.argsort(-first, kind="stable")[:most_places])
    return Ground(heard, table, cue, starts)


def field(
    on: Ground, questions: Sequence[Sought], none: Array | None = None, means: Array | None = None
) -> Field:
    """The weights of all runs of these questions.

    Args:
        on: The conversation.
        questions: What is looked for, at least one.
        none: What each gets for not being there; where it is not given each must be there.
        means: How much each portion means each question (`meant`), where that is known.
    """
    heard, edges = on.heard, on.edges
    begin = np.zeros((len(questions), len(edges)))
    begin[:, 1:-1] = (openings(heard, questions) + on.cue)[:, on.starts[1:]]
    at_words = heard.at_words[edges]
    pairs = _pairs(on, at_words, len(questions))
    idle = np.append(on.cue[on.starts], 0.0)
    idle[0] = 0
    return Field(
        along=_along(heard, questions, means)[:, edges],
        begin=begin,
        pairs=pairs,
        rest=pairs + idle[:, None] + weigh.REST - weigh.REST_PLACES * _crowd(len(edges)),
        none=np.full(len(questions), NEVER) if none is None else none,
        at_words=at_words,
    )


def _crowd(places: int) -> float:
    """By how much more than usual there are places for a stretch of the background to begin and end."""
    return math.log(max(1.0, places / weigh.USUAL_PLACES))


def _along(heard: Heard, questions: Sequence[Sought], means: Array | None) -> Array:
    """Cumulated relevance: a row a question, a column before each portion and one at the end."""
    rows = np.array([relevance(heard, stems) for stems in questions])
    mean = rows.mean(axis=1)
    own = mean - np.logaddexp.reduce(mean, axis=0)
    scores = np.tensordot(np.array(weigh.RELEVANCE), rows, axes=(0, 1)) + weigh.OWN * own
    if means is not None:
        scores = scores + weigh.MEANT * means
    summed = np.cumsum(scores * heard.words / GRAIN_WORDS, axis=1)
    return np.concatenate((np.zeros((len(questions), 1)), summed), axis=1)


def openings(heard: Heard, questions: Sequence[Sought]) -> Array:
    """How well each portion's first words, and those ahead of it, name each question; weighed."""
    after, ahead = heard.after(OPENING_WORDS), heard.ahead(OPENING_WORDS)
    return np.array(
        [
            weigh.ASKED * standard(bm25(heard, after, stems), heard.words)
            + weigh.TOLD * standard(bm25(heard, ahead, stems), heard.words)
            for stems in questions
        ]
    )


def _pairs(on: Ground, at_words: Array, questions: int) -> Array:
    length = at_words[None, :] - at_words[:, None]
    share = np.log(np.maximum(length, 1) / (max(at_words[-1], 1) / questions))
    tight = tightness(on.heard, on.table, on.starts)
    out: Array = weigh.TIGHT * tight - weigh.EVEN * share**2 / 2 + weigh.LONG * share
    return out
