"""Laws of mending words: those words change wherever they stand, and no other byte does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.craft.fix import Wish, fix_text, fix_transcript
from onrecord.flow.fix import fix_ledger
from onrecord.text import questions_yaml, vtt

WORDS = st.sampled_from(
    ["Vucic", "Vucic's", "VUCIC,", "vucic", "Vucicevic", "a", "Vučić.", "<i>Vucic</i>", "&amp;", "Vucic-led"]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    blocks = ["WEBVTT"]
    for k in range(draw(st.integers(1, 5))):
        voice = draw(st.sampled_from(["Ada Lind", "Vucic", "A. Vucic", "Vucicevic"]))
        lines = draw(st.lists(st.lists(WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=2))
        note = draw(st.sampled_from(["", "NOTE ask Vucic\n\n"]))
        blocks.append(f"{note}0{k}:00.000 --> 0{k}:04.000 align:start\n<v {voice}>" + "\n".join(lines))
    return draw(st.sampled_from(["\n", "\r\n"])).join(("\n\n".join(blocks) + "\n").split("\n"))


@given(files())
def test_only_the_words_change_and_all_of_them(text: str) -> None:
    fixed = fix_transcript(text, Wish("Vucic", "Vučić"))
    expected = []
    for line in re.split(r"(\r?\n)", text):
        mended = re.sub(r"(?<!\w)Vucic(?!\w)", "Vučić", line)
        mended = re.sub(r"(?<!\w)VUCIC(?!\w)", "VUČIĆ", mended)
        expected.append(line if line.startswith("NOTE") else mended)
    assert fixed.text == "".join(expected)
    assert len(fixed.mends) == sum(a != b for a, b in zip(text, fixed.text, strict=True)) // 2
    assert fixed.left == len(re.findall(r"(?<!\w)vucic(?!\w)", text))
    for mend in fixed.mends:
        assert mend.before in re.split(r"\r?\n", text)[mend.line - 1]
    assert not fix_transcript(fixed.text, Wish("Vucic", "Vučić")).mends


@given(files(), st.sampled_from(["Aleksandar Vučić", "Vučić", "V & <Č>"]))
def test_captions_stay_as_many_and_as_long_as_they_were(text: str, new: str) -> None:
    was, _ = vtt.read(text, "")
    now, problems = vtt.read(fix_transcript(text, Wish("Vucic", new)).text, "")
    assert [c.span for c in now.cues] == [c.span for c in was.cues]
    assert not [p for p in problems if p.grave]


@pytest.mark.parametrize(
    ("old", "new", "text", "mended"),
    [
        ("teh", "the", "Teh end of teh line, other", "The end of the line, other"),
        ("Rose", "Róse", "Rose rose, ROSE", "Róse rose, RÓSE"),
        ("don", "Don", "I don't, don", "I don't, Don"),
        ("Vučic", "Vučić", "Vuc\u030cic and Vuc\u030cic\u0301", "Vučić and Vuc\u030cic\u0301"),
        ("A. Vucic", "Aleksandar Vučić", "A. Vucic, or A Vucic", "Aleksandar Vučić, or A Vucic"),
        ("U.S.", "US", "the U.S. and U.S.A.", "the US and U.S.A."),
    ],
)
def test_what_people_mean(old: str, new: str, text: str, mended: str) -> None:
    assert fix_text(text, Wish(old, new)).text == mended


def test_letters_of_any_kind_where_that_is_wished() -> None:
    assert fix_text("vucic VuCiC VUCIC", Wish("Vucic", "Vučić", ignore_case=True)).text == "Vučić Vučić VUČIĆ"


HEAD = "WEBVTT\n\n00:00.000 --> 00:02.000\n"


@pytest.mark.parametrize(
    ("old", "new", "body", "mended"),
    [
        (
            "Aleksandar Vucic",
            "Aleksandar Vučić",
            "<v A>it is Aleksandar\nVucic</v>",
            "<v A>it is Aleksandar\nVučić</v>",
        ),
        (
            "Aleksandar Vucic",
            "Aleksandar Vučić",
            "<v A>by Aleksandar</v>\n\n00:02.000 --> 00:03.000\n<v A>Vucic himself</v>",
            "<v A>by Aleksandar</v>\n\n00:02.000 --> 00:03.000\n<v A>Vučić himself</v>",
        ),
        (
            "Aleksandar Vucic",
            "Aleksandar Vučić",
            "<v A>by Aleksandar</v>\n\n00:02.000 --> 00:03.000\n<v B>Vucic himself</v>",
            "<v A>by Aleksandar</v>\n\n00:02.000 --> 00:03.000\n<v B>Vucic himself</v>",
        ),
        ("uru kov", "Urukov", "<v A>Mr uru\nkov said</v>", "<v A>Mr Urukov said</v>"),
        ("sam uru kov", "Samorukov", "<v A>sam\nuru\nkov\nsaid</v>", "<v A>Samorukov\nsaid</v>"),
        (
            "sam uru",
            "Samuru",
            "<v A>by sam</v>\n\n00:02.000 --> 00:03.000\n<v A>uru himself</v>",
            "<v A>by Samuru</v>\n\n00:02.000 --> 00:03.000\n<v A>himself</v>",
        ),
        (
            "Smith & Co",
            "Smyth & Co",
            "<v Smith &amp; Co>Smith &amp;\nCo</v>",
            "<v Smyth &amp; Co>Smyth &amp;\nCo</v>",
        ),
    ],
)
def test_phrases_run_over_ends_of_lines_and_captions_but_not_into_another_voice(
    old: str, new: str, body: str, mended: str
) -> None:
    assert fix_transcript(HEAD + body + "\n", Wish(old, new)).text == HEAD + mended + "\n"


def test_quotes_are_mended_with_the_rest_of_the_file_as_it_stands() -> None:
    text = (
        "# mine\nquestions:\n  - id: q1\n    question: Who is Vucic?\n    answers:\n"
        "      - {by: Vucic, from: 00:00:01, to: 00:00:02}   # him\n    quotes:\n"
        '      - {by: Vucic, from: 00:00:01, to: 00:00:02, text: "Vucic: it is me", approved: true}\n'
    )
    fixed = fix_ledger(text, Wish("Vucic", "Vučić"))
    assert fixed.text == text.replace("by: Vucic", "by: Vučić").replace("Vucic: it", "Vučić: it")
    assert [m.line for m in fixed.mends] == [6, 8, 8]
    assert questions_yaml.read(fixed.text)[0] is not None
