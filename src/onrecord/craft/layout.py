"""Laying the announced questions out over a conversation, all of them at once.

Looked for one by one, questions fight over the same minutes: each goes where its words are heard most, and
the words of one interview are heard everywhere in it. Laid out together they explain the conversation:
each minute belongs to one question, each question gets a run, and mostly they come in the order in which
they were announced. A run is judged by

    relevance    how much it is about its question (craft/relevance.py), and about no other
    the opening  whether its first words name the question's, and look like a beginning (craft/boundary.py)
    tightness    whether its words belong together (craft/cohesion.py)
    length       runs are of very different lengths, but seldom a tenth of their share

The weights of these were learnt together, by asking which make the marked layouts most likely among all
layouts (bench/ledger_fit.py); craft/path.py adds up all layouts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.craft import layout_weights as weigh
from onrecord.craft.boundary import boundary
from onrecord.craft.cohesion import tightness
from onrecord.craft.path import Chances, Field, best, chances
from onrecord.craft.portion import portions
from onrecord.craft.relevance import (
    Array,
    Heard,
    Idf,
    Places,
    bm25,
    hear,
    relevance,
    sought,
    standard,
)
from onrecord.craft.talk import Placed, Talk
from onrecord.model.time import Ms, Span

_OPENING_WORDS = 60
_GRAIN_WORDS = 60
_MOST_PLACES = 900
"""More places than this in a conversation are not all tried as beginnings, but the likeliest."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each question lies, in the order announced; and the stretches that belong to none."""

    placed: tuple[Placed, ...]
    rest: tuple[Span[Ms], ...] = ()
    followed: bool = True
    """Whether the conversation keeps to the order in which the questions were announced."""


Asked = str | Sequence[str]
"""A question as announced: its text, or its parts."""


def lay_out(
    talk: Talk,
    asked: Sequence[Asked],
    *,
    language: str,
    idf: Idf | None = None,
    host: str = "",
    pinned: Mapping[int, tuple[Span[Ms], ...]] | None = None,
) -> Layout:
    """Lay announced questions out over a conversation.

    Args:
        talk: The conversation; it may be empty.
        asked: The questions as announced; one with several parts as a list of them.
        language: BCP 47, for stems and cues.
        idf: How rare the series' stems are; the conversation's own where there is none.
        host: The voice of the host, where it is known.
        pinned: Spans that a person set, by the question's index: they hold, and the rest is laid out around.

    Returns:
        A placement for each question. Spans touch or keep apart, never overlap, and lie inside the talk;
        together with the rest they cover it.
    """
    del pinned
    parts = portions(talk, language)
    if not parts or not asked:
        return Layout(tuple(Placed((), 0.0) for _ in asked))
    heard = hear(parts, idf)
    texts = [one if isinstance(one, str) else " ".join(one) for one in asked]
    cue = boundary(talk, heard, language, host)
    starts = _starts(heard, cue)
    field = _field(heard, [sought(text, language, heard.idf) for text in texts], cue, starts)
    found = chances(field)
    runs = best(found, field)
    edges = [*(parts[s].span.start for s in starts), Ms(max(p.span.end for p in parts))]
    return Layout(tuple(_placed(run, k, found, edges) for k, run in enumerate(runs)))


def _placed(run: tuple[int, int] | None, k: int, found: Chances, edges: Sequence[Ms]) -> Placed:
    if run is None:
        return Placed((), 0.0)
    span = Span(edges[run[0]], edges[run[1]])
    sure = float(found.within[k, run[0] : run[1]].mean())
    return Placed((span,), sure)


def _starts(heard: Heard, cue: Array) -> Places:
    """The portions at which a run may begin: all, or the likeliest of very many; the first always."""
    inside = np.array([not portion.opens for portion in heard.portions])
    score = weigh.CUE * cue + weigh.INSIDE * inside
    score[0] = np.inf
    kept = np.argsort(-score, kind="stable")[:_MOST_PLACES]
    return np.sort(kept)


def _field(heard: Heard, questions: Sequence[Mapping[str, float]], cue: Array, starts: Places) -> Field:
    """Put the signs of every run together."""
    edges = np.append(starts, len(heard))
    grains = heard.words / _GRAIN_WORDS
    rows = np.array([relevance(heard, stems) for stems in questions])
    along = np.tensordot(np.array(weigh.RELEVANCE), rows, axes=(0, 1))
    mean = rows.mean(axis=1)
    along = along + weigh.OWN * (mean - np.logaddexp.reduce(mean, axis=0))
    along = np.concatenate((np.zeros((len(questions), 1)), np.cumsum(along * grains, axis=1)), axis=1)
    opening = np.array([
        weigh.ASKED * standard(bm25(heard, heard.after(_OPENING_WORDS), stems), heard.words)
        + weigh.TOLD * standard(bm25(heard, heard.ahead(_OPENING_WORDS), stems), heard.words)
        for stems in questions
    ])
    inside = np.array([not portion.opens for portion in heard.portions])
    begin = (opening + weigh.CUE * cue + weigh.INSIDE * inside)[:, starts]
    begin[:, 0] = 0
    at_words = heard.at_words[edges]
    return Field(
        along=along[:, edges],
        begin=np.concatenate((begin, np.zeros((len(questions), 1))), axis=1),
        pairs=_pairs(heard, starts, at_words, len(questions)),
        rest=None,
        none=np.full(len(questions), -1e9),
        at_words=at_words,
    )


def _pairs(heard: Heard, starts: Places, at_words: Array, questions: int) -> Array:
    length = at_words[None, :] - at_words[:, None]
    share = np.log(np.maximum(length, 1) / (at_words[-1] / questions))
    return weigh.TIGHT * tightness(heard, starts) - weigh.EVEN * share**2 / 2 + weigh.LONG * share
