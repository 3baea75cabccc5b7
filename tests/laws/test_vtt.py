"""Reading and writing WebVTT undo each other, for every text that a caption can hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Transcript
from onrecord.text import vtt
from onrecord.text.caption import normal_text, normal_voice

ANY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("&<>-'\"/\\.:v \n\t\r\x00\x85\u2028\u200b\ufeff"),
    ),
    max_size=40,
)
TEXTS = st.one_of(
    ANY,
    st.sampled_from(["-->", "&lt;", "<v Ana>", "</v>", "NOTE x", "WEBVTT", "00:00.000 --> 00:01.000", "1"]),
).map(normal_text)
VOICES = ANY.map(normal_voice)
LANGUAGES = st.sampled_from(["", "en", "sr-Latn", "pt-BR"])
SWITCHES = st.one_of(st.just(""), LANGUAGES)
"""Most captions are in the transcript's language and say nothing."""


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    starts = sorted(draw(st.lists(st.integers(0, 400 * 3_600_000), max_size=6)))
    cues = [
        Cue(
            Span(Ms(at), Ms(at + draw(st.integers(0, 9_000)))),
            draw(VOICES),
            draw(TEXTS.filter(bool)),
            language=draw(SWITCHES),
        )
        for at in starts
    ]
    return Transcript(draw(LANGUAGES), tuple(cues))


def without_places(transcript: Transcript) -> Transcript:
    return Transcript(transcript.language, tuple(replace(c, place=None) for c in transcript.cues))


@given(transcripts())
def test_what_is_written_is_read_again(transcript: Transcript) -> None:
    text = vtt.write(transcript)
    again, problems = vtt.read(text, "transcript.vtt")
    assert without_places(again) == transcript
    assert not [p for p in problems if p.grave]


@given(transcripts())
def test_every_caption_knows_the_line_of_its_times(transcript: Transcript) -> None:
    text = vtt.write(transcript)
    lines = text.split("\n")
    for cue in vtt.read(text, "transcript.vtt")[0].cues:
        assert cue.place is not None
        assert lines[cue.place.line - 1].startswith(f"{vtt.write_time(cue.span.start)} --> ")


@given(transcripts())
def test_an_arrow_is_written_only_between_times(transcript: Transcript) -> None:
    arrows = [line for line in vtt.write(transcript).split("\n") if "-->" in line]
    assert len(arrows) == len(transcript.cues)


@given(
    st.one_of(
        ANY,
        ANY.map("WEBVTT\n\n".__add__),
        ANY.map("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>".__add__),
        ANY.map("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A><lang".__add__),
    )
)
@example("WEBVTT\n\n00:00.000 --> 00:01.000\n<lang sr><v A>on<lang>e</lang> <v B>two</lang> x</v> three\n")
@example("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A><lang  sr_Latn >one</v>\n")
@example("WEBVTT\n\n00:00.000 --> 00:01.000\n<v A>one <v B>two</v> three\n")
@example("WEBVTT\n\n00:00.000 --> 00:01.000\n&#1;\n\n\n00:00.000 --> 00:01.000\n<v A> &#10; a \n")
def test_any_text_is_read_without_a_fault_and_what_was_read_is_kept(text: str) -> None:
    transcript, problems = vtt.read(text, "x.vtt")
    assert without_places(vtt.read(vtt.write(transcript), "x.vtt")[0]) == without_places(transcript)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert all(1 <= p.place.line <= len(lines) for p in problems)


@given(transcripts(), st.sampled_from(["\r\n", "\r"]), st.booleans())
def test_line_ends_and_marks_of_other_systems_change_nothing(
    transcript: Transcript, line_end: str, marked: bool
) -> None:
    text = vtt.write(transcript)
    other = ("\ufeff" if marked else "") + text.replace("\n", line_end)
    assert vtt.read(other, "x.vtt") == vtt.read(text, "x.vtt")


@given(transcripts())
def test_the_short_way_and_the_long_way_read_the_same(transcript: Transcript) -> None:
    text = vtt.write(transcript)
    long_way = text.replace("</v>\n", "<b></b></v>\n").replace("</lang>", "<b></b></lang>")
    assert vtt.read(long_way, "x.vtt")[0] == vtt.read(text, "x.vtt")[0]
