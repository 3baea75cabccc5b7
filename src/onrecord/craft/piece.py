"""Where a recording may be cut for recognition, and what a recogniser left out.

A piece is what is lost at most when work is interrupted, so it should be short; a recogniser hears best
with much around each word, so it should be long; and Whisper listens in windows of 30 s and pays for a
full one even if the piece is shorter, or for two if it is a little longer. So a piece is no longer than a
window and not much shorter, and it ends in the longest silence that this allows: a word that is cut in two
is lost on both sides, a sentence that is cut in two is heard worse.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise

from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

SHORTEST_MS = 20_000
LONGEST_MS = 30_000
_REST_MS = 8_000  # the last piece is not shorter than this, if a silence allows
_LONG_SILENCE_MS = 700  # a longer silence is no better place for a cut; then the later one is taken

GAP_MS = 1500
"""Speech without words that is worth a second try, and then a person's attention."""


def pieces(
    length_ms: int,
    silences: Sequence[Span[Ms]],
    quietest: Callable[[Span[Ms]], Ms],
    *,
    start_ms: int = 0,
    bounds_ms: tuple[int, int] = (SHORTEST_MS, LONGEST_MS),
) -> tuple[Span[Ms], ...]:
    """Cut a recording into pieces of 20 to 30 s at silences; the last may be shorter.

    Args:
        length_ms: How long the recording is; or where the part of it ends that is cut.
        silences: Its silences, in any order.
        quietest: The quietest moment of a stretch, asked where a piece would find no silence.
        start_ms: Where the part of the recording begins that is cut.
        bounds_ms: Other lengths, the shortest and the longest.

    Returns:
        Pieces that touch and cover the recording; none where it is empty.
    """
    shortest_ms, longest_ms = bounds_ms
    rest_ms = shortest_ms * _REST_MS // SHORTEST_MS
    ordered = sorted(silences)
    cuts, passed = [start_ms], 0
    while length_ms - cuts[-1] > longest_ms:
        at = cuts[-1]
        rest = length_ms - at
        latest = at + longest_ms if rest >= shortest_ms + longest_ms else length_ms - rest_ms
        latest = min(latest, at + longest_ms)
        earliest = max(at + rest_ms, min(at + shortest_ms, length_ms - longest_ms))
        while passed < len(ordered) and ordered[passed].end <= at:
            passed += 1
        window = Span(Ms(earliest), Ms(latest))
        cuts.append(_cut(window, ordered[passed : bisect_left(ordered, latest, key=_start)], quietest))
    cuts.append(length_ms)
    return tuple(Span(Ms(a), Ms(b)) for a, b in pairwise(cuts) if b > a)


def _start(span: Span[Ms]) -> Ms:
    return span.start


def _cut(window: Span[Ms], silences: Sequence[Span[Ms]], quietest: Callable[[Span[Ms]], Ms]) -> Ms:
    inside = [both for silence in silences if (both := silence & window)]
    if not inside:
        return max(window.start, min(window.end, quietest(window)))
    # The longest silence lies between sentences or turns; measured, that counts for more than long pieces.
    best = max(inside, key=lambda s: (min(s.length_ms, _LONG_SILENCE_MS), s.start))
    return Ms((best.start + best.end) // 2)


def gaps(speech: Sequence[Span[Ms]], words: Sequence[Word]) -> tuple[Span[Ms], ...]:
    """Speech in which no word was recognised, at least 1.5 s of it at a stretch.

    >>> words = [Word(Span(Ms(2000), Ms(3000)), "so"), Word(Span(Ms(4000), Ms(9000)), "on")]
    >>> gaps([Span(Ms(0), Ms(9000))], words)
    (Span(start=0, end=2000),)
    """
    found: list[Span[Ms]] = []
    for spoken in speech:
        at = spoken.start
        for word in words:
            if word.span.end <= at or word.span.start >= spoken.end:
                continue
            if word.span.start - at >= GAP_MS:
                found.append(Span(at, word.span.start))
            at = word.span.end
        if spoken.end - at >= GAP_MS:
            found.append(Span(at, spoken.end))
    return tuple(found)
