"""All ways of laying questions out in a row over a conversation, added up, and the best one among them.

A layout in order gives each question a run of portions, or none, and leaves stretches between the runs to
the background, or none. There are more layouts than atoms, but they share their parts, so one pass of
dynamic programming from left to right and one from right to left add all of them up:

    ahead[k, i]     the weight of all ways to have dealt with the first k questions when place i is reached
    behind[k, i]    the weight of all ways to deal with the others from there on

Their product tells how likely it is that the run of question k begins at place i, given everything else:
that the other questions need room, that they follow each other, that a run is not too short. That is where
the margin of a placement comes from.

The layout that is shown is not the single weightiest one but the one that is *right for most words* on
average over all layouts: a second pass gives each word to the question to which it most likely belongs, as
far as runs in order allow. A single weightiest layout wins narrowly in one place and is then wrong with a
whole run; the average hedges.

All weights are logarithms. The table of pairs, which holds what depends on where a run begins and where it
ends, is the same for all questions; the rest of a run's weight is a difference of cumulated sums. So a
question costs one product of a vector and a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from onrecord.craft.relevance import Array

NEVER = -1e9


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """What a layout is made from, for K questions over M places (a run begins at one and ends at a later).

    `along` (K, M + 1): cumulated relevance; a run from i to j gets along[k, j] - along[k, i].
    `begin` (K, M + 1): what a run of that question gets for beginning there.
    `pairs` (M + 1, M + 1): what any run gets for its two ends; `rest` the same for the background.
    `none` (K): what a question gets for not being there; NEVER where it must be.
    `at_words` (M + 1): how many words stand before each place.
    """

    along: Array
    begin: Array
    pairs: Array
    rest: Array | None
    none: Array
    at_words: Array

    @property
    def questions(self) -> int:
        """How many there are."""
        return len(self.along)

    @property
    def places(self) -> int:
        """How many there are, without the end."""
        return len(self.at_words) - 1

    def ordered(self, order: list[int]) -> Field:
        """The same with the questions in another order."""
        along, begin, none = self.along[order], self.begin[order], self.none[order]
        return Field(along, begin, self.pairs, self.rest, none, self.at_words)


@dataclass(frozen=True, eq=False, slots=True)
class Chances:
    """How likely each run begins and ends at each place, and the logarithm of the sum over all layouts.

    `begins` and `ends` are (K, M + 1); their rows add up to the chance that the question is there at all.
    """

    begins: Array
    ends: Array
    weight: float

    def ordered(self, order: list[int]) -> Chances:
        """The same with the questions in another order."""
        return Chances(self.begins[order], self.ends[order], self.weight)

    @property
    def within(self) -> Array:
        """(K, M): how likely each place belongs to each question."""
        inside = np.cumsum(self.begins, axis=1) - np.cumsum(self.ends, axis=1)
        out: Array = np.clip(inside[:, :-1], 0, 1)
        return out

    @property
    def there(self) -> Array:
        """(K): how likely each question has a run."""
        out: Array = np.minimum(self.begins.sum(axis=1), 1.0)
        return out


@dataclass(frozen=True, eq=False, slots=True)
class _Steps:
    """The two tables of pairs out of logarithms; 0 where a run would be empty."""

    runs: Array
    rest: Array | None


def _steps(field: Field) -> _Steps:
    room = np.triu(np.ones_like(field.pairs), 1)
    runs = np.exp(np.minimum(field.pairs, 300)) * room
    return _Steps(runs, None if field.rest is None else np.exp(np.minimum(field.rest, 300)) * room)


def _log(values: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(values), NEVER)


def _forward(logs: Array, table: Array) -> Array:
    top = max(float(logs.max()), NEVER)
    return np.maximum(_log(np.exp(logs - top) @ table) + top, NEVER)


def _backward(logs: Array, table: Array) -> Array:
    top = max(float(logs.max()), NEVER)
    return np.maximum(_log(table @ np.exp(logs - top)) + top, NEVER)


def _ahead(field: Field, steps: _Steps) -> tuple[Array, Array]:
    """Weights ahead of each question, without and with a background stretch just taken."""
    k, m = field.questions, field.places
    arrived, ready = np.full((k + 1, m + 1), NEVER), np.full((k + 1, m + 1), NEVER)
    arrived[0, 0] = 0
    for q in range(k + 1):
        ready[q] = arrived[q]
        if steps.rest is not None:
            ready[q] = np.logaddexp(arrived[q], _forward(arrived[q], steps.rest))
        if q < k:
            run = _forward(ready[q] - field.along[q] + field.begin[q], steps.runs) + field.along[q]
            arrived[q + 1] = np.maximum(np.logaddexp(run, ready[q] + field.none[q]), NEVER)
    return arrived, ready


def weight(field: Field) -> float:
    """The logarithm of the sum over all layouts in this order."""
    return float(_ahead(field, _steps(field))[1][-1, -1])


def insertions(field: Field, order: list[int], item: int) -> Array:
    """The weight of each order that puts one question before, between or behind others; no background.

    Args:
        field: All questions.
        order: The others, in their order.
        item: The question that is put among them.

    Returns:
        One weight more than there are others.
    """
    others = replace(field.ordered(order), rest=None)
    steps = _steps(others)
    ahead, _ = _ahead(others, steps)
    behind = np.full_like(ahead, NEVER)
    behind[-1, -1] = 0
    for q in range(len(order) - 1, -1, -1):
        run = _backward(behind[q + 1] + others.along[q], steps.runs) - others.along[q] + others.begin[q]
        behind[q] = np.maximum(np.logaddexp(run, behind[q + 1] + others.none[q]), NEVER)
    along, begin, none = field.along[item], field.begin[item], field.none[item]
    weights = []
    for before, after in zip(ahead, behind, strict=True):
        run = _forward(before - along + begin, steps.runs) + along
        weights.append(float(np.logaddexp.reduce(np.logaddexp(run, before + none) + after)))
    return np.array(weights)


def chances(field: Field) -> Chances:
    """How likely each run begins and ends where, over all layouts in this order."""
    steps = _steps(field)
    _, ready = _ahead(field, steps)
    k, m = field.questions, field.places
    total = float(ready[-1, -1])
    begins, ends = np.zeros((k, m + 1)), np.zeros((k, m + 1))
    after = np.full(m + 1, NEVER)
    after[m] = 0
    if steps.rest is not None:
        after = np.logaddexp(after, _backward(after, steps.rest))
    for q in range(k - 1, -1, -1):
        from_here = _backward(after + field.along[q], steps.runs) - field.along[q] + field.begin[q]
        begins[q] = np.exp(np.minimum(ready[q] + from_here - total, 0))
        to_here = _forward(ready[q] - field.along[q] + field.begin[q], steps.runs) + field.along[q]
        ends[q] = np.exp(np.minimum(to_here + after - total, 0))
        after = np.maximum(np.logaddexp(from_here, after + field.none[q]), NEVER)
        if steps.rest is not None:
            after = np.logaddexp(after, _backward(after, steps.rest))
    return Chances(begins, ends, total)


Run = tuple[int, int]


_Step = tuple[NDArray[np.intp], NDArray[np.intp]] | None


def best(found: Chances, field: Field, least: float = 0.5) -> tuple[Run | None, ...]:
    """The layout in order that is right for most words on average: a run of places each, or none.

    Args:
        found: The chances over all layouts.
        field: What they were made from.
        least: A question that is less likely there than this gets no run.

    Returns:
        For each question its run, half open; runs do not overlap and are in order.
    """
    m = field.places
    lengths = np.diff(field.at_words)
    within = found.within
    rest = np.clip(1 - within.sum(axis=0), 0, 1) if field.rest is not None else np.zeros(m)
    idle = np.concatenate(([0.0], np.cumsum(rest * lengths)))
    reached = idle.copy() if field.rest is not None else np.where(np.arange(m + 1) == 0, 0.0, NEVER)
    steps: list[_Step] = []
    for q in range(field.questions):
        if found.there[q] < least and field.none[q] > NEVER:
            steps.append(None)
            continue
        gain = np.concatenate(([0.0], np.cumsum(within[q] * lengths)))
        open_at = reached - gain
        top = np.maximum.accumulate(open_at)
        since = np.maximum.accumulate(np.where(open_at >= top, np.arange(m + 1), 0))
        closed = np.full(m + 1, NEVER)
        closed[1:] = top[:-1] + gain[1:]
        begun = np.concatenate(([0], since[:-1]))
        if field.rest is None:
            steps.append((begun, np.arange(m + 1)))
            reached = closed
            continue
        spare = closed - idle
        top = np.maximum.accumulate(spare)
        steps.append((begun, np.maximum.accumulate(np.where(spare >= top, np.arange(m + 1), 0))))
        reached = top + idle
    return _traced(steps, m)


def _traced(steps: list[_Step], end: int) -> tuple[Run | None, ...]:
    runs: list[Run | None] = []
    at = end
    for step in reversed(steps):
        if step is None:
            runs.append(None)
            continue
        begun, closed = step
        stop = int(closed[at])
        at = int(begun[stop])
        # Where there are more questions than places, some have none left.
        runs.append((at, stop) if stop > at else None)
    return tuple(reversed(runs))
