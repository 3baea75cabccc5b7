"""Three-way merge of ledgers: a field that a person touched stays, the rest is as the new layout has it.

The *base* is what the machine wrote, *mine* what a person made of it, *new* the next proposal. A *pin* is a
field that differs between base and mine. Fields are small, so that a pin holds no more than was meant:

    question    its text, found, asked, each on its own; its answers together, for they share the time
                between them; each quote on its own; that it stands there, or was taken out
    chapter     each on its own (time and title), and those that were taken out

An approved quote is a pin, whoever proposed it. A question that only the person has is filled in where they
left a field out. What is not pinned comes from the new layout, which was laid around the pins; a chapter or
quote of it that comes too near to a pinned one gives way.

    merge(b, b, n) = n        merge(b, m, b) = m        merge(b, m, m) = m

The result says of each entry which one of the person's it is (`mine`), so that a file can be patched line
by line: an entry keeps its place and the comment behind it. New entries come in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from onrecord.model.ledger import Answer, Chapter, Ledger, Question, Quote
from onrecord.model.time import Ms

APART_MS = 10_000
"""Chapters are at least so far from each other: with a nearer one, players show none at all."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """An entry of a merged list, and the number of the person's entry that it stands in the place of."""

    mine: int | None
    entry: T


Rows = tuple[Row[T], ...]


@dataclass(frozen=True, slots=True)
class MergedQuestion:
    """A merged question; `rows` of its lists tell what stands in the place of what."""

    question: Question
    answers: Rows[Answer]
    quotes: Rows[Quote]


@dataclass(frozen=True, slots=True)
class MergedLedger:
    """The result of a merge."""

    questions: Rows[MergedQuestion]
    chapters: Rows[Chapter]

    @property
    def ledger(self) -> Ledger:
        """As a ledger."""
        return Ledger(
            tuple(row.entry.question for row in self.questions), tuple(row.entry for row in self.chapters)
        )


def bare(ledger: Ledger) -> Ledger:
    """The ledger without its places in the file, to be compared."""
    return Ledger(
        tuple(
            replace(q, place=None, quotes=tuple(replace(u, place=None) for u in q.quotes))
            for q in ledger.questions
        ),
        tuple(replace(c, place=None) for c in ledger.chapters),
    )


def merge_ledgers(
    base: Ledger, mine: Ledger, new: Ledger, given: Mapping[str, frozenset[str]] | None = None
) -> MergedLedger:
    """Merge a person's ledger with a new proposal.

    Args:
        base: the proposal that `mine` was made from.
        mine: the person's ledger.
        new: the new proposal.
        given: by id, the fields that are written in the person's file (of a question that they added, the
            others are filled in); without it, those that say something.
    """
    base, mine, new = bare(base), bare(mine), bare(new)
    was = {q.id: q for q in base.questions}
    come = {q.id: q for q in new.questions}
    rows: list[Row[MergedQuestion]] = []
    for i, own in enumerate(mine.questions):
        merged = _question(was.get(own.id), own, come.get(own.id), (given or {}).get(own.id))
        if merged is not None:
            rows.append(Row(i, merged))
    known = {q.id for q in mine.questions} | was.keys()
    for n, fresh in enumerate(new.questions):
        if fresh.id not in known:
            whole = MergedQuestion(fresh, _all_new(fresh.answers), _all_new(fresh.quotes))
            rows.insert(_after(rows, [q.id for q in new.questions[:n]]), Row(None, whole))
    return MergedLedger(tuple(rows), _chapters(base.chapters, mine.chapters, new.chapters))


def _after(rows: Sequence[Row[MergedQuestion]], before: Sequence[str]) -> int:
    """Where a new question goes: behind the nearest one that stands before it in the proposal."""
    at = {row.entry.question.id: i for i, row in enumerate(rows)}
    return next((at[one] + 1 for one in reversed(before) if one in at), 0)


def _question(
    was: Question | None, own: Question, fresh: Question | None, given: frozenset[str] | None
) -> MergedQuestion | None:
    """One question of the person's; None where it goes, because it is announced no more."""
    if was is None and fresh is not None:
        # Added by the person: what they left out is untouched.
        says = given if given is not None else _says(own)
        was = Question(
            own.id,
            "",
            fresh.found if "found" in says else own.found,
            fresh.asked if "asked" in says else None,
        )
    if fresh is None:
        untouched = was is not None and own == was and not any(u.approved for u in own.quotes)
        return None if untouched else MergedQuestion(own, _same(own.answers), _same(own.quotes))
    assert was is not None  # noqa: S101 - made above where there was none
    if own.found not in ("yes", was.found):
        # Whoever says that it is not there has looked: the entry stands as they left it.
        return MergedQuestion(own, _same(own.answers), _same(own.quotes))
    text = own.text if own.text != was.text else fresh.text
    found = own.found if own.found != was.found else fresh.found
    asked = own.asked if own.asked != was.asked else fresh.asked
    answers = _answers(was.answers, own.answers, fresh.answers)
    quotes = _quotes(was.quotes, own.quotes, fresh.quotes)
    merged = Question(
        own.id, text, found, asked, tuple(r.entry for r in answers), tuple(r.entry for r in quotes)
    )
    return MergedQuestion(merged, answers, quotes)


def _says(question: Question) -> frozenset[str]:
    said = {"found": question.found != "no", "asked": question.asked is not None}
    return frozenset(name for name, says in said.items() if says)


def _same(entries: Sequence[T]) -> Rows[T]:
    return tuple(Row(i, entry) for i, entry in enumerate(entries))


def _all_new(entries: Sequence[T]) -> Rows[T]:
    return tuple(Row(None, entry) for entry in entries)


def _answers(was: Sequence[Answer], own: Sequence[Answer], fresh: Sequence[Answer]) -> Rows[Answer]:
    if own != was or fresh == own:
        return _same(own)
    return tuple(Row(i if i < len(own) else None, answer) for i, answer in enumerate(fresh))


def _quotes(was: Sequence[Quote], own: Sequence[Quote], fresh: Sequence[Quote]) -> Rows[Quote]:
    if fresh in (was, own):
        return _same(own)
    if own == was and not any(u.approved for u in own):
        return tuple(Row(i if i < len(own) else None, quote) for i, quote in enumerate(fresh))
    pinned = {i for i, quote in enumerate(own) if quote.approved or quote not in was}
    taken = [own[i].span for i in sorted(pinned)]
    taken += [quote.span for quote in was if quote not in own]
    come = [q for q in fresh if not any(q.span & span for span in taken)]
    held = {i: come.pop(come.index(q)) for i, q in enumerate(own) if i not in pinned and q in come}
    rows: list[Row[Quote]] = []
    for i, quote in enumerate(own):
        if i in pinned or i in held:
            rows.append(Row(i, quote))
        elif come:
            rows.append(Row(i, come.pop(0)))
    return (*rows, *(Row(None, quote) for quote in come))


def _chapters(was: Sequence[Chapter], own: Sequence[Chapter], fresh: Sequence[Chapter]) -> Rows[Chapter]:
    if fresh in (was, own):
        return _same(own)
    pinned = [chapter for chapter in own if chapter not in was]
    titles, times = {c.title for c in own}, {c.at for c in own}
    gone = [c for c in was if c not in own and c.title not in titles and c.at not in times]
    moved = [c for c in was if c not in own and (c.title in titles or c.at in times)]
    come = [c for c in fresh if not _gives_way(c, pinned, gone, moved)]
    merged = sorted([*pinned, *come], key=lambda c: c.at)
    rows: list[Row[Chapter]] = []
    at = 0
    for chapter in merged:
        found = next((i for i in range(at, len(own)) if _stands_for(own[i], chapter, own[i] in pinned)), None)
        rows.append(Row(found, chapter))
        at = at if found is None else found + 1
    return tuple(rows)


def _gives_way(
    chapter: Chapter, pinned: Sequence[Chapter], gone: Sequence[Chapter], moved: Sequence[Chapter]
) -> bool:
    """Whether a proposed chapter is too near to one of the person's, or one that they took out or moved."""
    if any(_near(chapter.at, c.at) or chapter.title == c.title for c in pinned):
        return True
    return any(chapter.title == c.title or _near(chapter.at, c.at) for c in gone) or any(
        chapter.title == c.title for c in moved
    )


def _near(one: Ms, other: Ms) -> bool:
    return abs(one - other) < APART_MS


def _stands_for(own: Chapter, chapter: Chapter, is_pinned: bool) -> bool:
    if is_pinned:
        return own == chapter
    return own.title == chapter.title or own.at == chapter.at
