"""Questions that the host reads out as they were announced, and the order that this gives to the list.

Many hosts ask what they announced in nearly the announced words. Such a turn is better evidence than anything
that a layout can measure, which believes that the list is followed. So before the questions are laid out they
are put into the order in which they are read out; those that are not keep their place behind the question
before them. A turn that reads out three or more is a preview, as an introduction gives it, and tells nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from onrecord.craft.content import asked_stems, stems
from onrecord.craft.talk import Talk

_SAME = 0.6
"""So much of a question's words, by what they tell, makes a turn its reading."""
_LEAST_STEMS = 2
_PREVIEW = 3


def read_out(
    talk: Talk, questions: Sequence[str], hosts: Collection[str], language: str, idf: Mapping[str, float]
) -> dict[int, int]:
    """By question the turn in which the host reads it out; only those that are."""
    rare = max(idf.values(), default=1.0)
    turns = {i: set(stems(said.text, language)) for i, said in enumerate(talk) if said.voice in hosts}
    found: dict[int, tuple[float, int]] = {}
    for k, question in enumerate(questions):
        wanted = set(asked_stems(question, language))
        whole = sum(idf.get(stem, rare) for stem in wanted)
        if len(wanted) < _LEAST_STEMS:
            continue
        shares = [(sum(idf.get(s, rare) for s in wanted & told) / whole, -i) for i, told in turns.items()]
        share, turn = max(shares, default=(0.0, 0))
        if share >= _SAME:
            found[k] = (share, -turn)
    by_turn: dict[int, list[int]] = {}
    for k, (_, turn) in found.items():
        by_turn.setdefault(turn, []).append(k)
    return {k: turn for turn, ks in by_turn.items() if len(ks) < _PREVIEW for k in ks}


def in_order(count: int, read: Mapping[int, int]) -> tuple[int, ...]:
    """The questions (their numbers) in the order in which they are read out.

    >>> in_order(4, {0: 3, 1: 20, 3: 9})
    (0, 3, 1, 2)
    """
    keys: list[tuple[int, int]] = []
    last = -1
    for k in range(count):
        last = read.get(k, last)
        keys.append((last, k))
    return tuple(k for _, k in sorted(keys))
