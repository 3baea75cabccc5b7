"""Every hostile media file through the door that recordings come in by, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from onrecord.engines import child
from onrecord.model.problem import UserError

LIMITS = child.Limits(memory_bytes=1 << 30, cpu_s=30, wall_s=120)


def files(shared: Path) -> list[Path]:
    """All of them, sorted; odd and video files of the corpus too."""
    data = shared / "data"
    folders = (data / "hostile/media", data / "audio/odd_media", data / "audio/video")
    return sorted(f for folder in folders for f in folder.rglob("*") if f.is_file())


def outcomes(paths: Iterable[Path], out: Path) -> tuple[Counter[str], dict[str, str]]:
    """Take each file in, in a child of its own: how many of each outcome, and what was said of each."""
    count: Counter[str] = Counter()
    said: dict[str, str] = {}
    for path in paths:
        request = {"file": str(path), "about": "recording.x", "out": str(out)}
        try:
            found = child.run(
                "onrecord.engines.intake:recording", request, about="recording.x", limits=LIMITS
            )
        except UserError as error:
            (problem,) = error.problems
            assert problem.place.path == "recording.x", path
            count[problem.says.split(",")[0]] += 1
            said[path.name] = problem.says
        else:
            assert found["duration_ms"] >= 100, path
            count["taken in"] += 1
            said[path.name] = "taken in"
    return count, said
