"""Does one thing to many copies of a folder, each in a process of its own that a fault hits at another call.

    driver.py ACT [FOLDER]

It acts once in FOLDER before anything else, so that what is loaded late is loaded then.
Each line on standard input is a JSON list `[call, when, {n: folder, ...}]`. For every folder a child
first makes `when - n` harmless calls of that kind, then acts. strace is attached with
`inject=CALL:...:when=WHEN` and counts for each process on its own; so the fault hits the n-th call of the
act. The answer is a line with a JSON list of how each child ended. With the call `time` a child is killed
after `when * n` microseconds instead, and no strace is needed.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from onrecord.craft.merge_file import merge_files
from onrecord.folder import correct, disk, files
from onrecord.folder.lock import Busy, writer
from onrecord.folder.release import Entry, Kept, publish
from onrecord.make.run import make
from onrecord.make.step import Task, canonical
from onrecord.model.problem import UserError
from onrecord.text.vtt import write_cues

NOWHERE = "/onrecord-nowhere/x"
MARK = "/onrecord-begin"
OLD = {
    "index.html": b"old",
    "kept/page.html": b"same",
    "kept/gone.html": b"gone",
    "deep/er/still.html": b"old",
}
NEW: dict[str, Entry] = {
    "index.html": b"new",
    "kept/page.html": Kept(),
    "deep/er/still.html": b"new",
    "deep/other/fresh.html": b"fresh",
}


class Here(Executor):
    """Runs a job at once, in this thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As `Executor.submit`."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def new_site(root: Path) -> dict[str, Entry]:
    """The site to be published: written, kept and linked files."""
    return {**NEW, "media/sound.mp3": root / "cache/sound.mp3"}


def tasks(root: Path) -> list[Task]:
    """Two steps for two episodes; in the second one a person has corrected the transcript."""
    made = []
    for unit in ("one", "two"):
        folder = str(root / "episodes" / unit)
        words, params = ("cache/words.txt",), canonical({"beam": 2})
        made += [
            Task("recognise", unit, 1, "tiny_steps:recognise", folder, ("recording.txt",), words, params),
            Task(
                "transcribe",
                unit,
                1,
                "tiny_steps:propose",
                folder,
                words,
                ("transcript.vtt",),
                correctable=True,
            ),
        ]
    return made


def act_publish(root: Path) -> None:
    """Publish the new site over the old one."""
    with writer(root, "build"):
        publish(root, new_site(root), {"site": "new"})


def act_race(root: Path) -> None:
    """Publish a site in which every file bears the name of this process, beside another one that does so."""
    with writer(root, "build"):
        publish(root, {f"{n}.html": b"%d" % os.getpid() for n in range(20)}, {})


def act_renames(root: Path) -> None:
    """The same where folders cannot be exchanged."""
    disk.exchange = lambda *_: False
    act_publish(root)


def act_in_place(root: Path) -> None:
    """How it is not done: the control that must break."""
    for path, entry in sorted(new_site(root).items()):
        target = root / "public" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(entry, bytes):
            target.write_bytes(entry)
    (root / "public/kept/gone.html").unlink()


def act_save(root: Path) -> None:
    """Save a file that a person corrects."""
    path = root / "episodes/two/transcript.vtt"
    files.save(path, b"mine, better\n", if_match=files.digest(b"mine\n"), keep_history=root)


def act_make(root: Path) -> None:
    """Bring two episodes up to date."""
    with writer(root, "build"):
        outcomes = make(tasks(root), {"cpu": Here()}, lambda _: None, threading.Event())
    for outcome in outcomes:
        if outcome.failure is not None and outcome.failure.trace:
            raise RuntimeError(outcome.failure.trace)
    if any(outcome.failed for outcome in outcomes):
        sys.exit(1)


def hearing(number: int) -> bytes:
    """What one recogniser after another hears of the same ten captions; the second has one word right."""
    words = [f"word{n}" if (n + number) % 3 else f"heard{number}of{n}" for n in range(10)]
    if number == 2:
        words[0] = "mended0"
    rows = [
        (n * 1000 + number, n * 1000 + 900, f"Speaker {number}", f"So {w} then") for n, w in enumerate(words)
    ]
    return write_cues(rows, "en").encode()


def lay_hearing(root: Path, number: int) -> None:
    """What `place` does with a proposal, without the receipt: as if every run were killed before it."""
    path, proposed = root / "transcript.vtt", root / "record/proposed/transcript.vtt"
    correct.lay(
        path, hearing(number), files.digest(hearing(1)), proposed=proposed, root=root, merge=merge_files
    )


def act_lay(root: Path) -> None:
    """Lay a new proposal beside a corrected transcript."""
    lay_hearing(root, 2)


def act_accept(root: Path) -> None:
    """Take what lies beside it."""
    correct.accept(root / "transcript.vtt", root, merge_files)


def act_mark(root: Path) -> None:
    """Build a series in which a passage was taken off the record since the last release."""
    from datetime import UTC, datetime

    from onrecord.flow.build import Wish, build
    from onrecord.folder.layout import SeriesFolder

    with writer(root, "build"):
        report = build(
            SeriesFolder(root),
            Wish(datetime(2025, 4, 1, tzinfo=UTC)),
            dict,
            lambda _: None,
            threading.Event(),
        )
    if report.published is None:
        sys.exit(1)


def burn(call: str) -> Callable[[], object]:
    """A harmless call of the same kind."""
    null = os.open(os.devnull, os.O_WRONLY)
    libc = ctypes.CDLL(None)
    kinds: dict[str, Callable[[], object]] = {
        "openat": lambda: os.open(NOWHERE, os.O_RDONLY),
        "write": lambda: os.write(null, b""),
        "pwrite64": lambda: os.pwrite(null, b"", 0),
        "fsync": lambda: os.fsync(4000),
        "rename": lambda: os.rename(NOWHERE, NOWHERE),  # noqa: PTH104 - the bare call is meant
        "renameat2": lambda: libc.renameat2(-100, NOWHERE.encode(), -100, NOWHERE.encode(), 2),
        "link": lambda: os.link(NOWHERE, NOWHERE),
        "mkdir": lambda: os.mkdir(NOWHERE),  # noqa: PTH102 - the bare call is meant
        "unlink": lambda: os.unlink(NOWHERE),  # noqa: PTH108 - the bare call is meant
        "unlinkat": lambda: os.unlink("x", dir_fd=4000),
        "rmdir": lambda: os.rmdir(NOWHERE),  # noqa: PTH106 - the bare call is meant
        "ftruncate": lambda: os.ftruncate(4000, 0),
        "fchmod": lambda: os.fchmod(4000, 0),
    }
    return kinds[call]


def child(act: Callable[[Path], None], root: Path, before: Callable[[], object] | None, times: int) -> int:
    """Act once; 0 well, 1 a failure with a sentence, 75 busy, 3 a bug."""
    if before is not None:
        for _ in range(times):
            with contextlib.suppress(OSError):
                before()
    os.access(MARK, os.F_OK)  # a sign in strace's log, and no call that a fault is counted in
    end = 0
    try:
        act(root)
    except Busy:
        end = 75
    except UserError:
        end = 1
    except OSError as error:
        end = 3 if error.filename is None else 1
        if end == 3:
            traceback.print_exc()
    except SystemExit as error:
        end = int(error.code or 0)
    except BaseException:  # noqa: BLE001 - this is what the test looks for
        traceback.print_exc()
        end = 3
    return end


def serve(act: Callable[[Path], None], call: str, when: int, folders: dict[str, str]) -> list[int]:
    """How the act ended in each folder."""
    before = burn(call) if call not in {"none", "time"} else None
    ends = []
    for number, folder in folders.items():
        pid = os.fork()
        if not pid:
            os._exit(child(act, Path(folder), before, when - int(number) if before else 0))
        if call == "time":
            time.sleep(when * int(number) / 1e6)
            os.kill(pid, signal.SIGKILL)
        ends.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    return ends


def main() -> None:
    """Say that it is ready, then serve line by line."""
    with contextlib.suppress(AttributeError):  # where only a parent may trace: let anybody
        ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
    act = globals()[f"act_{sys.argv[1]}"]
    for folder in sys.argv[2:]:
        act(Path(folder))
    print("ready", flush=True)  # noqa: T201 - the answer
    for line in sys.stdin:
        print(json.dumps(serve(act, *json.loads(line))), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
