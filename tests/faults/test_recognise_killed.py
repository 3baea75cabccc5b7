"""Recognition killed at any moment ends with the same bytes, and repeats a minute of sound at most."""

from __future__ import annotations

import json
import os
import random
import runpy
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20
PARAMS = {"recogniser": "scripted:3", "language": "", "prompt": ""}

RUN = """
import json, sys
from pathlib import Path
from onrecord.make.step import Work
from onrecord.steps import recognise
folder, params = Path(sys.argv[1]), json.loads(sys.argv[2])
needs = tuple(folder / name for name in ("sound.wav", "silences.json", "facts.json"))
recognise.do(Work(folder, needs, folder / "scratch", params, lambda done, total, what: None))
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """NumPy, RapidFuzz and nothing else, as on a machine without any speech engine; it starts quickly."""
    folder = tmp_path_factory.mktemp("bare")
    for name in ("numpy*", "rapidfuzz*"):
        for package in Path(np.__file__).parents[1].glob(name):
            (folder / package.name).symlink_to(package)
    return folder


def start(folder: Path, bare: Path) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(map(str, (ROOT / "src", ROOT / "tests/scripted", bare)))
    env = {"PYTHONPATH": path, "SCRIPTED_LOG": str(folder / "log"), "PATH": os.defpath}
    return subprocess.Popen([sys.executable, "-S", "-c", RUN, folder, json.dumps(PARAMS)], env=env)


def prepare(folder: Path) -> None:
    tones = runpy.run_path(str(ROOT / "tests/scripted/tones.py"))
    (folder / "scratch").mkdir(parents=True)
    tones["write"](folder, 600)


def heard_ms(folder: Path) -> tuple[int, int]:
    """How much sound went through the recogniser, and how much of it was not repeated."""
    rows = [json.loads(line) for line in (folder / "log").read_text().splitlines()]
    once = {(digest, again): length for digest, length, again in rows}
    return sum(length for _, length, _ in rows), sum(once.values())


def killed_until_done(folder: Path, bare: Path, dice: random.Random, *, forget: bool) -> int:
    """Run, kill, run again ... until a run gets through; how often the kill came before the end.

    The moment is some pieces after the start and a little later, so that it is as random on a busy machine.
    """
    kills = 0
    log = folder / "log"
    while True:
        if forget:
            shutil.rmtree(folder / "scratch")
            (folder / "scratch").mkdir()
        heard = log.read_bytes().count(b"\n") if log.exists() else 0
        until = heard + dice.randrange(9 if not forget else 20)
        later_s = dice.uniform(0, 0.1)
        process = start(folder, bare)
        # The control is left in peace after three kills, because it would never end.
        while process.poll() is None and (kills < 3 or not forget):
            if (log.read_bytes().count(b"\n") if log.exists() else 0) >= until:
                time.sleep(later_s)
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
        if process.wait() == 0:
            return kills
        assert process.returncode == -signal.SIGKILL
        kills += 1


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_random_moments_it_ends_with_the_same_words_and_repeats_a_minute_at_most(
    tmp_path: Path, bare: Path
) -> None:
    prepare(tmp_path / "undisturbed")
    assert start(tmp_path / "undisturbed", bare).wait() == 0
    expected = (tmp_path / "undisturbed/scratch/words.json").read_bytes()
    total, once = heard_ms(tmp_path / "undisturbed")
    assert total == once
    assert once >= 600_000

    dice = random.Random(11)  # noqa: S311 - moments to kill at, the same each time
    kills = repeated_ms = runs = 0
    while kills < KILLS:
        folder = tmp_path / f"run-{runs}"
        prepare(folder)
        now = killed_until_done(folder, bare, dice, forget=False)
        assert (folder / "scratch/words.json").read_bytes() == expected
        total, once = heard_ms(folder)
        assert total - once <= 60_000 * now
        kills, repeated_ms, runs = kills + now, repeated_ms + total - once, runs + 1
    assert kills >= KILLS
    assert repeated_ms > 0, "no kill fell into a piece: the test tests nothing"

    # The control: without its journal the same work under the same kills repeats far more.
    prepare(tmp_path / "forgetful")
    now = killed_until_done(tmp_path / "forgetful", bare, dice, forget=True)
    total, once = heard_ms(tmp_path / "forgetful")
    assert now >= 3
    assert total - once > 60_000 * now
    print(f"{kills} kills in {runs} runs repeated {repeated_ms / kills / 1000:.1f} s each;", end=" ")  # noqa: T201
    print(f"without a journal {(total - once) / now / 1000:.0f} s each")  # noqa: T201
