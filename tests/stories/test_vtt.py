"""WebVTT as people and other programs write it."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest

from onrecord.model.problem import Problem
from onrecord.model.transcript import Cue
from onrecord.text import vtt
from onrecord.text.caption import normal_text
from onrecord.text.vtt_block import voices_of


def read(text: str) -> tuple[list[tuple[int, int, str, str]], tuple[Problem, ...]]:
    transcript, problems = vtt.read(text, "transcript.vtt")
    return [(c.span.start, c.span.end, c.voice, c.text) for c in transcript.cues], problems


def test_blocks_that_are_no_captions_are_passed_over() -> None:
    text = """WEBVTT - made by hand
Kind: captions
Language: sq

STYLE
::cue { color: red }

NOTE
Nothing of this
is said

REGION
id:left

intro
00:01.000 --> 00:03.400 line:90% align:start
<v.loud.first Ilva Tare>Good <i>evening</i> &amp; welcome.</v>
"""
    cues, problems = read(text)
    assert cues == [(1000, 3400, "Ilva Tare", "Good evening & welcome.")]
    assert not problems
    transcript, _ = vtt.read(text, "transcript.vtt")
    assert transcript.language == "sq"
    assert str(transcript.cues[0].place) == "transcript.vtt:16:1"


def test_two_voices_in_one_caption_become_two_captions_that_share_its_time() -> None:
    cues, _ = read("WEBVTT\n\n00:00.000 --> 00:10.000\n<v Ana>Good morning.</v>\n<v Ben>Good\nmorning!</v>\n")
    assert cues == [(0, 5000, "Ana", "Good morning."), (5000, 10000, "Ben", "Good\nmorning!")]


@pytest.mark.parametrize(
    ("text", "where", "says", "hint"),
    [
        ("00:01.000 --> 00:02.000\n<v A>Hi\n", "1:1", "does not begin with WEBVTT", "first line"),
        ("", "1:1", "does not begin with WEBVTT", "first line"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\n<v A>Hi\n", "3:1", "cannot be read", "00:01.000 --> 00:02.000"),
        ("WEBVTT\n\n00:01.000 --> 00:02\n<v A>Hi\n", "3:15", "cannot be read", "00:02.000"),
        ("WEBVTT\n\n00:01.000 --> 00:61.000\n<v A>Hi\n", "3:15", "cannot be read", "00:01:02.300"),
        ("WEBVTT\n\n1:01.000 --> 1:02.000\n<v A>Hi\n", "3:1", "cannot be read", "01:01.000 --> 01:02.000"),
        ("WEBVTT\n\n00:05.000 --> 00:02.000\n<v A>Hi\n", "3:14", "ends before it starts", "exchange"),
        ("WEBVTT\n\n1\n00:05.000 --> 00:02.000\n<b><v A>Hi\n", "4:14", "ends before it starts", "exchange"),
        ("WEBVTT\n\nHello there.\n\n", "3:1", "words that belong to no caption", "empty line"),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>a\n\nlost\n",
            "6:1",
            "words that belong to no",
            "empty line",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_hint(text: str, where: str, says: str, hint: str) -> None:
    _, problems = read(text)
    assert [str(p.place) for p in problems] == [f"transcript.vtt:{where}"]
    assert says in problems[0].says
    assert hint in problems[0].hint
    assert problems[0].grave
    assert problems[0].line_text == text.split("\n")[problems[0].place.line - 1]


def test_what_can_be_read_but_looks_wrong_is_a_warning() -> None:
    cues, problems = read(
        "WEBVTT\n\n00:05.000 --> 00:07.000\n<v A>later\n\n00:01.000 --> 00:03.000\n<v A>sooner\n\n"
        "00:02.000 --> 00:04.000\nno voice\n\n00:08.000 --> 00:09.000\n<v A> \n\n"
        "00:09.000 --> 00:10.000\n<v A>5 < 6 & <laughs>\n"
    )
    assert [c[3] for c in cues] == ["sooner", "no voice", "later", "5 < 6 & <laughs>"]
    assert [(p.place.line, p.grave) for p in problems] == [
        (6, False),
        (9, False),
        (9, False),
        (12, False),
        (15, False),
    ]


def test_a_file_without_any_voice_is_told_once() -> None:
    _, problems = read("WEBVTT\n\n" + "".join(f"00:0{i}.000 --> 00:0{i}.900\nword\n\n" for i in range(9)))
    assert [(p.place.line, p.says) for p in problems] == [(3, "no caption names its voice")]


def test_a_forgotten_empty_line_loses_no_caption() -> None:
    cues, problems = read("WEBVTT\n00:00.000 --> 00:01.000\n<v A>a\n00:01.000-->00:02.000\n<v B>b\n")
    assert [(c[2], c[3]) for c in cues] == [("A", "a"), ("B", "b")]
    assert not problems


# --- what others publish, with their expected results


def plain(markup: str) -> str:
    """An oracle's cue text as our reader would give it, voices apart."""
    return " ".join(words for _, _, piece in voices_of(markup) if (words := normal_text(unescape(piece))))


# Not WebVTT, though that reader takes them: we tell the person instead.
NOT_VALID = {
    "min-top-digits.vtt": "minutes of three digits",
    "minimum-spots-over-sixty.vtt": "minutes of three digits",
    "no-space-cue-times-cue-settings.vtt": "no space between the times and the settings",
    "id.vtt": "an arrow as a name",
}


def test_mozillas_suite_gives_the_times_and_words_of_its_oracles(shared: Path) -> None:
    compared = 0
    for file in sorted((shared / "data/captions/mozilla_vtt.js").rglob("*.vtt")):
        oracle = file.with_suffix(".json")
        if not oracle.is_file():
            continue
        expected = [
            (round(c["startTime"] * 1000), round(c["endTime"] * 1000), plain(c["text"]))
            for c in json.loads(oracle.read_text("utf-8"))["cues"]
        ]
        expected = [(start, end, text) for start, end, text in expected if text and end >= start]
        transcript, problems = vtt.read(file.read_bytes().decode("utf-8", "replace"), file.name)
        cues = transcript.cues
        if file.name in NOT_VALID:
            assert any(p.grave for p in problems)
            continue
        assert one_a_time(cues) == sorted(expected, key=lambda e: e[0]), file.name
        compared += len(expected)
    assert compared > 100


def one_a_time(cues: tuple[Cue, ...]) -> list[tuple[int, int, str]]:
    """Put back together what was one caption with several voices."""
    whole: dict[int, tuple[int, int, str]] = {}
    for c in cues:
        line = c.place.line if c.place else 0
        start, _, text = whole.get(line, (c.span.start, 0, ""))
        whole[line] = (start, c.span.end, f"{text} {c.text}".strip())
    return list(whole.values())


def test_the_w3c_suite_is_read_without_a_fault(shared: Path) -> None:
    files = sorted((shared / "data/captions/w3c_webvtt.js").rglob("*.vtt"))
    captions = sum(len(vtt.read(f.read_bytes().decode("utf-8", "replace"), f.name)[0].cues) for f in files)
    assert len(files) > 30
    assert captions > 100


def test_character_references_are_those_of_the_w3c(shared: Path) -> None:
    folder = shared / "data/captions/w3c_webvtt.js/wpt-cue-parsing"
    compared = 0
    for case in json.loads((folder / "entities.json").read_text("utf-8")):
        text, tree = case["text"].strip("\n"), case["expectedTree"]
        # A bare < is the one place where we keep what browsers drop.
        words = tree[3:].rstrip("\n")[:-1].strip(" ")
        if "<" in text or tree.count("| ") != 1 or not words:
            continue
        cues, _ = read(f"WEBVTT\n\n00:00.000 --> 00:01.000\n{text}\n")
        assert [c[3] for c in cues] == [words]
        compared += 1
    assert compared > 8


def test_hostile_files_give_problems_and_no_traceback(shared: Path) -> None:
    files = [f for f in sorted((shared / "data/hostile/captions").rglob("*.*")) if f.is_file()]
    told = 0
    for file in files:
        transcript, problems = vtt.read(file.read_bytes().decode("utf-8", "replace"), file.name)
        told += any(p.grave for p in problems)
        again, _ = vtt.read(vtt.write(transcript), file.name)
        assert [c.text for c in again.cues] == [c.text for c in transcript.cues]
        # Markup in a name or in the words leaves only as text.
        assert "<script" not in vtt.write(transcript)
    assert len(files) > 50
    assert told > 30
    control, problems = vtt.read(
        (shared / "data/hostile/captions/generated/region.vtt").read_text("utf-8"), "x.vtt"
    )
    assert control.cues
    assert not [p for p in problems if p.grave]
