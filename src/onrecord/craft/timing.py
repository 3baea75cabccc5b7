"""When each word of the published cut is said, and where its public corrections lie.

Word times come from the recogniser and survive a person's corrections (craft/align.py). Aligning an hour
of words takes a quarter of a second, and nearly every caption still says what was heard when it was
heard. Those captions take their words at once; only what lies between them is aligned.

A caption that the cut keeps whole moves as a whole, so its words keep their distance from its beginning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import le
from typing import cast

from onrecord.craft.align import align
from onrecord.model.edition import PublishedCorrection
from onrecord.model.episode import Correction
from onrecord.model.language import parts
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import Timeline
from onrecord.model.transcript import Cue, Words

_NEAR_MS = 1500


def places(heard: Words, cues: Sequence[Cue]) -> list[slice | Words]:
    """The words of each caption: their places among those heard where they stand there, else as aligned."""
    found: list[slice | Words] = []
    done = 0
    for c, cue in enumerate(cues):
        wanted = tuple(parts(cue.text))
        first = _stands(wanted, cue, heard, done)
        if first is None:
            continue
        if len(found) < c:
            found += map(Words.of, align(heard[done:first], cues[len(found) : c]))
        done = first + len(wanted)
        found.append(slice(first, done))
    if len(found) < len(cues):
        found += map(Words.of, align(heard[done:], cues[len(found) :]))
    return found


def _stands(wanted: tuple[str, ...], cue: Cue, heard: Words, done: int) -> int | None:
    """Where the words of a caption stand among those heard, near its own time; None where they do not."""
    if not wanted:
        return None
    width, texts, near = len(wanted), heard.texts, cue.span.start
    if texts[done : done + width] == wanted and abs(heard.starts[done] - near) <= _NEAR_MS:
        return done  # nearly always: it follows the one before
    first = max(done, bisect_left(heard.starts, near - _NEAR_MS, done))
    after = bisect_right(heard.starts, near + _NEAR_MS, first)
    return next((i for i in range(first, after) if texts[i : i + width] == wanted), None)


def word_starts(begins: tuple[Ms, ...], cue: Span[Ms], at: Span[PubMs]) -> tuple[PubMs, ...]:
    """When the words of a caption begin in the cut; empty where that is not known.

    Args:
        begins: When they begin on the recording's clock, in order.
        cue: The caption's span there.
        at: Where the cut plays it, from its first millisecond on.
    """
    moved, last = at.start - cue.start, max(at.start, PubMs(at.end - 1))
    starts = cast("tuple[PubMs, ...]", tuple([s + moved for s in begins]) if moved else begins)
    # A corrected caption may begin later than its first word was heard, and its words may be out of order.
    within = not starts or (starts[0] >= at.start and starts[-1] <= last and all(map(le, starts, starts[1:])))
    return starts if within else tuple(accumulate([min(last, max(at.start, s)) for s in starts], _later))


def _later(one: PubMs, other: PubMs) -> PubMs:
    return max(one, other)


def published(corrections: Sequence[Correction], timeline: Timeline) -> tuple[PublishedCorrection, ...]:
    """Corrections, the newest first, each with its place in the cut."""
    found = [
        PublishedCorrection(c.on, c.what, timeline.publish(c.at) if c.at is not None else None)
        for c in corrections
    ]
    return tuple(sorted(found, key=lambda c: c.on, reverse=True))
