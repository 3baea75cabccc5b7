"""From what is heard in chunks of a few seconds to stretches of speech, cut where the voice changes.

An engine (engines/segmentation.py) hears a recording in chunks that lie half over each other. In each it
tells up to three voices apart, frame by frame, and also where two of them speak at once. It does not know
whether its voice 1 of one chunk is its voice 1 of the next: who is who is found later, from what the
voices sound like (craft/alike.py).

    chunks of 10 s, half over each other    ──speech()──▶      where somebody speaks
                                            ──stretches()──▶   the same, cut where the voice changes

*Speech.* A frame's chance is the mean of the chunks that hold it. A stretch begins where speech is likely
and ends only where it is unlikely (hysteresis): the ends of words are quiet. Short pauses are filled.

*Changes.* The voice changes where another local voice becomes the strongest. Of each frame only one chunk
is asked, the one in whose middle it lies: at its edges a chunk knows little of what comes before or after.
Between two voices lies a pause often; the change is put in its middle, where a word of neither is hurt.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.model.time import Ms, Span

FRAME_SAMPLES, RATE_HZ = 270, 16_000
_FIRST_SAMPLES = 360  # where the first frame begins: a frame is heard by more than its own samples

_ON, _OFF = 0.5, 0.2
_BREATH_MS, _BLIP_MS = 250, 100

Chances = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in the chunks of a recording.

    `first` is the first frame of each chunk, shape (chunks,), rising; `local` how likely each of three voices
    of the chunk speaks, shape (chunks, frames of a chunk, 3); `both` how likely two speak at once, shape
    (chunks, frames of a chunk); `frames` how many the recording has.
    """

    first: NDArray[np.intp]
    local: Chances
    both: Chances
    frames: int

    def mean(self, chances: Chances) -> Chances:
        """For each frame of the recording the mean of the chunks that hold it."""
        total, times = np.zeros(self.frames, np.float32), np.zeros(self.frames, np.float32)
        for first, row in zip(self.first.tolist(), chances, strict=True):
            room = total[first : first + len(row)]
            room += row[: len(room)]
            times[first : first + len(row)] += 1
        return np.asarray(total / np.maximum(times, 1), np.float32)

    def own(self) -> list[tuple[int, int]]:
        """For each chunk the frames, `[start, end)`, for which it is asked; they cover the recording."""
        size = self.local.shape[1]
        middles = [(a + b + size) // 2 for a, b in pairwise(self.first.tolist())]
        edges = [0, *(min(middle, self.frames) for middle in middles), self.frames]
        return list(pairwise(edges)) if len(self.first) else []


def moment(frame: int, length_ms: int) -> Ms:
    """When a frame begins, within the recording."""
    at_ms = (frame * FRAME_SAMPLES + _FIRST_SAMPLES) * 1000 // RATE_HZ
    return Ms(0 if frame == 0 else min(at_ms, length_ms))


def frame_at(moment_ms: int) -> int:
    """The first frame that begins at a moment or after it."""
    samples = moment_ms * RATE_HZ // 1000 - _FIRST_SAMPLES
    return max(0, -(-samples // FRAME_SAMPLES))


def frames_in(length_ms: int) -> int:
    """How many frames a recording has."""
    return -(-length_ms * RATE_HZ // 1000 // FRAME_SAMPLES)


def speech(heard: Heard, length_ms: int) -> tuple[Span[Ms], ...]:
    """Where somebody speaks, in order and apart."""
    return _spans(_speaking(heard), length_ms)


def stretches(heard: Heard, length_ms: int) -> tuple[Span[Ms], ...]:
    """Where somebody speaks, cut where the voice changes; in order, and never over each other."""
    changes = _changes(heard)
    cut: list[tuple[int, int]] = []
    for begins, ends in _speaking(heard):
        inside = changes[(changes > begins) & (changes < ends)].tolist()
        cut += pairwise([begins, *inside, ends])
    return _spans(cut, length_ms)


def _spans(frames: list[tuple[int, int]], length_ms: int) -> tuple[Span[Ms], ...]:
    times = [(moment(a, length_ms), moment(b, length_ms)) for a, b in frames]
    return tuple(Span(a, b) for a, b in times if a < b)


def _speaking(heard: Heard) -> list[tuple[int, int]]:
    """Frames `[start, end)` in which somebody speaks."""
    chance = heard.mean(heard.local.sum(axis=2) - heard.both)
    likely, possible = chance >= _ON, chance >= _OFF
    breath, blip = frames_in(_BREATH_MS), frames_in(_BLIP_MS)
    found: list[tuple[int, int]] = []
    for begins, ends in runs(possible):
        if not likely[begins:ends].any():
            continue
        if found and begins - found[-1][1] < breath:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return [(a, b) for a, b in found if b - a >= blip]


def _changes(heard: Heard) -> NDArray[np.intp]:
    """The frames at which another voice speaks than before, rising."""
    found: list[NDArray[np.intp]] = []
    for first, local, (begins, ends) in zip(heard.first.tolist(), heard.local, heard.own(), strict=True):
        sounding = np.flatnonzero(local.max(axis=1) > _ON)
        strongest = local[sounding].argmax(axis=1)
        turns = np.flatnonzero(strongest[1:] != strongest[:-1])
        before, after = first + sounding[turns], first + sounding[turns + 1]
        mine = (after >= begins) & (after < ends)
        found.append((before + after + 1)[mine] // 2)
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.intp)


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where flags are set: `[start, end)` of each run.

    >>> runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(a, b) for a, b in edges.reshape(-1, 2).tolist()]
