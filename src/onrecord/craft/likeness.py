"""Whether a stretch of sound, or the curve of its loudness, stands somewhere in another.

A published file was made louder, limited and encoded; its samples are not those of the recording, but its
shape is. The *normalised correlation* of two windows is 1 where they are the same but for loudness, and
near 0 where they have nothing to do with each other. Two things bring strangers near to each other: speech
is mostly low tones, and a vowel resembles a vowel. So low tones are turned down first (a difference
of neighbouring samples), and a window is a second long: longer than any vowel.

Every window of the passage is compared with every moment of the file by FFT, block by block (overlap and
save), so memory does not grow with the file:

    file      |······block······|                          blocks overlap by one window
                        |······block······|
    windows   |w1|  |w2|  |w3| ...                         their spectra are made once
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE_HZ = 4000
"""The rate at which sound is compared: speech is known by what is below 2 kHz."""
WINDOW_MS = 1000
SHORTEST_MS = 300
ALIKE = 0.7
"""Windows that are the same were never below 0.93, strangers never above 0.52 (bench/absence.py)."""

_BLOCK = 1 << 15
_EDGE_MS, _EDGE_HOP_MS, _MOST_INNER = 2000, 250, 96
_QUIET_DB = -25.0
_POINTS = 30
_SAME_CURVE = 0.97

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the recording that is off the record: from when, and its sound, low tones turned down."""

    start_ms: int
    sound: Sound


@dataclass(frozen=True, slots=True)
class Match:
    """A window found in a file: which one, where in the file, and how alike (0 to 1)."""

    window: int
    at_ms: int
    alike: float


def sharpen(sound: Sound) -> Sound:
    """Low tones turned down; one sample shorter."""
    return np.asarray(sound[1:] - np.float32(0.95) * sound[:-1], np.float32)


def spread(start_ms: int, end_ms: int) -> tuple[tuple[int, int], ...]:
    """Where the windows of a passage lie: close together at its edges, one after another inside.

    >>> spread(0, 1500)
    ((0, 1000), (250, 1250), (500, 1500))
    >>> spread(0, 200), spread(0, 400), len(spread(0, 3_600_000))
    ((), ((0, 400),), 104)
    """
    length = end_ms - start_ms
    if length < SHORTEST_MS:
        return ()
    if length <= WINDOW_MS:
        return ((start_ms, end_ms),)
    last = length - WINDOW_MS
    edge = {*range(0, min(_EDGE_MS - WINDOW_MS, last) + 1, _EDGE_HOP_MS), last}
    edge |= {last - at for at in edge}
    inner = list(range(WINDOW_MS, last, WINDOW_MS))
    inner = inner[:: -(-len(inner) // _MOST_INNER)] if inner else []
    return tuple((start_ms + at, start_ms + at + WINDOW_MS) for at in sorted(edge | set(inner)))


def windows(passages: Iterable[tuple[int, Sound]]) -> tuple[Window, ...]:
    """The windows of passages that can be compared: those that are not nearly silent.

    Args:
        passages: from when (ms), and the sound at `RATE_HZ`.
    """
    found: list[Window] = []
    for start_ms, sound in passages:
        sharp = sharpen(sound)
        length_ms = len(sound) * 1000 // RATE_HZ
        cut = [
            (a, np.ascontiguousarray(sharp[a * RATE_HZ // 1000 : b * RATE_HZ // 1000]))
            for a, b in spread(0, length_ms)
        ]
        found += [Window(start_ms + a, piece) for a, piece in cut if len(piece)]
    powers = [float(np.mean(w.sound**2)) for w in found]
    floor = max(max(powers, default=0.0) * 10 ** (_QUIET_DB / 10), 1e-9)
    return tuple(w for w, power in zip(found, powers, strict=True) if power >= floor)


def find(wanted: tuple[Window, ...], pieces: Iterable[Sound]) -> tuple[Match, ...]:
    """Where windows stand in a file.

    Args:
        wanted: at least one.
        pieces: the file's sound at `RATE_HZ`, in pieces of any length.

    Returns:
        The best place of each window that is alike enough.
    """
    longest = max(len(w.sound) for w in wanted)
    spectra = np.stack([np.conj(np.fft.rfft(_unit(w.sound), _BLOCK)) for w in wanted]).astype(np.complex64)
    lengths = [len(w.sound) for w in wanted]
    best = np.zeros(len(wanted), np.float32)
    where = np.zeros(len(wanted), np.int64)
    hop = _BLOCK - longest + 1
    for at, block in _blocks(pieces, hop):
        energy = np.concatenate([[0.0], np.cumsum(block.astype(np.float64) ** 2)])
        spectrum = np.fft.rfft(block).astype(np.complex64)
        local = {n: _per_energy(energy[n : n + hop] - energy[:hop]) for n in set(lengths)}
        for i, n in enumerate(lengths):
            alike = np.fft.irfft(spectrum * spectra[i], _BLOCK)[:hop] * local[n]
            place = int(np.argmax(alike))
            if alike[place] > best[i]:
                best[i], where[i] = alike[place], at + place
    return tuple(
        Match(i, int(where[i]) * 1000 // RATE_HZ, float(best[i]))
        for i in np.flatnonzero(best >= ALIKE).tolist()
    )


def _per_energy(energy: npt.NDArray[np.float64]) -> Sound:
    """What a product is multiplied with to be a likeness; silence is like nothing."""
    return np.asarray(1 / np.sqrt(np.maximum(energy, 1e-7)), np.float32)


def _unit(sound: Sound) -> Sound:
    return np.asarray(sound / max(float(np.sqrt(np.sum(sound.astype(np.float64) ** 2))), 1e-12), np.float32)


def _blocks(pieces: Iterable[Sound], hop: int) -> Iterator[tuple[int, Sound]]:
    """Blocks of equal size that overlap, the last filled with silence; with the place of each."""
    left = np.zeros(0, np.float32)
    at = 0
    tail = np.zeros(0, np.float32)
    for piece in pieces:
        # The sample before a piece is needed for its first difference.
        joined = np.concatenate([tail, piece])
        tail = joined[-1:]
        left = np.concatenate([left, sharpen(joined)])
        while len(left) >= _BLOCK:
            yield at, left[:_BLOCK]
            left = left[hop:]
            at += hop
    while len(left):
        yield at, np.pad(left[:_BLOCK], (0, max(0, _BLOCK - len(left))))
        left = left[hop:]
        at += hop


def alike(one: Sound, other: Sound) -> float:
    """How alike two stretches are at the best place of the shorter in the longer, 0 to 1."""
    return place(one, other)[1]


def place(one: Sound, other: Sound) -> tuple[int, float]:
    """Where in `other` (samples) `one` stands best, and how alike they are there, 0 to 1."""
    short, long = sharpen(one), sharpen(other)
    if len(short) < 2 or len(long) < len(short):
        return 0, 0.0
    found = np.correlate(long.astype(np.float64), _unit(short).astype(np.float64), "valid")
    energy = np.concatenate([[0.0], np.cumsum(long.astype(np.float64) ** 2)])
    found = found * _per_energy(energy[len(short) :] - energy[: len(energy) - len(short)])
    at = int(np.argmax(found))
    return at, float(found[at])


def holds_curve(row: Iterable[float], gone: Iterable[float]) -> bool:
    """Whether a waveform holds that of a passage: one figure a step, or the lowest and highest by turns.

    Args:
        row: the figures of some file.
        gone: the height of the waveform at each step of the passage; under thirty steps nothing is found.
    """
    wanted, given = np.array(list(gone), np.float64), np.array(list(row), np.float64)
    if len(wanted) < _POINTS or np.ptp(wanted) == 0:
        return False
    pairs = given[: len(given) // 2 * 2].reshape(-1, 2)
    shapes = (given, np.abs(given), pairs[:, 1] - pairs[:, 0], np.abs(pairs).max(axis=1, initial=0))
    return any(_curve_at(shape, wanted) for shape in shapes)


def _curve_at(shape: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]) -> bool:
    n = len(wanted)
    if len(shape) < n:
        return False
    unit = wanted - wanted.mean()
    unit = unit / np.sqrt((unit**2).sum())
    together = np.correlate(shape, unit, "valid")
    sums, squares = (np.concatenate([[0.0], np.cumsum(x)]) for x in (shape, shape**2))
    spread_ = (squares[n:] - squares[:-n]) - (sums[n:] - sums[:-n]) ** 2 / n
    return bool(np.any(together / np.sqrt(np.maximum(spread_, 1e-9)) >= _SAME_CURVE))
