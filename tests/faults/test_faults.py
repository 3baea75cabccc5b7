"""Killed, refused or out of room at every single file call: the old or the new, never half, and no lost text.

Every sweep counts the faults that fired. The control writes in place, under the same faults and the same
judge, and must be found broken.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import pytest

from onrecord.folder import correct, files, release
from onrecord.folder.lock import writer
from onrecord.folder.release import publish
from onrecord.make.run import make

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"
SCRIPTED = HERE.parent / "scripted"
CALLS = (
    *("openat", "write", "pwrite64", "ftruncate", "fchmod", "fsync"),
    *("rename", "renameat2", "link", "mkdir", "rmdir", "unlink", "unlinkat"),
)
BEFORE = 20  # more than the driver itself makes of any call
KILLED = -9


@pytest.fixture(scope="module")
def driver() -> Iterator[object]:
    """The driver as a module, for its sites and tasks."""
    sys.path[:0] = [str(HERE), str(SCRIPTED)]
    import driver

    yield driver
    sys.path.remove(str(HERE))
    sys.path.remove(str(SCRIPTED))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a killed process leaves the same there, and fsync is quick."""
    shm = Path("/dev/shm")  # noqa: S108 - that is the one
    if not os.access(shm, os.W_OK):
        yield tmp_path
        return
    folder = shm / f"onrecord-{os.getpid()}-{random.getrandbits(32):08x}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def strace() -> str:
    tool = shutil.which("strace")
    if tool is not None:
        return tool
    reason = "strace is not here, so no fault was injected"
    if os.environ.get("REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def series(room: Path, driver: object) -> Path:
    """A series with two releases, two episodes and a corrected transcript."""
    root = room / "series"
    (root / "cache").mkdir(parents=True)
    (root / "cache/sound.mp3").write_bytes(b"sound")
    publish(root, {"index.html": b"oldest"}, {})
    publish(root, driver.OLD, {"site": "old"})  # type: ignore[attr-defined]
    for unit in ("one", "two"):
        folder = root / "episodes" / unit
        folder.mkdir(parents=True)
        (folder / "recording.txt").write_text(unit)
    go_on(root, driver, beam=1)
    (root / "episodes/two/transcript.vtt").write_text("mine\n")
    return root


def go_on(root: Path, driver: object, beam: int = 2) -> None:
    """The next run, undisturbed."""
    from dataclasses import replace

    tasks = [
        replace(task, params=task.params.replace("2", str(beam)))
        for task in driver.tasks(root)  # type: ignore[attr-defined]
    ]
    with writer(root, "build"):
        outcomes = make(tasks, {"cpu": driver.Here()}, lambda _: None, threading.Event())  # type: ignore[attr-defined]
    assert not [o for o in outcomes if o.result not in {"made", "beside"}]


class Driver:
    """A running driver for one act."""

    def __init__(self, act: str, warm: Path | None = None) -> None:
        env = {
            "PYTHONPATH": os.pathsep.join(map(str, (SRC, SCRIPTED))),
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        command = [sys.executable, str(HERE / "driver.py"), act, *([str(warm)] if warm else [])]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)

    def run(self, call: str, when: int, folders: dict[int, Path], strace: list[str]) -> list[int]:
        """How the act ended in each folder; `strace` is attached meanwhile, if it is given."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        tracer = None
        if strace:
            command = [*strace, "-p", str(self._process.pid)]
            tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            assert tracer.stderr is not None
            assert "attached" in (line := tracer.stderr.readline()), line
        given = {number: str(folder) for number, folder in folders.items()}
        self._process.stdin.write(json.dumps([call, when, given]) + "\n")
        self._process.stdin.flush()
        ends: list[int] = json.loads(self._process.stdout.readline())
        if tracer is not None:
            tracer.send_signal(signal.SIGINT)
            tracer.communicate(timeout=10)
        assert 3 not in ends, "an error that names no file, or a bug: see standard error"
        return ends


def count_calls(strace: str, driver: Driver, series: Path, room: Path) -> Counter[str]:
    """How often each file call is made during the act."""
    copy, log = room / "dry", room / "log"
    shutil.copytree(series, copy, symlinks=True)
    watched = ",".join(f"?{call}" for call in [*CALLS, "access", "faccessat", "faccessat2"])
    tracing = [strace, "-f", "-e", f"trace={watched}", "-e", "signal=none", "-o", str(log)]
    assert driver.run("none", 0, {1: copy}, tracing) == [0]
    lines = log.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if "/onrecord-begin" in line)
    pid = lines[start].split()[0]
    made = (re.match(rf"{pid}\s+(\w+)\(", line) for line in lines[start + 1 :])
    shutil.rmtree(copy)
    return Counter(m[1] for m in made if m)


def sweep(
    strace: str,
    act: str,
    series: Path,
    room: Path,
    fault: str,
    *,
    every: int = 1,
    calls: Sequence[str] = CALLS,
    warm: Path | None = None,
) -> Iterator[tuple[str, int, Path]]:
    """Each file call of an act hit by a fault (a `+` at its end: from then on always).

    `warm` is a folder to act in before. Yields the call with its number, how the process ended, and the
    folder as it was left.
    """
    with Driver(act, warm) as driver:
        counted = count_calls(strace, driver, series, room)
        for call in calls:
            numbers = range(1 + len(call + act) % every, counted[call] + 1, every)
            folders = {n: room / f"{call}-{n}" for n in numbers}
            for folder in folders.values():
                shutil.copytree(series, folder, symlinks=True)
            when = counted[call] + BEFORE
            inject = f"inject={call}:{fault.rstrip('+')}:when={when}{'+' if fault.endswith('+') else ''}"
            tracing = [strace, "-f", "-e", f"trace={call}", "-e", inject, "-o", os.devnull]
            ends = driver.run(call, when, folders, tracing) if folders else []
            for (n, folder), end in zip(folders.items(), ends, strict=True):
                yield f"{call} {n}", end, folder
                shutil.rmtree(folder)


def site(root: Path) -> dict[str, bytes]:
    """What stands in public/."""
    public = root / "public"
    return {
        path.relative_to(public).as_posix(): path.read_bytes()
        for path in public.rglob("*")
        if path.is_file() and path.name != "release.json"
    }


def is_whole(root: Path) -> bool:
    """Is public/ what the manifest of the release it names says, with its own hashes?"""
    name = json.loads((root / "public/release.json").read_text())["release"]
    listed = json.loads((root / f".onrecord/releases/{name}.json").read_text())["files"]
    found = {path: hashlib.sha256(data).hexdigest() for path, data in site(root).items()}
    return {path: file[0] for path, file in listed.items()} == found


def sites(driver: object) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The old and the new site."""
    old: dict[str, bytes] = driver.OLD  # type: ignore[attr-defined]
    fresh = {path: data for path, data in driver.NEW.items() if isinstance(data, bytes)}  # type: ignore[attr-defined]
    return old, {**fresh, "kept/page.html": old["kept/page.html"], "media/sound.mp3": b"sound"}


def judge_publish(root: Path, driver: object) -> str:
    """Which site stands (`old`, `new`, `torn`), and whether everything goes on from there."""
    old, new = sites(driver)
    if site(root) not in (old, new) or not is_whole(root):
        return "torn"
    stands = "old" if site(root) == old else "new"
    driver.act_publish(root)  # type: ignore[attr-defined]
    assert site(root) == new
    assert is_whole(root)
    left = {path.name for path in (root / ".onrecord/releases").iterdir()} - {"previous", "spare"}
    assert len(left) == 2, left  # two manifests
    release.rollback(root)
    assert site(root) == old
    return stands


def judge_save(root: Path, _: object) -> str:
    """Old or new text, and the old one in the history if it was saved over."""
    path = root / "episodes/two/transcript.vtt"
    now = path.read_bytes()
    kept = [file.read_bytes() for file in files.history(root, path)]
    assert kept in ([], [b"mine\n"])
    if now == b"mine, better\n":
        assert kept
        return "new"
    assert now == b"mine\n"
    files.save(path, b"next\n", if_match=files.digest(now), keep_history=root)
    files.sweep(path.parent)
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "cache",
        "record",
        "recording.txt",
        "transcript.vtt",
    ]
    return "old"


def judge_make(root: Path, driver: object) -> str:
    """The person's text stands; the machine's is whole, and stays the machine's; the next run ends well."""
    first, second = (root / "episodes" / unit for unit in ("one", "two"))
    assert (second / "transcript.vtt").read_text() == "mine\n"
    before, after = (f"transcript of words(one,{beam})\n" for beam in (1, 2))
    text = (first / "transcript.vtt").read_text()
    assert text in (before, after)
    go_on(root, driver)
    assert (first / "transcript.vtt").read_text() == after
    assert not correct.beside(first / "transcript.vtt").exists()
    assert (second / "transcript.vtt").read_text() == "mine\n"
    assert correct.beside(second / "transcript.vtt").read_text() == "transcript of words(two,2)\n"
    for folder in (first, second):
        assert not [path for path in folder.rglob("*") if path.name.endswith(".part")]
        assert not list((folder / "cache/.scratch").iterdir())
    return "old" if text == before else "new"


Judge = Callable[[Path, object], str]
JUDGES: dict[str, Judge] = {
    "publish": judge_publish,
    "save": judge_save,
    "make": judge_make,
}


def check_kills(strace: str, act: str, series: Path, room: Path, driver: object, every: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for at, end, folder in sweep(strace, act, series, room, "signal=SIGKILL", every=every):
        assert end == KILLED, f"no kill at {at}"
        found[JUDGES[act](folder, driver)] += 1
    return found


@pytest.mark.parametrize(("act", "every", "at_least"), [("publish", 2, 50), ("save", 1, 15), ("make", 8, 20)])
def test_killed_at_a_file_call_nothing_is_torn_and_the_next_run_succeeds(
    strace: str, series: Path, room: Path, driver: object, act: str, every: int, at_least: int
) -> None:
    found = check_kills(strace, act, series, room, driver, every)
    assert found.total() >= at_least
    assert set(found) == {"old", "new"}


@pytest.mark.slow
@pytest.mark.parametrize(("act", "at_least"), [("publish", 100), ("make", 190)])
def test_killed_at_every_file_call_nothing_is_torn_and_the_next_run_succeeds(
    strace: str, series: Path, room: Path, driver: object, act: str, at_least: int
) -> None:
    found = check_kills(strace, act, series, room, driver, 1)
    assert found.total() >= at_least
    assert set(found) == {"old", "new"}


@pytest.mark.slow
def test_killed_again_while_it_recovers_nothing_is_torn(
    strace: str, series: Path, room: Path, driver: object
) -> None:
    found: Counter[str] = Counter()
    (room / "again").mkdir()
    for _, end, folder in sweep(strace, "publish", series, room, "signal=SIGKILL", every=7):
        assert end == KILLED
        for at, again, twice in sweep(strace, "publish", folder, room / "again", "signal=SIGKILL", every=7):
            assert again == KILLED, f"no kill at {at}"
            found[judge_publish(twice, driver)] += 1
    assert found.total() >= 100
    assert set(found) == {"old", "new"}


def test_between_two_renames_the_next_start_puts_the_site_back(
    strace: str, series: Path, room: Path, driver: object
) -> None:
    found: Counter[str] = Counter()
    for at, end, folder in sweep(
        strace, "renames", series, room, "signal=SIGKILL", calls=("rename", "fsync")
    ):
        assert end == KILLED, f"no kill at {at}"
        found["away"] += not (folder / "public").exists()
        release.recover(folder)
        found[judge_publish(folder, driver)] += 1
    assert found["away"] > 0  # the moment that only an exchange avoids
    assert found["old"] > 0
    assert found["new"] > 0
    assert not found["torn"]


def test_the_control_that_writes_in_place_is_found_torn(
    strace: str, series: Path, room: Path, driver: object
) -> None:
    found: Counter[str] = Counter()
    for at, end, folder in sweep(strace, "in_place", series, room, "signal=SIGKILL"):
        assert end == KILLED, f"no kill at {at}"
        found[judge_publish(folder, driver)] += 1
    assert found["torn"] >= 5


def check_refusals(
    strace: str, act: str, series: Path, room: Path, driver: object, fault: str, every: int
) -> Counter[str]:
    """A failed call is told, and the old site stands; where it is not told, the new one does."""
    found: Counter[str] = Counter()
    for at, end, folder in sweep(strace, act, series, room, fault, every=every):
        assert end in {0, 1}, f"{at} ended with {end}"
        stands = JUDGES[act](folder, driver)
        if act == "publish":
            assert stands == ("old" if end else "new"), at
        found["told" if end else "borne"] += 1
    return found


@pytest.mark.parametrize(
    ("act", "fault", "every", "at_least"),
    [
        ("publish", "error=ENOSPC", 5, 10),
        ("publish", "error=EIO+", 6, 10),
        ("save", "error=EIO", 1, 12),
        ("save", "error=ENOSPC+", 1, 12),
        ("make", "error=ENOSPC", 13, 8),
    ],
)
def test_a_call_that_fails_is_told_and_nothing_is_torn(
    strace: str, series: Path, room: Path, driver: object, act: str, fault: str, every: int, at_least: int
) -> None:
    assert check_refusals(strace, act, series, room, driver, fault, every)["told"] >= at_least


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault", ["error=ENOSPC", "error=EIO", "error=EMFILE", "error=EROFS", "error=ENOSPC+", "error=EIO+"]
)
@pytest.mark.parametrize(("act", "at_least"), [("publish", 45), ("save", 12), ("make", 60)])
def test_every_call_that_fails_is_told_and_nothing_is_torn(
    strace: str, series: Path, room: Path, driver: object, act: str, fault: str, at_least: int
) -> None:
    assert check_refusals(strace, act, series, room, driver, fault, 1)["told"] >= at_least


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("link", "error=EXDEV+"),
        ("link", "error=EPERM+"),
        ("fsync", "error=EINVAL+"),
        ("renameat2", "error=EINVAL+"),
    ],
)
def test_what_a_file_system_cannot_do_is_done_without(
    strace: str, series: Path, room: Path, driver: object, call: str, fault: str
) -> None:
    fired = 0
    for _, end, folder in sweep(strace, "publish", series, room, fault, calls=(call,), every=2):
        assert end == 0
        assert judge_publish(folder, driver) == "new"
        fired += 1
    assert fired > 0


def test_killed_at_any_moment_nothing_is_torn(series: Path, room: Path, driver: object) -> None:
    whole, *_ = folders = {n: room / f"at-{n}" for n in range(41)}
    for folder in folders.values():
        shutil.copytree(series, folder, symlinks=True)
    with Driver("publish") as killed:
        began = time.perf_counter()
        assert killed.run("none", 0, {whole: folders.pop(whole)}, []) == [0]
        # From the start until a while after the end, however fast this machine is.
        step_us = round((time.perf_counter() - began) * 1e6 / 30)
        ends = killed.run("time", step_us, folders, [])
    assert ends.count(KILLED) >= 10
    assert "torn" not in {judge_publish(folder, driver) for folder in folders.values()}


def test_of_two_builds_at_once_one_is_told_that_the_other_is_at_it(room: Path) -> None:
    ended: Counter[int] = Counter()
    with Driver("race") as one, Driver("race") as other:
        for _ in range(15):
            with ThreadPoolExecutor(2) as both:
                builds = [both.submit(driver.run, "none", 0, {1: room}, []) for driver in (one, other)]
            ends = [end for build in builds for end in build.result()]
            ended.update(ends)
            assert is_whole(room)
            assert len(set(site(room).values())) == 1
    assert set(ended) == {0, 75}
    assert ended.total() == 30


MENDED = ("mended0", "mended3", "Ada Lind")


@pytest.fixture
def corrected(room: Path, driver: object) -> Path:
    """A folder with a transcript that a person corrected, in words and in names."""
    root = room / "series"
    (root / ".onrecord").mkdir(parents=True)
    driver.lay_hearing(root, 1)  # type: ignore[attr-defined]
    file = root / "transcript.vtt"
    text = file.read_text().replace("Speaker 1", "Ada Lind")
    file.write_text(text.replace("word0", "mended0").replace("word3", "mended3"))
    return root


def judge_corrections(root: Path, driver: object) -> str:
    """Every correction stands now, after one more, and after two more proposals are taken."""
    file = root / "transcript.vtt"
    text = file.read_text()
    assert all(word in text for word in MENDED)
    stands = "new" if "heard2" in text else "old"
    file.write_text(text.replace("word6", "mended6"))
    for number in (2, 3, 4):
        driver.lay_hearing(root, number)  # type: ignore[attr-defined]
        correct.accept(file, root, driver.merge_files)  # type: ignore[attr-defined]
    text = file.read_text()
    assert all(word in text for word in (*MENDED, "mended6"))
    assert "heard4" in text
    assert not correct.beside(file).exists()
    return stands


@pytest.mark.parametrize(
    ("act", "at_least", "may_stand"), [("lay", 40, {"old"}), ("accept", 15, {"old", "new"})]
)
def test_killed_while_a_proposal_is_laid_or_taken_no_correction_is_lost_then_or_later(
    strace: str, corrected: Path, room: Path, driver: object, act: str, at_least: int, may_stand: set[str]
) -> None:
    if act == "accept":
        driver.lay_hearing(corrected, 2)  # type: ignore[attr-defined]
    found: Counter[str] = Counter()
    for at, end, folder in sweep(strace, act, corrected, room, "signal=SIGKILL"):
        assert end == KILLED, f"no kill at {at}"
        found[judge_corrections(folder, driver)] += 1
    assert found.total() >= at_least
    assert set(found) == may_stand
