"""Take the kept stretches out of a stream of sound and join them without a click.

Where two stretches meet, the waves do not: the jump would be heard as a click. Each stretch therefore
begins and ends with a short fade of half a cosine. Nothing of what was cut away is used for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

FADE_MS = 8


def stretches(kept: Sequence[tuple[int, int]], rate_hz: int) -> list[tuple[int, int]]:
    """Kept stretches in samples: (first sample, how many).

    The lengths add up to the cut's length in milliseconds, so that rounding does not grow with each edit.

    >>> stretches([(0, 1), (5, 6), (9, 10)], 44_100)
    [(0, 44), (220, 44), (397, 44)]
    """
    result, at_ms = [], 0
    for start_ms, end_ms in kept:
        begins, ends = round(at_ms * rate_hz / 1000), round((at_ms + end_ms - start_ms) * rate_hz / 1000)
        result.append((round(start_ms * rate_hz / 1000), ends - begins))
        at_ms += end_ms - start_ms
    return result


def splice(stream: Iterable[Sound], kept: Sequence[tuple[int, int]], rate_hz: int) -> Iterator[Sound]:
    """The kept stretches of a stream, one after the other.

    Args:
        stream: Pieces of any length, shape (samples, channels).
        kept: `[start_ms, end_ms)` in ascending order, not overlapping.
        rate_hz: The stream's rate.

    Yields:
        Pieces that add up to exactly the kept length; what the stream lacks at its end is silence.
    """
    wanted = stretches(kept, rate_hz)
    fade = max(1, FADE_MS * rate_hz // 1000)
    begins, channels = 0, 1
    which, done = 0, 0
    for piece in stream:
        channels = piece.shape[1]
        ends = begins + len(piece)
        while which < len(wanted):
            first, count = wanted[which]
            from_, to = first + done, min(first + count, ends)
            if from_ >= ends:
                break
            if to > from_:
                yield _faded(piece[from_ - begins : to - begins], done, count, fade)
                done += to - from_
            if done < count:
                break
            which, done = which + 1, 0
        begins = ends
        if which == len(wanted):
            return
    for _, count in wanted[which:]:
        # Rounding may ask for a sample or two beyond the end.
        for at in range(0, count - done, rate_hz):
            yield np.zeros((min(rate_hz, count - done - at), channels), np.float32)
        done = 0


def _faded(sound: Sound, at: int, count: int, fade: int) -> Sound:
    """A part of a stretch of `count` samples that begins `at` within it, with the stretch's fades."""
    fade = min(fade, count // 2)
    near_start, near_end = at < fade, at + len(sound) > count - fade
    if not near_start and not near_end:
        return sound
    place = np.arange(at, at + len(sound))
    inward = np.minimum(place, count - 1 - place) + 0.5
    gain = 0.5 - 0.5 * np.cos(np.pi * np.minimum(inward / max(fade, 1), 1.0))
    return np.asarray(sound * gain[:, None], np.float32)
