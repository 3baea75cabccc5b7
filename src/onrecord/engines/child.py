"""Run one function of ours in a limited child process, so that a bad media file can hurt nothing but itself.

The child is a fresh interpreter (`python -m onrecord.engines.child`) with limits on memory, CPU, file
size and open files, its own process group, its own temp folder as working folder, a nearly empty
environment, and no network where the system can arrange that. The request goes in on stdin as one line of
JSON; progress and then the answer come out on stdout as lines of JSON. Stdin stays open: when the parent
dies, the child reads its end and leaves.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import importlib
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, cast

from onrecord.model.problem import Place, Problem, UserError

Tell = Callable[[float, float, str], None]
"""tell(done, total, "what it is doing")"""

_LONGEST_ANSWER_BYTES = 64 << 20
_NO_ROOM = (errno.EFBIG, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use. `memory_bytes` is address space, which is two to five times what is resident."""

    memory_bytes: int = 2 << 30
    cpu_s: int = 6 * 3600
    wall_s: float = 12 * 3600
    file_bytes: int = 16 << 30
    open_files: int = 128


class ChildError(RuntimeError):
    """Our own code failed in the child; the message is its traceback."""


def run(
    function: str,
    request: Mapping[str, Any],
    *,
    about: str,
    limits: Limits | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """Call `function` (`package.module:name`, taking the request and a `Tell`) in a limited child.

    Args:
        function: Module and name; the function takes `(request: dict, tell: Tell)` and returns plain data.
        request: Plain JSON data; files are given by absolute path.
        about: The file that the child reads, from the episode folder: problems are laid at its door.
        limits: What the child may use.
        tell: Receives the child's progress.

    Raises:
        UserError: The function said so, or the child died, ran out of memory or of time on this file.
        ChildError: Our own code failed.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        errors = Path(folder, "stderr")
        with errors.open("wb") as stderr:
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", "onrecord.engines.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=folder,
                env=_environment(folder),
                start_new_session=True,
            )
        try:
            task = {"function": function, "request": dict(request), "limits": asdict(limits)}
            stdin, stdout = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
            with contextlib.suppress(BrokenPipeError):
                stdin.write(json.dumps(task).encode() + b"\n")
                stdin.flush()
            answer = _listen(stdout, time.monotonic() + limits.wall_s, tell)
            if answer is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=5)  # it is dying: let its own signal be the one that is reported
        finally:
            # The group goes in every case: a helper that the child started must not outlive it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(BrokenPipeError):
                    cast("IO[bytes]", pipe).close()
        if answer is not None and "result" in answer:
            return cast("dict[str, Any]", answer["result"])
        if answer is not None and "problems" in answer:
            raise UserError(tuple(_problem(p) for p in answer["problems"]))
        if answer is not None and "bug" in answer:
            raise ChildError(answer["bug"])
        if answer is not None and "late" in answer:
            says, hint = (
                f"took longer than {limits.wall_s:.0f} s and was stopped",
                "is it a whole, sound file?",
            )
        elif answer is not None:
            says, hint = str(answer["short"]), "make room, or see that it is a whole, sound file"
        else:
            says = "could not be read: the reader " + _how_it_died(child.returncode)
            hint = "convert it with another program and put the result in its place"
        raise UserError((Problem(Place(about), says, hint),))


def _environment(folder: str) -> dict[str, str]:
    """Only what Python needs; one thread for numpy's algebra and one heap, as each would reserve memory."""
    root = str(Path(__file__).resolve().parents[2])
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": folder,
        "HOME": folder,
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
    }


def _listen(stdout: IO[bytes], deadline: float, tell: Tell | None) -> dict[str, Any] | None:
    """Read lines until the answer, the end (None) or the deadline (`{"late": true}`)."""
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stdout, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not selector.select(left):
                continue
            chunk = os.read(stdout.fileno(), 1 << 16)
            if not chunk or len(pending) > _LONGEST_ANSWER_BYTES:
                return None
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                try:
                    said = json.loads(line)
                except ValueError:
                    return None
                if "done" not in said:
                    return cast("dict[str, Any]", said)
                if tell is not None:
                    tell(said["done"], said["total"], said["what"])
    return {"late": True}


def _how_it_died(code: int) -> str:
    if code == -signal.SIGXCPU:
        return "used up its time on the processor"
    if code < 0 and code != -signal.SIGKILL:
        return f"crashed on it ({signal.Signals(-code).name})"
    return "gave up on it"


def _problem(data: dict[str, Any]) -> Problem:
    place = data.pop("place")
    return Problem(Place(**place), **data)


def _limit(limits: dict[str, Any]) -> None:
    """Set the limits on this process; a system that lacks one goes without it."""
    wanted = (
        ("RLIMIT_AS", limits["memory_bytes"]),
        ("RLIMIT_CPU", limits["cpu_s"] + 5),
        ("RLIMIT_FSIZE", limits["file_bytes"]),
        ("RLIMIT_NOFILE", limits["open_files"]),
        ("RLIMIT_CORE", 0),
    )
    for name, most in wanted:
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)  # noqa: PLW2901 - a limit set from outside stays
        # At the soft limit of the CPU comes a signal with a name, at the hard one plain death.
        soft = max(1, most - 5) if name == "RLIMIT_CPU" else most
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (soft, most))


def _leave_the_network() -> None:
    """On Linux, where it is allowed, go where there is no network: nothing here has business with it.

    Must happen while there is one thread. Root goes without a new user namespace, in which it would
    lose its right to read what belongs to others.
    """
    if sys.platform != "linux":
        return
    new_user, new_net = 0x10000000, 0x40000000
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(new_net if os.geteuid() == 0 else new_user | new_net)


def _leave_with_parent() -> None:
    """Stdin ends when the parent is gone: nobody will read the answer."""
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os._exit(1)


def main() -> None:
    """The child: read the task, limit itself, call the function, answer."""
    # Libraries that print (LAME does) must not break the lines of the answer.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    line = b""
    while not line.endswith(b"\n"):
        chunk = os.read(0, 1 << 16)
        if not chunk:
            return
        line += chunk
    task = json.loads(line)
    _leave_the_network()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _limit(task["limits"])
    said = [0.0]

    def tell(done: float, total: float, what: str) -> None:
        # Ten lines a second are plenty for a person and cheap for the parent.
        now = time.monotonic()
        if now - said[0] >= 0.1:
            said[0] = now
            _say(out, {"done": done, "total": total, "what": what})

    _say(out, _answer(task, tell))
    # The interpreter's own clean-up is not needed, and a corrupt file may have left a library unwell.
    os._exit(0)


def _answer(task: dict[str, Any], tell: Tell) -> dict[str, Any]:
    module, _, name = task["function"].partition(":")
    try:
        return {"result": getattr(importlib.import_module(module), name)(task["request"], tell)}
    except UserError as error:
        return {"problems": [asdict(p) for p in error.problems]}
    except MemoryError:
        return {"short": "needs more memory than a media file may take"}
    except OSError as error:
        if error.errno not in _NO_ROOM:
            return {"bug": traceback.format_exc()}
        return {"short": f"could not be worked on: {os.strerror(error.errno)}"}
    except Exception:  # noqa: BLE001 - whatever it is, the parent must hear of it
        return {"bug": traceback.format_exc()}


def _say(out: IO[str], said: dict[str, Any]) -> None:
    out.write(json.dumps(said) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
