"""Files made to break a reader are refused with a place and a sentence, soon, and never with a traceback."""

from __future__ import annotations

import time
from pathlib import Path

from onrecord.model.problem import Problem
from onrecord.text import episode_md, people_yaml, questions_yaml, series_yaml, yaml_tree

MOST_SECONDS = 2.0
"""Of this process's own time, for one file."""


def hostile(shared: Path) -> list[Path]:
    files = [*shared.glob("data/hostile/yaml/**/*"), *shared.glob("data/hostile/markdown/*")]
    return sorted(file for file in files if file.is_file())


def check(problems: tuple[Problem, ...], name: str) -> None:
    for problem in problems:
        assert problem.place.path == name
        assert problem.place.line >= 1, problem
        assert problem.place.column >= 1, problem
        assert problem.says, problem
        assert problem.hint, problem
        assert problem.says == problem.says.strip()
        assert "\n" not in problem.says + problem.hint


def test_hostile_files_are_refused_with_a_place_and_a_sentence(shared: Path) -> None:
    read_or_refused, refused, slowest = 0, 0, 0.0
    for file in hostile(shared):
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        for reader in (series_yaml, episode_md, people_yaml, questions_yaml):
            started = time.process_time()
            value, problems = reader.read(text, file.name)
            slowest = max(slowest, time.process_time() - started)
            if not value:
                assert problems or reader is people_yaml or not text.strip(), (file, reader)
            check(problems, file.name)
            read_or_refused += 1
            refused += bool(problems)
    assert slowest < MOST_SECONDS
    assert read_or_refused >= 4 * 482, read_or_refused
    assert refused > 0.9 * read_or_refused


def test_what_the_yaml_test_suite_calls_wrong_is_refused(shared: Path) -> None:
    wrong = sorted(shared.glob("data/hostile/yaml/suite/fail/*.yaml"))
    right = sorted(shared.glob("data/hostile/yaml/suite/ok/*.yaml"))
    for file in wrong:
        _, problems = yaml_tree.read(file.read_text("utf-8"), file.name)
        assert problems, file
        check(problems, file.name)
    # The control: most of what it calls right, and that has no anchors, tags or second documents, is read.
    strange = ("&", "*", "!", "%", "---", "...", "\t", "? ")
    plain = [f for f in right if not any(mark in f.read_text("utf-8") for mark in strange)]
    read = [f for f in plain if not yaml_tree.read(f.read_text("utf-8"), f.name)[1]]
    assert len(wrong) >= 90
    assert len(plain) >= 80
    assert len(read) > 0.8 * len(plain), (len(read), len(plain), [f.name for f in plain if f not in read])


def test_our_own_files_are_read() -> None:
    series = "guid: x\ntitle: A series\nlinks: {podcast: https://example.org/p}\n"
    assert series_yaml.read(series)[1] == ()
    episode = "---\nid: y\ntitle: An episode\ndate: 2025-03-12\nquestions:\n  - Why now?\n---\nText.\n"
    assert episode_md.read(episode)[1] == ()
    assert people_yaml.read("ada-lind: {name: Ada Lind}\n")[1] == ()
    assert questions_yaml.read("questions: []\nchapters:\n  - {at: 00:00:07, title: Introduction}\n")[1] == ()


def test_a_file_of_a_thousand_mistakes_is_answered_soon() -> None:
    lines = [f"- why {i}: is it: {i}" for i in range(1000)]
    text = "guid: x\ntitle: T\nglossary:\n" + "\n".join(lines) + "\n"
    started = time.process_time()
    series, problems = series_yaml.read(text)
    assert time.process_time() - started < MOST_SECONDS
    assert series is None
    assert problems
    check(problems, "series.yaml")
