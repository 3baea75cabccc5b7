"""The loudness of any cut of a recording, from figures taken once for every tenth of a second.

BS.1770 weighs the sound with a filter (the K weighting), takes its mean power over windows of 400 ms that
begin every 100 ms, leaves out windows below -70 LUFS, then those more than 10 LU below the mean of the
rest, and calls the mean power of what is left the integrated loudness.

So the K-weighted power of each 100 ms block of the recording says all that is needed. A cut does not begin
on a block, though. Seen as energy that only ever grows, the recording is a rising line with a corner at
every block, and a cut is that line with stretches taken out and the ends pushed together. Read off at
every 100 ms of the cut's own clock, it gives the blocks that a meter would have seen at the cut.

The blocks are kept for left, right and their mean (`mid`): from them follows the loudness both of the
stereo sound and of the mono sound that could be made of it, and how far they differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Figures = NDArray[np.float64]

BLOCK_MS = 100
_WINDOW_BLOCKS = 4
_OFFSET_DB = -0.691
_ABSOLUTE_LUFS, _RELATIVE_LU = -70.0, -10.0


@dataclass(frozen=True, slots=True)
class Levels:
    """What was measured of a recording, in blocks of 100 ms; the last one may be shorter.

    `power`: mean square after K weighting, shape (blocks, 3): left, right, mid; three equal columns for a
    mono recording. `peak`: the highest absolute sample of any channel, shape (blocks,), full scale at 1.
    """

    power: Figures
    peak: Figures
    duration_ms: int

    @property
    def stereo_power(self) -> Figures:
        """Power of the stereo sound: BS.1770 adds the channels."""
        return np.asarray(self.power[:, 0] + self.power[:, 1])

    @property
    def mono_power(self) -> Figures:
        """Power of the mono sound made of it."""
        return np.asarray(self.power[:, 2])

    def heard(self, channels: int, kept: Iterable[tuple[int, int]] | None = None) -> Figures:
        """The 100 ms powers of a cut (of all, if none is given) as mono or stereo sound."""
        power = self.mono_power if channels == 1 else self.stereo_power
        return cut_power(power, self.duration_ms, ((0, self.duration_ms),) if kept is None else kept)

    def is_mono(self, *, below_db: float = -35.0) -> bool:
        """Whether left and right differ by so little that nothing is lost in mono.

        The difference of the channels has the power (L² + R²)/2 − M².
        """
        both = float(self.stereo_power.sum()) / 2
        side = both - float(self.mono_power.sum())
        return bool(side <= both * 10 ** (below_db / 10))


def cut_power(power: Figures, duration_ms: int, kept: Iterable[tuple[int, int]]) -> Figures:
    """The 100 ms powers of a cut.

    Args:
        power: Mean squares of the recording's blocks, shape (blocks,).
        duration_ms: The recording's length; it sets the length of the last block.
        kept: Stretches `[start_ms, end_ms)` in playing order.

    Returns:
        Mean squares of the cut's blocks; what is left over after the last whole block is dropped.

    >>> cut_power(np.array([1.0, 1.0, 5.0, 3.0]), 400, [(0, 150), (350, 400)])
    array([1., 2.])
    """
    corners_ms = np.minimum(np.arange(len(power) + 1) * BLOCK_MS, duration_ms).astype(np.float64)
    energy = np.concatenate(([0.0], np.cumsum(power * np.diff(corners_ms))))
    at_ms, grown = [np.zeros(1)], [np.zeros(1)]
    for start_ms, end_ms in kept:
        inside = corners_ms[(corners_ms > start_ms) & (corners_ms < end_ms)]
        ms = np.concatenate(([start_ms], inside, [end_ms]))
        line = np.interp(ms, corners_ms, energy)
        at_ms.append(at_ms[-1][-1] + ms[1:] - ms[0])
        grown.append(grown[-1][-1] + line[1:] - line[0])
    clock, line = np.concatenate(at_ms), np.concatenate(grown)
    whole = int(clock[-1]) // BLOCK_MS
    return np.asarray(np.diff(np.interp(np.arange(whole + 1) * float(BLOCK_MS), clock, line)) / BLOCK_MS)


def integrated_lufs(power: Figures) -> float:
    """Integrated loudness of a sound by its 100 ms powers; -inf where all of it is below the gate.

    What is shorter than one window of 400 ms is measured as one window.
    """
    if len(power) == 0:
        return -np.inf
    size = min(_WINDOW_BLOCKS, len(power))
    energy = np.concatenate(([0.0], np.cumsum(power)))
    windows = np.maximum(energy[size:] - energy[:-size], 0.0) / size
    heard = windows[windows > _power(_ABSOLUTE_LUFS)]
    if len(heard) == 0:
        return -np.inf
    gate = float(heard.mean()) * 10 ** (_RELATIVE_LU / 10)
    return lufs(float(heard[heard > gate].mean()))


def lufs(power: float) -> float:
    """Loudness of a K-weighted mean square."""
    return _OFFSET_DB + 10 * float(np.log10(power)) if power > 0 else -np.inf


def _power(loudness_lufs: float) -> float:
    return float(10 ** ((loudness_lufs - _OFFSET_DB) / 10))


def programme_power(parts: Sequence[tuple[Figures, float]]) -> Figures:
    """The 100 ms powers of parts played one after the other, each with its gain in dB."""
    return np.concatenate([power * 10 ** (gain_db / 10) for power, gain_db in parts] or [np.zeros(0)])


def k_weighting(rate_hz: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The two filters of the K weighting at a sampling rate, each as (b0, b1, b2, 1, a1, a2).

    A shelf that lifts what the head reflects, then a high pass. BS.1770 prints coefficients for 48 kHz;
    these are the analogue filters behind them (frequencies and Q as in libebur128), bilinear transformed.

    >>> [round(c, 8) for c in k_weighting(48_000)[0]]
    [1.53512486, -2.69169619, 1.19839281, 1.0, -1.69065929, 0.73248077]
    """
    f0, gain_db, q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    k = np.tan(np.pi * f0 / rate_hz)
    high = 10 ** (gain_db / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = (
        (high + band * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - band * k / q + k * k) / a0,
        1.0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    )
    f0, q = 38.13547087602444, 0.5003270373238773
    k = np.tan(np.pi * f0 / rate_hz)
    a0 = 1 + k / q + k * k
    high_pass = (1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)
    return tuple(map(float, shelf)), tuple(map(float, high_pass))
