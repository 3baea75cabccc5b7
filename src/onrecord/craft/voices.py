"""From what each stretch of speech sounds like to who speaks when.

The way goes there and back between this room and two engines:

    chunks of 10 s  ──hearing.stretches()──▶  stretches of one voice  ──windows()──▶  windows of 1.5 s
      ▲ segmentation                                                          CAM++: a vector each │
    sound           who speaks when  ◀──told()──  how like each window is to each voice  ◀─alike.py─┘
                         └── doubled(): and where two speak at once, who the other is

*Whose a stretch is.* A short stretch is of one voice, the one that its windows together are most like. In
a long one the voice may change without the segmentation having noticed: a path through its windows is
sought that is like the voices and changes seldom (Viterbi).

*Two at once.* Where two speak, the louder has the stretch. The other is one of the two strongest voices of
the chunk; which person that is, its other frames tell: those in which it speaks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from onrecord.craft.alike import Vectors
from onrecord.craft.hearing import Heard, frame_at, moment, runs
from onrecord.model.time import Ms, Span

WINDOW_MS, HOP_MS = 1500, 750

_ONE_VOICE = 3  # a stretch of at most so many windows is of one voice
_CHANGE = 0.25  # a change of voice costs as much as a window that is so much less like its voice
_PAUSE_MS = 1000
_HEARD = 0.3  # a second voice is quieter, and less sure than the first
_BOTH_MS = 100

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


def windows(stretches: Sequence[Span[Ms]]) -> tuple[tuple[Span[Ms], ...], ...]:
    """For each stretch, windows of 1.5 s at equal distances of at most half that; a short one is its own."""
    made = []
    for stretch in stretches:
        room = stretch.length_ms - WINDOW_MS
        steps = max(0, -(-room // HOP_MS))
        starts = [stretch.start + (room * i // steps if steps else 0) for i in range(steps + 1)]
        made.append(tuple(Span(Ms(a), Ms(min(a + WINDOW_MS, stretch.end))) for a in starts))
    return tuple(made)


def told(
    stretches: Sequence[Span[Ms]], cut: Sequence[Sequence[Span[Ms]]], like: NDArray[np.floating]
) -> Told:
    """Who speaks when.

    Args:
        stretches: Where somebody speaks, cut where the voice changes.
        cut: The windows of each.
        like: How like each window is to each voice, shape (all windows, voices).

    Returns:
        Spans in order and apart; neighbours of one voice have a pause between them.
    """
    made: list[tuple[int, int, int]] = []
    at = 0
    for stretch, row in zip(stretches, cut, strict=True):
        here = like[at : at + len(row)]
        at += len(row)
        edges = [stretch.start, *_between(row), stretch.end]
        for i, who in enumerate(_whose(here, [window.length_ms for window in row])):
            if made and made[-1][2] == who and edges[i] - made[-1][1] <= _PAUSE_MS:
                made[-1] = (made[-1][0], edges[i + 1], who)
            else:
                made.append((edges[i], edges[i + 1], who))
    return tuple((Span(Ms(a), Ms(b)), who) for a, b, who in made if a < b)


def _between(row: Sequence[Span[Ms]]) -> list[int]:
    """Where one window's part ends and the next one's begins."""
    middles = [(window.start + window.end) // 2 for window in row]
    return [(a + b) // 2 for a, b in pairwise(middles)]


def _whose(like: NDArray[np.floating], lengths_ms: Sequence[int]) -> list[int]:
    """The voice of each window of a stretch."""
    if len(like) <= _ONE_VOICE:
        weights = np.array(lengths_ms, np.float64)[:, None]
        return [int((like * weights).sum(axis=0).argmax())] * len(like)
    voices = np.arange(like.shape[1])
    best, came_from = like[0].astype(np.float64), []
    for row in like[1:]:
        other = int(best.argmax())
        stays = best >= best[other] - _CHANGE
        came_from.append(np.where(stays, voices, other))
        best = np.where(stays, best, best[other] - _CHANGE) + row
    path = [int(best.argmax())]
    for back in reversed(came_from):
        path.append(int(back[path[-1]]))
    return path[::-1]


def doubled(heard: Heard, spans: Told, length_ms: int) -> Told:
    """The same, and the second voice where two speak at once.

    Args:
        heard: The chunks of the recording.
        spans: Who speaks when, one at a time.
        length_ms: How long the recording is.
    """
    if not spans:
        return spans
    first_voice = np.full(heard.frames, -1)
    for span, who in spans:
        first_voice[frame_at(span.start) : frame_at(span.end)] = who
    second = np.full(heard.frames, -1)
    both = heard.mean(heard.both) > _HEARD
    for first, local, (begins, ends) in zip(heard.first.tolist(), heard.local, heard.own(), strict=True):
        size = min(len(local), heard.frames - first)
        people = _people(local[:size], first_voice[first : first + size])
        here = np.flatnonzero(both[begins:ends] & (first_voice[begins:ends] >= 0)) + begins
        strong = np.argsort(-local[here - first], axis=1, kind="stable")[:, :2]
        for candidate in (1, 0):  # the strongest one decides where both are somebody else
            whose = people[strong[:, candidate]]
            other = (whose >= 0) & (whose != first_voice[here])
            second[here[other]] = whose[other]
    added = [
        (Span(start, end), who)
        for who in range(int(first_voice.max()) + 1)
        for a, b in runs(second == who)
        if (end := moment(b, length_ms)) - (start := moment(a, length_ms)) >= _BOTH_MS
    ]
    return tuple(sorted([*spans, *added]))


def _people(local: NDArray[np.float32], first_voice: NDArray[np.intp]) -> NDArray[np.intp]:
    """Who each local voice of a chunk is, by the frames in which it speaks alone; -1 where it never does."""
    sounding = local > _HEARD
    alone = (sounding.sum(axis=1) == 1) & (first_voice >= 0)
    people = np.full(local.shape[1], -1)
    for voice in range(local.shape[1]):
        whose = first_voice[alone & sounding[:, voice]]
        if len(whose):
            people[voice] = np.bincount(whose).argmax()
    return people


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
