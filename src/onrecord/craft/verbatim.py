"""Do the words of a quote still stand where it points? Its text against the transcript, word by word.

A quote is a pointer (its span) and a text. It stands if its words, one after another, are words of that
person there; capitals and marks may differ, letters may not. Fillers may be left out where that is marked:

    We, uh, cannot promise water to, you know, anybody.
    We […] cannot promise water to […] anybody.          stands
    We cannot promise water to anybody.                  does not

`[…]` (or `[...]`) inside a quote stands for a few words left out; `…` at its ends is an ornament. Nothing
else may be left out, put in, or moved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.craft.align import fold, match
from onrecord.model.language import joined, parts

MOST_LEFT_OUT = 12
"""So many words at most may be left out at one mark."""
_LEFT_OUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")


def stands(text: str, said: str) -> bool:
    """Whether a quote's words stand in what was said.

    >>> stands("We […] cannot promise.", "Well, we, uh, cannot promise, I said.")
    True
    >>> stands("We cannot promise.", "Well, we, uh, cannot promise.")
    False
    """
    spoken = [fold(word) for word in parts(said)]
    runs = pieces(text)
    ends = {at + len(runs[0]) for at in _places(runs[0], spoken)} if runs else set()
    for run in runs[1:]:
        starts = {n for end in ends for n in range(end, end + MOST_LEFT_OUT + 1)}
        ends = {n + len(run) for n in starts if _begins(run, spoken, n)}
    return bool(ends)


def pieces(text: str) -> list[list[str]]:
    """The words of a quote between its marks, as they are compared."""
    bare = text.strip(" …\n")
    found = [[fold(word) for word in parts(piece)] for piece in _LEFT_OUT.split(bare)]
    return [piece for piece in found if piece]


def nearest(text: str, said: str) -> str:
    """What now stands in the place of a quote: the words of what was said from its first to its last.

    >>> nearest("One ship and nine people are left.", "Well. One ship and ten people are left. Yes.")
    'One ship and ten people are left.'
    """
    wanted = [word for piece in pieces(text) for word in piece]
    words = parts(said)
    pairs = match(wanted, [fold(word) for word in words])
    if not pairs:
        return joined(words)
    (first, start), (last, end) = pairs[0], pairs[-1]
    start, end = max(0, start - first), min(len(words), end + len(wanted) - last)
    return joined(words[start:end])


def _places(run: Sequence[str], spoken: Sequence[str]) -> list[int]:
    return [i for i in range(len(spoken) - len(run) + 1) if _begins(run, spoken, i)]


def _begins(run: Sequence[str], spoken: Sequence[str], at: int) -> bool:
    return list(spoken[at : at + len(run)]) == list(run)
