"""Find the silences of a recording in its level, measured every 10 ms.

A room is never silent, so the threshold lies between what the recording's quiet is and what its speech
is: 30 dB below speech, but never so near the noise that the noise would count as talk. Breaths and the
closure of a `t` are shorter than a third of a second and are no silences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOP_MS = 10
QUIETEST_DB = -90.0
_SHORTEST_MS = 300
_BELOW_SPEECH_DB = 30.0


def levels_db(mean_squares: NDArray[np.float64]) -> NDArray[np.float32]:
    """Levels in dBFS of mean squares, not lower than -90."""
    return (10 * np.log10(np.maximum(mean_squares, 10 ** (QUIETEST_DB / 10)))).astype(np.float32)


def silences(levels: NDArray[np.float32], *, shortest_ms: int = _SHORTEST_MS) -> list[tuple[int, int]]:
    """Silences as `[start_ms, end_ms)`, from levels in dBFS every 10 ms.

    >>> talk = np.full(100, -20.0, np.float32)
    >>> talk[30:70] = -80
    >>> silences(talk)
    [(300, 700)]
    """
    if len(levels) == 0:
        return []
    speech, floor = np.percentile(levels, 95), np.percentile(levels, 5)
    if speech <= QUIETEST_DB + 1:
        return [(0, len(levels) * HOP_MS)]
    # In a steady sound (a tone, music) there is no quiet to be found: the floor is close to the top.
    threshold = min(max(speech - _BELOW_SPEECH_DB, floor + 6), speech - 12)
    return [span for span in runs(levels < threshold) if span[1] - span[0] >= shortest_ms]


def runs(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where a row of flags (one every 10 ms) is true, as `[start_ms, end_ms)`."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
    return [(int(a) * HOP_MS, int(b) * HOP_MS) for a, b in edges.reshape(-1, 2)]
