"""What a slow step is: its task, what it may see while it runs, and the receipt it leaves.

A step is a plain function `do(work: Work) -> dict[str, JSON]` in some module. It reads `work.needs`, writes
each product into `work.scratch` under the file name of the declared path, calls `work.tell` now and then,
and returns facts for the receipt. The key `problems` of that dictionary may hold a list of
`{"path", "line", "column", "says", "hint", "grave"}`. A `UserError` it raises is the user's, anything
else is our bug. If it is interrupted, its scratch folder stays and the next run finds it again, as long as
nothing it depends on has changed.

Everything here is plain data, so that it crosses to threads, processes and other machines alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from onrecord.model.problem import Place, Problem

_MACHINES_OWN: Final = ("cache", "record", ".onrecord")


def canonical(params: Mapping[str, Any]) -> str:
    """Parameters as JSON that is the same for the same values.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(params, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class Task:
    """One step for one unit (an episode).

    `do` names the function as `module:function`. `root` is the unit's folder; `needs` and `makes` are paths
    in it. `params` is canonical JSON. `version` is raised by hand whenever the step's result changes.
    Of a `correctable` task the products outside cache/ and record/ may be corrected by a person. `merge`
    names the function that brings a person's file and a new proposal together (`folder.correct.Merge`), if
    there is one; like `wants`, which names the executor, it is no part of the key.
    """

    step: str
    unit: str
    version: int
    do: str
    root: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    params: str = "{}"
    correctable: bool = False
    wants: str = "cpu"
    merge: str = ""

    def __post_init__(self) -> None:
        names = [PurePosixPath(path).name for path in self.makes]
        if len(set(names)) < len(names):
            raise ValueError(f"two products of {self.step} have one file name: {names}")

    @property
    def folder(self) -> Path:
        """The unit's folder."""
        return Path(self.root)

    @property
    def receipt(self) -> Path:
        """Where the receipt lies."""
        return self.folder / "record" / f"{self.step}.json"

    @property
    def scratch(self) -> Path:
        """The step's own folder while it runs, on the same file system as its products."""
        return self.folder / "cache" / ".scratch" / self.step

    def proposed(self, path: str) -> Path:
        """Where the last proposal of a correctable product is kept."""
        return self.folder / "record" / "proposed" / PurePosixPath(path).name

    def draft(self, path: str) -> Path:
        """Where the step writes a product."""
        return self.scratch / PurePosixPath(path).name

    def is_correctable(self, path: str) -> bool:
        """May a person correct this product?"""
        return self.correctable and PurePosixPath(path).parts[0] not in _MACHINES_OWN

    def key(self, needs: Mapping[str, str | None]) -> str:
        """The digest of everything that the result depends on; `needs` gives each input's sha256."""
        parts = [
            self.step,
            self.version,
            [[path, needs[path]] for path in self.needs],
            json.loads(self.params),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Work:
    """What a step may see while it runs."""

    root: Path
    """The episode's folder."""
    needs: tuple[Path, ...]
    """Absolute paths of the declared inputs, in the declared order."""
    scratch: Path
    """The step's own folder, kept if it is interrupted: write each product here under its file name."""
    params: Mapping[str, Any]
    """Plain JSON data."""
    tell: Callable[[float, float, str], None]
    """`tell(done, total, "what it is doing")`; also where a step that is to stop is interrupted."""


@dataclass(frozen=True, slots=True)
class Job:
    """What goes to a worker: the task, the digests of its inputs (in their order), and the key of both."""

    task: Task
    needs: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What comes back from a worker, and stays in record/ as JSON that one can read.

    `needs` and `made` map paths to sha256; for a correctable product `made` is what the machine last wrote
    in its place.
    """

    step: str
    version: int
    key: str
    needs: Mapping[str, str]
    params: Mapping[str, Any]
    made: Mapping[str, str]
    facts: Mapping[str, Any]
    seconds: float
    problems: tuple[Problem, ...] = ()

    def write(self) -> bytes:
        """As JSON."""
        whole = asdict(self) | {"seconds": round(self.seconds, 3)}
        whole["problems"] = [_write_problem(p) for p in self.problems]
        return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()

    @classmethod
    def read(cls, data: bytes) -> Receipt:
        """From JSON; ValueError, KeyError or TypeError where it is no receipt."""
        whole = json.loads(data)
        problems = tuple(read_problem(p) for p in whole.pop("problems"))
        return cls(**whole, problems=problems)


@dataclass(frozen=True, slots=True)
class Failure:
    """What comes back from a worker if there is no receipt.

    `problems` are the user's to mend; `trace` is the traceback of a bug of ours; `stopped` means that
    it was asked to stop and can be resumed.
    """

    step: str
    unit: str
    problems: tuple[Problem, ...] = ()
    trace: str = ""
    stopped: bool = False


def read_problem(plain: Mapping[str, Any]) -> Problem:
    """A problem from the plain data that a step returns and a receipt keeps."""
    place = Place(str(plain.get("path", "")), int(plain.get("line", 0)), int(plain.get("column", 0)))
    hint, grave = str(plain.get("hint", "")), bool(plain.get("grave", True))
    return Problem(place, str(plain["says"]), hint, grave, str(plain.get("line_text", "")))


def _write_problem(problem: Problem) -> dict[str, Any]:
    plain = {"path": problem.place.path, "line": problem.place.line, "column": problem.place.column}
    return plain | {"says": problem.says, "hint": problem.hint, "grave": problem.grave}
