"""Laws of what a person should look at: what is listed, what is not, and in what order."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.craft.doubt import GAP_MS, Doubt, doubts, gaps
from onrecord.model.time import Ms, Span, short_clock
from onrecord.model.transcript import Cue, Heard, Transcript, Word

TEXTS = ["and", "Vučić", "12", "the", "million", "Serbia.", "Well,", "Ada", "I", "I'm", "river", "NATO"]
SPANS = st.lists(
    st.builds(lambda a, n: Span(Ms(a), Ms(a + n)), st.integers(0, 20_000), st.integers(1, 4000)), max_size=6
)


@st.composite
def spoken(draw: st.DrawFn) -> tuple[Word, ...]:
    at, words = 0, []
    for text in draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=25)):
        start = at + draw(st.sampled_from([0, 40, 200, 900, 3000]))
        at = start + draw(st.integers(60, 900))
        words.append(Word(Span(Ms(start), Ms(at)), text, draw(st.sampled_from([0.1, 0.4, 0.5, 0.9, 1.0]))))
    return tuple(words)


def transcript(
    words: tuple[Word, ...], voices: tuple[str, ...] = ("Ada Lind",), width: int = 4
) -> Transcript:
    rows = [words[i : i + width] for i in range(0, len(words), width)]
    return Transcript(
        "en",
        tuple(
            Cue(Span(r[0].span.start, r[-1].span.end), voices[n % len(voices)], " ".join(w.text for w in r))
            for n, r in enumerate(rows)
        ),
    )


def merged(spans: list[Span[Ms]]) -> list[Span[Ms]]:
    out: list[Span[Ms]] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] |= span
        else:
            out.append(span)
    return out


@settings(max_examples=40)
@given(spoken(), SPANS.map(merged))
def test_a_gap_begins_and_ends_in_speech_and_holds_no_word(
    words: tuple[Word, ...], speech: list[Span[Ms]]
) -> None:
    found = gaps(speech, words)
    assert all(a.end <= b.start for a, b in pairwise(found))
    for gap in found:
        assert sum(part.length_ms for span in speech if (part := span & gap)) >= GAP_MS
        assert any(span.start <= gap.start < span.end for span in speech)
        assert any(span.start < gap.end <= span.end for span in speech)
        assert not any(gap & word.span for word in words)


@settings(max_examples=40)
@given(spoken(), SPANS.map(merged))
def test_where_words_stand_wall_to_wall_or_nobody_speaks_nothing_is_missing(
    words: tuple[Word, ...], speech: list[Span[Ms]]
) -> None:
    assert gaps([], words) == ()
    end = max([words[-1].span.end, *(span.end for span in speech)])
    assert gaps(speech, [Word(Span(Ms(0), Ms(end)), "all")]) == ()


@settings(max_examples=40)
@given(st.data())
def test_five_clauses_cut_out_are_five_gaps(data: st.DataObject) -> None:
    """Words of 250 ms, 50 ms between; every clause of three words and more is told with its place."""
    words = tuple(Word(Span(Ms(i * 300), Ms(i * 300 + 250)), f"w{i}") for i in range(120))
    heard = Heard(words, speech=(Span(Ms(0), Ms(36_000)),))
    whole = transcript(words, width=8)
    assert [d.kind for d in doubts(whole, heard)] == []
    cuts = [
        range(start := 24 * n + data.draw(st.integers(0, 12)), start + data.draw(st.integers(3, 9)))
        for n in range(5)
    ]
    gone = {f"w{i}" for cut in cuts for i in cut}
    cues = [replace(c, text=" ".join(w for w in c.text.split() if w not in gone)) for c in whole.cues]
    found = doubts(replace(whole, cues=tuple(c for c in cues if c.text)), heard)
    assert [d.kind for d in found] == ["gap"] * 5
    for cut in cuts:
        clause = Span(words[cut[0]].span.start, words[cut[-1]].span.end)
        (told,) = [d for d in found if d.span & clause]
        part = told.span & clause
        assert part
        assert part.length_ms >= clause.length_ms - 120


@settings(max_examples=40)
@given(spoken())
def test_a_word_that_a_person_wrote_is_never_a_doubt(words: tuple[Word, ...]) -> None:
    corrected = transcript(tuple(replace(w, text=f"{w.text.strip('.,')}-Velin7") for w in words))
    assert not [d for d in doubts(corrected, Heard(words)) if d.kind == "word"]


@settings(max_examples=40)
@given(spoken())
def test_only_names_and_numbers_that_were_hardly_heard_are_listed_each_spelling_once(
    words: tuple[Word, ...],
) -> None:
    found = [d for d in doubts(transcript(words), Heard(words)) if d.kind == "word"]
    told = [d.says.partition(" was hardly heard")[0] for d in found]
    assert len(set(told)) == len(told)
    assert not {"and", "the", "river", "I", "I'm"} & set(told)
    hardly = {w.text.strip(".,") for w in words if w.sure < 0.5}
    assert set(told) <= hardly
    assert {"12", "million"} & hardly <= set(told)
    sureness = [min(w.sure for w in words if w.text.strip(".,") == text) for text in told]
    assert sureness == sorted(sureness)


@settings(max_examples=40)
@given(spoken(), SPANS.map(merged), SPANS, st.booleans())
def test_kinds_stand_in_order_of_worth_and_each_place_has_something_to_do(
    words: tuple[Word, ...], speech: list[Span[Ms]], overlap: list[Span[Ms]], several: bool
) -> None:
    voices = ("Speaker 1", "Ada Lind", "Speaker 2") if several else ("Ada Lind",)
    near = ((words[0].span, words[0].text, "“Lind's,”"),)
    put = ((words[-1].span, "Verbeag", words[-1].text),)
    heard = Heard(words, (), tuple(speech), tuple(overlap), put, near)
    cues = transcript(words, voices).cues
    spoken_in = [replace(c, language="sr-Latn" if n % 3 == 2 else "") for n, c in enumerate(cues)]
    found = doubts(Transcript("en", tuple(spoken_in)), heard)
    places = [worth(one) for one in found]
    clock = short_clock(words[0].span.start)
    assert places == sorted(places)
    assert all(one.says and one.hint for one in found)
    assert sum(one.kind == "repair" for one in found) == 1
    assert not any(d.kind == "word" and d.span == words[-1].span and "hardly" in d.says for d in found)
    first = next(one for one in found if one.kind == "word")
    assert first.says == f"{words[0].text} might be Lind (at {clock})"
    for kind in ("gap", "overlap"):
        lengths = [d.span.length_ms for d in found if d.kind == kind]
        assert lengths == sorted(lengths, reverse=True)


def worth(one: Doubt) -> int:
    """Its place among the kinds; a short gap comes after the words."""
    short = one.kind == "gap" and one.span.length_ms < 2 * GAP_MS
    return (
        3 if short else {"voice": 0, "gap": 1, "word": 2, "overlap": 4, "language": 5, "repair": 6}[one.kind]
    )


def test_what_the_recogniser_missed_stays_a_gap_until_words_stand_there() -> None:
    words = (Word(Span(Ms(0), Ms(400)), "so"), Word(Span(Ms(5000), Ms(5400)), "on"))
    heard = Heard(words, gaps=(Span(Ms(1000), Ms(3000)),))
    assert [d.kind for d in doubts(transcript(words), heard)] == ["gap"]
    mended = Transcript("en", (Cue(Span(Ms(0), Ms(5400)), "Ada Lind", "so he said it all on"),))
    assert doubts(mended, heard) == ()
