"""Finding one question that has no list around it: added by hand, or asked of the archive.

Every run of a conversation is a candidate. Each gets a weight from a few signs (`Signs`): how much it is
about the question, portion by portion, less a price for each; whether its first words name the question;
whether it begins and ends where something begins; whether it is tight; how long it is; whether somebody
speaks who is named in the question; and, where the question stands in a list, whether it lies about where
its neighbours let one expect it.

The weights were learnt by least risk (bench/ledger_fit.py): not to make the marked run the likeliest, but
to make the *expected overlap* with it as great as it can be when a run is drawn by its weight. The run that
is proposed is chosen in the same spirit: the one that overlaps most, on average over all runs by their
weight, with the truth. So where two places compete the proposal does not stretch over both, and where one
place is sure but its edges are not, it takes the middle of what is likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onrecord.craft import locate_weights as weigh
from onrecord.craft.cohesion import tightness
from onrecord.craft.field import GRAIN_WORDS, OPENING_WORDS, Ground, ground
from onrecord.craft.named import named
from onrecord.craft.path import Run
from onrecord.craft.pin import around
from onrecord.craft.portion import Portion, portions
from onrecord.craft.relevance import Alike, Array, Idf, Sought, bm25, meant, relevance, sought, standard
from onrecord.craft.talk import Placed, Talk

USUAL_WORDS = 300
_MOST_PLACES = 300


@dataclass(frozen=True, eq=False, slots=True)
class Signs:
    """The signs of all runs between M places: of what lies along them, of their two ends, and of both.

    `along` (a, M + 1) is cumulated: a run from i to j has along[:, j] - along[:, i]. `begin` (b, M + 1),
    `end` (c, M + 1), `pairs` (d, M + 1, M + 1).
    """

    along: Array
    begin: Array
    end: Array
    pairs: Array
    at_words: Array

    def weights(self, given: Array) -> Array:
        """The weight of each run; minus infinity where it would be empty."""
        a, b, c = len(self.along), len(self.begin), len(self.end)
        along, begin, end = given[:a] @ self.along, given[a : a + b] @ self.begin, None
        end = given[a + b : a + b + c] @ self.end
        total = np.tensordot(given[a + b + c :], self.pairs, 1)
        total += (along + end)[None, :] + (begin - along)[:, None]
        empty = self.at_words[None, :] <= self.at_words[:, None]
        out: Array = np.where(empty, -np.inf, total)
        return out


@dataclass(frozen=True, eq=False, slots=True)
class Located:
    """Runs of portions, best first, how sure the first is, and how likely each portion belongs to it."""

    runs: tuple[Run, ...]
    sure: float
    within: Array


def locate(
    talk: Talk,
    question: str,
    *,
    language: str,
    idf: Idf | None = None,
    host: str = "",
    expected: float | None = None,
    alike: Alike | None = None,
) -> Placed:
    """Find one question by itself.

    Args:
        talk: The conversation; it may be empty.
        question: The question, or a topic.
        language: BCP 47, for stems and cues.
        idf: How rare the series' stems are; the conversation's own where there is none.
        host: The voice of the host, where it is known.
        expected: About where it should be, from 0 (the beginning) to 1, where something tells.
        alike: What tells how alike question and texts are in meaning, where there is something.

    Returns:
        Its place with two others; nowhere if no word of it was heard.
    """
    parts = portions(talk, language)
    if not parts:
        return Placed((), 0.0)
    on = prepare(talk, parts, language, idf, host)
    found = located(on, question, language, expected, alike)
    if not any(stem in on.heard.holding for stem in sought(question, language, on.heard.idf)):
        return Placed((), 0.0)
    (group,) = around(parts, 1, {})
    spans = [group.spans(*run) for run in found.runs]
    return Placed(spans[0], found.sure, tuple(span for rest in spans[1:] for span in rest)[:2])


def prepare(
    talk: Talk, parts: Sequence[Portion], language: str, idf: Idf | None = None, host: str = ""
) -> Ground:
    """A conversation for `located`, with fewer places than a layout needs."""
    return ground(talk, parts, language, idf, host, most_places=_MOST_PLACES)


def located(
    on: Ground,
    question: str,
    language: str,
    expected: float | None = None,
    alike: Alike | None = None,
) -> Located:
    """Where one question lies, as runs of portions; see `locate`."""
    means = meant(on.heard, [question], alike)[0] if alike else None
    found = signs(on, question, sought(question, language, on.heard.idf), expected, means)
    weights = found.weights(np.array(weigh.WEIGHTS))
    chance = np.exp(weights - weights.max())
    chance /= chance.sum()
    within = np.clip(np.cumsum(chance.sum(axis=1) - chance.sum(axis=0))[:-1], 0, 1)
    runs = _overlapping(within, chance, found.at_words)
    edges = on.edges
    by_portion = np.repeat(within, np.diff(edges))
    spread = [(int(edges[a]), int(edges[b])) for a, b in runs]
    sure = float(by_portion[slice(*spread[0])].mean())
    return Located(tuple(spread), min(1.0, sure), by_portion)


def _overlapping(within: Array, chance: Array, at_words: Array, count: int = 3) -> list[Run]:
    """The runs that overlap most on average with the truth, apart from each other, best first."""
    lengths = at_words[None, :] - at_words[:, None]
    usual = float((chance * np.maximum(lengths, 0)).sum())
    mass = np.concatenate(([0.0], np.cumsum(within * np.diff(at_words))))
    overlap = 2 * (mass[None, :] - mass[:, None]) / (np.maximum(lengths, 1) + usual)
    overlap[lengths <= 0] = -1
    found: list[Run] = []
    for _ in range(count):
        i, j = np.unravel_index(int(overlap.argmax()), overlap.shape)
        if found and overlap[i, j] <= 0:
            break
        run = (int(i), int(j))
        found.append(run)
        overlap[: run[1], run[0] + 1 :] = -1
    return found


def signs(
    on: Ground, question: str, stems: Sought, expected: float | None, means: Array | None = None
) -> Signs:
    """All signs of all runs, in the order of `locate_weights.WEIGHTS`."""
    heard, edges = on.heard, on.edges
    at_words = heard.at_words[edges]
    grains = heard.words / GRAIN_WORDS
    speaks = named(heard.portions, question)
    speaks -= np.average(speaks, weights=heard.words)
    meaning = np.zeros(len(heard)) if means is None else means
    rows = np.array([*relevance(heard, stems), speaks, np.ones(len(heard)), meaning]) * grains
    summed = np.concatenate((np.zeros((len(rows), 1)), np.cumsum(rows, axis=1)), axis=1)
    after, ahead = heard.after(OPENING_WORDS), heard.ahead(OPENING_WORDS)
    opening = [standard(bm25(heard, window, stems), heard.words) for window in (after, ahead)]
    begin = np.array([*opening, on.cue])[:, on.starts]
    end = np.array([*opening, on.cue])[:, on.starts]
    none = np.zeros((len(begin), 1))
    length = np.log(np.maximum(at_words[None, :] - at_words[:, None], 1) / USUAL_WORDS)
    middle = (at_words[None, :] + at_words[:, None]) / 2 / max(at_words[-1], 1)
    off = np.zeros_like(middle) if expected is None else -((middle - expected) ** 2)
    pairs = np.array([tightness(heard, on.table, on.starts), length, -(length**2) / 2, off])
    return Signs(
        summed[:, edges],
        np.concatenate((begin, none), axis=1),
        np.concatenate((end, none), axis=1),
        pairs,
        at_words,
    )
