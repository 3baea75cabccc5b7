"""Take a recording in: read it once, and leave all that later steps need to know of its sound.

The file is a stranger's, so it is read in a child process with limits. One pass over the sound feeds the
copy for the recogniser, the loudness meter, the waveform and the level that shows silences; nothing is
held but figures, so a recording of four hours costs no more memory than one of four minutes.

Needs, in order: the recording, then the track files in the order of `tracks`.

Params: `recording` (its path from the episode's folder), `tracks` ([{"person": id, "path": path}, ...]).

Products:
- `sound.wav`: 16 kHz, mono, 16 bit, on the recording's clock.
- `levels.npz`: `power` (blocks, 3), `peak` (blocks,), `duration_ms`; see `craft.loudness.Levels`.
- `waveform.json`: {"hop_ms": 100, "peaks": [min, max, min, max, ...]}, integers from -128 to 127.
- `silences.json`: [[start_ms, end_ms], ...].
- `facts.json`, also part of the result: `path`, `digest` (sha256), `size_bytes`, `duration_ms`,
  `has_picture`, `channels`, `rate_hz`, `format`, `sound_codec`, `picture_codec`, `width`, `height`,
  `streams`, `loudness_lufs` (of the whole, null for silence), `warnings` (sentences for a person).
- `voices.json`: {"tracks": [{"person", "path", "offset_ms", "drift_ppm", "sure"}], "voices": [[start_ms,
  end_ms, person], ...]}; both lists are empty where there are no tracks.

The result is the facts, with `tracks` as in `voices.json` and the warnings as `problems` that are not grave.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.engines import child

if TYPE_CHECKING:
    from onrecord.engines.child import Tell
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "take_in"
VERSION = 1
PRODUCTS = ("sound.wav", "levels.npz", "waveform.json", "silences.json", "facts.json", "voices.json")


def order(desk: Desk) -> Task | None:
    """Every recording is taken in, with the tracks that lie beside it."""
    recording = desk.within(desk.recording)
    tracks = [{"person": person, "path": desk.within(path)} for person, path in desk.folder.tracks]
    return desk.task(
        NAME,
        VERSION,
        needs=(recording, *(track["path"] for track in tracks)),
        makes=tuple(f"cache/{name}" for name in PRODUCTS),
        params={"recording": recording, "tracks": tracks},
    )


def do(work: Work) -> dict[str, Any]:
    """Take a recording and its tracks in; see the module."""
    recording, *files = work.needs
    tracks, out = work.params["tracks"], str(work.scratch)
    about = work.params["recording"]
    request: dict[str, Any] = {"file": str(recording), "about": about, "out": out}
    facts = child.run(
        "onrecord.engines.intake:recording", request, about=about, tell=_share(work, 0, len(tracks))
    )
    laid = []
    for number, (track, file) in enumerate(zip(tracks, files, strict=True), 1):
        request = {"file": str(file), "person": track["person"], "path": track["path"], "out": out}
        tell = _share(work, number, len(tracks))
        laid.append(child.run("onrecord.engines.intake:track", request, about=track["path"], tell=tell))
    if laid:
        request = {"tracks": laid, "out": out}
        found = child.run("onrecord.engines.intake:voices", request, about=about, tell=work.tell)
    else:
        found = {"tracks": []}
        (work.scratch / "voices.json").write_text('{"tracks":[],"voices":[]}\n', encoding="utf-8")
    for leftover in (work.scratch / "curve.npy", *(Path(track["curve"]) for track in laid)):
        leftover.unlink(missing_ok=True)
    problems = [_warning(about, says) for says in facts["warnings"]]
    problems += [
        _warning(t["path"], "does not fit the recording, so its voice is not used")
        for t in laid
        if not t["trusted"]
    ]
    return facts | {"tracks": found["tracks"], "problems": problems}


def _share(work: Work, number: int, tracks: int) -> Tell:
    """The recording and each track have equal shares of the progress."""

    def tell(done: float, total: float, what: str) -> None:
        within = min(1.0, done / total) if total > 0 else 0.0
        work.tell(number + within, 1 + tracks, what)

    return tell


def _warning(path: str, says: str) -> dict[str, Any]:
    return {"path": path, "says": says, "grave": False}
