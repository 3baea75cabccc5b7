"""Killed at a file call while a passage is taken down: nothing that is published again holds it."""

from __future__ import annotations

import importlib
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.stories import test_off_the_record as marks
from tests.stories.test_series import SLUG

from onrecord.flow.rollback import rollback
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.lock import writer
from onrecord.model.problem import UserError

faults: Any = importlib.import_module("tests.faults.test_faults")
driver, room, strace, built = faults.driver, faults.room, faults.strace, marks.built


@pytest.fixture
def series(built: SeriesFolder, room: Path) -> tuple[Path, Path]:
    """A series in which the mark is written, but not built; and one to warm up on."""
    for name in ("series", "warm"):
        shutil.copytree(built.root, room / name, symlinks=True)
    marks.mark(SeriesFolder(room / "series"))
    marks.mark(SeriesFolder(room / "warm"))
    return room / "series", room / "warm"


def judge(root: Path, driver: object) -> str:
    """Whether the passage is public yet (`old`, `new`), and that nothing brings it back."""
    home = SeriesFolder(root)
    assert faults.is_whole(root)
    stands = "old" if marks.SECRET in marks.everything(home.public) else "new"
    with writer(root, "rollback"):
        try:
            rollback(home)
        except UserError:
            pass
        else:
            assert marks.SECRET not in marks.everything(home.public), "rollback brought it back"
    driver.act_mark(root)  # type: ignore[attr-defined]
    assert faults.is_whole(root)
    assert marks.SECRET not in marks.everything(home.public)
    assert marks.SECRET not in marks.everything(home.machine)
    assert "Thanks, Goran." in (home.public / SLUG / "index.html").read_text()
    return stands


def check(strace: str, series: tuple[Path, Path], room: Path, driver: object, every: int) -> Counter[str]:
    found: Counter[str] = Counter()
    root, warm = series
    for at, end, folder in faults.sweep(strace, "mark", root, room, "signal=SIGKILL", every=every, warm=warm):
        assert end == faults.KILLED, f"no kill at {at}"
        found[judge(folder, driver)] += 1
    return found


def test_the_control_without_a_mark_is_rolled_back(built: SeriesFolder, room: Path) -> None:
    shutil.copytree(built.root, room / "control", symlinks=True)
    home = SeriesFolder(room / "control")
    with writer(home.root, "rollback"):
        rollback(home)
    assert marks.SECRET in marks.everything(home.public)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_killed_at_a_file_call_of_a_take_down_nothing_brings_the_passage_back(
    strace: str, series: tuple[Path, Path], room: Path, driver: object
) -> None:
    found = check(strace, series, room, driver, 3)
    print(found)  # noqa: T201 - how many faults fired
    assert found.total() >= 50
    assert set(found) == {"old", "new"}
