"""A runner that is killed leaves no worker behind, and the next one goes on where it was."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from onrecord.make.run import make
from onrecord.make.step import Task
from onrecord.make.workers import Workers

TESTS = Path(__file__).parents[1]
RUN = """
import sys, threading
from onrecord.make.run import make
from onrecord.make.step import Task
from onrecord.make.workers import Workers
if __name__ == "__main__":
    needs, makes = ("recording.txt",), ("cache/words.txt",)
    task = Task("recognise", "one", 1, "tiny_steps:patient", sys.argv[1], needs, makes)
    with Workers(1) as pool:
        make([task], {"cpu": pool}, print, threading.Event())
"""


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z" if Path("/proc/self").exists() else True


def test_a_killed_runner_takes_its_workers_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".onrecord").mkdir()
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "recording.txt").write_text("rec")
    script = tmp_path / "run.py"
    script.write_text(RUN)
    env = os.environ | {"PYTHONPATH": f"{TESTS.parent / 'src'}{os.pathsep}{TESTS / 'scripted'}"}
    runner = subprocess.Popen([sys.executable, script, folder], env=env, stdout=subprocess.DEVNULL)
    journal = folder / "cache/.scratch/recognise/journal"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not (journal.exists() and journal.read_text().count("\n") == 5):
        time.sleep(0.05)
    worker = int(journal.read_text().split()[0].partition("@")[2])
    assert worker != runner.pid
    assert is_running(worker)
    runner.kill()
    runner.wait()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and is_running(worker):
        time.sleep(0.05)
    assert not is_running(worker)
    (folder / "go").touch()
    monkeypatch.syspath_prepend(str(TESTS / "scripted"))
    task = Task(
        "recognise", "one", 1, "tiny_steps:patient", str(folder), ("recording.txt",), ("cache/words.txt",)
    )
    with Workers(1) as pool:
        (outcome,) = make([task], {"cpu": pool}, lambda _: None, threading.Event())
    assert outcome.receipt is not None
    assert outcome.receipt.facts == {"resumed_at": 5}
