"""When each word of the published cut is said, and where its public corrections lie.

Word times come from the recogniser and survive a person's corrections (craft/align.py). Aligning an hour
of words takes a quarter of a second, and nearly every caption still says what was heard when it was
heard. Those captions take their words at once; only what lies between them is aligned.

A caption that the cut keeps whole moves as a whole, so its words keep their distance from its beginning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from onrecord.craft.align import align
from onrecord.model.edition import PublishedCorrection
from onrecord.model.episode import Correction
from onrecord.model.language import parts
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import Timeline
from onrecord.model.transcript import Cue, Word

_NEAR_MS = 1500


def words_of(heard: Sequence[Word], cues: Sequence[Cue]) -> list[tuple[Word, ...]]:
    """The words of each caption with their times, as `align` gives them."""
    starts = [word.span.start for word in heard]
    texts = [word.text for word in heard]
    found: list[tuple[Word, ...]] = []
    done = 0
    for c, cue in enumerate(cues):
        wanted = parts(cue.text)
        first = _stands(wanted, cue, texts, starts, done)
        if first is None:
            continue
        if len(found) < c:
            found += align(heard[done:first], cues[len(found) : c])
        done = first + len(wanted)
        found.append(tuple(heard[first:done]))
    return found + (list(align(heard[done:], cues[len(found) :])) if len(found) < len(cues) else [])


def _stands(
    wanted: Sequence[str], cue: Cue, texts: Sequence[str], starts: Sequence[Ms], done: int
) -> int | None:
    """Where the words of a caption stand among those heard, near its own time; None where they do not."""
    width = len(wanted)
    first = max(done, bisect_left(starts, cue.span.start - _NEAR_MS))
    after = bisect_right(starts, cue.span.start + _NEAR_MS, first)
    return next((i for i in range(first, after) if texts[i : i + width] == wanted), None) if wanted else None


def word_starts(words: Sequence[Word] | None, cue: Span[Ms], at: Span[PubMs]) -> tuple[PubMs, ...]:
    """When the words of a caption begin in the cut; empty where that is not known.

    Args:
        words: Its words on the recording's clock, in order.
        cue: The caption's span there.
        at: Where the cut plays it, from its first millisecond on.
    """
    begin, last = int(at.start), max(int(at.start), at.end - 1)
    found = []
    for word in words or ():
        # A corrected caption may begin later than its first word was heard.
        begin = max(begin, min(last, at.start + word.span.start - cue.start))
        found.append(PubMs(begin))
    return tuple(found)


def published(corrections: Sequence[Correction], timeline: Timeline) -> tuple[PublishedCorrection, ...]:
    """Corrections, the newest first, each with its place in the cut."""
    found = [
        PublishedCorrection(c.on, c.what, timeline.publish(c.at) if c.at is not None else None)
        for c in corrections
    ]
    return tuple(sorted(found, key=lambda c: c.on, reverse=True))
