"""Power cuts on ext4: what was acknowledged is there, and the site is one release, whole.

A series lives on an ext4 of its own in an image file. While a process publishes and saves without end, the
image is copied as the disk stands at that moment, without what is only in memory; the copy is mounted and
judged. The control does the same without syncing and must lose something. Needs root and loop devices.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.folder import files, release

SRC = Path(__file__).parents[2] / "src"
IMAGE_BYTES = 48 << 20
CUTS = 12
WRITE = """
import itertools, sys
from pathlib import Path
from onrecord.folder import disk, files
from onrecord.folder.release import publish
root, text = Path(sys.argv[1]), Path(sys.argv[1]) / "transcript.vtt"
if sys.argv[2] == "unsynced":
    disk.sync = lambda fd: None
for n in itertools.count(1):
    publish(root, {f"{i}/page.html": (f"{n} " * 3000).encode() for i in range(12)}, {"n": n})
    print("published", n, flush=True)
    files.save(text, (f"{n} " * 2000).encode(), keep_history=root)
    print("saved", n, flush=True)
"""


@pytest.fixture(scope="module")
def loop() -> None:
    """Skips, loudly, where images cannot be mounted."""
    if os.geteuid() == 0 and shutil.which("mkfs.ext4") and Path("/dev/loop-control").exists():
        return
    reason = "no root or no loop devices, so no power was cut"
    if os.environ.get("REQUIRE") == "all":
        pytest.fail(reason)
    pytest.skip(reason)


@contextlib.contextmanager
def mounted(image: Path, at: Path) -> Iterator[Path]:
    at.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", "loop,noauto_da_alloc,commit=1", image, at], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", at], check=True)


def as_the_disk_stands(image: Path) -> bytes:
    """The image, read until two readings are the same."""
    last = image.read_bytes()
    for _ in range(20):
        now = image.read_bytes()
        if now == last:
            break
        last = now
    return last


def number(data: bytes) -> int:
    """The one number a file consists of; -1 if it is torn."""
    found = set(data.split())
    return int(found.pop()) if len(found) == 1 else -1


def judge(root: Path, published: int, saved: int) -> str:
    """`well`, or what was found instead."""
    text = root / "transcript.vtt"
    if number(text.read_bytes() if text.exists() else b"") < saved:
        return "a saved text is lost or torn"
    try:
        name = json.loads((root / "public/release.json").read_text())["release"]
        manifest = json.loads((root / f".onrecord/releases/{name}.json").read_text())
        for path, file in manifest["files"].items():
            if hashlib.sha256((root / "public" / path).read_bytes()).hexdigest() != file[0]:
                return "a page is torn"
    except (OSError, ValueError):
        return "a page or the manifest is lost"
    if manifest["receipt"]["n"] < published:
        return "a published release is lost"
    release.publish(root, {"next.html": b"next"}, {})
    assert (root / "public/next.html").read_bytes() == b"next"
    files.save(text, b"next", keep_history=root)
    return "well"


def cut(folder: Path, how: str) -> Counter[str]:
    """Cut the power `CUTS` times; what was found after each."""
    found: Counter[str] = Counter()
    chance = random.Random(7)  # noqa: S311 - moments, no secrets
    env = {"PYTHONPATH": str(SRC), "PATH": os.environ["PATH"]}
    for n in range(CUTS):
        image = folder / f"{how}-{n}.img"
        with image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
        with mounted(image, folder / "live") as live:
            release.publish(live, {"first.html": b"first"}, {"n": 0})
            os.sync()
            command = [sys.executable, "-c", WRITE, str(live), how]
            writer = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
            assert writer.stdout is not None
            told = {"published": 0, "saved": 0}
            until = time.monotonic() + chance.uniform(0.3, 1.2)
            while time.monotonic() < until or not told["saved"]:
                what, count = writer.stdout.readline().split()
                told[what] = int(count)
            writer.send_signal(signal.SIGSTOP)
            disk = as_the_disk_stands(image)
            writer.kill()
            writer.communicate()
        image.write_bytes(disk)
        with mounted(image, folder / "after") as after:
            found[judge(after, **told)] += 1
        image.unlink()
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("loop")
def test_after_a_power_cut_nothing_acknowledged_is_lost_and_nothing_is_torn(tmp_path: Path) -> None:
    assert cut(tmp_path, "synced") == {"well": CUTS}


@pytest.mark.slow
@pytest.mark.usefixtures("loop")
def test_the_control_that_does_not_sync_loses_something(tmp_path: Path) -> None:
    assert cut(tmp_path, "unsynced")["well"] <= CUTS // 2
