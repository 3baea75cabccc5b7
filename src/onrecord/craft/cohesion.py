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

from onrecord.craft.relevance import Array, Heard, Places, standard

DIPS_WORDS = (60, 120, 300)
_GRAIN_WORDS = 60
_LEAST = 0.3


def dips(heard: Heard) -> Array:
    """For each portion how much less than elsewhere it goes on with what was before; a row a size."""
    return np.array([standard(-_alike(heard, size), heard.words) for size in DIPS_WORDS])


def _alike(heard: Heard, size_words: int) -> Array:
    """The cosine of the words ahead of each portion and those from it on."""
    (first, here), (_, end) = heard.ahead(size_words), heard.after(size_words)
    weights = heard.weights.astype(np.float32)
    before = np.sqrt(heard.before[here] - heard.before[first]) * weights
    after = np.sqrt(heard.before[end] - heard.before[here]) * weights
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    alike: Array = ((before * after).sum(axis=1) / (lengths + 1e-6)).astype(float)
    return alike


def tightness(heard: Heard, starts: Places) -> Array:
    """How tight the run from each place to each later one is.

    Args:
        heard: The conversation.
        starts: Portions at which runs may begin, ascending, the first 0; runs end there or at the end.

    Returns:
        A table of one row and one column more than there are starts; 0 where a run would be empty.
    """
    edges = np.append(starts, len(heard))
    counts = np.diff(heard.before, axis=0)
    vectors = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * heard.weights.astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    vectors *= np.sqrt(heard.words / _GRAIN_WORDS).astype(np.float32)[:, None]
    blocks = np.add.reduceat(vectors, starts, axis=0) if len(starts) else vectors
    n = len(starts)
    corners = np.zeros((n + 1, n + 1))
    corners[1:, 1:] = np.cumsum(np.cumsum(blocks @ blocks.T, axis=0), axis=1)
    diagonal = np.diag(corners)
    squares = diagonal[None, :] + diagonal[:, None] - corners - corners.T
    at = heard.at_words[edges]
    grains = (at[None, :] - at[:, None]) / _GRAIN_WORDS
    return np.where(grains > 0, squares / np.maximum(grains, _LEAST), 0.0)


def novelty(heard: Heard, size_words: int = 60) -> Array:
    """For each portion how much of what is heard from it on was never heard before, against elsewhere."""
    counts = np.diff(heard.before, axis=0)
    fresh = ((counts > 0) & (heard.before[:-1] == 0)) @ heard.weights
    every = (counts > 0) @ heard.weights
    first, end = heard.after(size_words)
    fresh_before, every_before = (np.concatenate(([0.0], np.cumsum(x))) for x in (fresh, every))
    share = (fresh_before[end] - fresh_before[first]) / (every_before[end] - every_before[first] + 1)
    return standard(share, heard.words)
