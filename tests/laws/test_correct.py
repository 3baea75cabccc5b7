"""Laws of the rule for correctable files."""

from __future__ import annotations

import contextlib
import functools
import itertools
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from onrecord.craft.merge_file import merge_files
from onrecord.folder import correct, files
from onrecord.text import vtt

DIGESTS = ["m", "p", "n"]


def test_every_case_is_decided_as_the_table_says() -> None:
    table = {}
    for made, now, new in itertools.product([None, *DIGESTS], [None, *DIGESTS], DIGESTS):
        table[made, now, new] = correct.decide(made, now, new)
    assert len(table) == 4 * 4 * 3
    for (made, now, new), verdict in table.items():
        if now is None:
            assert verdict == "write"
        elif now == new:
            assert verdict == "nothing"
        elif made == now:
            assert verdict == "replace"
        else:
            assert verdict == "beside"


def test_without_a_receipt_a_file_is_the_persons() -> None:
    assert correct.decide(None, "p", "n") == "beside"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["machine", "person", "accept", "delete"]), st.binary(max_size=3)),
        max_size=12,
    )
)
def test_no_text_of_a_person_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, bytes]]
) -> None:
    root = tmp_path_factory.mktemp("series")
    (root / ".onrecord").mkdir()
    file, proposed = root / "t.vtt", root / "record/t.vtt"
    made: str | None = None
    machine: set[bytes] = set()
    theirs: bytes | None = None  # what the person last wrote and has neither given up nor deleted
    for what, text in steps:
        if what == "machine":
            machine.add(text)
            made = correct.lay(file, text, made, proposed=proposed, root=root).made
        elif what == "person":
            file.write_bytes(text)
            theirs = text
        elif what == "accept":
            correct.accept(file, root)
        else:
            file.unlink(missing_ok=True)
            theirs = None
        if theirs is not None and theirs not in machine:
            kept = [path.read_bytes() for path in files.history(root, file)]
            assert file.read_bytes() == theirs or theirs in kept


@settings(max_examples=15, deadline=None)
@given(st.binary(), st.binary())
def test_a_second_proposal_of_the_same_bytes_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, mine: bytes, new: bytes
) -> None:
    root = tmp_path_factory.mktemp("series")
    file, proposed = root / "t.vtt", root / "record/t.vtt"
    file.write_bytes(mine)
    made = correct.lay(file, new, None, proposed=proposed, root=root).made
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    correct.lay(file, new, made, proposed=proposed, root=root)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


@st.composite
def hearings(draw: st.DrawFn) -> bytes:
    """One of many ways to hear the same twelve words; sometimes it hears what a person wrote."""
    rows: list[tuple[int, int, str, str]] = []
    voices = draw(st.permutations(["Speaker 1", "Speaker 2"]))
    for n in range(12):
        text = draw(st.sampled_from([f"b{n}", f"b{n}", f"b{n}", f"n{draw(st.integers(0, 9))}", f"p{n}", ""]))
        if text:
            rows.append((n * 1000, n * 1000 + draw(st.sampled_from([900, 950])), voices[n // 6], text))
    return vtt.write_cues(rows, "en").encode()


class Killed(Exception):  # noqa: N818 - it reads as what happened
    """The process ends here."""


ROUNDS = st.lists(
    st.tuples(
        st.sets(st.integers(0, 11), min_size=1, max_size=3),
        hearings(),
        st.integers(0, 40),
        st.sampled_from(["accept", "accept", "move", "refuse", "leave"]),
        st.integers(0, 14),
    ),
    min_size=3,
    max_size=6,
)
"""What a person mends, what is heard next, the call it is killed at; what becomes of it, and the call."""


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(hearings(), ROUNDS)
def test_no_correction_is_ever_taken_back_by_a_later_proposal(  # noqa: C901 - each act is a small function
    tmp_path_factory: pytest.TempPathFactory,
    first: bytes,
    rounds: list[tuple[set[int], bytes, int, str, int]],
) -> None:
    """However proposals follow each other, are taken, refused or left, and killed at any file call."""
    root = tmp_path_factory.mktemp("series")
    (root / ".onrecord").mkdir()
    file, proposed = root / "transcript.vtt", root / "record/proposed/transcript.vtt"
    made = [correct.lay(file, first, None, proposed=proposed, root=root, merge=merge_files).made]
    written: set[str] = set()

    def lay(data: bytes) -> None:
        made[0] = correct.lay(file, data, made[0], proposed=proposed, root=root, merge=merge_files).made

    def words() -> set[str]:
        return set(re.findall(r"\w+", file.read_text()))

    def person(n: int) -> None:
        """Mends one word, where it is wrong."""
        text = file.read_text()
        mended = re.sub(rf"\bb{n}\b", f"p{n}", text, count=1)
        if f"p{n}" not in words() and mended != text:
            file.write_text(mended)
            written.add(f"p{n}")

    def machine(data: bytes, kill: int) -> None:
        before = file.read_bytes()
        killed_at(kill, functools.partial(lay, data))
        lay(data)
        assert not written or file.read_bytes() == before

    def accept(kill: int) -> None:
        killed_at(kill, functools.partial(correct.accept, file, root, merge_files))
        correct.accept(file, root, merge_files)

    def move() -> None:
        if correct.beside(file).exists() and not changed_since(file, proposed):
            correct.beside(file).replace(file)

    def refuse() -> None:
        correct.beside(file).unlink(missing_ok=True)

    for edits, data, kill, what, kill_again in rounds:
        for n in sorted(edits)[:-1]:
            person(n)
        machine(data, kill)
        person(max(edits))
        if what == "accept":
            accept(kill_again)
        elif what != "leave":
            {"move": move, "refuse": refuse}[what]()
        assert not written - words(), what


def test_a_correction_that_a_taken_proposal_agreed_with_is_still_known_as_one(tmp_path: Path) -> None:
    (tmp_path / ".onrecord").mkdir()
    file, proposed = tmp_path / "transcript.vtt", tmp_path / "record/proposed/transcript.vtt"

    def heard(*words: str) -> bytes:
        return vtt.write_cues([(n * 1000, n * 1000 + 900, "Ada", w) for n, w in enumerate(words)]).encode()

    def lay(data: bytes) -> correct.Laid:
        return correct.lay(
            file, data, files.digest(first), proposed=proposed, root=tmp_path, merge=merge_files
        )

    first, right = heard("Samurukov", "said", "so"), heard("Samorukov", "says", "so")
    lay(first)
    file.write_bytes(first.replace(b"Samur", b"Samor"))
    lay(right)
    assert correct.accept(file, tmp_path, merge_files) == files.digest(right)
    assert lay(heard("Samurukov", "says", "no")).verdict == "beside"
    assert b"Samorukov" in file.read_bytes()
    assert correct.beside(file).read_bytes() == heard("Samorukov", "says", "no")


def changed_since(file: Path, proposed: Path) -> bool:
    """Whoever moves a file over another one that was changed since loses the change by his own hand."""
    merged = correct.kept(proposed, "mine")
    return not merged.exists() or merged.read_bytes() != file.read_bytes()


def killed_at(call: int, act: Callable[[], object]) -> None:
    """End `act` at its n-th file call; not at all where it makes fewer, or n is 0."""
    left = [call]

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return real(*args, **kwargs)

        return run

    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Killed):
        for name in ("save", "remove", "make_folder", "_place", "_keep"):
            patch.setattr(files, name, counted(getattr(files, name)))
        act()


def test_what_is_raised_pickles() -> None:
    back = pickle.loads(pickle.dumps(files.Changed("a", "b", None)))  # noqa: S301 - our own bytes
    assert (back.path, back.seen, back.now) == ("a", "b", None)
    assert str(Path("a")) in str(back)
