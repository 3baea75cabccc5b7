"""Laws of the archive: one index however it came to be, one term for all spellings, quotes that were said."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sample import EDA, MARA, TOMAS, full

from onrecord.craft.answering import answers
from onrecord.craft.edition import laid_out
from onrecord.craft.excerpt import LONGEST, SHORTEST, best_run, text_of
from onrecord.craft.fold import fold
from onrecord.craft.question import read_question, weigh
from onrecord.craft.saying import kept
from onrecord.craft.serbian import to_cyrillic, to_latin
from onrecord.craft.terms import placed, terms, words
from onrecord.craft.window import windows
from onrecord.folder.archive import Archive
from onrecord.model.archive import Filter, Kept, Sentence
from onrecord.model.edition import Caption, Edition
from onrecord.model.language import joined, one_line
from onrecord.model.time import Ms, PubMs, Span
from onrecord.text.turn_rows import TurnRow, read_csv, read_jsonl, write_csv, write_jsonl

NOWHERE = Path("/dev/null/archive.sqlite")  # no folder can be made there, so the index stays in memory
EVER = Filter(10**15, drafts=True)
SAID = st.sampled_from(
    """The well is dry. | Who counted them? | And nobody asked the village below the weir, not once. | Yes.
    Vučić said so in Beograd, and Вучића they quoted. | A mine needs water; a valley needs it more. | Hm
    We had 212 wells and 40 of them were dry in August of that year, which nobody had ever seen before. | and
    そうです。水が大切です。| I was there when the surveyors came with their pegs""".replace("\n", "|").split(
        "|"
    )
).map(str.strip)


@st.composite
def editions(draw: st.DrawFn, slug: str = "one") -> Edition:
    """An episode of a few captions."""
    edition = full()
    at, captions = 0, []
    for text in draw(st.lists(SAID.filter(bool), min_size=1, max_size=8)):
        who = draw(st.sampled_from([MARA, TOMAS, EDA, None]))
        length = draw(st.integers(1, 4000))
        span = Span(PubMs(at), PubMs(at + length))
        captions.append(
            Caption(span, who.name if who else "Speaker 4", text, who, draw(st.sampled_from(["", "sr"])))
        )
        at += length + draw(st.sampled_from([0, 0, 900]))
    episode = edition.episode
    days = draw(st.integers(0, 3))
    changes: dict[str, Any] = {"captions": tuple(captions)}
    changes["episode"] = replace(
        episode,
        slug=slug,
        published=episode.published + timedelta(days=days),
        approved=draw(st.sampled_from([episode.approved, None])),
    )
    return laid_out(replace(edition, **changes))


def dump(archive: Archive) -> list[Any]:
    """All that an index holds, whatever the numbers of its rows."""
    db: sqlite3.Connection = archive._db
    slugs = dict(db.execute("SELECT id, slug FROM episode"))
    episodes = db.execute(
        "SELECT slug, content, taken_out, public_from_ms, day, languages, card FROM episode"
    )
    sentences = db.execute("SELECT * FROM sentence").fetchall()
    places = db.execute(
        "SELECT place.episode, first, last, person, part, own, lead"
        " FROM place JOIN windows ON place.id = windows.rowid"
    ).fetchall()
    vocabulary = db.execute("SELECT term, doc, cnt FROM temp.vocabulary")
    counts = [
        db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own names
        for table in ("place", "windows", "person")
    ]
    return [
        sorted(episodes.fetchall()),
        sorted((slugs[row[0]], *row[1:]) for row in sentences),
        sorted((slugs[row[0]], *row[1:]) for row in places),
        sorted(vocabulary.fetchall()),
        counts,
    ]


@given(st.data())
@settings(max_examples=30)
def test_an_index_brought_up_to_date_is_an_index_made_anew(data: st.DataObject) -> None:
    slugs = ("one", "two", "three")
    now: dict[str, Kept | None] = {}
    with Archive(NOWHERE) as grown:
        for version in range(data.draw(st.integers(1, 4))):
            for slug in data.draw(st.lists(st.sampled_from(slugs), unique=True)):
                choice = data.draw(st.sampled_from(["put", "put", "gone", "unreadable"]))
                if choice == "gone":
                    now.pop(slug, None)
                else:
                    now[slug] = kept(data.draw(editions(slug))) if choice == "put" else None
            keys = dict.fromkeys(now, f"{version}")
            grown.update(keys, lambda slug: now[slug])
        with Archive(NOWHERE) as anew:
            anew.update(dict.fromkeys(now, "0"), lambda slug: now[slug])
            assert dump(grown) == dump(anew)


LATIN = st.text("abcčćdđefghijklmnoprsštuvzž", min_size=1, max_size=12)
CYRILLIC = st.text("абвгдђежзијклљмнњопрстћуфхцчџшАВЉЊЏ", min_size=1, max_size=12)
TAGS = st.sampled_from(["en", "sr", "sr-Latn", "de", "fr", "sq", "ja", "ru", ""])


@given(CYRILLIC)
def test_a_serbian_word_has_one_term_in_both_scripts(word: str) -> None:
    assert terms(word, "sr") == terms(to_latin(word), "sr-Latn")


@given(LATIN)
@example("đorđević")
def test_a_latin_word_has_one_term_with_and_without_its_marks(word: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c)).replace(
        "đ", "dj"
    )
    for language in ("sr", "hr", "en", "sq"):
        assert terms(word, language) == terms(bare, language) == terms(word.upper(), language)
    if to_latin(to_cyrillic(word)) == word:
        assert terms(word, "sr") == terms(to_cyrillic(word), "sr")


@given(st.text(max_size=40), TAGS)
@example("नमस्ते दुनिया", "hi")
@example("I\u0307zmir e\u0301", "tr")
def test_terms_are_letters_and_figures_whatever_the_text_and_its_form(text: str, language: str) -> None:
    found = terms(text, language)
    assert all(
        term.isalnum()
        or all(
            c.isalnum() or unicodedata.combining(c) or unicodedata.category(c) in ("Mc", "Mn") for c in term
        )
        for term in found
    )
    assert not any(c in term for term in found for c in "\"'*():^{}-+\0 ")
    for start, end, _ in placed(text, language):
        assert 0 <= start < end <= len(text)
    assert [w for _, _, w in words(text)] == [w for _, _, w in words(unicodedata.normalize("NFC", text))]


@given(
    editions(),
    st.lists(st.sampled_from(["well", "dry", "Vucic", "water", "nobody", "pegs", "水", "count"]), min_size=1),
)
@settings(max_examples=40)
def test_every_quote_was_said_in_one_turn_word_for_word(edition: Edition, asked: list[str]) -> None:
    episode = kept(edition)
    turns: dict[int, str] = {}
    for sentence in episode.sentences:
        turns[sentence.turn] = (
            joined([turns[sentence.turn], sentence.text]) if sentence.turn in turns else sentence.text
        )
    with Archive(NOWHERE) as archive:
        archive.update({"one": "1"}, lambda _: episode)
        question = weigh(read_question(" ".join(asked), archive.languages()), archive.held_by, len(archive))
        found = answers(question, archive.search(question, EVER, 20), 10)
    for answer in found:
        text = text_of(answer.sentences)
        assert len({(s.turn, s.voice, s.person) for s in answer.sentences}) == 1
        assert text in turns[answer.sentences[0].turn]
        assert all(0 <= a < b <= len(text) for a, b in answer.marks)
        looked_for = set(question.weights)
        for a, b in answer.marks:
            assert {t for s in answer.sentences for t in terms(text[a:b], s.language)} & looked_for
    numbers = [id(s) for answer in found for s in answer.sentences]
    assert len(numbers) == len(set(numbers))


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=10), st.data())
def test_a_quote_has_its_length_where_any_run_has(sizes: list[tuple[int, bool]], data: st.DataObject) -> None:
    said = [
        Sentence(
            0,
            Span(PubMs(i), PubMs(i + 1)),
            Span(Ms(i), Ms(i + 1)),
            "A",
            "a",
            " ".join(["word"] * (n - 1) + ["key" if k else "end"]) + ".",
            "en",
        )
        for i, (n, k) in enumerate(sizes)
    ]
    first = data.draw(st.integers(0, len(said) - 1))
    near = range(first, data.draw(st.integers(first, len(said) - 1)) + 1)
    run = best_run(said, near, {"key": 2.0}, 2.0)
    assert run is not None
    assert run.last >= near.start
    assert run.first < near.stop
    count = sum(n for n, _ in sizes[run.first : run.last + 1])
    possible = any(
        SHORTEST <= sum(n for n, _ in sizes[i : j + 1]) <= LONGEST and j >= near.start and i < near.stop
        for i in range(len(sizes))
        for j in range(i, len(sizes))
    )
    assert SHORTEST <= count <= LONGEST or not possible


@given(editions())
@settings(max_examples=40)
def test_sentences_hold_every_word_in_order_and_windows_every_turn_of_some_words(edition: Edition) -> None:
    sentences = kept(edition).sentences
    said = joined(s.text for s in sentences).replace(" ", "")
    assert said == "".join(one_line(c.text) for c in edition.captions).replace(" ", "")
    assert all(s.at.start <= s.at.end and s.recorded.start <= s.recorded.end for s in sentences)
    assert edition.timeline is not None
    assert all(edition.timeline.publish(s.recorded.start) == s.at.start for s in sentences)
    covered = [n for p in windows(sentences) for n in range(p.first, p.last + 1)]
    assert covered == sorted(set(covered))
    lengths: dict[int, int] = {}
    for s in sentences:
        lengths[s.turn] = lengths.get(s.turn, 0) + len(terms(s.text, s.language))
    assert {sentences[n].turn for n in covered} == {turn for turn, length in lengths.items() if length >= 5}


ATTACKS = (
    *('"', '""', "'", "own : pegs", "NEAR(well dry)", "well NOT dry", "well*", "^well", "(", ")", "-well"),
    *("{own lead}: well", "'; DROP TABLE episode; --", "well\0dry", "\0", "%s", "*", "AND OR NOT", ":", "\\"),
    *("well" * 50_000, "well " * 50_000, '"well" "dry"', '"' * 2001, "“”„“«»", "\ud800", "１２", "𝕨𝕖𝕝𝕝"),
    *("a" * 5000, " ".join(str(n) for n in range(5000)), "é" * 9000, '"' + "well " * 3000 + '"'),
)


def _hits(archive: Archive, text: str) -> Iterator[str]:
    question = weigh(read_question(text, archive.languages()), archive.held_by, len(archive))
    for answer in answers(question, archive.search(question, EVER, 20), 10):
        yield text_of(answer.sentences)


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    with Archive(NOWHERE) as own:
        own.update({"one": "1"}, lambda _: kept(full()))
        yield own


@given(st.one_of(st.text(max_size=60), st.text("\"'*():^{}-+ANDORNEAR well\0", max_size=40)))
def test_no_question_raises_or_says_anything_to_the_index(archive: Archive, text: str) -> None:
    before = dump(archive)
    list(_hits(archive, text))
    assert dump(archive) == before


def test_attacks_find_words_and_do_nothing_else(archive: Archive) -> None:
    before = dump(archive)
    counted = [len(list(_hits(archive, attack))) for attack in ATTACKS]
    assert dump(archive) == before
    assert sum(n > 0 for n in counted) >= 8  # those that hold a word which was said find it
    assert any("212 wells" in quote for quote in _hits(archive, "how many wells were dry?"))  # the control
    assert list(_hits(archive, "zeppelin")) == []


def test_a_phrase_must_stand_as_it_is(archive: Archive) -> None:
    assert any("counted 212 wells" in quote for quote in _hits(archive, '"counted 212 wells"'))
    assert not list(_hits(archive, '"wells counted 212"'))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=30)
@given(
    st.lists(
        st.builds(
            TurnRow,
            *[TEXTS] * 4,
            st.integers(),
            *[TEXTS] * 6,
            *[st.integers()] * 6,
            *[st.booleans()] * 2,
            TEXTS,
            TEXTS,
        )
    )
)
def test_tables_are_read_as_they_were_written(rows: list[TurnRow]) -> None:
    assert read_jsonl(write_jsonl(rows)) == tuple(rows)
    # A CSV reader may take a line break for another one; everything else stays.
    plain = [row for row in rows if not any("\r" in str(getattr(row, n)) for n in TurnRow.__slots__)]
    assert read_csv(write_csv(plain)) == tuple(plain)


def test_folding_is_what_the_page_of_languages_says() -> None:
    assert terms("Srđan Cvijić", "sr") == terms("Срђан Цвијић", "sr") == terms("Srdjan Cvijic", "sr")
    assert fold("Вучић") in terms("Vučić", "en")
