"""Whatever a question says: it is read as it stands, or the hint's line, typed instead, is."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests import strategies as own

from onrecord.text import episode_md, series_yaml

OPENERS = st.sampled_from(
    [
        "",
        "-",
        "- ",
        "* ",
        "*",
        "&",
        "!",
        "%",
        "@",
        "`",
        "#",
        '"',
        "'",
        "[",
        "{",
        "| ",
        "> ",
        "? ",
        ", ",
        "“",
        ": ",
    ]
)
MIDDLES = st.sampled_from(
    [": ", " #Debrief ", '" ', "' ", "] ", "} ", ", ", "? ", " - ", "` ", " & ", " | ", '\\"', ":"]
)
ENDS = st.sampled_from(["", "?", ":", '"', "'", "]", "}", "”", "!", "…", ","])
PLAIN_WORDS = st.sampled_from(["Serbia", "who", "asks", "title", "Why now", "it's", "10:03", "Ms. Lind"])


@st.composite
def questions(draw: st.DrawFn) -> str:
    parts = [draw(OPENERS), draw(PLAIN_WORDS)]
    for _ in range(draw(st.integers(0, 3))):
        parts += [draw(MIDDLES), draw(PLAIN_WORDS)]
    return own.normal("".join([*parts, draw(ENDS)]))


QUESTIONS = st.one_of(questions(), own.SOME_TEXT).filter(lambda text: any(c.isalpha() for c in text))


def means(text: str) -> set[str]:
    """What a typed line may mean: the text itself, or what its quotes hold, if somebody put it in quotes."""
    meant = {text}
    if text[0] in "\"'" and len(text) > 1 and text[-1] == text[0]:
        inner = text[1:-1]
        meant |= {inner, inner.replace("''", "'"), inner.replace('\\"', '"')}
    if text[0] == '"' and '"' not in text[1:]:
        meant.add(text[1:])  # an opened quote that is never closed is taken away
    if text[0] in "[{" and {"[": "]", "{": "}"}[text[0]] not in text:
        meant.add(text.rstrip(",") + {"[": "]", "{": "}"}[text[0]])
    if text[0] in "“‘„«":
        meant.add(text[1:-1])
    return {own.normal(m) for m in meant}


def without_comment(text: str) -> str:
    """YAML's comment, with a space after the #, is nobody's text."""
    return re.split(r"(?:^| )#(?!\w)", text)[0].strip()


def read_question(line: str) -> tuple[str | None, tuple[str, ...]]:
    text = f"---\nid: x\ntitle: T\ndate: 2025-03-12\nquestions:\n{line}\n  - And what else?\n---\n"
    episode, problems = episode_md.read(text)
    assert all(p.place.line == 6 for p in problems), problems
    return episode.questions[0].ask if episode else None, tuple(p.hint for p in problems)


def read_title(line: str) -> tuple[str | None, tuple[str, ...]]:
    series, problems = series_yaml.read(f"guid: x\n{line}\nlanguage: en\n")
    assert all(p.place.line == 2 for p in problems), problems
    return series.title if series else None, tuple(p.hint for p in problems)


@settings(deadline=None, max_examples=300)
@given(QUESTIONS)
@example("Serbia: what next?")
@example('"Soft power" and its limits: what is left?')
@example("'Tis the season: why?")
@example("Why #Debrief matters")
@example("{a: b: c}")
@example("[Why] now: this")
@example("?: who")
@example('It\'s "on": who?')
def test_a_question_is_read_or_its_hint_says_what_to_type(text: str) -> None:
    if not any(c.isalpha() for c in without_comment(text)) or text.startswith(("ask:", "parts:", "title:")):
        return
    said, hints = read_question(f"  - {text}")
    if any("did you mean `ask`" in hint or "did you mean `parts`" in hint for hint in hints):
        assert re.match(r"\W*(ask|part)", text)
    elif said is None:
        assert hints
        assert hints[0].startswith("write: - "), hints
        said, more = read_question("  " + hints[0].removeprefix("write: "))
        if more and text[0] in "[{-":  # a bracket never closed is closed first, then the text is quoted
            said, more = read_question("  " + more[0].removeprefix("write: "))
        assert not more, (text, hints, more)
        assert said in means(text), (text, hints, said)
    else:
        assert own.normal(said) in means(without_comment(text)), said


@settings(deadline=None, max_examples=300)
@given(QUESTIONS)
@example("#BalkansDebrief")
@example("Serbia: what next?")
def test_a_title_is_read_or_its_hint_says_what_to_type(text: str) -> None:
    if not any(c.isalpha() for c in without_comment(text)) and not text.startswith("#"):
        return
    said, hints = read_title(f"title: {text}")
    if said is None:
        assert hints
        if without_comment(text) == "":
            assert "quotes" in hints[0]
            return
        assert hints[0].startswith("write: title: "), hints
        said, more = read_title(hints[0].removeprefix("write: "))
        if more and text[0] in "[{-":  # a bracket never closed is closed first, then the text is quoted
            said, more = read_title(more[0].removeprefix("write: "))
        assert not more, (text, hints, more)
        assert said in means(text), (text, hints, said)
    else:
        assert own.normal(said) in means(without_comment(text)), said
