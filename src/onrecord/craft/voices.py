"""From how likely somebody speaks, and what each moment sounds like, to who speaks when.

The way goes there and back between this room and an engine (engines/campplus.py), which hears:

    chances of speech  ──speech()──▶  stretches of speech  ──windows()──▶  windows of 1.5 s
                                                                              │ the engine: a vector each
    who speaks when    ◀──told()──   voices (alike.py), each window's voice  ◀─┘

*Speech.* A stretch begins where speech is likely and ends only where it is most unlikely (hysteresis):
the ends of words are quiet. Otherwise each sentence would lose its edges.

*Pauses.* A pause between two stretches of one voice belongs to it if it is short: who breathes goes on
speaking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.craft.alike import Vectors
from onrecord.model.time import Ms, Span

WINDOW_MS, HOP_MS = 1500, 750

_ON, _OFF = 0.3, 0.05
_BREATH_MS, _BLIP_MS = 250, 150
_BEFORE_MS, _AFTER_MS = 100, 60
_PAUSE_MS = 1000

Told = tuple[tuple[Span[Ms], int], ...]
"""Who speaks when: spans in order of their starts, with the number of a voice from 0."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a recording.

    `voices` are numbered from 0 in order of first speaking; `means` are their mean vectors, shape
    (voices, size); `overlap` is where two speak at once.
    """

    speech: tuple[Span[Ms], ...]
    voices: Told
    overlap: tuple[Span[Ms], ...]
    means: Vectors


def speech(chances: NDArray[np.float32], *, frame_ms: int, length_ms: int) -> tuple[Span[Ms], ...]:
    """Stretches of speech, in order and apart.

    Args:
        chances: How likely somebody speaks, 0 to 1, once every `frame_ms`.
        frame_ms: For how long one of them stands.
        length_ms: Where the recording ends.
    """
    likely, possible = chances >= _ON, chances >= _OFF
    edges = np.flatnonzero(np.diff(np.concatenate(([False], possible, [False])).astype(np.int8)))
    spans: list[tuple[int, int]] = []
    for begins, ends in edges.reshape(-1, 2).tolist():
        on = np.flatnonzero(likely[begins:ends])
        if len(on) == 0:
            continue
        start, end = (begins + int(on[0])) * frame_ms, ends * frame_ms
        if spans and start - spans[-1][1] < _BREATH_MS:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    long = [(a, b) for a, b in spans if b - a >= _BLIP_MS]
    padded = [(max(0, a - _BEFORE_MS), min(length_ms, b + _AFTER_MS)) for a, b in long]
    return tuple(Span(Ms(a), Ms(b)) for a, b in padded if a < b)


def windows(stretches: Sequence[Span[Ms]]) -> tuple[tuple[Span[Ms], ...], ...]:
    """For each stretch, windows of 1.5 s at equal distances of at most half that; a short one is its own."""
    made = []
    for stretch in stretches:
        room = stretch.length_ms - WINDOW_MS
        steps = max(0, -(-room // HOP_MS))
        starts = [stretch.start + (room * i // steps if steps else 0) for i in range(steps + 1)]
        made.append(tuple(Span(Ms(a), Ms(min(a + WINDOW_MS, stretch.end))) for a in starts))
    return tuple(made)


def told(stretches: Sequence[Span[Ms]], cut: Sequence[Sequence[Span[Ms]]], voice: Sequence[int]) -> Told:
    """Who speaks when, from the voice of each window.

    Args:
        stretches: Where somebody speaks.
        cut: The windows of each.
        voice: For all windows in order, the number of its voice.

    Returns:
        Spans in order and apart; neighbours of one voice have a pause between them.
    """
    made: list[tuple[int, int, int]] = []
    at = 0
    for stretch, row in zip(stretches, cut, strict=True):
        middles = [(w.start + w.end) // 2 for w in row]
        edges = [
            stretch.start,
            *((a + b) // 2 for a, b in pairwise(middles)),
            stretch.end,
        ]
        for i in range(len(row)):
            who = int(voice[at + i])
            if made and made[-1][2] == who and edges[i] - made[-1][1] <= _PAUSE_MS:
                made[-1] = (made[-1][0], edges[i + 1], who)
            else:
                made.append((edges[i], edges[i + 1], who))
        at += len(row)
    return tuple((Span(Ms(a), Ms(b)), who) for a, b, who in made if a < b)


def numbered(spans: Told, means: Vectors) -> tuple[Told, Vectors]:
    """The same with voices numbered in order of first speaking; a voice without a span is gone."""
    order = list(dict.fromkeys(who for _, who in sorted(spans)))
    new = {who: i for i, who in enumerate(order)}
    return tuple(sorted((span, new[who]) for span, who in spans)), means[order]


def overlaps(spans: Told) -> tuple[Span[Ms], ...]:
    """Where spans of two voices lie over each other, in order and apart."""
    steps = sorted((at, change) for span, _ in spans for at, change in ((span.start, 1), (span.end, -1)))
    made: list[Span[Ms]] = []
    speaking, since = 0, 0
    for at, change in steps:
        if speaking >= 2 and at > since:
            if made and made[-1].end == since:
                made[-1] = Span(made[-1].start, at)
            else:
                made.append(Span(Ms(since), at))
        speaking += change
        since = at
    return tuple(made)
