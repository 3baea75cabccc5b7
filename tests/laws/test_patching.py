"""A change to one field changes the lines of that field, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests import strategies as own

from onrecord.text import episode_md, yaml_patch, yaml_tree
from onrecord.text.yaml_node import Mapping, Node, Plain, Scalar, Sequence
from onrecord.text.yaml_write import dump, flow, scalar

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = settings(deadline=None, max_examples=80)

SERIES = """\
# series.yaml
guid: 0b1c6f2e-...              # written once by `onrecord new series`, never changed
title: "#BalkansDebrief"
tagline: An online interview series presented by the Europe Center.
presenter: {name: Atlantic Council, unit: Europe Center, url: https://example.org}
host: Ilva Tare, Senior Fellow, Atlantic Council's Europe Center
timezone: Europe/Tirane
category: [News, Politics]
url: https://example.org/debrief/          # where public/ will live
links: {youtube: https://example.org/y, podcast: https://example.org/p}
"""

PEOPLE = """\
ilva-tare: {name: Ilva Tare, also: [Ilva], url: https://example.org/i, picture: people/ilva.jpg}
srdjan-cvijic: {name: Srdjan Cvijić, also: [Srđan Cvijić, Срђан Цвијић]}
"""

EPISODE = """\
id: 5d4f...                                     # UUID, written by `onrecord new episode`
title: Who are the Russians in Serbia, and what do they believe?
date: 2025-03-12                                # published: 2025-03-12T09:00:00+01:00 if the hour matters

guests:
  - Srdjan Cvijić, President of the International Advisory Board, Belgrade Center for Security Policy
  # the second guest could not come to the first date
  - {name: Maxim Samorukov, role: Fellow, organisation: Carnegie Russia Eurasia Center}
  - name: 'Ana Lind'
    role: Editor   # acting
questions:
- Are we witnessing a cultural shift or a temporary wave?
- ask: Who are the migrants arriving, and what are their motivations?
  parts: [Who are the migrants arriving?, What are their motivations?]
references:
  - A fresh perspective on the Russian community in Serbia <https://example.org/paper>
tags: [Serbia, migration]
cuts:
  programme: {start: 00:00:07, end: 00:31:40}   # page, podcast, web video: one Timeline
  youtube:
    start: 00:00:00
    end: 00:31:40
off_record: [00:14:05 - 00:14:50]
checked: {by: Ilva Tare, on: 2025-03-13}        # the transcript was read against the sound
notes: |
  Two lines
  of notes
last:
"""

QUESTIONS = """\
# questions.yaml: proposed by onrecord, yours to correct
questions:
  - id: q1
    question: Are we witnessing a cultural shift or a temporary wave?
    found: yes                              # no = not found (preview only)
    asked: 00:03:12.400
    answers:
      - {by: Srdjan Cvijić, from: 00:03:20.100, to: 00:05:41.000}
    quotes:
      - {by: Srdjan Cvijić, from: 00:04:02.300, to: 00:04:15.900, text: "…verbatim…", approved: true}
chapters:
  - {at: 00:00:07, title: Introduction}
  - {at: 00:03:12.400, title: A cultural shift or a temporary wave?}
"""

BY_HAND = (SERIES, PEOPLE, EPISODE, QUESTIONS)

Path_ = yaml_patch.Path


@dataclass(frozen=True)
class Leaf:
    """A value in a file: how to get there, and the lines (from 0) on which it stands."""

    path: Path_
    first: int
    last: int
    in_flow: bool


def leaves(text: str, node: Node, path: Path_ = (), *, flow: bool = False) -> list[Leaf]:
    """Every text in a tree."""
    match node:
        case Scalar():
            end = max(node.start, len(text[: node.end].rstrip("\r\n")))
            return [Leaf(path, text.count("\n", 0, node.start), text.count("\n", 0, end), flow)]
        case Sequence():
            steps: list[tuple[str | int, Node]] = list(enumerate(node.items))
        case Mapping():
            steps = [(k.value, v) for k, v in node.items]
    return [leaf for step, v in steps for leaf in leaves(text, v, (*path, step), flow=node.flow)]


def changed_lines(before: str, after: str) -> tuple[int, int, int]:
    """The one stretch of lines that differs: from, to in the old text, and how many lines stand there now."""
    a, b = before.split("\n"), after.split("\n")
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest = min(len(a), len(b)) - same
    tail = next(
        (i for i, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y or i == rest), rest
    )
    return same, len(a) - tail, len(b) - tail - same


def value_at(tree: Plain, path: Path_) -> Plain:
    for step in path:
        if isinstance(tree, dict):
            tree = tree[str(step)]
        elif isinstance(tree, list):
            tree = tree[int(step)]
    return tree


def check_patches(text: str, value: str) -> int:
    """Patch every text of a file to `value`, one at a time; how many patches were looked at."""
    node, problems = yaml_tree.read(text, "")
    if node is None or problems:
        return 0
    tree, looked_at = yaml_tree.plain(node), 0
    for leaf in leaves(text, node):
        after = yaml_patch.patch(text, leaf.path, value)
        said = yaml_tree.says(after)
        assert said is not None, (leaf, after)
        assert value_at(said, leaf.path) == value
        if value_at(tree, leaf.path) == value:
            assert after == text
            continue
        first, end, _ = changed_lines(text, after)
        assert leaf.first <= first, (leaf, after)
        assert end <= leaf.last + 1, (leaf, after)
        shrunk = text.count("\n") - after.count("\n")
        assert comments(text, leaf) == comments(after, leaf, shrunk), leaf
        assert (
            yaml_patch.patch(after, leaf.path, value_at(tree, leaf.path)).count("\n") <= text.count("\n") + 1
        )
        looked_at += 1
    return looked_at


def comments(text: str, leaf: Leaf, shrunk: int = 0) -> list[str]:
    """The comments of a text, but for those inside the value itself."""
    lines = text.split("\n")
    del lines[leaf.first + 1 : leaf.last + 1 - shrunk]
    return [found[0] for line in lines if (found := re.search(r"(?:^|\s)# [^\"'{}\[\]]*$", line))]


@pytest.mark.parametrize("value", ["new", "Why: now?", '"So" it is', "it's", "a #b", "", "12:30"])
@pytest.mark.parametrize("text", BY_HAND)
def test_a_patch_of_one_text_changes_its_own_lines_only(text: str, value: str) -> None:
    assert check_patches(text, value) > 5


@pytest.mark.parametrize("text", BY_HAND)
def test_windows_line_ends_and_a_byte_order_mark_stay(text: str) -> None:
    windows = "\ufeff" + text.replace("\n", "\r\n")
    assert check_patches(windows, "Why: now?") > 5
    node, _ = yaml_tree.read(text, "")
    assert node is not None
    for leaf in leaves(text, node):
        after = yaml_patch.patch(windows, leaf.path, "new one")
        assert after == "\ufeff" + yaml_patch.patch(text, leaf.path, "new one").replace("\n", "\r\n")
    sign: Plain = {"by": "Ada Lind", "on": "2025-03-13"}
    if "id:" in text[:4]:
        assert yaml_patch.patch(windows, ("approved",), sign).endswith(
            "approved: {by: Ada Lind, on: 2025-03-13}\r\n"
        )


@ROUNDS
@given(own.trees(), own.ANY_TEXT, st.booleans())
def test_a_patch_of_a_written_file_changes_its_own_lines_only(
    fields: dict[str, Plain], value: str, crlf: bool
) -> None:
    check_patches(dump(fields, newline="\r\n" if crlf else "\n"), value)


@ROUNDS
@given(own.trees(), own.trees(), st.booleans())
def test_a_rewritten_file_says_what_it_should(
    old: dict[str, Plain], new: dict[str, Plain], one_line: bool
) -> None:
    text = dump(old)
    if one_line:
        lines = (
            f"{scalar(k, key=True)}: {flow(v) if not isinstance(v, str) else scalar(v)}\n"
            for k, v in old.items()
        )
        text = "".join(lines)
    assert yaml_tree.says(yaml_patch.rewrite(text, new)) == new
    assert yaml_patch.rewrite(text, old) == text


@ROUNDS
@given(st.sampled_from(BY_HAND), own.trees(), st.data())
def test_a_file_by_hand_rewritten_says_what_it_should(
    text: str, more: dict[str, Plain], data: st.DataObject
) -> None:
    tree = yaml_tree.says(text)
    assert isinstance(tree, dict)
    gone = data.draw(st.sets(st.sampled_from(sorted(tree))))
    wanted: dict[str, Plain] = {k: v for k, v in tree.items() if k not in gone} | more
    assume(wanted)
    after = yaml_patch.rewrite(text, wanted)
    assert yaml_tree.says(after) == wanted


@pytest.mark.parametrize("text", BY_HAND)
def test_a_field_taken_away_takes_its_lines_along_and_no_other(text: str) -> None:
    tree = yaml_tree.says(text)
    assert isinstance(tree, dict)
    for key in tree if len(tree) > 1 else ():
        after = yaml_patch.patch(text, (key,), None)
        kept = [line for line in after.split("\n") if line not in text.split("\n")]
        assert kept == []
        assert yaml_tree.says(after) == {k: v for k, v in tree.items() if k != key}


@pytest.mark.parametrize("text", BY_HAND)
def test_a_new_field_is_one_new_line(text: str) -> None:
    for value in ({"by": "Ada Lind", "on": "2025-03-13"}, "Why: now?"):
        plain: Plain = dict(value) if isinstance(value, dict) else value
        after = yaml_patch.patch(text, ("approved",), plain)
        first, end, now = changed_lines(text, after)
        assert (end - first, now) == (0, 1)


def test_the_body_of_an_episode_stays_byte_for_byte() -> None:
    body = "A line with  spaces \t\n\n---\nnot: a field\r\n\x0c"
    for newline in ("\n", "\r\n"):
        head = f"---\n{EPISODE}--- # end\n".replace("\n", newline)
        text = f"\ufeff{head}{body}"
        after = episode_md.patch(text, ("title",), "Why: now?")
        assert after.endswith(f"--- # end{newline}{body}")
        first, end, now = changed_lines(text, after)
        assert (end - first, now) == (1, 1)
        assert episode_md.patch(text, ("tags", 0), "Serbia") == text


def real_front_matter(shared: Path) -> list[str]:
    """YAML that other people wrote, from the material beside the project."""
    found = []
    for file in sorted([*shared.glob("data/shownotes/**/*.md"), *shared.glob("data/hostile/markdown/*.md")]):
        parts = episode_md.split(file.read_text("utf-8", errors="replace"))
        if parts and len(parts[1]) < 20_000:
            found.append(parts[1])
    files = sorted(shared.glob("data/hostile/yaml/**/*.yaml"))
    found += [file.read_bytes().decode("utf-8", "replace") for file in files]
    # Keys after a question mark and lines of nothing but tabs are left out: YAML's own corners, where a
    # patch that cannot be read back makes way for the whole text written anew.
    corner = re.compile(r"^\s*(- )*\? |^ *\t\s*$", re.MULTILINE)
    return [text for text in found if len(text) < 20_000 and not corner.search(text)]


def test_patches_of_files_that_others_wrote_change_their_own_lines_only(shared: Path) -> None:
    files = [text for text in real_front_matter(shared) if isinstance(yaml_tree.says(text), dict)]
    patched = sum(check_patches(text, "Why: now?") for text in files)
    assert (len(files), patched) > (50, 200), (len(files), patched)


def test_patches_of_the_demonstration_change_their_own_lines_only() -> None:
    files = [*ROOT.glob("demo/series/*.yaml"), *ROOT.glob("demo/series/episodes/*/*.yaml")]
    texts = [file.read_text("utf-8") for file in files]
    for file in ROOT.glob("demo/series/episodes/*/episode.md"):
        parts = episode_md.split(file.read_text("utf-8"))
        assert parts, file
        texts.append(parts[1])
    if not texts:
        pytest.skip("demo/series has no files yet")
    for text in texts:
        assert check_patches(text, "Why: now?")
