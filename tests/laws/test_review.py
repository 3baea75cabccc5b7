"""Laws of the way through a document: untouched it says nothing, and what colleagues do to it arrives."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.corrected import Corrected, bare, bases, corrected, transcript

from onrecord.craft.review import Paragraph, Remark, correct, paragraphs
from onrecord.model.transcript import Transcript


def written(rows: tuple[Paragraph, ...]) -> list[str]:
    return [f"[{p.time}] {p.name}: {p.text}" for p in rows]


def said(found: Transcript) -> list[tuple[str, str]]:
    return [(word, cue.voice) for cue in found.cues for word in cue.text.split()]


FRONT = ["The last winter ferry", "Ada Lind, Host: of the series", "Correct what you read.", "Transcript"]


@given(bases(common=True).map(transcript), st.booleans(), st.randoms(use_true_random=False))
def test_an_untouched_document_changes_nothing(
    exported: Transcript, typed: bool, dice: random.Random
) -> None:
    """Nor does one in which the writing program has set its quotes and dashes."""
    quoted = replace(
        exported,
        cues=tuple(
            replace(c, text=c.text.replace("b1", '"b1"').replace("b2", "b2's --").replace("b3", "b3..."))
            for c in exported.cues
        ),
    )
    texts = FRONT + written(paragraphs(quoted))
    if typed:
        texts = [
            t.replace(' "', " “").replace('"', "”").replace("'", "’").replace("--", "–").replace("...", "…")
            for t in texts
        ]
        texts = [t if dice.random() < 0.5 else t.replace("b", "b\u00ad") for t in texts]
    found = correct(quoted, texts)
    assert found.transcript == bare(quoted)
    assert found.remarks == ()


@given(corrected())
def test_the_words_and_names_of_the_document_arrive(case: Corrected) -> None:
    texts = FRONT + written(paragraphs(case.mine))
    found = correct(case.base, texts).transcript
    assert said(found) == said(case.mine)
    for before, after in pairwise(found.cues):
        assert before.span.end <= after.span.start


@given(bases().map(transcript), st.data())
def test_a_paragraph_that_is_split_without_a_name_is_the_same_turn(
    exported: Transcript, data: st.DataObject
) -> None:
    texts = written(paragraphs(exported))
    n = data.draw(st.integers(0, len(texts) - 1))
    words = texts[n].split(": ", 1)
    at = data.draw(st.integers(0, len(words[1].split())))
    first, rest = words[1].split()[:at], words[1].split()[at:]
    texts[n : n + 1] = [f"{words[0]}: {' '.join(first)}", " ".join(rest)]
    assert correct(exported, texts).transcript == exported


@given(bases().map(transcript), st.data())
def test_a_turn_that_is_split_with_a_name_is_two(exported: Transcript, data: st.DataObject) -> None:
    rows = paragraphs(exported)
    texts = written(rows)
    n = data.draw(st.integers(0, len(texts) - 1))
    words = rows[n].text.split()
    at = data.draw(st.integers(0, len(words) - 1))
    texts[n : n + 1] = [
        f"[{rows[n].time}] {rows[n].name}: {' '.join(words[:at])}",
        f"Maxim Samorukov: {' '.join(words[at:])}",
    ]
    found = said(correct(exported, texts).transcript)
    expected = [(w, p.name) for p in rows[:n] for w in p.text.split()]
    expected += [(w, rows[n].name) for w in words[:at]] + [(w, "Maxim Samorukov") for w in words[at:]]
    expected += [(w, p.name) for p in rows[n + 1 :] for w in p.text.split()]
    assert found == expected


@given(bases().map(transcript), st.data())
def test_a_remark_keeps_its_place(exported: Transcript, data: st.DataObject) -> None:
    texts = FRONT + written(paragraphs(exported))
    n = data.draw(st.integers(len(FRONT), len(texts) - 1))
    at = data.draw(st.integers(0, len(texts[n])))
    found = correct(exported, texts, [Remark("Ana", "is that\n so?", n, at)])
    ((start, text),) = found.remarks
    assert text == "Ana remarks: is that so?"
    turn = exported.turns[n - len(FRONT)]
    assert turn.span.start <= start <= turn.span.end


@given(st.lists(st.text(max_size=40), max_size=6), bases().map(transcript))
def test_no_text_makes_it_fail(texts: list[str], exported: Transcript) -> None:
    correct(exported, texts, [Remark("", "x", 3, 9)])
