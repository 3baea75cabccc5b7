"""Whether a conversation keeps to the order of its list, and in which orders it may be where it does not.

A true order is worth more than any other sign, and a false one ruins everything: a list that is believed
though the talk went its own way places every question worse than if it had been looked for alone. So the
order is a prior that is checked. Each order of the questions has a weight, the sum over all layouts in that
order (craft/path.py). If the list says nothing of the order, the announced one is an order like any other,
and its weight about that of orders drawn by lot; if the talk follows the list, its weight stands far above.

Where the list is followed, single questions may still lie elsewhere: each is put where it pays, for a price.
Where it is not, no order is believed, but a sample of them, each as often as its weight makes it likely: one
question after another is taken out and put back, at a place drawn by the weights of all places
(Gibbs sampling). A single best order wins narrowly and is then wrong with many questions; the sample hedges.

Weights are compared on the likeliest places only; the layout itself is then made on all.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from dataclasses import replace

import numpy as np

from onrecord.craft.path import Field, insertions, weight
from onrecord.craft.relevance import Array, Places

PRICE = 6.0
"""What each question that is moved costs, in units of log odds."""
FOLLOWED = 0.75
"""The least share of questions that stay for a list to count as followed."""
_BELIEVED = 1.0
"""What speaks for a list before anything is heard: most are followed."""
_BOLDER = 1.75
"""How much more relevance counts where the order tells nothing (learnt: which place each question takes
among the others, on marked conversations)."""
_BY_LOT = 64
_PLACES = 120
_SWEEPS = 4
_SAMPLE = 16
_MOST_SWEEPS = 44
_MOST_STEPS = 12_000
_MOST_QUESTIONS = 40
"""A longer list is not tried in other orders: it is taken as announced."""

Orders = list[tuple[list[int], float]]
"""Orders of the questions (indices into the list) and how far each is believed; that adds up to 1."""


def orders(field: Field) -> Orders:
    """The orders in which a conversation may take the questions up; the likeliest comes first."""
    listed = list(range(field.questions))
    if not 2 <= field.questions <= _MOST_QUESTIONS:
        return [(listed, 1.0)]
    coarse = _coarse(field)
    draw = np.random.default_rng(field.questions)
    if follows(coarse, draw) > 0:
        return [(_moved_in(listed, coarse), 1.0)]
    drawn = Counter(tuple(one) for one in _sample(coarse, draw))
    return [(list(one), count / drawn.total()) for one, count in drawn.most_common()]


def follows(field: Field, draw: np.random.Generator) -> float:
    """What speaks for a list that is followed, as log odds: its weight against orders drawn by lot."""
    lots = [weight(field.ordered(draw.permutation(field.questions).tolist())) for _ in range(_BY_LOT)]
    by_lot = float(np.logaddexp.reduce(lots)) - math.log(_BY_LOT)
    return _BELIEVED + weight(field) - by_lot


def bolder(field: Field) -> Field:
    """The same where no order is known: what is said must tell what the order would."""
    return replace(field, along=_BOLDER * field.along)


def moved(order: list[int]) -> int:
    """How many of a list had to be put elsewhere to get this order: all but the longest rising row.

    >>> moved([0, 1, 2, 3]), moved([0, 3, 1, 2]), moved([3, 2, 1, 0])
    (0, 1, 3)
    """
    tails: list[int] = []
    for item in order:
        at = bisect_left(tails, item)
        tails[at : at + 1] = [item]
    return len(order) - len(tails)


def _moved_in(order: list[int], field: Field) -> list[int]:
    """Put one question after another where it pays most, for the price of moving, until nothing does."""
    top = weight(field.ordered(order))
    for _ in range(_SWEEPS):
        before = top
        for item in list(order):
            tries = _tries(order, item)
            worth = _insertions(field, order, item) - np.array([PRICE * moved(one) for one in tries])
            if worth.max() > top + 1e-9:
                top, order = float(worth.max()), tries[int(worth.argmax())]
        if top <= before + 1e-9:
            break
    return order


def _sample(field: Field, draw: np.random.Generator) -> list[list[int]]:
    """Orders drawn as often as they are likely, if the list tells nothing of them."""
    free = bolder(field)
    order = max(list(range(field.questions)), _alone(free), key=lambda one: weight(free.ordered(one)))
    sweeps = max(8, min(_MOST_SWEEPS, _MOST_STEPS // field.questions**2))
    found = []
    for _ in range(sweeps):
        for item in draw.permutation(field.questions).tolist():
            weights = _insertions(free, order, item)
            chance = np.exp(weights - weights.max())
            order = _tries(order, item)[int(draw.choice(len(chance), p=chance / chance.sum()))]
        found.append(order)
    settled = found[sweeps // 4 :]
    return [settled[int(i)] for i in np.linspace(0, len(settled) - 1, min(_SAMPLE, len(settled)))]


def _tries(order: list[int], item: int) -> list[list[int]]:
    others = [other for other in order if other != item]
    return [[*others[:at], item, *others[at:]] for at in range(len(order))]


def _insertions(field: Field, order: list[int], item: int) -> Array:
    return insertions(field, [other for other in order if other != item], item)


def _alone(field: Field) -> list[int]:
    """The order of the places where each question is found best when it is looked for alone."""
    share = field.at_words[-1] / field.questions
    end = np.searchsorted(field.at_words, field.at_words[:-1] + share, side="left")
    end = np.clip(end, np.arange(field.places) + 1, field.places)
    scores = np.take_along_axis(field.along, np.broadcast_to(end, (field.questions, len(end))), axis=1)
    best = (scores - field.along[:, :-1] + field.begin[:, :-1]).argmax(axis=1)
    return [int(k) for k in np.argsort(best, kind="stable")]


def _coarse(field: Field) -> Field:
    """The same on the likeliest places only."""
    if field.places <= _PLACES:
        return replace(field, rest=None)
    score = field.begin[:, :-1].max(axis=0)
    score[0] = np.inf
    kept: Places = np.append(np.sort(np.argsort(-score, kind="stable")[:_PLACES]), field.places)
    return Field(
        along=field.along[:, kept],
        begin=field.begin[:, kept],
        pairs=field.pairs[np.ix_(kept, kept)],
        rest=None,
        none=field.none,
        at_words=field.at_words[kept],
    )
