"""Each format of captions and chapters gives back what it can carry, and nothing that it did not."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from onrecord.model.edition import Caption, Mark
from onrecord.model.time import PubMs, Span
from onrecord.text import chapters_json, chapters_psc, srt, transcript_html, transcript_json, transcript_md
from onrecord.text.caption import fits, normal_voice, untold

SIGNS = st.sampled_from("&<>-'\"/\\.:>v \n\t\r\x00\x85\u2028\u00a0*_[]`#!|~{}$^\u200b\ufeff1aB")
ANY = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), SIGNS), max_size=30)
TEXTS = st.one_of(
    ANY,
    st.sampled_from(
        ["Tonight: rivers", ">> yes", "-->", "<i>x</i>", "</p>", "&lt;", "42", "{\\an8}", "**b** [0:01] x"]
    ),
    st.sampled_from(
        ["00:00:01,000 --> 00:00:02,000", "What I say is the following list: a", "<script>alert(1)</script>"]
    ),
)
VOICES = st.one_of(
    st.sampled_from(["", "Ana", "Ben Kos", "A: B", ">> C", "**", "one two three four five six seven"]), ANY
)

LANGUAGES = st.sampled_from(["", "", "sr-Latn", "ar", '"><b>', "x y"])


@st.composite
def captions(draw: st.DrawFn) -> tuple[Caption, ...]:
    starts = sorted(draw(st.lists(st.integers(0, 200 * 3_600_000), max_size=6)))
    return tuple(
        Caption(
            Span(PubMs(at), PubMs(at + draw(st.integers(0, 9_000)))),
            draw(VOICES),
            draw(TEXTS),
            language=draw(LANGUAGES),
        )
        for at in starts
    )


def one(voice: str, text: str) -> tuple[Caption, ...]:
    return (Caption(Span(PubMs(0), PubMs(1)), voice, text),)


@given(captions())
@example(
    one("", ">> yes") + one("", "Tonight: rivers") + one("Ana", "Tonight: rivers") + one("Ana", "So: on")
)
@example(one("Ana", "a") + one("", "b") + one("", "c"))
def test_srt_gives_back_what_it_can_carry(given_captions: tuple[Caption, ...]) -> None:
    read, problems = srt.read(srt.write(given_captions))
    assert read == srt.normal(given_captions)
    assert not problems


@given(captions())
def test_the_json_transcript_gives_back_every_caption(given_captions: tuple[Caption, ...]) -> None:
    written = transcript_json.write(given_captions)
    read, problems = transcript_json.read(written)
    assert read == tuple(c for c in map(untold, given_captions) if c.text)
    assert not problems
    # It is laid out by hand, as the standard library would lay it out.
    assert written == json.dumps(json.loads(written), ensure_ascii=False, indent=1) + "\n"


@given(captions())
def test_captions_that_fit_are_left_as_they_are(given_captions: tuple[Caption, ...]) -> None:
    once = tuple(map(fits, given_captions))
    assert all(fits(caption) is caption for caption in once)
    for write in (srt.write, transcript_json.write, transcript_html.write, transcript_md.write):
        assert write(once) == write(given_captions)


@given(captions())
def test_the_html_transcript_gives_back_every_caption(given_captions: tuple[Caption, ...]) -> None:
    assert transcript_html.read(transcript_html.write(given_captions)) == tuple(
        c for c in map(fits, given_captions) if c.text
    )


@given(captions())
def test_the_html_transcript_holds_no_element_but_its_own(given_captions: tuple[Caption, ...]) -> None:
    seen: set[str] = set()

    class Elements(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.update([tag, *(name for name, _ in attrs)])

    Elements().feed(transcript_html.write(given_captions, '"><b>', "<b>"))
    assert seen <= {
        *("html", "head", "meta", "title", "body", "div", "cite", "time", "p", "br"),
        *("lang", "dir", "charset", "datetime", "data-end"),
    }


@given(captions())
def test_the_markdown_transcript_gives_back_every_turn(given_captions: tuple[Caption, ...]) -> None:
    turns = transcript_md.normal(given_captions)
    assert transcript_md.read(transcript_md.write(given_captions)) == turns
    # Word for word: what was said by each voice, in one line.
    assert " ".join(t.text for t in turns).split() == " ".join(fits(c).text for c in given_captions).split()


@given(captions())
@example(one("Ana", "1. a *b* _c_ [d](e) <i> &amp; `f` # g ~~h~~ ![i](j) | k"))
def test_markdown_shows_the_words_as_they_were_said(given_captions: tuple[Caption, ...]) -> None:
    turns = transcript_md.normal(given_captions)
    shown: list[str] = []

    class Words(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            del attrs
            assert tag in {"p", "strong"}
            if tag == "p":
                shown.append("")

        def handle_data(self, data: str) -> None:
            if shown:
                shown[-1] += data.strip("\n")

    Words().feed(
        MarkdownIt("commonmark")
        .enable(["table", "strikethrough"])
        .render(transcript_md.write(given_captions))
    )
    expected = [f"{t.voice} {t.text}" if t.voice else t.text for t in turns]
    assert [re.sub(r"\[[\d:]+\] ", "", words, count=1) for words in shown] == expected


@given(st.lists(st.builds(Mark, st.integers(0, 10**9).map(PubMs), ANY)))
def test_chapters_give_back_every_mark(marks: list[Mark]) -> None:
    expected = tuple(Mark(m.at, normal_voice(m.title)) for m in marks)
    assert chapters_json.read(chapters_json.write(marks)) == (expected, ())
    assert chapters_psc.read(chapters_psc.write(marks)) == expected


@given(st.one_of(ANY, ANY.map('{"version":"1.0.0","segments":['.__add__)))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    transcript_html.read(text)
    transcript_md.read(text)
    for read in (srt.read, transcript_json.read, chapters_json.read):
        _, problems = read(text)
        assert all(0 <= p.place.line <= len(text) + 1 and p.says for p in problems)


def test_hostile_captions_give_problems_and_no_traceback(shared: Path) -> None:
    told = found = 0
    for file in sorted((shared / "data/hostile/captions").rglob("*.*")):
        text = file.read_bytes().decode("utf-8", "replace")
        if file.suffix == ".srt":
            captions_read, problems = srt.read(text, file.name)
            assert srt.read(srt.write(captions_read))[0] == srt.normal(captions_read)
        elif file.suffix == ".json":
            captions_read, problems = transcript_json.read(text, file.name)
            _, chapter_problems = chapters_json.read(text, file.name)
            problems += chapter_problems
        else:
            continue
        told += bool(problems)
        found += bool(captions_read)
    assert told > 10
    assert found > 10


def test_the_srt_of_others_is_read(shared: Path) -> None:
    text = (shared / "data/captions/srt/srt_tools/tests/files/ascii.srt").read_text("utf-8")
    captions_read, problems = srt.read(text)
    assert len(captions_read) == text.count("-->") == 3
    assert not problems


def test_the_written_files_follow_the_schemas(shared: Path) -> None:
    schema = json.loads((shared / "standards/transcript.schema.json").read_text("utf-8"))
    part = schema["properties"]["segments"]["items"]
    written = json.loads(transcript_json.write(one("Ana", "a") + one("", "b")))
    assert re.fullmatch(schema["properties"]["version"]["pattern"], written["version"])
    for segment in written["segments"]:
        assert set(part["required"]) <= set(segment) <= set(part["properties"])
        assert segment.get("speaker", "x")
    schema = json.loads((shared / "standards/chapters.schema.json").read_text("utf-8"))
    chapters = json.loads(chapters_json.write([Mark(PubMs(0), "Introduction")]))
    assert re.fullmatch(schema["properties"]["version"]["pattern"], chapters["version"])
    assert chapters["chapters"] == [{"startTime": 0, "title": "Introduction"}]
