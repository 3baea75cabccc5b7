"""Whether a conversation keeps to the order of its list, and the likeliest order where it does not.

A true order is worth more than any other sign, and a false one ruins everything: a list that is believed
though the talk went its own way places every question worse than if it had been looked for alone. So the
order is a prior that is checked. Each order of the questions has a weight, the sum over all layouts in that
order (craft/path.py); an order in which questions had to be moved pays a price for each of them, but never
more than what it costs to believe that the list says nothing of the order: one in K! then. Starting
from the list, and from the order in which the questions are found when each is looked for alone, one
question at a time is put elsewhere as long as that pays. The list is followed if hardly any had to move.

There are K! orders, so this finds a good one and not always the best. Weights are compared on the
likeliest places only; the layout itself is then made on all.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import replace

import numpy as np

from onrecord.craft.path import Field, insertions, weight
from onrecord.craft.relevance import Places

PRICE = 6.0
"""What each question that is moved costs, and a list that says nothing of the order; in units of log odds."""
FOLLOWED = 0.75
"""The least share of questions that stay for a list to count as followed."""
_PLACES = 120
_SWEEPS = 4
_MOST_QUESTIONS = 40
"""A longer list is not tried in other orders: it is taken as announced."""


def likeliest(field: Field) -> list[int]:
    """The order of the questions that explains the conversation best: indices into the list."""
    listed = list(range(field.questions))
    if not 2 <= field.questions <= _MOST_QUESTIONS:
        return listed
    coarse = _coarse(field)
    found = [_search(order, coarse) for order in (listed, _alone(coarse))]
    return max(found, key=lambda pair: pair[0])[1]


def price(order: list[int]) -> float:
    """What an order costs against the listed one.

    >>> price([0, 1, 2, 3]), price([1, 0, 2, 3]), round(price([3, 2, 1, 0]), 1)
    (0.0, 6.0, 9.2)
    """
    return min(PRICE * moved(order), PRICE + math.lgamma(len(order) + 1))


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


def _search(order: list[int], field: Field) -> tuple[float, list[int]]:
    """Put one question after another where it pays most, until nothing does: the worth and the order."""
    top = weight(field.ordered(order)) - price(order)
    for _ in range(_SWEEPS):
        before = top
        for item in list(order):
            others = [other for other in order if other != item]
            tries = [[*others[:at], item, *others[at:]] for at in range(len(order))]
            worth = insertions(field, others, item) - np.array([price(one) for one in tries])
            if worth.max() > top + 1e-9:
                top, order = float(worth.max()), tries[int(worth.argmax())]
        if top <= before + 1e-9:
            break
    return top, order


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
