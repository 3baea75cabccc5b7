"""Laws of the rule for correctable files."""

from __future__ import annotations

import itertools
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.folder import correct, files

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


def test_what_is_raised_pickles() -> None:
    back = pickle.loads(pickle.dumps(files.Changed("a", "b", None)))  # noqa: S301 - our own bytes
    assert (back.path, back.seen, back.now) == ("a", "b", None)
    assert str(Path("a")) in str(back)
