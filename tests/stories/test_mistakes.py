"""The mistakes that producers make, each with its place, what is wrong, and what to type."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from onrecord.model.problem import Problem
from onrecord.text import episode_md, people_yaml, questions_yaml, series_yaml

EPISODE = """\
---
id: 5d4f
title: Who are the Russians in Serbia?
date: 2025-03-12
guests:
  - Srdjan Cvijić, President, Belgrade Center
questions:
  - Are we witnessing a cultural shift?
  - ask: Who are they, and why do they come?
    parts: [Who are they?, Why do they come?]
cuts:
  programme: {start: 00:00:07, end: 00:31:40}
off_record: [00:14:05 - 00:14:50]
approved: {by: Ilva Tare, on: 2025-03-13}
---
An introduction.
"""

SERIES = """\
guid: 0b1c
title: "#BalkansDebrief"
host: Ilva Tare, Senior Fellow, Europe Center
timezone: Europe/Tirane
url: https://example.org/debrief/
links: {youtube: https://example.org/y}
"""

QUESTIONS = """\
questions:
  - id: q1
    question: Are we witnessing a cultural shift?
    found: yes
    asked: 00:03:12.400
    answers:
      - {by: Srdjan Cvijić, from: 00:03:20.100, to: 00:05:41}
  - id: q2
    question: Who are they?
chapters:
  - {at: 00:00:07, title: Introduction}
  - {at: 00:03:12.400, title: A shift?}
"""

PEOPLE = """\
ilva-tare: {name: Ilva Tare, also: [Ilva]}
srdjan-cvijic: {name: Srdjan Cvijić}
"""

Reader = Callable[[str], tuple[object, tuple[Problem, ...]]]
FILES: dict[str, tuple[str, Reader]] = {
    "episode.md": (EPISODE, episode_md.read),
    "series.yaml": (SERIES, series_yaml.read),
    "questions.yaml": (QUESTIONS, questions_yaml.read),
    "people.yaml": (PEOPLE, people_yaml.read),
}

# file, what stands there, what the producer made of it, and what is said
E, S, Q, P = FILES
MISTAKES = [
    (E, "title: Who are the Russians in Serbia?\n", "", "2:1: `title` is missing", "add a line `title: …`"),
    (E, "title: Who", "titel: Who", "3:1: there is no field `titel`", "did you mean `title`?"),
    (E, "title: Who", "Title: Who", "3:1: there is no field `Title`", "did you mean `title`?"),
    (
        E,
        "title: Who",
        "title Who",
        "3:6: a colon is missing after `title`",
        "write: title: Who are the Russians in Serbia?",
    ),
    (
        E,
        "title: Who",
        "title:Who",
        "3:6: a space is missing after the colon",
        "write: title: Who are the Russians in Serbia?",
    ),
    (
        E,
        "title: Who are",
        'title: "Who are',
        "3:8: the quote that opens here is never closed",
        'write: title: "Who are the Russians in Serbia?"',
    ),
    (
        E,
        "title: Who are the Russians in Serbia?",
        "title: Serbia: who are they?",
        "3:8: a text with a colon and a space in it needs quotes",
        'write: title: "Serbia: who are they?"',
    ),
    (
        E,
        "title: Who are the Russians in Serbia?",
        "title: “Serbia: who?”",
        "3:8: curly quotes “ ” do not count as quotes here",
        'write: title: "Serbia: who?"',
    ),
    (
        E,
        "title: Who are the Russians in Serbia?",
        "title: #BalkansDebrief",
        "3:8: `#BalkansDebrief` would be lost: YAML takes ` #` for a comment",
        'write: title: "#BalkansDebrief"',
    ),
    (
        E,
        "in Serbia?",
        "in #Serbia?",
        "3:8: `#Serbia?` would be lost: YAML takes ` #` for a comment",
        'write: title: "Who are the Russians in #Serbia?"',
    ),
    (
        E,
        "in Serbia?\n",
        "in Serbia?\ntitle: Another\n",
        "4:1: `title` is given twice",
        "it stands already on line 3; keep one of the two",
    ),
    (
        E,
        "date: 2025-03-12",
        "date: 12.03.2025",
        "4:7: `12.03.2025` is not a date as it is written here (year-month-day)",
        "write: date: 2025-03-12",
    ),
    (E, "date: 2025-03-12", "date: 2025-02-30", "4:7: there is no `2025-02-30`", "February 2025 has 28 days"),
    (
        E,
        "date: 2025-03-12",
        "date: 2025-03-12T09:00",
        "4:7: `2025-03-12T09:00` has no time zone",
        "end it with the offset: 2025-03-12T09:00+01:00",
    ),
    (
        E,
        "  - Srdjan",
        "\t- Srdjan",
        "6:1: a tab stands where spaces belong",
        "begin the line with spaces, two for each step inwards",
    ),
    (
        E,
        "\n  - Srdjan Cvijić",
        " Srdjan Cvijić",
        "5:9: `guests` is a list",
        "put each one on a line of its own after a dash: - Srdjan Cvijić, President, Belgrade Center",
    ),
    (
        E,
        "- Srdjan Cvijić, President, Belgrade Center",
        "-",
        "6:4: a person is expected here",
        "such as: - Name, role, organisation",
    ),
    (
        E,
        "- Are we witnessing a cultural shift?",
        '- "Soft power" and its limits',
        "8:5: the text begins with a quote but goes on after it closes, so all of it needs quotes",
        "write: - '\"Soft power\" and its limits'",
    ),
    (
        E,
        "- Are we",
        "- @Ilva: are we",
        "8:5: a text that begins with `@` needs quotes",
        'write: - "@Ilva: are we witnessing a cultural shift?"',
    ),
    (
        E,
        "- Are we",
        "- *Are* we",
        "8:5: a text that begins with `*` needs quotes",
        'write: - "*Are* we witnessing a cultural shift?"',
    ),
    (
        E,
        "- Are we witnessing a cultural shift?",
        "- *shift",
        "8:5: a text cannot begin with `*` (YAML reads an alias)",
        'write: - "*shift"',
    ),
    (E, "- ask: Who", "- aks: Who", "9:5: there is no field `aks`", "did you mean `ask`?"),
    (
        E,
        "come?]",
        "come?",
        "10:12: the `[` that opens here is never closed",
        "write: parts: [Who are they?, Why do they come?]",
    ),
    (
        E,
        "end: 00:31:40",
        "end: 61:99",
        "12:37: `61:99` is not a time: minutes and seconds end at 59",
        "write: programme: {start: 00:00:07, end: 01:02:39}",
    ),
    (
        E,
        "start: 00:00:07",
        "start: 00:41:40",
        "12:14: the cut `programme` ends (00:31:40) before it begins (00:41:40)",
        "write start: 00:31:40, end: 00:41:40",
    ),
    (
        E,
        "00:14:05 - 00:14:50",
        "00:14:50 - 00:14:05",
        "13:14: the passage ends (00:14:05) before it begins (00:14:50)",
        "write: off_record: [00:14:05 - 00:14:50]",
    ),
    (
        E,
        "00:14:05 - 00:14:50",
        "00:14:05",
        "13:14: a passage has two times",
        "write both with a dash between: 00:14:05 - 00:14:50",
    ),
    (
        E,
        "{by: Ilva Tare, on: 2025-03-13}",
        "yes",
        "14:11: fields are expected in `approved`",
        "write: approved: {by: …, on: …}",
    ),
    (E, ", on: 2025-03-13", "", "14:11: `on` is missing", "add `on: …`"),
    (
        E,
        "---\nAn",
        "\nAn",
        "16:1: the line of --- below the fields is missing",
        "write --- on the line before this",
    ),
    (
        E,
        "---\nid",
        "id",
        "1:1: the file does not begin with its fields between two lines of ---",
        "put --- on the first line, the fields below it, and --- below them",
    ),
    (
        S,
        "guid: 0b1c",
        "guid: &x 0b1c",
        "1:7: a text cannot begin with `&` (YAML reads an anchor)",
        'write: guid: "&x 0b1c"',
    ),
    (
        S,
        "Europe/Tirane",
        "Europe/Tirana",
        "4:11: `Europe/Tirana` is not a time zone",
        "write: timezone: Europe/Tirane",
    ),
    (
        S,
        "https://example.org/debrief/",
        "www.example.org/debrief",
        "5:6: `www.example.org/debrief` is not a whole address",
        "write: url: https://www.example.org/debrief",
    ),
    (
        S,
        "https://example.org/y}",
        "javascript:alert(1)}",
        "6:18: `javascript:alert(1)` is not an address",
        "write it whole, such as https://example.org/page",
    ),
    (
        S,
        "host: Ilva",
        " host: Ilva",
        "3:2: this line is out of step with the lines around it",
        "begin it at the very start of the line",
    ),
    (Q, "found: yes", "found: maybe", "4:12: `maybe` is not yes, no or never asked", "write: found: yes"),
    (Q, "asked: 00:03:12.400", "asked: 0.03.12", "5:12: `0.03.12` is not a time", "write: asked: 00:03:12"),
    (
        Q,
        "to: 00:05:41",
        "to: 00:02:41",
        "7:9: what Srdjan Cvijić says ends (00:02:41) before it begins (00:03:20.100)",
        "write from: 00:02:41, to: 00:03:20.100",
    ),
    (
        Q,
        "id: q2",
        "id: q1",
        "8:9: the id `q1` is given twice: line 2 has it too",
        "give each question its own id",
    ),
    (
        Q,
        "00:00:07, title",
        "00:03:13, title",
        "12:5: this chapter starts at 00:03:12.400, before the one above it",
        "put chapters in the order of their times",
    ),
    (
        Q,
        "title: Introduction",
        "title: Who, and why",
        "11:32: inside {…} the comma ends `title`",
        'put quotes around the whole text: title: "Who, and why"',
    ),
    (
        Q,
        "title: A shift?",
        "title: A shift: which?",
        "12:5: inside {…} a text with a colon, a comma or quotes in it needs quotes",
        'write: - {at: 00:03:12.400, title: "A shift: which?"}',
    ),
    (
        P,
        "ilva-tare:",
        "Ilva Tare:",
        "1:1: `Ilva Tare` cannot be an id: small letters, figures and dashes can",
        "write ilva-tare: instead of Ilva Tare:",
    ),
    (
        P,
        "Srdjan Cvijić}",
        "Ilva}",
        "2:1: `Ilva` belongs to both ilva-tare and srdjan-cvijic",
        "a name must lead to one person; take it from one of them",
    ),
]


def test_the_files_without_mistakes_are_read() -> None:
    for name, (text, read) in FILES.items():
        for written in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
            value, problems = read(written)
            assert value, name
            assert problems == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "right", "wrong", "said", "hint"), MISTAKES, ids=[m[3][:60] for m in MISTAKES]
)
def test_a_mistake_is_told_with_its_place_and_what_to_type(
    name: str, right: str, wrong: str, said: str, hint: str, newline: str
) -> None:
    text, read = FILES[name]
    assert right in text
    value, problems = read(text.replace(right, wrong, 1).replace("\n", newline))
    assert not value or name == P
    assert [(f"{p.place}: {p.says}", p.hint) for p in problems] == [(f"{name}:{said}", hint)]
    line = text.replace(right, wrong, 1).split("\n")[problems[0].place.line - 1]
    assert problems[0].line_text == line


@pytest.mark.parametrize(
    "mistake", [m for m in MISTAKES if m[4].startswith("write: ")], ids=lambda m: m[3][:60]
)
def test_a_line_typed_as_the_hint_says_is_read(mistake: tuple[str, str, str, str, str]) -> None:
    name, right, wrong, *_ = mistake
    text, read = FILES[name]
    text = text.replace(right, wrong, 1)
    _, problems = read(text)
    lines = text.split("\n")
    at = problems[0].place.line - 1
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines[at] = indent + problems[0].hint.removeprefix("write: ").replace(
        "by: …, on: …", "by: Ada, on: 2025-03-13"
    )
    value, problems = read("\n".join(lines))
    assert problems == ()
    assert value


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = """\
---
id: 5d4f
title: Serbia: who are they?
dat: 2025-03-12
guests:
\t- Srdjan Cvijić, President
  - {name: Max, rol: Fellow}
questions:
  - "Soft power" and its limits
  - @Ilva, are we done?
  - Why #Debrief matters
off_record: [00:14:50 - 00:14:05]
cuts:
  programme: {start: 61:99}
approved: {by: Ilva Tare, on: 2025-13-13}
---
"""
    _, problems = episode_md.read(text)
    assert [p.place.line for p in problems] == [3, 4, 6, 7, 9, 10, 11, 12, 14, 15]
    assert all(p.hint for p in problems)
