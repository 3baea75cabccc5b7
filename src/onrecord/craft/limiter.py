"""A look-ahead limiter that keeps the true peak of a sound under a ceiling and touches nothing else.

Between two samples a signal may rise above both; what a player's converter makes of it is the *true peak*.
It is found by interpolating three points between samples with the filter of BS.1770-5, annex 2.

The limiter works in blocks of a millisecond. For each block it asks: by how much must this be turned down?
Then it takes the least of these gains over a neighbourhood and smooths the result with a bell that is no
wider than that neighbourhood. A weighted mean of values that are all low enough is low enough: so the
gain is smooth *and* under the demand at every block, and it is exactly 1 wherever no peak is near.
The gain bends within 60 ms on both sides of a peak, most of it in the 30 ms before (the look-ahead) and
the 40 ms after it.

Most blocks are far below the ceiling. The interpolation cannot exceed the highest sample by more than
the sum of the filter's absolute weights, so only blocks above the ceiling divided by that sum
are interpolated at all, and the result is the same as if all were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]
    Gains = NDArray[np.float64]

# BS.1770-5, annex 2: four phases of a 48-tap filter; phase 3 is phase 0 backwards, phase 2 is phase 1.
_PHASE_0 = (
    0.0017089843750,
    0.0109863281250,
    -0.0196533203125,
    0.0332031250000,
    -0.0594482421875,
    0.1373291015625,
    0.9721679687500,
    -0.1022949218750,
    0.0476074218750,
    -0.0266113281250,
    0.0148925781250,
    -0.0083007812500,
)
_PHASE_1 = (
    -0.0291748046875,
    0.0292968750000,
    -0.0517578125000,
    0.0891113281250,
    -0.1665039062500,
    0.4650878906250,
    0.7797851562500,
    -0.2003173828125,
    0.1015625000000,
    -0.0582275390625,
    0.0330810546875,
    -0.0189208984375,
)
_PHASES = np.array([_PHASE_0, _PHASE_1, _PHASE_1[::-1], _PHASE_0[::-1]], np.float32)
_TAPS = _PHASES.shape[1]
_REACH = _TAPS - 1
HEADROOM = float(np.abs(_PHASES).sum(axis=1).max())
"""The most by which the interpolation can exceed the samples."""

_AHEAD, _HOLD = 15, 45
"""Blocks on the two sides of the bell's top."""


def true_peaks(sound: Sound, block: int, threshold: float = 0.0) -> Gains:
    """The highest true peak of each block, over all channels.

    Args:
        sound: Shape (samples, channels); its last block may be short.
        block: Samples in a block.
        threshold: Blocks whose peak certainly stays below it get their sample peak instead.

    Returns:
        One value a block, full scale at 1.
    """
    count = -(-len(sound) // block)
    padded = np.zeros((count * block + 2 * _REACH, sound.shape[1]), np.float32)
    padded[_REACH : _REACH + len(sound)] = sound
    peaks = _sample_peaks(padded[_REACH : _REACH + count * block], block)
    # A block's interpolated points also use samples of its neighbours.
    near = np.maximum(peaks, np.maximum(np.append(peaks[1:], 0), np.append(0, peaks[:-1])))
    loud = np.flatnonzero(near * HEADROOM > threshold)
    result = peaks.astype(np.float64)
    index = np.arange(block + _REACH)
    # In portions, because the windows over them take fifty times their memory.
    for some in (loud[i : i + 512] for i in range(0, len(loud), 512)):
        for channel in range(sound.shape[1]):
            rows = padded[some[:, None] * block + _REACH // 2 + index, channel]
            windows = np.lib.stride_tricks.sliding_window_view(rows, _TAPS, axis=1)
            between = np.abs(windows.reshape(-1, _TAPS) @ _PHASES.T).max(axis=1).reshape(len(some), -1)
            result[some] = np.maximum(result[some], between.max(axis=1))
    return result


def _sample_peaks(sound: Sound, block: int) -> Gains:
    """Highest absolute sample of each whole block, over all channels."""
    blocks = sound.reshape(-1, block * sound.shape[1])
    return np.asarray(np.maximum(blocks.max(axis=1), -blocks.min(axis=1)), np.float64)


class Limiter:
    """Limits a stream: push pieces, take what is ready, flush at the end; nothing is lost or delayed.

    >>> limiter = Limiter(0.5, 1000)
    >>> loud = np.ones((300, 1), np.float32)
    >>> out = np.concatenate([limiter.push(loud), limiter.flush()])
    >>> len(out), bool(np.abs(out).max() <= 0.5)
    (300, True)
    """

    def __init__(self, ceiling: float, rate_hz: int) -> None:
        """Make a limiter for one stream.

        Args:
            ceiling: Highest true peak allowed, full scale at 1.
            rate_hz: The stream's rate.
        """
        self.ceiling = ceiling
        self.lowest_gain = 1.0
        self._block = max(1, rate_hz // 1000)
        bell = np.concatenate([np.hanning(2 * _AHEAD + 1)[:_AHEAD], np.hanning(2 * _HOLD + 1)[_HOLD:]])
        # Turned round, because the bell weighs what is to come: a fast way down, a slower way up.
        self._bell = bell[::-1] / bell.sum()
        self._sound: list[Sound] = []
        self._held = 0
        self._before: Sound | None = None
        # Demands of blocks that are already out, then of those held; no demand before the beginning.
        self._past: Gains = np.ones(2 * len(bell))

    def push(self, sound: Sound) -> Sound:
        """Take a piece, shape (samples, channels); give what is ready (perhaps nothing)."""
        self._sound.append(sound)
        self._held += len(sound)
        # Work in larger pieces: what numpy does for a second costs little more than for a millisecond.
        if self._held < 500 * self._block:
            return sound[:0]
        return self._release(last=False)

    def flush(self) -> Sound:
        """Give the rest."""
        return self._release(last=True)

    def _release(self, *, last: bool) -> Sound:
        if not self._sound:
            return np.zeros((0, 1), np.float32) if self._before is None else self._before[:0]
        sound = np.concatenate(self._sound)
        before = self._before if self._before is not None else sound[:0]
        demand = self._demand(np.concatenate([before, sound]), len(before) // self._block)
        reach = len(self._bell)
        # Beyond the end nothing is demanded; otherwise the last blocks wait until their future is known.
        wait = 0 if last else reach + 1
        ready = len(demand) - wait
        if ready <= 0:
            self._sound = [sound]
            return sound[:0]
        nodes = self._nodes(np.concatenate([self._past, demand, np.ones(reach + 1)]), ready)
        size = len(sound) if last else ready * self._block
        out = self._apply(sound[:size], nodes)
        self._past = np.concatenate([self._past, demand[:ready]])[-2 * reach :]
        done = np.concatenate([before, sound[:size]])
        self._before = done[len(done) - min(len(done) // self._block, 2) * self._block :]
        self._sound = [sound[size:]]
        self._held = len(sound) - size
        return out

    def _demand(self, sound: Sound, skip: int) -> Gains:
        """The gain that each block needs, without the first `skip` blocks, which are context."""
        peaks = true_peaks(sound, self._block, self.ceiling)[skip:]
        # A hair below the ceiling, so that rounding to 32 bits cannot lift it above.
        return np.where(peaks > self.ceiling, self.ceiling * (1 - 1e-6) / np.maximum(peaks, 1e-9), 1.0)

    def _nodes(self, demand: Gains, ready: int) -> Gains:
        """Smooth gains at the borders of the ready blocks (one more than blocks)."""
        past, reach = len(self._past), len(self._bell)
        if demand[past - reach - 1 :].min() >= 1.0:
            return np.ones(ready + 1)
        # A border serves the blocks on both sides of it.
        border = np.minimum(demand[:-1], demand[1:])  # border[i] lies between blocks i and i + 1
        low = np.lib.stride_tricks.sliding_window_view(border, reach).min(axis=1)
        # low[i] covers borders i .. i + reach - 1. A border's gain is a mean of the `reach` minima that
        # contain it, so each of them, and the mean, is at most its own demand.
        smooth = np.convolve(low, self._bell, mode="valid")  # smooth[i] belongs to border i + reach - 1
        first = past - 1  # the border before the first ready block
        return np.asarray(np.minimum(smooth[first - reach + 1 :][: ready + 1], 1.0))

    def _apply(self, sound: Sound, nodes: Gains) -> Sound:
        if nodes.min() >= 1.0:
            return sound
        self.lowest_gain = min(self.lowest_gain, float(nodes.min()))
        at = np.arange(len(sound), dtype=np.float64) / self._block
        gain = np.interp(at, np.arange(len(nodes)), nodes).astype(np.float32)
        return np.asarray(sound * gain[:, None], np.float32)
