"""Words as an engine gives them, brought into an order that a clock allows."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.model.language import joined
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

SHORTEST_MS = 20
"""A word is never shorter than this where there is room: one step of Whisper's own clock."""


def mend(words: Sequence[Word], within: Span[Ms]) -> tuple[Word, ...]:
    """Mend word times: in order, none overlapping, none of zero length, none outside the piece.

    Attention-based times slip at the edges of a piece: a word may end before it starts, two may
    overlap, the last may lie beyond the sound. One pass forwards pushes each word behind the one
    before it, one pass backwards pulls them in front of the end. Words that are in order already
    are returned as they came.

    Args:
        words: In the order spoken.
        within: The piece of sound in which they were heard.

    Returns:
        The same texts; where the piece is shorter than one millisecond a word, one word with all texts.

    >>> [(w.span.start, w.span.end) for w in mend(
    ...     [Word(Span(Ms(0), Ms(0)), "Good"), Word(Span(Ms(0), Ms(999)), "day.")], Span(Ms(0), Ms(500)))]
    [(0, 20), (20, 500)]
    """
    if not words:
        return ()
    shortest_ms = min(SHORTEST_MS, within.length_ms // len(words))
    if shortest_ms == 0:
        return (Word(within, joined(w.text for w in words), min(w.sure for w in words)),)
    starts, ends = [], []
    at = int(within.start)
    for word in words:
        start = max(at, int(word.span.start))
        at = max(start + shortest_ms, int(word.span.end))
        starts.append(start)
        ends.append(at)
    at = int(within.end)
    for i in reversed(range(len(words))):
        ends[i] = min(ends[i], at)
        starts[i] = at = min(starts[i], ends[i] - shortest_ms)
    return tuple(
        Word(Span(Ms(start), Ms(end)), word.text, word.sure)
        for word, start, end in zip(words, starts, ends, strict=True)
    )
