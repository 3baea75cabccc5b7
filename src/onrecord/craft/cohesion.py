"""Cohesion: whether two stretches of a conversation speak of the same, by the stems that they share.

Where a subject ends, the words change. Two measures come from this. The *dip* compares what was heard just
before a place with what is heard just after it. The *tightness* of a run says how much its portions have in
common: the length of the sum of their word vectors, squared, over its words. A run that straddles two
subjects has portions that point into two directions, and their sum is short. All runs are measured at
once: the squared length of a sum is a sum over a square of the table of products, and sums over squares
of a table come from its cumulated corners.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from onrecord.craft.relevance import Array, Heard, Places, standard

DIPS_WORDS = (60, 120, 300)
_GRAIN_WORDS = 60
_LEAST = 0.3


Counts = npt.NDArray[np.float32]


def counts(heard: Heard) -> Counts:
    """How often each portion holds each stem of the conversation."""
    table = np.zeros((len(heard), len(heard.holding)), np.float32)
    for column, places in enumerate(heard.holding.values()):
        table[:, column] = np.bincount(places, minlength=len(heard))
    return table


def telling(heard: Heard) -> Counts:
    """The idf of each column of `counts`."""
    return np.array([heard.idf(stem) for stem in heard.holding], np.float32)


def dips(heard: Heard, table: Counts) -> Array:
    """For each portion how much less than elsewhere it goes on with what was before; a row a size."""
    before = np.concatenate((np.zeros((1, table.shape[1]), np.float32), np.cumsum(table, axis=0)))
    weights = telling(heard)
    return np.array([standard(-_alike(heard, before, weights, s), heard.words) for s in DIPS_WORDS])


def _alike(heard: Heard, before: Counts, weights: Counts, size_words: int) -> Array:
    """The cosine of the words ahead of each portion and those from it on."""
    (first, here), (_, end) = heard.ahead(size_words), heard.after(size_words)
    old = np.sqrt(before[here] - before[first]) * weights
    new = np.sqrt(before[end] - before[here]) * weights
    lengths = np.linalg.norm(old, axis=1) * np.linalg.norm(new, axis=1)
    alike: Array = ((old * new).sum(axis=1) / (lengths + 1e-6)).astype(float)
    return alike


def tightness(heard: Heard, table: Counts, starts: Places) -> Array:
    """How tight the run from each place to each later one is.

    Args:
        heard: The conversation.
        table: Its `counts`.
        starts: Portions at which runs may begin, ascending, the first 0; runs end there or at the end.

    Returns:
        A table of one row and one column more than there are starts; 0 where a run would be empty.
    """
    edges = np.append(starts, len(heard))
    vectors = np.where(table > 0, 1 + np.log(np.maximum(table, 1)), 0) * telling(heard)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    vectors *= np.sqrt(heard.words / _GRAIN_WORDS).astype(np.float32)[:, None]
    blocks = np.add.reduceat(vectors, starts, axis=0)
    n = len(starts)
    corners = np.zeros((n + 1, n + 1))
    corners[1:, 1:] = np.cumsum(np.cumsum(blocks @ blocks.T, axis=0), axis=1)
    diagonal = np.diag(corners)
    squares = diagonal[None, :] + diagonal[:, None] - corners - corners.T
    at = heard.at_words[edges]
    grains = (at[None, :] - at[:, None]) / _GRAIN_WORDS
    return np.where(grains > 0, squares / np.maximum(grains, _LEAST), 0.0)


def novelty(heard: Heard, table: Counts, size_words: int = 60) -> Array:
    """For each portion how much of what is heard from it on was never heard before, against elsewhere."""
    weights = telling(heard)
    holds = table > 0
    seen = np.logical_or.accumulate(holds, axis=0)
    known = np.concatenate((np.zeros((1, table.shape[1]), bool), seen[:-1]))
    fresh, every = (holds & ~known) @ weights, holds @ weights
    first, end = heard.after(size_words)
    fresh_before, every_before = (np.concatenate(([0.0], np.cumsum(x))) for x in (fresh, every))
    share = (fresh_before[end] - fresh_before[first]) / (every_before[end] - every_before[first] + 1)
    return standard(share, heard.words)
