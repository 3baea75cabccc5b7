"""Windows of sound to voices: which of them are of one person, and how many people there are.

Each window of a second and a half has a vector; the cosine of two vectors says how alike the voices are.
Two windows of one person may be no more alike than two of different people: a second and a half is not much.
Many windows together are more telling, so this goes in three rounds:

    1. Windows are gathered from the bottom up, the most alike first (average linkage), and only as far as
       nothing of different people comes together. One person may be in several heaps then.
    2. Heaps are joined while two of them are as alike as heaps of one person are. What counts is how
       alike windows of two heaps are on average, over how alike they are within each: 1 for two halves
       of one person's speech, whatever the room and the microphone do to every window.
    3. Heaps of a few windows are crumbs: a laugh, two people at once, a jingle. They are dissolved, and
       each window goes to the voice that it is most like.

How many people are *billed* moves the second round a little: down to that number heaps are joined
readily, below it reluctantly. It does not decide, because an advertisement has voices that nobody billed,
and a billed guest may not have come. A *count* that a person gave decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape (windows, size), each of unit length."""

_MOST = 2000  # what is gathered at once; memory and time grow with its square
_GATHER = 0.6
_JOIN, _JOIN_MORE, _JOIN_LESS = 0.8, 0.75, 0.9
_CRUMB_MS = 8000
_CRUMB_SHARE = 0.1
_FULL_MS = 1200  # a shorter window says too little to found a heap


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Vectors brought to unit length."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


@dataclass(slots=True)
class _Heap:
    """Windows that are taken for one voice: the sum of their vectors, how many, how long."""

    total: NDArray[np.float64]
    windows: int
    length_ms: float

    def __add__(self, other: _Heap) -> _Heap:
        return _Heap(self.total + other.total, self.windows + other.windows, self.length_ms + other.length_ms)

    @property
    def within(self) -> float:
        """How alike its windows are to one another, on average."""
        if self.windows < 2:
            return 0.65
        pairs = self.windows * (self.windows - 1)
        return max(0.3, (float(self.total @ self.total) - self.windows) / pairs)

    def alike(self, other: _Heap) -> float:
        """How alike two heaps are: 1 for two halves of one voice."""
        across = float(self.total @ other.total) / (self.windows * other.windows)
        return across / float(np.sqrt(self.within * other.within))


def voices_of(
    vectors: Vectors, lengths_ms: Sequence[float], *, hop_ms: float, count: int = 0, billed: int = 0
) -> Vectors:
    """Find the voices of a recording.

    Args:
        vectors: One for each window, in order of time.
        lengths_ms: How long each window is.
        hop_ms: How far neighbouring windows are apart, for how much speech a heap stands.
        count: How many voices there are, where a person said so; 0 to find out.
        billed: How many people are billed; 0 where that is not known.

    Returns:
        The voices' mean vectors, shape (voices, size), of unit length; at least one if there is a window.
    """
    if len(vectors) == 0:
        return vectors
    full = np.flatnonzero(np.asarray(lengths_ms) >= _FULL_MS)
    found = vectors[full] if len(full) >= max(2, count) else vectors
    each, per = _condensed(found)
    heaps = [
        _Heap(each[rows].sum(axis=0), len(rows), len(rows) * hop_ms * per) for rows in _gathered(each, count)
    ]
    heaps = _joined(heaps, count, billed)
    least_ms = min(_CRUMB_MS, max(2 * hop_ms, _CRUMB_SHARE * len(found) * hop_ms))
    large = [heap for heap in heaps if heap.length_ms >= least_ms]
    if len(large) < max(1, count):
        large = sorted(heaps, key=lambda heap: -heap.length_ms)[: max(1, count)]
    return unit(np.stack([heap.total for heap in large]))


def _condensed(vectors: Vectors) -> tuple[NDArray[np.float64], int]:
    """At most `_MOST` vectors: of a long recording, the means of a few neighbours each; and how many."""
    per = -(-len(vectors) // _MOST)
    if per == 1:
        return vectors.astype(np.float64), 1
    starts = np.arange(0, len(vectors), per)
    sums = np.add.reduceat(vectors.astype(np.float64), starts, axis=0)
    return unit(sums).astype(np.float64), per


def _gathered(vectors: NDArray[np.float64], count: int) -> list[NDArray[np.intp]]:
    """Rows of vectors that are of one voice beyond doubt; at least `count` heaps where there are so many."""
    if len(vectors) < 2:
        return [np.arange(len(vectors))]
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - only with the extra `speech`

    tree = linkage(vectors, "average", metric="cosine")
    label = fcluster(tree, 1 - _GATHER, "distance")
    if label.max() < count:
        label = fcluster(tree, min(count, len(vectors)), "maxclust")
    return [np.flatnonzero(label == one) for one in np.unique(label)]


def _joined(heaps: list[_Heap], count: int, billed: int) -> list[_Heap]:
    """Heaps joined while two are as alike as two heaps of one voice are."""
    heaps = sorted(heaps, key=lambda heap: -heap.length_ms)
    alike = np.full((len(heaps), len(heaps)), -1.0)
    for i, one in enumerate(heaps):
        for j in range(i):
            alike[i, j] = alike[j, i] = one.alike(heaps[j])
    while len(heaps) > max(1, count):
        i, j = divmod(int(np.argmax(alike)), len(heaps))
        enough = _JOIN
        if count:
            enough = -1.0
        elif billed:
            enough = _JOIN_MORE if len(heaps) > billed else _JOIN_LESS
        if alike[i, j] < enough:
            break
        heaps[i] = heaps[i] + heaps[j]
        heaps.pop(j)
        alike = np.delete(np.delete(alike, j, axis=0), j, axis=1)
        i -= i > j
        for k, other in enumerate(heaps):
            alike[i, k] = alike[k, i] = -1.0 if k == i else heaps[i].alike(other)
    return heaps
