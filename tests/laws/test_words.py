"""Laws of word times: what the page's small file says, and who keeps which time."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st
from tests import sample

from onrecord.craft import timing
from onrecord.craft.align import align
from onrecord.craft.paragraph import spoken
from onrecord.craft.speech import speeches
from onrecord.model.edition import Caption
from onrecord.model.episode import Correction
from onrecord.model.language import joined, one_line, parts
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import lay
from onrecord.model.transcript import Cue, Word, Words
from onrecord.outputs import page, words

_STEPS = st.lists(st.one_of(st.integers(0, 700), st.integers(0, 400_000)), min_size=1, max_size=30)


def decoded(row: str, at: int) -> list[int]:
    """As the player reads it."""
    letters = [chr(c) for c in range(35, 127) if chr(c) != "\\"]
    found, steps, i = [], 0, 0
    while i < len(row):
        if row[i] == "!":
            high, middle, low = (letters.index(c) for c in row[i + 1 : i + 4])
            steps += (high * 86 + middle) * 86 + low
            i += 4
        else:
            steps += letters.index(row[i])
            i += 1
        found.append(at + 25 * steps)
    return found


@given(st.lists(_STEPS, max_size=5))
def test_what_the_player_reads_is_when_words_are_said(paragraphs: list[list[int]]) -> None:
    rows = []
    for steps in paragraphs:
        at, row = 5000, []
        for step in steps:
            at += step
            row.append(PubMs(at))
        rows.append(row)
    written = json.loads(words.write(rows))
    assert len(written) == len(rows)
    for text, row in zip(written, rows, strict=True):
        read = decoded(text, row[0] // 100 * 100)
        assert len(read) == len(row)
        assert all(abs(a - b) <= (words.STEP_MS + 1) // 2 for a, b in zip(read, row, strict=True))
        assert read == sorted(read)


_VOCABULARY = st.sampled_from(parts("the wells of a valley are dry and nobody counts them Yes. No."))
_SPEECH = st.lists(st.tuples(_VOCABULARY, st.integers(50, 900)), min_size=1, max_size=60)


def words_of(heard: Words, cues: list[Cue]) -> list[Words]:
    found = timing.places(heard, cues)
    return [heard[p] if isinstance(p, slice) else p for p in found]


@given(_SPEECH, st.data())
def test_captions_that_stand_are_timed_as_if_all_were_aligned(
    speech: list[tuple[str, int]], data: st.DataObject
) -> None:
    at, heard = 0, []
    for text, long_ms in speech:
        heard.append(Word(Span(Ms(at), Ms(at + long_ms)), text, 0.9))
        at += long_ms
    cues = []
    for i in range(0, len(heard), 7):
        group = heard[i : i + 7]
        text = " ".join(w.text for w in group)
        cues.append(Cue(Span(group[0].span.start, group[-1].span.end), "Ada", text))
    columns = Words.of(heard)
    assert list(columns) == heard
    found = words_of(columns, cues)
    assert [list(row) for row in found] == [heard[i : i + 7] for i in range(0, len(heard), 7)]
    touched = data.draw(st.sets(st.integers(0, len(cues) - 1)))
    cues = [replace(c, text=f"{c.text} indeed") if i in touched else c for i, c in enumerate(cues)]
    found = words_of(columns, cues)
    assert [[w.text for w in row] for row in found] == [parts(c.text) for c in cues]
    starts = [w.span.start for row in found for w in row]
    assert starts == sorted(starts)
    for i, row in enumerate(found):
        if i not in touched:
            assert list(row) == heard[7 * i : 7 * i + 7]
    assert [len(row) for row in align(heard, cues)] == [len(row) for row in found]


def test_words_of_a_cut_keep_their_distance_and_stay_in_their_caption() -> None:
    said = Words.of([Word(Span(Ms(a), Ms(a + 200)), "x") for a in (900, 1300, 2600)])
    cue, at = Span(Ms(1000), Ms(2500)), Span(PubMs(400), PubMs(1900))
    assert timing.word_starts(said.starts, cue, at) == (400, 700, 1899)
    assert timing.word_starts((), cue, at) == ()


def test_a_correction_has_its_place_in_the_cut_or_none() -> None:
    line = lay("programme", Span(Ms(1000), Ms(9000)), [Span(Ms(4000), Ms(5000))])
    on = sample.full().corrections[0].on
    noted = [Correction(on, "a", Ms(2000)), Correction(on, "b", Ms(4500)), Correction(on, "c")]
    found = timing.published(noted, line)
    assert [(c.what, c.at) for c in found] == [("a", 1000), ("b", None), ("c", None)]


_LINES = st.sampled_from(
    [
        *(
            "Good day. Was it? Yes",
            "And nobody counts them.",
            "… no",
            "\xa0",
            "Реке су суве. Да!",
            "Сёла. А ко?",
        ),
        *("本当に川の水は減っています。", "「はい」、住民は言う。", "（笑）そうです。NATO です か？"),
        *("、水が大切です。", "I said 水。 Then no.", "»Ja«, sagte er. Gut"),
    ]
)
_SAID = st.tuples(_LINES, st.integers(0, 4000), st.sampled_from(["", "sr"]), st.booleans())


@given(st.lists(_SAID, max_size=20))
def test_sentences_and_paragraphs_begin_when_their_first_word_is_heard(
    told: list[tuple[str, int, str, bool]],
) -> None:
    captions, at = [], 0
    for text, long_ms, language, timed in told:
        span = Span(PubMs(at), PubMs(at + long_ms))
        shared = tuple(PubMs(at + long_ms * i // 40) for i in range(len(parts(text))))
        captions.append(Caption(span, "Ada", text, None, language, shared if timed else ()))
        at += long_ms
    found = speeches(captions)
    assert (
        "".join(s.text for s in found).split()
        == "".join(
            joined(one_line(c.text) for c in group if c.text.strip())
            for _, group in groupby([c for c in captions if c.text.strip()], key=lambda c: c.language)
        ).split()
    )
    for speech in found:
        assert list(speech.words) == sorted(speech.words)
        own = [c for c in captions if c.text.strip() and c.language == speech.language]
        for n, moment in zip(speech.firsts, speech.ats, strict=True):
            assert speech.words[n] == moment
            assert any(c.span.start <= moment <= c.span.end for c in own)
    for turn in spoken(found):
        for paragraph in turn.paragraphs:
            assert paragraph.at == paragraph.words[0]
            assert len(paragraph.words) == len(parts(paragraph.text))


def test_a_minute_of_japanese_ends_when_its_last_sentence_is_said() -> None:
    said = "「はい」、水は減っています。"
    captions = [Caption(Span(PubMs(i * 5000), PubMs(i * 5000 + 5000)), "Ada", said) for i in range(12)]
    (speech,) = speeches(captions)
    assert [at // 1000 for at in speech.ats] == list(range(0, 60, 5))


def test_of_captions_that_roll_nobody_speaks_backwards() -> None:
    captions = [
        Caption(Span(PubMs(i * 2500), PubMs(i * 2500 + 5000)), "Ada", f"Line {i} is said.") for i in range(8)
    ]
    (speech,) = speeches(captions)
    assert speech.ats == tuple(range(0, 20_000, 2500))
    (row,) = json.loads(words.write([speech.words]))
    assert decoded(row, 0)[-1] < 22_500


def test_a_paragraph_begins_with_its_first_word() -> None:
    at = Span(PubMs(0), PubMs(9000))
    told = Caption(at, "Ada", "One. Two.", words=(PubMs(100), PubMs(7000)))
    (turn,) = spoken(speeches([told]), [PubMs(6000)])
    assert [p.words for p in turn.paragraphs] == [(100,), (7000,)]
    assert [p.at for p in turn.paragraphs] == [100, 7000]


def test_the_page_names_its_words_and_has_a_row_for_each_paragraph() -> None:
    edition = sample.full()
    made = page.render(edition)
    html = made[f"{edition.episode.slug}/index.html"].decode()
    rows = json.loads(words.render(edition)[f"{edition.episode.slug}/words.json"])
    assert html.count('<p id="t') == len(rows)
    assert 'data-words="words.json?' in html
    assert not words.render(sample.announced())
