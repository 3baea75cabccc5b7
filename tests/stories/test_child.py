"""A child that dies, hangs, eats or prints harms nobody: its parent gets a problem at the file's door."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import lacking

from onrecord.engines import child
from onrecord.model.problem import Place, Problem, UserError

CASES = """
import ctypes, os, subprocess, sys, time
from onrecord.model.problem import Place, Problem, UserError

def answers(request, tell):
    tell(1, 2, "half")
    print("a library prints this")
    sys.stdout.flush()
    return {"twice": request["n"] * 2, "environment": sorted(os.environ), "folder": os.getcwd()}

def crashes(request, tell):
    ctypes.string_at(0)

def hangs(request, tell):
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    open(request["note"], "w").write(str(helper.pid))
    time.sleep(60)

def connects(request, tell):
    import socket
    try:
        with socket.create_connection(("127.0.0.1", request["port"]), timeout=2):
            return {"connected": True}
    except OSError:
        return {"connected": False}

def waits(request, tell):
    open(request["note"], "w").write(str(os.getpid()))
    time.sleep(60)

def eats(request, tell):
    return {"n": len(bytearray(8 << 30))}

def burns(request, tell):
    while True:
        pass

def writes(request, tell):
    with open("big", "wb") as file:
        while True:
            file.write(bytes(1 << 20))

def complains(request, tell):
    raise UserError((Problem(Place("a.mp3", 3), "is odd", "mend it"),))

def is_wrong(request, tell):
    return {}["nothing"]
"""


@pytest.fixture(autouse=True)
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of functions that misbehave, where the child can import it."""
    (tmp_path / "cases.py").write_text(CASES)
    environment = child._environment

    def with_cases(folder: str) -> dict[str, str]:
        given = environment(folder)
        return given | {"PYTHONPATH": f"{given['PYTHONPATH']}{os.pathsep}{tmp_path}"}

    monkeypatch.setattr(child, "_environment", with_cases)
    monkeypatch.setenv("A_SECRET", "token")


def test_a_child_answers_tells_and_sees_nearly_nothing() -> None:
    told: list[tuple[float, float, str]] = []
    answer = child.run("cases:answers", {"n": 21}, about="a.mp3", tell=lambda *said: told.append(said))
    assert answer["twice"] == 42
    assert told == [(1, 2, "half")]
    assert "A_SECRET" not in answer["environment"]
    assert len(answer["environment"]) <= 10
    assert not Path(answer["folder"]).exists()


@pytest.mark.parametrize(
    ("name", "limits", "says"),
    [
        ("crashes", child.Limits(), "crashed on it (SIGSEGV)"),
        ("eats", child.Limits(), "needs more memory"),
        ("burns", child.Limits(cpu_s=1), "used up its time"),
        ("writes", child.Limits(file_bytes=1 << 22), "File too large"),
    ],
)
def test_a_childs_death_is_a_problem_of_the_file(name: str, limits: child.Limits, says: str) -> None:
    with pytest.raises(UserError) as caught:
        child.run(f"cases:{name}", {}, about="a.mp3", limits=limits)
    (problem,) = caught.value.problems
    assert problem.place.path == "a.mp3"
    assert says in problem.says
    assert problem.hint


def test_a_child_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "helper"
    began = time.monotonic()
    with pytest.raises(UserError, match="took longer than 3 s"):
        child.run("cases:hangs", {"note": str(note)}, about="a.mp3", limits=child.Limits(wall_s=3))
    assert time.monotonic() - began < 20
    helper = int(note.read_text())
    for _ in range(100):
        if not _runs(helper):
            break
        time.sleep(0.05)
    assert not _runs(helper)


def _runs(process: int) -> bool:
    """Whether a process runs; a dead one that nobody has buried does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_child_has_no_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            pass  # the control: somebody listens there
        answer = child.run("cases:connects", {"port": port}, about="a.mp3")
    if answer["connected"]:
        lacking("a network namespace")


def test_what_a_child_says_of_a_file_comes_through() -> None:
    with pytest.raises(UserError) as caught:
        child.run("cases:complains", {}, about="b.mp3")
    assert caught.value.problems == (Problem(Place("a.mp3", 3), "is odd", "mend it"),)


def test_our_own_bug_keeps_its_traceback() -> None:
    with pytest.raises(child.ChildError, match="KeyError: 'nothing'"):
        child.run("cases:is_wrong", {}, about="a.mp3")


def test_a_child_leaves_with_its_parent(tmp_path: Path) -> None:
    note = tmp_path / "helper"
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]);"
        "from onrecord.engines import child;"
        "given = child._environment;"
        "more = lambda f: given(f)['PYTHONPATH'] + ':' + sys.argv[2];"
        "child._environment = lambda f: given(f) | {'PYTHONPATH': more(f)};"
        "child.run('cases:waits', {'note': sys.argv[1]}, about='a')"
    )
    root = str(Path(child.__file__).parents[2])
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(note), str(tmp_path)], env=os.environ | {"PYTHONPATH": root}
    )
    for _ in range(200):
        if note.exists() and note.read_text():
            break
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    process = int(note.read_text())
    for _ in range(100):
        if not _runs(process):
            break
        time.sleep(0.05)
    assert not _runs(process)
