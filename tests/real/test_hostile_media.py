"""All hostile media files, each in a child of its own, watched by strace: nothing but the file is opened."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest
from tests import hostile_media
from tests.conftest import ROOT, lacking

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

SCRIPT = """
import sys
import tempfile
from pathlib import Path
from tests import hostile_media
count, said = hostile_media.outcomes(map(Path, sys.argv[2:]), Path(sys.argv[1]))
for name, what in sorted(said.items()):
    print(repr(name), what)
for what, number in count.most_common():
    print("TOTAL", number, what)
"""


def test_no_hostile_file_opens_another_or_a_socket_or_leaves_a_trace(shared: Path, tmp_path: Path) -> None:
    strace = shutil.which("strace") or ""
    if not strace:
        lacking("strace")
    paths = hostile_media.files(shared)
    assert len(paths) >= 491
    log = tmp_path / "strace.log"
    command = [strace, "-f", "-qq", "-s", "400", "-e", "trace=openat,open,openat2,socket,connect,execve"]
    command += ["-o", str(log), sys.executable, "-c", SCRIPT, str(tmp_path), *map(str, paths)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "LANG": "C.UTF-8"}
    # Where nothing says where home is, the C library asks a daemon, through a socket.
    environment["HOME"] = str(tmp_path)
    environment["TMPDIR"] = str(tmp_path)  # Python tries whether it can write there
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "Traceback" not in ran.stdout + ran.stderr
    totals = {
        line.split(" ", 2)[2]: int(line.split()[1]) for line in ran.stdout.splitlines() if line[:5] == "TOTAL"
    }
    assert sum(totals.values()) == len(paths)
    # The controls: sound files are taken in, and so are the oddly named ones.
    assert totals["taken in"] >= 225, totals
    for kind in ("aac", "flac", "m4a", "mkv", "mp3", "mp4", "ogg", "opus", "wav", "webm"):
        assert f"'ok.{kind}' taken in" in ran.stdout, kind
    calls = log.read_text(errors="replace")
    assert not [line for line in calls.splitlines() if "socket(" in line or "connect(" in line]
    allowed = (
        str(shared),
        str(tmp_path),
        f"{tempfile.gettempdir()}/onrecord-",
        sys.prefix,
        sys.base_prefix,
        str(ROOT),
        "/proc/",
    )
    system = ("/usr/", "/lib", "/etc/ld.so", "/etc/localtime", "/dev/null", "/dev/urandom", "/sys/", "/bin/")
    opened = re.findall(r'open(?:at2?)?\((?:AT_FDCWD, )?"((?:[^"\\]|\\.)*)"', calls)
    # The control: strace did see the files that were read.
    assert sum("/hostile/media/" in name for name in opened) >= 491
    strangers = {name for name in opened if name.startswith("/") and not name.startswith((*allowed, *system))}
    assert strangers <= {"/", tempfile.gettempdir(), str(tmp_path.parent)}, strangers
    assert "/etc/passwd" not in opened
    # One child may read one hostile file: no other of the corpus is opened beside it.
    by_process: dict[str, set[str]] = {}
    for line in calls.splitlines():
        process, _, call = line.partition(" ")
        for name in re.findall(r'"((?:[^"\\]|\\.)*/hostile/media/(?:[^"\\]|\\.)*)"', call):
            if "open" in call.split("(")[0] and "O_DIRECTORY" not in call:
                by_process.setdefault(process, set()).add(name)
    assert max(len(names) for names in by_process.values()) == 1
