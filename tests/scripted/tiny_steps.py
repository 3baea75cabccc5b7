"""Steps that do next to nothing, for the stories of the machinery that runs steps."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from onrecord.folder import files
from onrecord.make.step import Work
from onrecord.model.problem import Place, Problem, UserError


class Crooked(Exception):  # noqa: N818
    """An exception that does not unpickle, which is the usual way to kill a process pool."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")


def recognise(work: Work) -> dict[str, Any]:
    """The recording's words, in a cache file."""
    text = work.needs[0].read_text()
    (work.scratch / "words.txt").write_text(f"words({text},{work.params['beam']})")
    return {
        "length": len(text),
        "problems": [{"path": "recording.txt", "says": "it is short", "grave": False}],
    }


def propose(work: Work) -> dict[str, Any]:
    """A transcript that a person may correct."""
    (work.scratch / "transcript.vtt").write_text(f"transcript of {work.needs[0].read_text()}\n")
    return {}


def page(work: Work) -> dict[str, Any]:
    """Something made from the transcript as it stands."""
    (work.scratch / "page.html").write_text(f"<p>{work.needs[0].read_text().strip()}</p>")
    return {}


def moody(work: Work) -> dict[str, Any]:
    """Does what its recording says: goes wrong in one way or another, or not at all."""
    mood = work.needs[0].read_text()
    if mood == "mistake":
        raise UserError((Problem(Place("questions.yaml", 7, 3), "starts after the end"),))
    if mood == "bug":
        raise Crooked("here", "there")
    if mood == "forgets":
        return {}
    if mood == "not plain":
        (work.scratch / "words.txt").write_text("x")
        return {"when": object()}
    if mood == "full":
        raise OSError(28, "No space left on device", "cache/words.txt")
    if mood == "kills":
        files.append(work.root / "deaths", b"one")
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.1)
    (work.scratch / "words.txt").write_text(mood)
    return {}


def patient(work: Work) -> dict[str, Any]:
    """Ten pieces, each noted in a journal; from the fifth on it waits for the file `go` of the episode."""
    journal = work.scratch / "journal"
    done = journal.read_text().split() if journal.exists() else []
    for piece in range(len(done), 10):
        while piece >= 5 and not (work.root / "go").exists():
            work.tell(piece, 10, "listening")
            time.sleep(0.02)
        work.tell(piece, 10, "listening")
        files.append(journal, f"{piece}@{os.getpid()}".encode())
    (work.scratch / "words.txt").write_text(journal.read_text())
    return {"resumed_at": len(done)}


def deaf(work: Work) -> dict[str, Any]:
    """Never looks up."""
    (work.scratch / "begun").write_text("")
    time.sleep(60)
    return {}


def place(work: Work) -> dict[str, Any]:
    """Where it was done."""
    from onrecord.make.claim import worker_name

    (work.scratch / "place.txt").write_text(worker_name())
    return {}
