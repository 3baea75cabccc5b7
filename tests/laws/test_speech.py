"""Laws of words, sentences, turns, captions and alignment."""

from __future__ import annotations

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.craft.align import align, fold, match
from onrecord.craft.cue import LINE_CHARACTERS, LONGEST_MS, SHORTEST_MS, cues
from onrecord.craft.piece import LONGEST_MS as LONGEST_PIECE_MS
from onrecord.craft.piece import SHORTEST_MS as SHORTEST_PIECE_MS
from onrecord.craft.piece import gaps, pieces
from onrecord.craft.sentence import sentences
from onrecord.craft.turn import Said, turns
from onrecord.craft.word import mend
from onrecord.model.language import spaced
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Word

TEXTS = st.one_of(
    st.sampled_from(
        [
            "the",
            "a",
            "house.",
            "and",
            "Dr.",
            "U.S.",
            "3.5",
            "Really?",
            "well,",
            "Ilva",
            "Tare",
            "I",
            "…",
            "No.",
        ]
    ),
    st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12),
    st.text("abcdefgh", min_size=43, max_size=90),
)


@st.composite
def spoken(draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS, most: int = 60) -> tuple[Word, ...]:
    """Words in order of time, as a recogniser gives them once mended."""
    at = draw(st.integers(0, 5000))
    words = []
    for text in draw(st.lists(texts, max_size=most)):
        start = at + draw(st.one_of(st.just(0), st.integers(0, 300), st.integers(0, 9000)))
        at = start + draw(st.one_of(st.integers(20, 700), st.integers(20, 9000)))
        words.append(Word(Span(Ms(start), Ms(at)), text, draw(st.sampled_from([0.2, 1.0]))))
    return tuple(words)


RAW = st.lists(
    st.builds(
        lambda start, length, text: Word(Span(Ms(start), Ms(start + length)), text),
        st.integers(0, 40_000),
        st.integers(0, 3000),
        st.text(min_size=1, max_size=3),
    ),
    max_size=40,
)


@given(RAW, st.integers(0, 10_000), st.integers(0, 30_000))
def test_mended_words_are_in_order_none_empty_none_outside(
    words: list[Word], start: int, length: int
) -> None:
    piece = Span(Ms(start), Ms(start + length))
    mended = mend(words, piece)
    assert " ".join(w.text for w in mended) == " ".join(w.text for w in words)
    assert all(piece.start <= w.span.start and w.span.end <= piece.end for w in mended)
    assert all(a.span.end <= b.span.start for a, b in pairwise(mended))
    assert all(w.span for w in mended) or not length
    assert mend(mended, piece) == mended


@given(spoken())
def test_words_in_order_need_no_mending(words: tuple[Word, ...]) -> None:
    assert mend(words, Span(Ms(0), Ms(10_000_000))) == words


@given(spoken())
def test_every_word_is_in_one_sentence(words: tuple[Word, ...]) -> None:
    assert tuple(w for s in sentences(words) for w in s) == words


VOICES = st.lists(
    st.tuples(
        st.builds(lambda a, n: Span(Ms(a), Ms(a + n)), st.integers(0, 60_000), st.integers(0, 9000)),
        st.sampled_from(["ilva", "srdjan", "maxim"]),
    ),
    max_size=12,
)


@given(spoken(), VOICES)
def test_every_word_is_in_one_turn_of_a_known_voice(
    words: tuple[Word, ...], voices: list[tuple[Span[Ms], str]]
) -> None:
    said = turns(words, voices)
    assert tuple(w for turn in said for w in turn.words) == words
    assert all(a.voice != b.voice for a, b in pairwise(said))
    assert {t.voice for t in said} <= ({name for span, name in voices if span} or {""})


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(4, 12)), min_size=1, max_size=8),
    st.integers(-350, 350),
)
def test_a_change_of_voice_snaps_to_the_end_of_the_sentence(plan: list[tuple[str, int]], off_ms: int) -> None:
    words: list[Word] = []
    truth: list[str] = []
    voices: list[tuple[Span[Ms], str]] = []
    at = 1000
    for voice, count in plan:
        start = at
        for i in range(count):
            text = "End." if i == count - 1 else "Word"
            words.append(Word(Span(Ms(at), Ms(at + 300)), text))
            truth.append(voice)
            at += 320
        voices.append((Span(Ms(start + off_ms), Ms(at + off_ms)), voice))
    found = [t.voice for t in turns(words, voices) for _ in t.words]
    assert found == truth


@given(
    st.lists(st.tuples(st.sampled_from(["Ilva", "Srdjan"]), spoken()), max_size=4),
    st.sampled_from(["en", "de", ""]),
)
def test_every_word_is_in_one_caption_and_captions_stand_as_they_should(
    plan: list[tuple[str, tuple[Word, ...]]], language: str
) -> None:
    said: list[Said] = []
    at = 0
    for voice, words in plan:
        if words:
            moved = tuple(Word(Span(Ms(w.span.start + at), Ms(w.span.end + at)), w.text) for w in words)
            said.append(Said(voice, moved))
            at = moved[-1].span.end
    made = cues(said, language)
    shown = [t for c in made for t in c.text.split()]
    given_words = [t for s in said for w in s.words for t in w.text.split()]
    if all(spaced(before, after) for before, after in pairwise(given_words)):
        assert shown == given_words
    letters = [(s.voice, letter) for s in said for w in s.words for letter in "".join(w.text.split())]
    assert [(c.voice, letter) for c in made for letter in "".join(c.text.split())] == letters
    for cue in made:
        lines = cue.text.split("\n")
        assert len(lines) <= 2
        assert all(len(line) <= LINE_CHARACTERS or len(line.split()) == 1 for line in lines)
        assert cue.span.length_ms <= LONGEST_MS
    assert all(a.span.end <= b.span.start for a, b in pairwise(made))


@given(spoken(most=30))
def test_a_caption_stands_long_enough_where_silence_follows(words: tuple[Word, ...]) -> None:
    apart = tuple(Word(Span(Ms(i * 12_000), Ms(i * 12_000 + 200)), w.text) for i, w in enumerate(words))
    made = cues([Said("Ilva", apart)] if apart else [], "en")
    assert len(made) == len(apart)
    for cue in made:
        assert cue.span.length_ms >= SHORTEST_MS
        assert len(cue.text) * 1000 <= 20 * cue.span.length_ms or cue.span.length_ms == LONGEST_MS


def captions(words: tuple[Word, ...], width: int) -> list[Cue]:
    rows = [words[i : i + width] for i in range(0, len(words), width)]
    return [Cue(Span(r[0].span.start, r[-1].span.end), "", " ".join(w.text for w in r)) for r in rows]


PLAIN = st.sampled_from(
    ["the", "of", "a", "to", "we", "and", "Serbia", "vote.", "Really?", "cultural", "shift"]
)


@given(spoken(PLAIN), st.integers(1, 9))
def test_an_untouched_transcript_keeps_every_time(words: tuple[Word, ...], width: int) -> None:
    assert tuple(w for row in align(words, captions(words, width)) for w in row) == words


@given(spoken(PLAIN), st.integers(1, 9), st.data())
def test_only_touched_words_are_timed_anew(words: tuple[Word, ...], width: int, data: st.DataObject) -> None:
    cut = captions(words, width)
    changed = []
    for cue in cut:
        texts = []
        for text in cue.text.split():
            edit = data.draw(st.sampled_from(["keep"] * 6 + ["replace", "delete", "add", "capital"]))
            texts += {
                "keep": [text],
                "replace": ["Xx"],
                "delete": [],
                "add": [text, "Yy"],
                "capital": [text.upper() + "!"],
            }[edit]
        changed.append(Cue(cue.span, "", " ".join(texts)))
    rows = align(words, changed)
    assert [[w.text for w in row] for row in rows] == [cue.text.split() for cue in changed]
    flat = [w for row in rows for w in row]
    assert all(a.span.end <= b.span.start for a, b in pairwise(flat))
    spans = {(w.span, fold(w.text)) for w in words}
    for word in flat:
        if word.text in ("Xx", "Yy"):
            assert word.sure == 1.0
        else:
            assert (word.span, fold(word.text)) in spans


@given(spoken(PLAIN), st.lists(st.lists(PLAIN, max_size=8), max_size=8))
def test_any_transcript_whatever_gets_times_in_order(words: tuple[Word, ...], texts: list[list[str]]) -> None:
    made = [Cue(Span(Ms(i * 3000), Ms(i * 3000 + 2500)), "", " ".join(t)) for i, t in enumerate(texts)]
    flat = [w for row in align(words, made) for w in row]
    assert [w.text for w in flat] == [t for row in texts for t in row]
    assert all(a.span.end <= b.span.start for a, b in pairwise(flat))


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
def test_matches_are_equal_and_rise(a: list[str], b: list[str]) -> None:
    pairs = match(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert all(i < k and j < n for (i, j), (k, n) in pairwise(pairs))


@settings(max_examples=200)
@given(
    st.integers(0, 400_000), st.lists(st.tuples(st.integers(0, 400_000), st.integers(1, 3000)), max_size=60)
)
def test_pieces_cover_the_recording_and_are_cut_in_silences(
    length: int, quiet: list[tuple[int, int]]
) -> None:
    silences = [Span(Ms(a), Ms(a + n)) for a, n in quiet]
    asked: list[int] = []

    def quietest(window: Span[Ms]) -> Ms:
        assert not any(s & window for s in silences), "there was a silence to cut in"
        asked.append(window.end)
        return window.end

    made = pieces(length, silences, quietest)
    assert sum(p.length_ms for p in made) == length
    assert all(a.end == b.start for a, b in pairwise(made))
    assert all(0 < p.length_ms <= LONGEST_PIECE_MS for p in made)
    assert all(p.length_ms >= SHORTEST_PIECE_MS for p in made[:-2])
    for piece in made[:-1]:
        assert piece.end in asked or any(s.start <= piece.end <= s.end for s in silences)


@given(spoken(), st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 9000)), max_size=9))
def test_a_gap_is_long_lies_in_speech_and_holds_no_word(
    words: tuple[Word, ...], heard: list[tuple[int, int]]
) -> None:
    speech = [Span(Ms(a), Ms(a + n)) for a, n in heard]
    for gap in gaps(speech, words):
        assert gap.length_ms >= 1500
        assert any(s & gap == gap for s in speech)
        assert not any(w.span & gap for w in words)


def test_an_hour_is_aligned_in_a_second_even_where_nothing_stands_still() -> None:
    words = tuple(Word(Span(Ms(i * 400), Ms(i * 400 + 300)), f"w{i * i % 3001}") for i in range(9000))
    foreign = [
        Cue(c.span, "", " ".join(f"w{len(t) * i % 7}" for i, t in enumerate(c.text.split())))
        for c in captions(words, 9)
    ]
    for cut in (captions(words, 9), foreign):
        began = time.process_time()
        rows = align(words, cut)
        assert sum(map(len, rows)) == 9000
        # A second on a quiet machine; twice that where others use it as well.
        assert time.process_time() - began < 2
