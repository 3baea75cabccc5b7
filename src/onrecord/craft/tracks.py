"""Lay one person's own track on the recording, and say from all tracks whose voice each moment is.

*Laying on.* A track was made by another device: it began at another moment and its clock runs a little
faster or slower. What both have in common is when this voice is loud. So the levels of both are compared,
not the sound: first coarsely, every 50 ms over the whole length, which gives the offset; then finely,
every 10 ms in a dozen windows along the track, each of which gives the offset at its place. A line
through these offsets (the median of the slopes between them, so that a wrong one does no harm) is offset
and drift. How much the best place stands out from the second best says how sure it is.

*Whose voice.* Every microphone hears every voice, its own the loudest. Levels are compared after each
track's own usual speech has been taken out: a voice is where its track is nearest to its usual speech.
What the usual speech is, is found in two rounds: first it is the loudest that the track has, then
the usual level of the moments that this gave the person. So bleed does not name the wrong person, and
neither does a microphone that is set louder. One who never speaks has nothing but bleed in the track: its
level follows the others' at a constant distance. Such a track names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onrecord.craft.silence import HOP_MS, QUIETEST_DB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Curve = NDArray[np.float32]
    """Levels in dBFS, one every 10 ms."""

_COARSE = 5
_WINDOW, _WINDOWS = 6000, 12
_SEARCH = 60
_MOST_DRIFT_PPM = 500.0
_SURE = 0.35
_ACTIVE_DB, _ABOVE_NOISE_DB = -22.0, 8.0
_SMOOTH, _STEP, _HALF = 25, 5, 2  # in hops
_SHORTEST, _PAUSE = 4, 8  # in steps
_NOBODY = -1
_TOO_LITTLE_MS = 1500
_CHANGE_DB, _NEVER_DB = 9.0, 200.0


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a track lies: its moment `t` is the recording's `offset_ms + t * (1 + drift_ppm / 1e6)`.

    `sure` is 0 to 1; below 0.35 the track is not to be trusted.
    """

    offset_ms: float
    drift_ppm: float
    sure: float

    @property
    def trusted(self) -> bool:
        """Whether the track may name voices."""
        return self.sure >= _SURE


def lay_track(recording: Curve, track: Curve) -> Laid:
    """Find where a track lies on the recording, both as levels every 10 ms."""
    if min(len(recording), len(track)) < 10 * _COARSE or np.ptp(track) < 6:
        return Laid(0.0, 0.0, 0.0)
    coarse, sure = _best_shift(_shape(_thin(recording)), _shape(_thin(track)))
    places, shifts = _fine(_shape(recording), _shape(track), coarse * _COARSE)
    if not places:
        return Laid(float(coarse * _COARSE * HOP_MS), 0.0, sure)
    at, shift = np.array(places), np.array(shifts)
    slope = _slope(at, shift)
    offset = float(np.median(shift - slope * at))
    return Laid(round(offset * HOP_MS, 1), round(slope * 1e6, 1), sure)


def _thin(levels: Curve) -> Curve:
    """The loudest of each 50 ms."""
    whole = len(levels) // _COARSE * _COARSE
    return np.asarray(levels[:whole].reshape(-1, _COARSE).max(axis=1))


def _shape(levels: Curve) -> Curve:
    """Levels as a curve around zero in which loud speech counts and the depth of silence does not."""
    top = np.percentile(levels, 98)
    curve = np.maximum(levels, top - 35) - (top - 35)
    return np.asarray(curve - curve.mean(), np.float32)


def _best_shift(long: Curve, short: Curve) -> tuple[int, float]:
    """The shift at which two curves agree best, and how sure: its height over the best elsewhere."""
    size = 1 << (len(long) + len(short) - 1).bit_length()
    product = np.fft.rfft(long, size)
    product *= np.conj(np.fft.rfft(short, size))
    agree = np.fft.irfft(product, size)
    del product
    # Positive shifts first, then the negative ones (the track began before the recording).
    shifts = np.concatenate([np.arange(len(long)), np.arange(-len(short) + 1, 0)])
    scores = np.concatenate([agree[: len(long)], agree[size - len(short) + 1 :]])
    overlap = np.minimum(len(long), shifts + len(short)) - np.maximum(0, shifts)
    best = int(np.argmax(scores))
    shift = int(shifts[best])
    begins, ends = max(0, shift), min(len(long), shift + len(short))
    one, other = long[begins:ends], short[begins - shift : ends - shift]
    norm = float(np.sqrt((one**2).sum() * (other**2).sum()))
    if norm <= 0 or overlap[best] < 20:
        return 0, 0.0
    around = np.abs(shifts - shift) <= 40
    second = float(scores[~around].max(initial=0.0))
    height = float(scores[best])
    return shift, round(max(0.0, min(1.0, height / norm)) ** 0.5 * max(0.0, 1 - second / height) ** 0.5, 3)


def _fine(recording: Curve, track: Curve, coarse: int) -> tuple[list[float], list[float]]:
    """Shifts in hops at places along the track, from the windows in which the person is heard."""
    size = min(_WINDOW, len(track))
    starts = sorted({int(s) for s in np.linspace(0, len(track) - size, _WINDOWS)})
    places: list[float] = []
    shifts: list[float] = []
    for start in starts:
        window = track[start : start + size]
        reach = _SEARCH + round(start * _MOST_DRIFT_PPM / 1e6)
        begins, ends = start + coarse - reach, start + coarse + size + reach
        if begins < 0 or ends > len(recording):
            # At the rim: what lies outside is as good as silence.
            piece = np.full(ends - begins, float(recording.min()), np.float32)
            low, high = max(begins, 0), min(ends, len(recording))
            if high - low < size // 2:
                continue
            piece[low - begins : high - begins] = recording[low:high]
        else:
            piece = recording[begins:ends]
        shift = _peak_shift(piece, window)
        if shift is not None:
            places.append(start + size / 2)
            shifts.append(begins - start + shift)
    return places, shifts


def _peak_shift(piece: Curve, window: Curve) -> float | None:
    """Where a window lies in a longer piece, finer than a hop; None if it is nowhere clear."""
    centred = window - window.mean()
    power = float((centred**2).sum())
    if power <= 0:
        return None
    size = 1 << (len(piece) + len(window)).bit_length()
    agree = np.fft.irfft(np.fft.rfft(piece - piece.mean(), size) * np.conj(np.fft.rfft(centred, size)), size)
    scores = agree[: len(piece) - len(window) + 1]
    best = int(np.argmax(scores))
    there = piece[best : best + len(window)]
    alike = scores[best] / np.sqrt(power * float(((there - there.mean()) ** 2).sum()) + 1e-9)
    if alike < 0.3:
        return None
    if 0 < best < len(scores) - 1:
        before, top, after = scores[best - 1], scores[best], scores[best + 1]
        bend = before - 2 * top + after
        return best + (0.5 * (before - after) / bend if bend < 0 else 0.0)
    return float(best)


def _slope(at: NDArray[np.float64], shift: NDArray[np.float64]) -> float:
    """The median slope between all pairs of points (Theil and Sen); 0 where they are too near to tell."""
    one, other = np.triu_indices(len(at), 1)
    apart = at[other] - at[one]
    far = apart > 2 * _WINDOW
    if not far.any():
        return 0.0
    slope = float(np.median((shift[other] - shift[one])[far] / apart[far]))
    return slope if abs(slope) <= _MOST_DRIFT_PPM / 1e6 else 0.0


def on_recording(track: Curve, laid: Laid, length: int) -> Curve:
    """A track's levels read off on the recording's clock, `length` hops; silence where it has none."""
    at = (np.arange(length) - laid.offset_ms / HOP_MS) / (1 + laid.drift_ppm / 1e6)
    index = np.rint(at).astype(np.int64)
    inside = (index >= 0) & (index < len(track))
    result = np.full(length, QUIETEST_DB, np.float32)
    result[inside] = track[index[inside]]
    return result


def voices(people: Mapping[str, Sequence[Curve]], length: int) -> list[tuple[int, int, str]]:
    """Whose voice each moment is.

    Args:
        people: For each person, the levels of their tracks on the recording's clock (`on_recording`).
        length: Hops in the recording.

    Returns:
        (start_ms, end_ms, person) in time order; moments of silence are in none of them.
    """
    names = [name for name, tracks in people.items() if tracks]
    if not names or length == 0:
        return []
    # Smoothed over a quarter of a second, a level every 50 ms says as much as one every 10.
    smooth = np.stack([_smoothed(np.maximum.reduce(list(people[n])))[::_STEP] for n in names])
    noise = np.array([_noise(row) for row in smooth])[:, None]
    above = smooth - noise
    heard = above.max(axis=0) > _ABOVE_NOISE_DB
    loudest = np.percentile(smooth, 98, axis=1)
    loudest[~_speaking(smooth[:, heard])] = _NEVER_DB
    who = np.argmax(smooth - loudest[:, None], axis=0)
    usual = np.array([_usual(smooth[i][heard & (who == i)]) for i in range(len(names))])[:, None]
    near = smooth - usual
    who = np.argmax(near, axis=0)
    rows = np.arange(smooth.shape[1])
    active = (near[who, rows] > _ACTIVE_DB) & (above[who, rows] > _ABOVE_NOISE_DB)
    return [
        (max(0, begins * _STEP - _HALF) * HOP_MS, (min(ends * _STEP - _HALF, length)) * HOP_MS, names[i])
        for i, begins, ends in _settled(_row_of_runs(np.where(active, who, _NOBODY)))
        if i != _NOBODY
    ]


def _row_of_runs(who: NDArray[np.intp]) -> list[tuple[int, int, int]]:
    """Equal neighbours as (who, first step, step after the last)."""
    edges = np.flatnonzero(np.diff(who)) + 1
    begins, ends = np.concatenate(([0], edges)), np.concatenate((edges, [len(who)]))
    return [(int(who[a]), int(a), int(b)) for a, b in zip(begins, ends, strict=True)]


def _settled(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Without blips, which become silence, and without short pauses between a voice and itself."""
    quiet = [(i if ends - begins >= _SHORTEST else _NOBODY, begins, ends) for i, begins, ends in runs]
    result: list[tuple[int, int, int]] = []
    for i, begins, ends in _merged(quiet):
        if len(result) > 1 and result[-1][0] == _NOBODY and result[-2][0] == i != _NOBODY:
            pause = result[-1]
            if pause[2] - pause[1] < _PAUSE:
                result[-2:] = [(i, result[-2][1], ends)]
                continue
        result.append((i, begins, ends))
    return result


def _merged(runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Neighbours of the same person as one."""
    result: list[tuple[int, int, int]] = []
    for i, begins, ends in runs:
        if result and result[-1][0] == i:
            result[-1] = (i, result[-1][1], ends)
        else:
            result.append((i, begins, ends))
    return result


def _noise(levels: Curve) -> float:
    """The track's noise: what it has when nobody speaks; a gated track's digital silence counts as -70."""
    return max(float(np.percentile(levels, 10)), -70.0)


def _speaking(levels: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Who speaks at all: whose level is now above, now below the others', shape (people, heard steps)."""
    if len(levels) == 1 or levels.shape[1] == 0:
        return np.ones(len(levels), bool)
    speaking = []
    for i, row in enumerate(levels):
        apart = row - np.delete(levels, i, axis=0).max(axis=0)
        low, high = np.percentile(apart, [0.5, 99.5])
        speaking.append(high - low > _CHANGE_DB)
    return np.array(speaking)


def _usual(levels: Curve) -> float:
    """A person's usual level of speech; one who hardly speaks has none and is never near it."""
    return float(np.percentile(levels, 75)) if len(levels) * _STEP * HOP_MS >= _TOO_LITTLE_MS else _NEVER_DB


def _smoothed(levels: Curve) -> Curve:
    """Mean power over a quarter of a second, in dB: syllables become one voice."""
    total = np.concatenate(([0.0], np.cumsum(10 ** (levels / 10), dtype=np.float64)))
    half = _SMOOTH // 2
    low = np.maximum(np.arange(len(levels), dtype=np.int32) - half, 0)
    high = np.minimum(np.arange(len(levels), dtype=np.int32) + half + 1, len(levels))
    mean = (total[high] - total[low]) / (high - low)
    return np.asarray(10 * np.log10(np.maximum(mean, 1e-9)), np.float32)
