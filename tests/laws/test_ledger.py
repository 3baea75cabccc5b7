"""Laws of the ledger: quotes are verbatim, chapters keep to what players take, pins hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests import sample
from tests.strategies import SOME_TEXT

from onrecord.craft.as_talk import as_talk
from onrecord.craft.asked import exchange
from onrecord.craft.chapter_title import MOST_CHARACTERS, title_of
from onrecord.craft.chapters import Around, Stretch, chapters
from onrecord.craft.edition import Source, edit, programme
from onrecord.craft.lay_ledger import Wanted, ledger
from onrecord.craft.map_terminal import draw
from onrecord.craft.quotes import idf_of, propose
from onrecord.craft.talk import Placed, Talk
from onrecord.craft.turn import Said
from onrecord.craft.verbatim import stands
from onrecord.model.episode import Cut
from onrecord.model.ledger import Answer, Chapter, Found, Ledger, Quote
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.transcript import Cue, Transcript, Word, Words

WORDS = ["ferry", "ice", "bridge", "minister", "pays", "winter", "sails", "uh", "and", "the", "nobody"]
VOICES = ("Ada", "Goran", "Mira")


@st.composite
def sentences(draw: st.DrawFn) -> list[str]:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=16))
    return [*words[:-1], words[-1] + draw(st.sampled_from([".", "?", "!"]))]


@st.composite
def talks(draw: st.DrawFn) -> Talk:
    talk: list[Said] = []
    at = draw(st.integers(0, 5000))
    for n in range(draw(st.integers(1, 12))):
        words = []
        for sentence in draw(st.lists(sentences(), min_size=1, max_size=5)):
            for text in sentence:
                words.append(Word(Span(Ms(at), Ms(at + 400)), text))
                at += 450
        talk.append(Said(VOICES[n % 2 if n % 3 else draw(st.integers(0, 2))], tuple(words)))
        at += draw(st.integers(0, 20_000))
    return tuple(talk)


def around(talk: Talk) -> Around:
    return Around(Span(Ms(0), talk[-1].span.end), "en", frozenset(("Ada",)), "A title")


@given(talks(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join), st.data())
@settings(max_examples=15)
def test_quotes_are_whole_sentences_of_one_voice_verbatim(
    talk: Talk, question: str, data: st.DataObject
) -> None:
    taken = [said.span for said in talk if data.draw(st.booleans())]
    found = propose(talk, question, "en", idf_of(talk, "en"), taken=taken)
    assert len(found) <= 3
    for quote in found:
        (said,) = [said for said in talk if said.span.start <= quote.span.start < said.span.end]
        assert quote.by == said.voice
        assert quote.span.end <= said.span.end
        inside = [w.text for w in said.words if quote.span.start <= w.span.start < quote.span.end]
        assert quote.text == " ".join(inside)
        assert quote.text in said.text
        assert 12 <= len(inside) <= 60
        assert quote.text[-1] in ".?!"
        before = [w.text for w in said.words if w.span.end <= quote.span.start]
        assert not before or before[-1][-1] in ".?!"
        assert not quote.approved
        assert not any(quote.span & span for span in taken)
        assert stands(quote.text, said.text)
    for one, other in pairwise(sorted(quote.span for quote in found)):
        assert not one & other


@given(
    st.lists(st.sampled_from([*WORDS, ",", "or", "how", "do you think"]), min_size=1, max_size=30),
    st.booleans(),
)
def test_a_title_is_short_and_invents_no_word(words: list[str], asks: bool) -> None:
    question = " ".join(words).replace(" ,", ",") + ("?" if asks else "")
    title = title_of(question, "en")
    assert 0 < len(title) <= MOST_CHARACTERS
    left = iter(bare(word) for word in question.split())
    assert all(word in left for word in (bare(w) for w in title.split()) if word), (title, question)


def bare(word: str) -> str:
    return "".join(c for c in word if c.isalnum()).casefold()


@given(SOME_TEXT, st.sampled_from(["en", "de", "sr", "ja", "mt"]))
def test_any_text_has_a_short_title(text: str, language: str) -> None:
    assert len(title_of(text, language)) <= MOST_CHARACTERS


@given(talks(), st.data())
@settings(max_examples=15)
def test_chapters_keep_to_what_players_take(talk: Talk, data: st.DataObject) -> None:
    given_at = data.draw(
        st.lists(st.sampled_from([w.span.start for said in talk for w in said.words]), max_size=9)
    )
    stretches = [
        Stretch(data.draw(st.sampled_from(["Who pays?", "What is left?"])), at, Span(at, Ms(at + 1)))
        for at in given_at
    ]
    own = around(talk)
    found = chapters(talk, stretches, own)
    assert len(found) != 1
    assert len(found) <= 12
    assert not found or found[0].at == own.programme.start
    begins = {said.span.start for said in talk} | {w.span.start for said in talk for w in said.words}
    for one, other in pairwise((*found, Chapter(own.programme.end, ""))):
        assert other.at - one.at >= 10_000
    for chapter in found:
        assert 0 < len(chapter.title) <= MOST_CHARACTERS
        assert chapter.at in begins | {own.programme.start}


@given(talks(), st.data())
@settings(max_examples=15)
def test_pins_hold_and_every_place_is_inside_the_talk(talk: Talk, data: st.DataObject) -> None:
    moments = st.sampled_from([w.span.start for said in talk for w in said.words])
    end = talk[-1].span.end
    wanted, placed = [], []
    for n in range(data.draw(st.integers(0, 3))):
        start = data.draw(moments)
        asked = data.draw(st.none() | moments)
        answers = data.draw(st.none() | st.just((Answer("Goran", Span(start, end)),)))
        found: Found | None = data.draw(st.sampled_from([None, None, "no", "never asked"]))
        wanted.append(Wanted(f"q{n}", "Who pays for the ferry?", found, asked, answers))
        placed.append(Placed((Span(start, end),), 0.5) if data.draw(st.booleans()) else Placed((), 0.0))
    proposal = ledger(talk, wanted, placed, around(talk))
    for one, question in zip(wanted, proposal.ledger.questions, strict=True):
        assert question.id == one.id
        assert question.text == one.text
        assert one.found is None or question.found == one.found
        assert question.found != "never asked" or one.found == "never asked", "only a person says so"
        assert one.asked is None or question.asked == one.asked
        assert one.answers is None or question.answers == one.answers
        for span in [a.span for a in question.answers] + [u.span for u in question.quotes]:
            assert talk[0].span.start <= span.start < span.end <= end
        for quote in question.quotes:
            assert any(quote.by == a.by and (quote.span & a.span) == quote.span for a in question.answers)


@given(talks(), st.data())
@settings(max_examples=12)
def test_what_the_programme_does_not_keep_is_in_no_proposal(talk: Talk, data: st.DataObject) -> None:
    cues = [Cue(said.span, said.voice, said.text) for said in talk]
    heard = [word for said in talk for word in said.words]
    end = talk[-1].span.end
    start, stop = sorted((data.draw(st.integers(0, end)), data.draw(st.integers(0, end))))
    gone = Span(Ms(start), Ms(stop))
    full = sample.full()
    episode = replace(full.episode, cuts=(Cut("programme"),), off_record=(gone,) if gone else ())
    line = programme(episode, end)
    kept = as_talk(cues, heard, line.kept)
    assert not [word for said in kept for word in said.words if word.span & gone]
    if not kept:
        return
    wanted = [Wanted("q1", "Who pays for the ferry?")]
    found = exchange(kept, [Span(Ms(0), end)], wanted[0].text, {"Ada"}, "en")
    assert found.asked is None or found.asked not in gone
    own = Around(Span(line.kept[0].start, line.kept[-1].end), "en", frozenset(("Ada",)), "A title")
    proposed = ledger(kept, wanted, [Placed((Span(Ms(0), end),), 1.0)], own).ledger
    approved = tuple(replace(u, approved=True) for q in proposed.questions for u in q.quotes)
    for word in heard:
        assert not (word.span & gone and any(word.span & quote.span for quote in approved))
    questions = tuple(replace(q, quotes=approved) for q in proposed.questions)
    people = {v.casefold(): replace(sample.TOMAS, id=v, name=v) for v in VOICES}
    source = Source(
        full.series,
        episode,
        people,
        Transcript("en", tuple(cues)),
        Ledger(questions, proposed.chapters),
        Words.of(heard),
        end,
        True,
    )
    edition, problems = edit(source, datetime(2027, 1, 1, tzinfo=UTC))
    assert not [p for p in problems if p.grave]
    inside = Span(PubMs(0), PubMs(line.length))
    assert all(mark.at in inside for mark in edition.chapters)
    assert all((quote.at & inside) == quote.at for quote in edition.quotes)
    assert len(edition.quotes) == len(approved)


@given(talks(), st.integers(60, 160))
@settings(max_examples=8)
def test_the_map_fits_the_terminal(talk: Talk, width: int) -> None:
    transcript = Transcript("en", tuple(Cue(said.span, said.voice, said.text) for said in talk))
    drawn = draw(transcript, Ledger(), width)
    assert all(len(line) <= width for line in drawn.splitlines())
    assert {said.voice for said in talk} <= {line.split(" ")[0] for line in drawn.splitlines()}


def test_a_quote_stands_only_with_its_words_in_order() -> None:
    said = "We, uh, cannot promise water to, you know, anybody. That is all."
    assert stands("We […] cannot promise water to […] anybody.", said)
    assert stands("… cannot promise water …", said)
    assert not stands("We cannot promise water", said)
    assert not stands("We […] all.", "We " + "so " * 13 + "all.")
    assert not stands("[…]", said)
    assert not stands("", said)
    assert Quote("A", Span(Ms(0), Ms(1)), "x").approved is False
