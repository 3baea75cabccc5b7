"""Make the web video of a cut: its picture with its mastered sound.

Needs, in order: the recording, `facts.json`, `<cut>.sound.m4a` and `<cut>.loudness.json` of `master`.

Params: `cut`, `kept` ([[start_ms, end_ms], ...], the same as for the sound), `recording` (its path from
the episode's folder).

Product: `<cut>.mp4`. The result: {"file", "mime", "size_bytes", "duration_ms", "sha256", "width", "height",
"frames", "copied" (the picture was not encoded anew)}.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from onrecord.engines import child
from onrecord.model.problem import Place, Problem, UserError
from onrecord.steps.base import CUT

if TYPE_CHECKING:
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "film"
VERSION = 1

# Encoding a picture needs room for the frames of several threads.
_LIMITS = child.Limits(memory_bytes=6 << 30, cpu_s=48 * 3600, wall_s=48 * 3600, file_bytes=64 << 30)


def order(desk: Desk) -> Task | None:
    """A recording with a picture gives a film; whether it has one is known once it is taken in."""
    if not desk.facts.get("has_picture"):
        return None
    recording = desk.within(desk.recording)
    return desk.task(
        NAME,
        VERSION,
        needs=(recording, "cache/facts.json", f"cache/{CUT}.sound.m4a", f"cache/{CUT}.loudness.json"),
        makes=(f"cache/{CUT}.mp4",),
        params={"cut": CUT, "kept": desk.kept, "recording": recording},
    )


def do(work: Work) -> dict[str, Any]:
    """Make the film of one cut; see the module."""
    recording, facts_file, sound, loudness_file = work.needs[:4]
    about = work.params.get("recording") or recording.name
    facts, loudness = json.loads(facts_file.read_text()), json.loads(loudness_file.read_text())
    if not facts["has_picture"]:
        raise UserError((Problem(Place(about), "has no picture", "only a video recording gives a film"),))
    request = {
        "recording": str(recording),
        "sound": str(sound),
        "target": str(work.scratch / f"{work.params['cut']}.mp4"),
        "about": about,
        "kept": work.params["kept"],
        "intro_ms": loudness["intro_ms"],
        "outro_ms": loudness["outro_ms"],
        "recording_ms": facts["duration_ms"],
    }
    found = child.run("onrecord.engines.film:make", request, about=about, limits=_LIMITS, tell=work.tell)
    return found | {"duration_ms": loudness["duration_ms"]}
