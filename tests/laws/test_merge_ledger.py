"""Laws of merging ledgers: pins hold, nothing of a person's is lost, comments stay with their lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.strategies import MS, SOME_TEXT, spans

from onrecord.craft.merge_ledger import APART_MS, bare, merge_ledgers
from onrecord.craft.merge_questions import merge_questions, read_ledger
from onrecord.model.ledger import Answer, Chapter, Ledger, Question, Quote
from onrecord.text import questions_yaml

IDS = ("q1", "q2", "q3", "q4")


@st.composite
def questions(draw: st.DrawFn, own: str) -> Question:
    return Question(
        own,
        draw(SOME_TEXT),
        draw(st.sampled_from(["yes", "no"])),
        draw(st.none() | MS),
        tuple(draw(st.lists(st.builds(Answer, SOME_TEXT, spans()), max_size=2))),
        tuple(draw(st.lists(st.builds(Quote, SOME_TEXT, spans(), SOME_TEXT), max_size=3))),
    )


@st.composite
def proposals(draw: st.DrawFn) -> Ledger:
    """What a machine might lay out: no quote of it is approved."""
    ids = [one for one in IDS if draw(st.booleans())]
    moments_ms = sorted(draw(st.sets(MS, max_size=4)))
    chapters = tuple(Chapter(at, draw(SOME_TEXT)) for at in moments_ms)
    return Ledger(tuple(draw(questions(one)) for one in ids), chapters)


@st.composite
def corrected(draw: st.DrawFn, base: Ledger) -> Ledger:
    """What a person might make of it."""
    kept = [q for q in base.questions if draw(st.integers(0, 5))]
    mine = []
    for q in kept:
        other = draw(questions(q.id))
        quotes = tuple(replace(u, approved=draw(st.booleans())) for u in q.quotes if draw(st.integers(0, 3)))
        changes: dict[str, object] = {
            "text": other.text,
            "found": draw(st.sampled_from(["yes", "no", "never asked"])),
            "asked": other.asked,
            "answers": other.answers,
            "quotes": (*quotes, *other.quotes[:1]),
        }
        touched = {k: v for k, v in changes.items() if not draw(st.integers(0, 2))}
        mine.append(replace(q, **touched))  # type: ignore[arg-type] # the fields are those of the class
    if draw(st.booleans()):
        mine.append(draw(questions("own")))
    chapters = [c for c in base.chapters if draw(st.integers(0, 4))]
    chapters = [replace(c, title=draw(SOME_TEXT)) if not draw(st.integers(0, 3)) else c for c in chapters]
    extra = draw(st.none() | MS)
    if extra is not None and extra not in {c.at for c in chapters}:
        chapters.append(Chapter(extra, draw(SOME_TEXT)))
    return Ledger(tuple(mine), tuple(sorted(chapters, key=lambda c: c.at)))


def data(ledger: Ledger) -> bytes:
    return questions_yaml.write(ledger).encode()


@given(proposals(), proposals(), st.data())
@settings(max_examples=12)
def test_what_only_one_side_changed_is_taken(base: Ledger, new: Ledger, draw: st.DataObject) -> None:
    mine = draw.draw(corrected(base))
    assert merge_questions(data(base), data(base), data(new))[0] == data(new)
    assert merge_questions(data(base), data(mine), data(base))[0] == data(mine)
    assert merge_ledgers(base, mine, base).ledger == mine
    assert merge_ledgers(base, mine, mine).ledger == mine


@given(proposals(), proposals(), st.data())
@settings(max_examples=20)
def test_a_merge_loses_no_field_of_a_person(base: Ledger, new: Ledger, draw: st.DataObject) -> None:
    mine = draw.draw(corrected(base))
    text, _ = merge_questions(data(base), data(mine), data(new))
    merged = bare(read_ledger(text)[1])
    assert merged == merge_ledgers(base, mine, new).ledger
    was, now = ({q.id: q for q in ledger.questions} for ledger in (base, merged))
    for q in mine.questions:
        before = was.get(q.id)
        if before is None:
            assert now[q.id].text == q.text
            assert {u for u in q.quotes if u.approved} <= set(now[q.id].quotes)
            continue
        if q == before and not any(u.approved for u in q.quotes):
            continue  # nothing of a person's in it: it may go
        for field in ("text", "found", "asked", "answers"):
            if getattr(q, field) != getattr(before, field):
                assert getattr(now[q.id], field) == getattr(q, field)
        assert {u for u in q.quotes if u.approved or u not in before.quotes} <= set(now[q.id].quotes)
    assert (
        not {q.id for q in base.questions if q not in mine.questions} - {q.id for q in mine.questions}
        & now.keys()
    )
    assert {c for c in mine.chapters if c not in base.chapters} <= set(merged.chapters)


@given(proposals(), proposals(), st.data())
@settings(max_examples=30)
def test_chapters_that_were_apart_stay_so(base: Ledger, new: Ledger, draw: st.DataObject) -> None:
    mine = draw.draw(corrected(base))
    for one in (base, mine, new):
        assume(_apart(one))
    assert _apart(merge_ledgers(base, mine, new).ledger)


def _apart(ledger: Ledger) -> bool:
    return all(b.at - a.at >= APART_MS for a, b in pairwise(ledger.chapters))


BASE = """\
questions:
  - id: q1
    question: What is left?
    found: yes
    asked: 00:00:10
    answers:
      - {by: Ada, from: 00:00:12, to: 00:00:30}
    quotes:
      - {by: Ada, from: 00:00:12, to: 00:00:15, text: One ship.}
      - {by: Ada, from: 00:00:16, to: 00:00:20, text: Two men.}
  - id: q2
    question: Who pays?
    found: no
chapters:
  - {at: 00:00:00, title: Introduction}
  - {at: 00:00:10, title: What is left?}
"""
MINE = """\
# ours
questions:
  - id: q1   # the ferry
    question: What is left?
    found: true
    asked: 0:10
    answers:
      - {by: Ada, from: 0:12, to: 0:30}   # all of it
    quotes:
      - {by: Ada, from: 00:00:12, to: 00:00:15, text: One ship.}
      - {by: Ada, from: 00:00:16, to: 00:00:20, text: Two men., approved: true}   # hear it
  # asked in passing
  - id: q2
    question: Who pays?
    found: never asked
chapters:
  - {at: 00:00:00, title: Welcome}   # as in the film
  - {at: 00:00:10, title: What is left?}
"""
NEW = """\
questions:
  - id: q1
    question: What is left?
    found: yes
    asked: 00:00:10
    answers:
      - {by: Ada, from: 00:00:12, to: 00:00:40}
    quotes:
      - {by: Ada, from: 00:00:17, to: 00:00:20, text: men.}
      - {by: Ada, from: 00:00:22, to: 00:00:28, text: And a dog.}
  - id: q3
    question: Why now?
    found: yes
    asked: 00:01:00
  - id: q2
    question: Who pays?
    found: yes
    asked: 00:02:00
chapters:
  - {at: 00:00:00, title: Introduction}
  - {at: 00:00:10, title: What is left?}
  - {at: 00:01:00, title: Why now?}
"""
MERGED = """\
# ours
questions:
  - id: q1   # the ferry
    question: What is left?
    found: true
    asked: 0:10
    answers:
      - {by: Ada, from: 0:12, to: 00:00:40}   # all of it
    quotes:
      - {by: Ada, from: 00:00:22, to: 00:00:28, text: And a dog.}
      - {by: Ada, from: 00:00:16, to: 00:00:20, text: Two men., approved: true}   # hear it
  - id: q3
    question: Why now?
    found: yes
    asked: 00:01:00
  # asked in passing
  - id: q2
    question: Who pays?
    found: never asked
chapters:
  - {at: 00:00:00, title: Welcome}   # as in the film
  - {at: 00:00:10, title: What is left?}
  - {at: 00:01:00, title: Why now?}
"""


def test_comments_and_the_form_of_what_stays_survive() -> None:
    merged, _ = merge_questions(BASE.encode(), MINE.encode(), NEW.encode())
    assert merged.decode() == MERGED
    crlf = [text.replace("\n", "\r\n").encode() for text in (BASE, MINE, NEW, MERGED)]
    assert merge_questions(*crlf[:3])[0] == crlf[3]
