"""Laying questions out: whatever is said and asked, spans stay inside, apart, and where a person put them."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.craft.layout import Layout, lay_out
from onrecord.craft.locate import locate
from onrecord.craft.order import moved, orders
from onrecord.craft.path import NEVER, Field, best, chances, insertions, weight
from onrecord.craft.pin import covers
from onrecord.craft.portion import MOST_WORDS, portions
from onrecord.craft.relevance import hear, idf_of
from onrecord.craft.talk import Placed, Talk
from onrecord.craft.turn import Said
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

WORDS = ("ferry", "harbour", "winter", "price", "island.", "bridge?", "so", "the", "why", "okay,", "it")
TEXTS = st.one_of(st.sampled_from(WORDS), st.text(min_size=1, max_size=6).map(lambda s: s.strip() or "…"))
LINES = st.lists(TEXTS, max_size=6).map(" ".join)
LANGUAGES = st.sampled_from(["en", "sr", "ja", "xx", ""])


@st.composite
def talks(draw: st.DrawFn, least: int = 0) -> Talk:
    talk, at = [], 0
    for _ in range(draw(st.integers(least, 8))):
        words = []
        for text in draw(st.lists(TEXTS, min_size=1, max_size=12)):
            lasts, pause = draw(st.integers(0, 900)), draw(st.integers(0, 300))
            words.append(Word(Span(Ms(at), Ms(at + lasts)), text))
            at += lasts + pause
        talk.append(Said(draw(st.sampled_from(["Ada", "Ben Lind", ""])), tuple(words)))
    return tuple(talk)


def spans_of(layout: Layout) -> list[Span[Ms]]:
    return sorted(span for placed in layout.placed for span in placed.spans)


@settings(max_examples=12, deadline=None)
@given(talks(), st.lists(LINES, max_size=5), LANGUAGES)
def test_a_layout_covers_the_talk_and_never_overlaps(talk: Talk, asked: list[str], language: str) -> None:
    layout = lay_out(talk, asked, language=language)
    assert layout == lay_out(talk, asked, language=language)
    assert len(layout.placed) == len(asked)
    every = sorted([*spans_of(layout), *layout.rest])
    assert all(a.end <= b.start for a, b in pairwise(every))
    if talk:
        whole = covers(portions(talk, language))
        assert sum(span.length_ms for span in every) == whole.length_ms
        assert all(whole.start <= span.start and span.end <= whole.end for span in every)
    for placed in layout.placed:
        assert 0 <= placed.sure <= 1
        assert len(placed.others) <= 2


@settings(max_examples=12, deadline=None)
@given(talks(least=1), st.lists(LINES, min_size=1, max_size=5), st.data())
def test_a_layout_respects_pins(talk: Talk, asked: list[str], data: st.DataObject) -> None:
    whole = covers(portions(talk, "en"))
    edges = sorted(data.draw(st.lists(st.integers(whole.start, whole.end), min_size=4, max_size=4)))
    pinned = {
        data.draw(st.integers(0, len(asked) - 1)): (Span(Ms(edges[0]), Ms(edges[1])),),
        data.draw(st.integers(0, len(asked) - 1)): (Span(Ms(edges[2]), Ms(edges[3])),),
    }
    layout = lay_out(talk, asked, language="en", pinned=pinned)
    assert {k: layout.placed[k].spans for k in pinned} == pinned
    every = [span for span in sorted([*spans_of(layout), *layout.rest]) if span]
    assert all(a.end <= b.start for a, b in pairwise(every))
    assert sum(span.length_ms for span in every) == whole.length_ms


@settings(max_examples=12, deadline=None)
@given(talks(), LINES, LANGUAGES)
def test_one_question_lies_inside_the_talk(talk: Talk, question: str, language: str) -> None:
    placed = locate(talk, question, language=language)
    assert placed == locate(talk, question, language=language)
    if placed.spans:
        whole = covers(portions(talk, language))
        assert all(whole.start <= s.start and s.end <= whole.end for s in (*placed.spans, *placed.others))


@settings(max_examples=20, deadline=None)
@given(talks(), LANGUAGES)
def test_portions_hold_every_word_once(talk: Talk, language: str) -> None:
    found = portions(talk, language)
    assert " ".join(p.text for p in found).split() == " ".join(said.text for said in talk).split()
    assert all(portion.words <= MOST_WORDS for portion in found)
    assert sum(portion.words for portion in found) == sum(len(said.words) for said in talk)


def fields(questions: int, places: int, seed: int) -> Field:
    draw = np.random.default_rng(seed)
    pairs = draw.normal(size=(places + 1, places + 1))
    along = np.cumsum(draw.normal(size=(questions, places + 1)), axis=1)
    begin = draw.normal(size=(questions, places + 1))
    none = draw.normal(size=questions) - 2
    words = np.concatenate(([0.0], np.cumsum(draw.integers(1, 60, places))))
    return Field(along, begin, pairs, draw.normal(size=pairs.shape) - 2, none, words)


def every_weight(field: Field) -> float:
    """All layouts without a background, one by one: a run or none for each question, in order."""

    def layouts(question: int, at: int) -> list[float]:
        if question == field.questions:
            return [0.0] if at == field.places else []
        none = [field.none[question] + rest for rest in layouts(question + 1, at)]
        for end in range(at + 1, field.places + 1):
            run = field.along[question, end] - field.along[question, at]
            run += field.begin[question, at] + field.pairs[at, end]
            none += [run + rest for rest in layouts(question + 1, end)]
        return none

    return float(np.logaddexp.reduce(layouts(0, 0)))


@pytest.mark.parametrize("seed", range(5))
def test_the_weight_is_the_sum_over_all_layouts(seed: int) -> None:
    made = fields(3, 5, seed)
    bare = Field(made.along, made.begin, made.pairs, None, made.none, made.at_words)
    assert weight(bare) == pytest.approx(every_weight(bare))
    moved_in = insertions(made, [0, 2], 1)
    assert moved_in[1] == pytest.approx(weight(bare))
    assert moved_in[0] == pytest.approx(weight(bare.ordered([1, 0, 2])))


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 5), st.integers(1, 9), st.integers(0, 99), st.booleans())
def test_runs_are_in_order_and_apart(questions: int, places: int, seed: int, rest: bool) -> None:
    made = fields(questions, places, seed)
    made = made if rest else Field(made.along, made.begin, made.pairs, None, made.none, made.at_words)
    found = chances(made)
    assert np.all(found.within.sum(axis=0) <= 1 + 1e-9)
    runs = [run for run in best(found, made) if run]
    assert all(0 <= a < b <= places for a, b in runs)
    assert all(a[1] <= b[0] for a, b in pairwise(runs))
    believed = orders(made)
    assert all(sorted(order) == list(range(questions)) for order, _ in believed)
    assert sum(share for _, share in believed) == pytest.approx(1)


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(6)))
def test_no_more_are_moved_than_need_be(order: list[int]) -> None:
    assert (moved(order) == 0) == (order == sorted(order))
    assert moved(order) <= 5


def sentence(voice: str, text: str, at: int) -> Said:
    words = (Word(Span(Ms(at + i * 400), Ms(at + i * 400 + 400)), w) for i, w in enumerate(text.split()))
    return Said(voice, tuple(words))


SUBJECTS = {
    "Why does the winter ferry cost so much?": "A ferry in winter burns fuel, which costs more than tickets.",
    "Will the island get a bridge?": "A bridge to the island needs pillars, engineers and a patient bank.",
    "Who pays for the school?": "The school has teachers, pupils and a roof that the parish pays for.",
}


def conversation(subjects: list[str], answers: int = 8) -> Talk:
    talk: list[Said] = []
    at = 0
    for question in subjects:
        for voice, text in [("Ada", question), *[("Ben Lind", SUBJECTS[question])] * answers]:
            talk.append(sentence(voice, text, at))
            at = talk[-1].span.end
    return tuple(talk)


def starts_at_its_question(talk: Talk, question: str, placed: Placed) -> bool:
    asked = next(said for said in talk if said.text == question)
    return placed.spans[0].start == asked.span.start


def test_each_question_begins_where_it_is_asked() -> None:
    listed = list(SUBJECTS)
    talk = conversation(listed)
    layout = lay_out(talk, listed, language="en")
    assert layout.followed
    assert all(starts_at_its_question(talk, q, p) for q, p in zip(listed, layout.placed, strict=True))
    assert layout.rest == ()


def test_a_list_that_is_not_followed_is_laid_out_in_the_order_of_the_talk() -> None:
    listed = list(SUBJECTS)
    talk = conversation([listed[2], listed[1], listed[0]], answers=120)
    layout = lay_out(talk, listed, language="en")
    assert not layout.followed
    assert layout.order == (2, 1, 0)
    assert all(starts_at_its_question(talk, q, p) for q, p in zip(listed, layout.placed, strict=True))


def test_a_question_of_another_conversation_is_not_found() -> None:
    listed = list(SUBJECTS)
    others = [conversation([listed[n % 3]], answers=2 + n) for n in range(6)]
    parts = [portions(other, "en") for other in others]
    idf = idf_of(p for some in parts for p in some)
    cohort = [hear(some, idf) for some in parts]
    asked = [*listed[:2], "What became of the lighthouse keeper's telescope?"]
    layout = lay_out(conversation(listed[:2], 20), asked, language="en", idf=idf, cohort=cohort)
    assert [bool(placed.spans) for placed in layout.placed] == [True, True, False]


def test_a_pin_holds_its_neighbours_on_their_sides() -> None:
    listed = list(SUBJECTS)
    talk = conversation([listed[2], listed[1], listed[0]])
    middle = talk[9].span
    layout = lay_out(talk, listed, language="en", pinned={1: (middle,)})
    first, pinned, last = layout.placed
    assert pinned == Placed((middle,), 1.0)
    assert first.spans[0].end <= middle.start
    assert middle.end <= last.spans[0].start


def test_more_questions_than_portions_and_long_lists_are_laid_out_soon() -> None:
    talk = conversation(list(SUBJECTS), answers=1)
    layout = lay_out(talk, [f"Question {n} of the ferry?" for n in range(60)], language="en")
    assert len(layout.placed) == 60
    since = time.process_time()
    lay_out(conversation(list(SUBJECTS) * 20), list(SUBJECTS) * 4, language="en")
    assert time.process_time() - since < 20


def test_a_field_with_one_place_and_more_questions() -> None:
    made = fields(3, 1, 1)
    runs = best(chances(made), made)
    assert sum(run is not None for run in runs) <= 1
    assert np.all(made.none > NEVER)


def test_a_question_that_comes_back_has_two_spans() -> None:
    ferry, bridge, school = SUBJECTS
    talk = conversation([ferry, bridge, ferry], answers=30)
    again = next(said.span.start for said in talk[40:] if said.text == ferry)
    layout = lay_out(talk, [ferry, bridge], language="en")
    spans = [span for placed in layout.placed for span in placed.spans]
    assert all(a.end <= b.start for a, b in pairwise(sorted(spans)))
    assert any(span.start >= again for span in layout.placed[0].spans), "the ferry is talked of once more"
    once = lay_out(conversation([ferry, bridge, school], answers=30), [ferry, bridge], language="en")
    assert len(once.placed[0].spans) == 1, "control: the school is no ferry"
