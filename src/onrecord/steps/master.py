"""Master the sound of a cut: the right loudness, no peak too high, nothing of what was removed.

Needs, in order: the recording, `levels.npz`, `facts.json`, then the intro and the outro where there are any.

Params: `cut` (name), `kept` ([[start_ms, end_ms], ...] as in `Timeline.kept`), `recording` (its path from
the episode's folder), `intro` and `outro` (the same, or null), `formats` (of "mp3", "m4a"), optionally
`bitrate_kbps` (default 128 for stereo, 96 for mono).

Products: `<cut>.sound.mp3` and `<cut>.sound.m4a` as asked for (bare sound, no tags), `<cut>.loudness.json`.
The last is also the result: `integrated_lufs`, `true_peak_dbtp`, `range_lu` (the worst of the formats),
`channels`, `bitrate_kbps`, `duration_ms`, `intro_ms`, `outro_ms` (for the published `Timeline`), `gain_db`,
`limited_db` (the deepest that the limiter went), `renders`, `warnings` (sentences for a person); the
result has them as `problems` that are not grave, too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from onrecord.engines import child
from onrecord.steps.base import CUT, FORMATS

if TYPE_CHECKING:
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "master"
VERSION = 2


def order(desk: Desk) -> Task | None:
    """The programme's sound is made from every recording."""
    recording = desk.within(desk.recording)
    cut = desk.episode.cut(CUT)
    around = {"intro": cut.intro or None, "outro": cut.outro or None}
    return desk.task(
        NAME,
        VERSION,
        needs=(recording, "cache/levels.npz", "cache/facts.json", *filter(None, around.values())),
        makes=(*(f"cache/{CUT}.sound.{kind}" for kind in FORMATS), f"cache/{CUT}.loudness.json"),
        params={"cut": CUT, "kept": desk.kept, "recording": recording, "formats": FORMATS, **around},
    )


def do(work: Work) -> dict[str, Any]:
    """Master one cut; see the module."""
    recording, levels, facts, *rest = work.needs
    around = dict(zip((n for n in ("intro", "outro") if work.params.get(n)), map(str, rest), strict=True))
    about = work.params["recording"]
    request = {
        "recording": str(recording),
        "levels": str(levels),
        "facts": str(facts),
        "around": around,
        "out": str(work.scratch),
        "params": dict(work.params),
    }
    result = child.run("onrecord.engines.mastering:master", request, about=about, tell=work.tell)
    file = work.scratch / f"{work.params['cut']}.loudness.json"
    file.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result | {"problems": [{"path": about, "says": w, "grave": False} for w in result["warnings"]]}
