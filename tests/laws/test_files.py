"""Laws of saving: whole or not at all, and never over what the caller has not seen."""

from __future__ import annotations

import os
import pickle
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from onrecord.folder import disk, files
from onrecord.folder.digests import SETTLED_NS, Digests
from onrecord.folder.lock import Busy, Holder, writer
from onrecord.model.problem import UserError


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.endswith(".part")]


def test_what_is_saved_is_there_and_nothing_else(tmp_path: Path) -> None:
    told = files.save(tmp_path / "new/a.txt", b"one")
    assert told == files.digest(b"one") == files.digest_file(tmp_path / "new/a.txt")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.txt"]


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("now", [None, b"theirs"])
@pytest.mark.parametrize("seen", [None, b"mine"])
def test_a_change_that_was_not_seen_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: bytes | None, seen: bytes | None, *, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(disk, "exchange", lambda *_: False)
    path = tmp_path / "a"
    if now is not None:
        path.write_bytes(now)
    match = None if seen is None else files.digest(seen)
    if now is None and seen is None:
        files.save(path, b"new", if_match=match)
        assert path.read_bytes() == b"new"
    else:
        with pytest.raises(files.Changed):
            files.save(path, b"new", if_match=match)
        assert (path.read_bytes() if path.exists() else None) == now
    assert not parts(tmp_path)


def test_a_save_in_the_very_instant_between_look_and_rename_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"seen")
    place = files._place

    def too_late(part: Path, *rest: object) -> None:
        (tmp_path / "b").write_bytes(b"theirs")
        (tmp_path / "b").replace(path)
        place(part, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "_place", too_late)
    with pytest.raises(files.Changed):
        files.save(path, b"mine", if_match=files.digest(b"seen"))
    assert path.read_bytes() == b"theirs"
    assert not parts(tmp_path)


def test_two_editors_of_one_file_never_lose_a_save(tmp_path: Path) -> None:
    """Each adds lines to what it has just read; whoever comes too late reads again."""
    path = tmp_path / "a"
    path.write_bytes(b"")
    conflicts = [0, 0]

    def edit(me: int) -> None:
        for i in range(25):
            while True:
                seen = path.read_bytes()
                try:
                    files.save(path, seen + b"%d:%d\n" % (me, i), if_match=files.digest(seen))
                except files.Changed:
                    conflicts[me] += 1
                else:
                    break

    threads = [threading.Thread(target=edit, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.read_bytes().split()) == sorted(b"%d:%d" % (n, i) for n in (0, 1) for i in range(25))
    assert sum(conflicts) > 0


def test_the_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    path.chmod(0o640)
    files.save(path, b"2")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_within_the_series_is_followed_and_one_out_of_it_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "series", tmp_path / "outside"
    root.mkdir()
    (root / "real").write_bytes(b"1")
    outside.write_bytes(b"theirs")
    (root / "inner").symlink_to("real")
    (root / "outer").symlink_to(outside)
    files.save(root / "inner", b"2", root=root)
    assert (root / "inner").is_symlink()
    assert (root / "real").read_bytes() == b"2"
    for given in (root, None):
        with pytest.raises(UserError, match="leads to"):
            files.save(root / "outer", b"3", root=given)
    assert outside.read_bytes() == b"theirs"


def test_the_last_twenty_versions_are_kept_each_once(tmp_path: Path) -> None:
    path = tmp_path / "episodes/a/transcript.vtt"
    for n in range(25):
        files.save(path, b"%d" % n, keep_history=tmp_path)
    kept = [file.read_bytes() for file in files.history(tmp_path, path)]
    assert kept == [b"%d" % n for n in range(4, 24)]
    files.save(path, b"10", keep_history=tmp_path)
    files.save(path, b"24", keep_history=tmp_path)
    kept = [file.read_bytes() for file in files.history(tmp_path, path)]
    assert kept[-2:] == [b"24", b"10"]
    assert len(kept) == len(set(kept)) == files.HISTORY_VERSIONS
    assert files.history(tmp_path, path)[0].name.endswith(files.digest(kept[0])[:8])
    files.forget_history(tmp_path, path)
    assert files.history(tmp_path, path) == ()


def test_an_unchanged_save_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    files.save(path, b"same")
    before = path.stat()
    files.save(path, b"same", keep_history=tmp_path)
    assert path.stat() == before
    assert files.history(tmp_path, path) == ()


def test_half_a_line_left_by_a_crash_is_closed_before_the_next(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    files.append(journal, b"one")
    with journal.open("ab") as file:
        file.write(b"tw")
    files.append(journal, b"three")
    assert journal.read_bytes() == b"one\ntw\nthree\n"


def test_what_a_dead_process_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    mine = files._part_name()
    theirs = mine.replace(f"-{os.getpid()}-", f"-{gone.pid}-")
    for name in (mine, theirs, "chapter.part", ".part"):
        (tmp_path / name).write_bytes(b"x")
    files.sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([mine, "chapter.part", ".part"])


def test_a_remembered_digest_is_used_but_never_for_a_file_of_the_same_instant(tmp_path: Path) -> None:
    old, young = tmp_path / "old", tmp_path / "young"
    for path in (old, young):
        path.write_bytes(b"one")
    past_ns = old.stat().st_mtime_ns - 2 * SETTLED_NS
    os.utime(old, ns=(past_ns, past_ns))
    with Digests(tmp_path) as first:
        assert first.of(old) == first.of(young) == files.digest(b"one")
    times = young.stat()
    for path, ns in ((old, past_ns), (young, times.st_mtime_ns)):
        with path.open("r+b") as file:
            file.write(b"two")
        os.utime(path, ns=(ns, ns))  # as if both writes fell into one tick
    second = Digests(tmp_path)
    assert second.of(young) == files.digest(b"two")
    assert second.of(old) == files.digest(b"one")  # the shortcut is taken: only a forger gets here
    os.utime(old)
    assert second.of(old) == files.digest(b"two")
    assert second.of(tmp_path / "none") is None


SRC = Path(__file__).parents[2] / "src"
HOLD = """
import os, sys, time
from pathlib import Path
from onrecord.folder.lock import writer
with writer(Path(sys.argv[1]), "build"):
    child = os.fork() if sys.argv[2] == "fork" else -1
    if child:
        time.sleep(0.2)  # the child has begun
        print(child, flush=True)
    time.sleep(30)
"""


def hold(root: Path, how: str) -> tuple[subprocess.Popen[str], int]:
    """A process that holds the lock, and its child (or -1)."""
    env = os.environ | {"PYTHONPATH": str(SRC)}
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, root, how], stdout=subprocess.PIPE, text=True, env=env
    )
    assert other.stdout is not None
    child = int(other.stdout.readline())
    other.stdout.close()
    return other, child


def test_one_writer_at_a_time_and_the_other_hears_who_it_is(tmp_path: Path) -> None:
    other, _ = hold(tmp_path, "alone")
    with pytest.raises(Busy) as caught, writer(tmp_path, "save"):
        pass
    who = caught.value.who
    assert isinstance(who, Holder)
    assert (who.pid, who.verb) == (other.pid, "build")
    assert "onrecord build" in str(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301 - our own bytes
    other.kill()
    other.wait()
    with writer(tmp_path, "save"), pytest.raises(Busy), writer(tmp_path, "again"):
        pass


def test_a_killed_writer_locks_nobody_out_even_while_its_worker_lives(tmp_path: Path) -> None:
    other, child = hold(tmp_path, "fork")
    try:
        with pytest.raises(Busy), writer(tmp_path, "build"):
            pass
        other.kill()
        other.wait()
        os.kill(child, 0)
        with writer(tmp_path, "build"):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
