"""Before work begins on a cluster: does every machine see the folder, and has it the same versions?

A worker that lacks the folder would fail every job it gets, and quickly, and so get them all. One with
another encoder would make other bytes of the same sound. Both are told by name before the first job.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import onrecord
from onrecord.folder import files
from onrecord.model.problem import Place, Problem, UserError

_ALIKE: Final = ("av", "ctranslate2", "faster-whisper", "lameenc", "numpy")
"""What the bytes of a result depend on besides Onrecord itself."""


def check(client: Any, address: str, root: Path, run: Path, workers: list[str]) -> None:
    """Ask every worker what it is and whether it sees the folder.

    Args:
        client: Of dask.distributed.
        address: The scheduler's.
        root: The series folder.
        run: A folder in it, in which a token is laid.
        workers: Their addresses.

    Raises:
        UserError: with a problem for each that does not fit.
    """
    token, secret = run / "token", secrets.token_hex(16)
    files.jot(token, secret.encode())
    versions = client.get_versions()
    problems = [*_other_versions("the scheduler", address, versions["scheduler"], versions["client"])]
    for worker in workers:
        theirs = versions["workers"].get(worker)
        problems += _other_versions("the worker", worker, theirs, versions["client"]) if theirs else ()
    if problems:  # what they would answer may not even be readable
        raise UserError(tuple(problems))
    mine = look(str(token), secret)
    problems += _scheduler(client, address, mine["onrecord"])
    answers = client.run(look, str(token), secret, workers=workers, on_error="return")
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, BaseException):
            says = f"the worker cannot run Onrecord ({first_line(answer)})"
            problems.append(_problem(worker, says, _install(mine["onrecord"])))
        elif answer["onrecord"] != mine["onrecord"]:
            says = f"the worker has Onrecord {answer['onrecord']}, this is {mine['onrecord']}"
            problems.append(_problem(worker, says, _install(mine["onrecord"])))
        elif not answer["sees"]:
            says = f"the worker does not see the folder {root}"
            hint = "the series folder must lie on a file system that every machine has at the same path"
            problems.append(_problem(worker, says, hint))
        elif not answer["writes"]:
            says = f"the worker may not write in the folder {root}"
            problems.append(_problem(worker, says, "start the workers as the user that runs the build"))
    if not problems:
        problems = _disagreements(answers)
    if problems:
        raise UserError(tuple(problems))


def _scheduler(client: Any, address: str, version: str) -> Iterator[Problem]:
    """A scheduler reads what it passes on, so it needs Onrecord too (not the folder)."""
    try:
        there = client.run_on_scheduler(look, "", "")["onrecord"]
    except Exception as error:  # noqa: BLE001 - whatever keeps it from that
        says = f"the scheduler cannot read Onrecord's jobs ({first_line(error)})"
        yield _problem(address, says, _install(version))
    else:
        if there != version:
            says = f"the scheduler has Onrecord {there}, this is {version}"
            yield _problem(address, says, _install(version))


def _other_versions(
    what: str, who: str, theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> Iterator[Problem]:
    """Where Python, or the library that all talk through, is another one there."""
    for name, parts in (("python", 2), ("distributed", None)):
        there, here = (
            ".".join(str(v["packages"][name]).split(".")[:parts]).split("-")[0] for v in (theirs, mine)
        )
        if there != here:
            says = f"{what} has {name} {there}, this is {here}"
            yield _problem(who, says, "use the same versions on every machine")


def _disagreements(answers: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
    """Where two workers would make different bytes of the same input."""
    first, *others = sorted(answers)
    problems = []
    for other in others:
        for package, version in answers[other]["versions"].items():
            theirs = answers[first]["versions"][package]
            if version != theirs:
                says = f"the worker has {package} {version or '(none)'}, {first} has {theirs or '(none)'}"
                problems.append(_problem(other, says, "install the same packages on every worker"))
    return problems


def look(token: str, says: str) -> dict[str, Any]:
    """On a worker, before work begins: what it is, and whether the file `token` reads there as it `says`."""
    versions: dict[str, str | None] = {}
    for package in _ALIKE:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    read = ""
    with contextlib.suppress(OSError):
        read = Path(token).read_text("utf-8")
    return {
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "onrecord": onrecord.__version__,
        "sees": read == says,
        "writes": os.access(Path(token).parent, os.W_OK),
        "versions": versions,
    }


def first_line(error: BaseException) -> str:
    """What an error says, without the rest."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _install(version: str) -> str:
    return f"on that machine: pip install 'onrecord[speech,cluster]=={version}'"


def _problem(who: str, says: str, hint: str) -> Problem:
    return Problem(Place(who), says, hint)
