"""Questions that ask the same: put to several guests, or to one guest through the years.

Two questions ask the same where they share most of their telling words: of the words of both (as stems,
without those that every question has), at least `_SHARED`. Groups grow along such pairs. A word that
stands in many questions tells little and makes no pair by itself; so each question is only held against
those with which it shares one of its three rarest words, and a thousand episodes take a second.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Final

from onrecord.craft.terms import terms

_SHARED: Final = 0.6
_FEWEST: Final = 2
"""Telling words that both must have: one alone is a topic, not a question."""
_RAREST: Final = 3


@cache
def _plain() -> frozenset[str]:
    """The stems of words that say nothing of what is asked."""
    words = (
        "a an the is are was were be been do does did has have had will would can could should may "
        "might of in on at to for from by with about and or but not no it its this that these those "
        "there here you your we our they their he she his her i me my so as if than then what who "
        "whom whose which when where why how much many more most any some s t re"
    )
    return frozenset(terms(words, "en"))


def asked_again(questions: Sequence[tuple[str, str]]) -> tuple[tuple[int, ...], ...]:
    """Groups of at least two questions (text, language) by their numbers, in order of their first.

    >>> asked_again([("What's a river worth?", "en"), ("Who votes?", "en"), ("Is the river worth it?", "en")])
    ((0, 2),)
    """
    plain = _plain()
    telling = [frozenset(terms(text, language)) - plain for text, language in questions]
    often = Counter(term for words in telling for term in words)
    by_term: dict[str, list[int]] = defaultdict(list)
    leads = list(range(len(questions)))

    def lead(i: int) -> int:
        while leads[i] != i:
            leads[i] = i = leads[leads[i]]
        return i

    for i, words in enumerate(telling):
        rarest = sorted(words, key=lambda term: (often[term], term))[:_RAREST]
        for j in {j for term in rarest for j in by_term[term]}:
            shared = len(words & telling[j])
            if shared >= _FEWEST and shared >= _SHARED * len(words | telling[j]):
                first, second = sorted((lead(i), lead(j)))
                leads[second] = first
        for term in rarest:
            by_term[term].append(i)
    groups: dict[int, list[int]] = defaultdict(list)
    for i in range(len(questions)):
        groups[lead(i)].append(i)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
