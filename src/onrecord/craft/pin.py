"""Pins: what a person has placed stays, and the rest is laid out around it.

Portions that a pin touches are taken out. If the pins come in the order of the list, each stretch between
two pins belongs to the questions that the list has between them: who pins the third question tells much
about the second and the fourth. If they do not, all other questions share all that is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from onrecord.craft.portion import Portion
from onrecord.model.time import Ms, Span


@dataclass(frozen=True, slots=True)
class Group:
    """Questions (indices) that share some portions; `ends` says where each portion's time ends."""

    questions: tuple[int, ...]
    portions: tuple[Portion, ...]
    ends: tuple[Ms, ...]

    def spans(self, first: int, end: int) -> tuple[Span[Ms], ...]:
        """The time of a run of portions: one span, or several where something is taken out between."""
        spans: list[Span[Ms]] = []
        for portion, until in zip(self.portions[first:end], self.ends[first:end], strict=True):
            own = Span(portion.span.start, until)
            if spans and spans[-1].end == own.start:
                spans[-1] = Span(spans[-1].start, own.end)
            elif own:
                spans.append(own)
        return tuple(spans)


def covers(portions: Sequence[Portion]) -> Span[Ms]:
    """From the first word of a conversation to the end of its last."""
    return Span(portions[0].span.start, max(portion.span.end for portion in portions))


def around(
    portions: Sequence[Portion], questions: int, pins: Mapping[int, Sequence[Span[Ms]]]
) -> tuple[Group, ...]:
    """The groups of questions that are left to lay out, with the portions that are left to them."""
    last = covers(portions).end
    starts = [portion.span.start for portion in portions]
    ends = [max(a, b) for a, b in zip(starts, [*starts[1:], last], strict=True)]
    taken = sorted(span for spans in pins.values() for span in spans)
    left = [
        (portion, _until(portion, end, taken))
        for portion, end in zip(portions, ends, strict=True)
        if not any(_touch(portion.span, span) for span in taken)
    ]
    walls = [(k, min(pins[k])) for k in sorted(pins) if pins[k]]
    if any(a[1].start > b[1].start for a, b in pairwise(walls)):
        walls = []
    groups = []
    before, since = -1, Ms(-1)
    for k, wall in [*walls, (questions, Span(last, last))]:
        own = tuple(q for q in range(before + 1, k) if q not in pins)
        until = wall.start if k < questions else Ms(last + 1)
        inside = [(p, end) for p, end in left if since <= p.span.start < until]
        groups.append(Group(own, tuple(p for p, _ in inside), tuple(end for _, end in inside)))
        before, since = k, until
    return tuple(groups)


def free(whole: Span[Ms], taken: Sequence[Span[Ms]]) -> tuple[Span[Ms], ...]:
    """What is left of a span without others, in order.

    >>> free(Span(Ms(0), Ms(9)), [Span(Ms(2), Ms(4)), Span(Ms(3), Ms(5)), Span(Ms(8), Ms(9))])
    (Span(start=0, end=2), Span(start=5, end=8))
    """
    left: list[Span[Ms]] = []
    at = whole.start
    for span in sorted(taken):
        if span.start > at:
            left.append(Span(at, Ms(min(span.start, whole.end))))
        at = max(at, span.end)
    if at < whole.end:
        left.append(Span(at, whole.end))
    return tuple(left)


def _touch(one: Span[Ms], other: Span[Ms]) -> bool:
    return (one.start < other.end and other.start < one.end) or (not one and one.start in other)


def _until(portion: Portion, end: Ms, taken: Sequence[Span[Ms]]) -> Ms:
    """Where a portion's time ends: at the next one, or at a pin that begins before."""
    return min((span.start for span in taken if portion.span.start < span.start < end), default=end)
