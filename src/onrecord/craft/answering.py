"""From windows that hold a question's words to the quotes that answer it, best first.

A window is small, and what it is about is often said around it. So its fit is its own, plus a share of the
fit of its neighbours, plus a share of what its whole episode holds: three sizes of window from one index.

Each window gives one quote (craft/excerpt.py). What is shown first is decided by both: how well the window
fits the question among all windows of the archive, and how well its quote carries it. Of quotes that share a
sentence only the better one is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from onrecord.craft.excerpt import Run, best_run
from onrecord.craft.question import Weighed
from onrecord.model.archive import Sentence

_CARRIES: Final = 0.3
_ASKS: Final = 0.4
"""Who asks the archive wants answers: words that themselves ask come after those that answer."""
_AROUND: Final = 0.15
_REACH: Final = 2
_EPISODE: Final = 0.5
_BEST: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A window of an episode that was found.

    `turn` are sentences of its turn, from number `first` of the episode on; `near` says which of them are the
    window, `lead` the terms before it, `score` how well it fits (more is better).
    """

    episode: int
    score: float
    turn: tuple[Sentence, ...]
    near: range
    lead: frozenset[str]
    first: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Sentences of one turn that answer, and the places of the question's words in their text."""

    episode: int
    sentences: tuple[Sentence, ...]
    marks: tuple[tuple[int, int], ...]
    score: float


def settle(rows: Sequence[tuple[int, int, float]], limit: int) -> list[tuple[int, float]]:
    """The best windows when their neighbours and their episodes have had their say.

    Args:
        rows: of each window that was found its number, its episode and its fit; the windows of an episode
            are numbered one after the other.
        limit: so many are wanted.

    Returns:
        Numbers and fits, best first.
    """
    fits = {number: (episode, fit) for number, episode, fit in rows}
    of_episode: dict[int, list[float]] = {}
    for _, episode, fit in rows:
        of_episode.setdefault(episode, []).append(fit)
    whole = {e: sum(sorted(own, reverse=True)[:_BEST]) / _BEST for e, own in of_episode.items()}
    settled = []
    for number, (episode, fit) in fits.items():
        around = 0.0
        for distance in range(1, _REACH + 1):
            for near in (number - distance, number + distance):
                its, other = fits.get(near, (0, 0.0))
                around += other / distance if its == episode else 0.0
        settled.append((number, fit + _AROUND * around + _EPISODE * whole[episode]))
    return sorted(settled, key=lambda row: (-row[1], row[0]))[:limit]


def answers(asked: Weighed, places: Iterable[Place], limit: int) -> list[Answer]:
    """The quotes that answer, best first, none sharing a sentence with another."""
    found: list[tuple[float, Place, Run]] = []
    best = 0.0
    for place in places:
        best = max(best, place.score)
        led = sum(weight for term, weight in asked.weights.items() if term in place.lead)
        whole = asked.whole or 1.0
        run = best_run(place.turn, place.near, asked.weights, whole, min(1.0, led / whole))
        if run is not None:
            fits = place.score / best if best > 0 else 0.0
            found.append((fits + _CARRIES * run.worth - _ASKS * run.asks, place, run))
    found.sort(key=lambda item: (-item[0], item[1].episode, item[1].first))
    shown: list[Answer] = []
    taken: set[tuple[int, int]] = set()
    for score, place, run in found:
        numbers = {(place.episode, place.first + i) for i in range(run.first, run.last + 1)}
        if len(shown) == limit:
            break
        if not numbers & taken:
            taken |= numbers
            shown.append(Answer(place.episode, place.turn[run.first : run.last + 1], run.marks, score))
    return shown
