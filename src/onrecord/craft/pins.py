"""Pins: what a person fixed in a ledger, and which entry of it an announced question is.

The machine lays out questions by id. An announced question is the entry whose words it has (the machine's or
the person's); if its words were changed, the one most like it; and if they were changed beyond recognition,
the one that stands between the same neighbours. So a reworded question keeps its entry, and what hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.craft.fold import fold
from onrecord.craft.lay_ledger import Wanted
from onrecord.craft.merge_ledger import bare
from onrecord.model.ledger import Ledger, Question

_ALIKE = 0.4

Known = Sequence[tuple[str, str]]
"""Ids and texts of entries; an id may come with several texts."""


def wanted(
    announced: Sequence[str], base: Ledger, mine: Ledger
) -> tuple[tuple[Wanted, ...], tuple[str, ...]]:
    """The questions that are to be laid out, each with its id and its pins.

    Args:
        announced: in their order; none where nothing was announced.
        base: what the machine wrote.
        mine: what a person made of it.

    Returns:
        The announced ones in their order, those that a person took out left out, then those that only the
        person has; and the ids of what they took out.
    """
    base, mine = bare(base), bare(mine)
    was, own = {q.id: q for q in base.questions}, {q.id: q for q in mine.questions}
    gone = tuple(one for one in was if one not in own)
    known = [(q.id, q.text) for q in (*mine.questions, *base.questions)]
    ids = assign(announced, known)
    found = [
        _wanted(one, text, was.get(one), own.get(one))
        for one, text in zip(ids, announced, strict=True)
        if one not in gone
    ]
    besides = [q for q in mine.questions if q.id not in ids]
    if announced:
        # What the machine proposed and nobody touched goes with its announcement.
        besides = [q for q in besides if q != was.get(q.id) or any(u.approved for u in q.quotes)]
    else:
        besides = [q for q in besides if q != was.get(q.id)]
    return (*found, *(_wanted(q.id, q.text, was.get(q.id), q, added=True) for q in besides)), gone


def _wanted(
    one: str, text: str, was: Question | None, own: Question | None, *, added: bool = False
) -> Wanted:
    if own is None:
        return Wanted(one, text)
    before = was or Question(one, "")
    approved = [quote for quote in own.quotes if quote.approved or quote not in before.quotes]
    return Wanted(
        one,
        own.text if own.text != before.text else text,
        own.found if own.found != before.found else None,
        own.asked if own.asked != before.asked else None,
        own.answers if own.answers != before.answers else None,
        tuple(approved),
        tuple(quote.span for quote in before.quotes if quote not in own.quotes),
        added=added,
    )


def assign(texts: Sequence[str], known: Known) -> list[str]:
    """Give each text the id of the entry that it is, or a new one.

    >>> assign(["Who pays?", "Why now?", "What was left?"], [("q1", "What is left?"), ("q2", "Who pays?")])
    ['q2', 'q3', 'q1']
    """
    folded = [(one, _words(text)) for one, text in known]
    ids: list[str | None] = [None] * len(texts)
    left = list(dict.fromkeys(one for one, _ in known))
    words = [_words(text) for text in texts]
    for i, text in enumerate(words):
        same = next((one for one, other in folded if other == text and one in left), None)
        if same is not None:
            ids[i] = same
            left.remove(same)
    alike = sorted(
        (
            (-_alike(words[i], other), i, one)
            for i in range(len(texts))
            if ids[i] is None
            for one, other in folded
            if one in left
        )
    )
    for likeness, i, one in alike:
        if -likeness >= _ALIKE and ids[i] is None and one in left:
            ids[i] = one
            left.remove(one)
    _between_neighbours(ids, list(dict.fromkeys(one for one, _ in known)), left)
    taken = {one for one, _ in known}
    return [one or _new(taken) for one in ids]


def _between_neighbours(ids: list[str | None], order: list[str], left: list[str]) -> None:
    """Pair texts and entries that are alone between the same two neighbours, as many on both sides."""
    at = 0
    while at < len(ids):
        if ids[at] is not None:
            at += 1
            continue
        end = next((i for i in range(at, len(ids)) if ids[i] is not None), len(ids))
        before = order.index(ids[at - 1] or "") if at and ids[at - 1] in order else -1
        after = order.index(ids[end] or "") if end < len(ids) and ids[end] in order else len(order)
        between = order[before + 1 : after]
        if len(between) == end - at and all(one in left for one in between):
            ids[at:end] = between
            for one in between:
                left.remove(one)
        at = end


def _new(taken: set[str]) -> str:
    n = 1
    while f"q{n}" in taken:
        n += 1
    taken.add(f"q{n}")
    return f"q{n}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in (_bare(w) for w in fold(text).split()) if word)


def _bare(word: str) -> str:
    return "".join(c for c in word if c.isalnum())


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How many words two texts share, of all that are in them."""
    a, b = set(one), set(other)
    return len(a & b) / max(1, len(a | b))
