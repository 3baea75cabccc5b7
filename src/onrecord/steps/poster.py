"""Choose the picture that stands for the web video until it plays.

Needs `<cut>.mp4` of `film`. Params: `cut`.

Product: `<cut>.jpg`. The result: {"file", "mime", "size_bytes", "sha256", "width", "height", "at_ms" (where
in the film it is from)}.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onrecord.engines import child
from onrecord.steps.base import CUT

if TYPE_CHECKING:
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "poster"
VERSION = 1


def order(desk: Desk) -> Task | None:
    """Whatever has a film has a poster."""
    if not desk.facts.get("has_picture"):
        return None
    return desk.task(
        NAME, VERSION, needs=(f"cache/{CUT}.mp4",), makes=(f"cache/{CUT}.jpg",), params={"cut": CUT}
    )


def do(work: Work) -> dict[str, Any]:
    """Choose the poster of one film; see the module."""
    film, target = work.needs[0], work.scratch / f"{work.params['cut']}.jpg"
    request = {"film": str(film), "target": str(target), "about": film.name}
    found: dict[str, Any] = child.run(
        "onrecord.engines.poster:make", request, about=film.name, tell=work.tell
    )
    return found
