"""Tell apart the voices of one mixed recording: who speaks when, and whom each voice is like.

Where every person has a track, `take_in` knows already whose voice each moment is. Otherwise the voices of
the recording are told apart by what they sound like (craft/voices.py, engines/campplus.py) and numbered
`v1`, `v2` in order of first speaking. Whose they are is not decided here; but how much each is like
the voice prints of people who agreed to have one is measured here, so that the vectors of all others
are never written down anywhere.

*What a likeness means.* It is the cosine of the voice's mean vector and the print's, at best 1. It is
never proof.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft import alike
from onrecord.craft.hearing import speech, stretches
from onrecord.craft.voices import HOP_MS, Found, doubled, numbered, overlaps, told, windows
from onrecord.engines import campplus
from onrecord.engines.voiceprint import Sound, VoicePrinter

if TYPE_CHECKING:
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "diarise"
VERSION = 2

_PRINTS = 3
"""With so many prints of a person a voice is compared."""


def order(desk: Desk) -> Task | None:
    """Voices are told apart where there are no tracks and no transcript was given."""
    if desk.transcript_given or desk.folder.tracks:
        return None
    known = prints(desk)
    return desk.task(
        NAME,
        VERSION,
        needs=("cache/sound.wav", *known),
        makes=("record/voices.json",),
        params={"billed": len(desk.episode.billed), "voices": desk.episode.voices, "prints": list(known)},
    )


def prints(desk: Desk) -> tuple[str, ...]:
    """The voice prints to compare with: of each billed person who allows it the newest, of earlier episodes.

    Of earlier ones only, so that two episodes never wait for each other. A checked episode keeps those that
    it had: its names are settled, and another episode's print is no reason to do it again.
    """
    allowed = {b.person.id for b in desk.episode.billed if "voice" in b.person.consent}
    known: dict[str, list[str]] = {}
    for path in desk.home.voice_prints:
        if path.stem in allowed and path.parent.name < desk.folder.slug:
            known.setdefault(path.stem, []).append(desk.within(path))
    newest = [path for paths in known.values() for path in paths[-_PRINTS:]]
    if desk.episode.checked and (before := _compared_before(desk)) is not None:
        every = {path for paths in known.values() for path in paths}
        newest = [path for path in before if path in every]
    return tuple(sorted(newest))


def _compared_before(desk: Desk) -> list[str] | None:
    """The prints of the last time; None where there was none."""
    try:
        receipt = json.loads((desk.folder.record / f"{NAME}.json").read_bytes())
        return [str(path) for path in receipt["params"]["prints"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def do(work: Work) -> dict[str, Any]:
    """Tell the voices of sound.wav apart.

    Needs: sound.wav (16 kHz, mono, 16 bit), then voice prints, each
    `{"person": id, "episode": slug, "weights": sha256, "vector": [...], "speech_ms": n}`.
    Params: `billed` (how many people are billed: a hint), `voices` (how many speak, 0 where nobody said so).
    Makes voices.json: `engine`, `weights`, `speech` as `[start_ms, end_ms]`, `voices` as `[start_ms, end_ms,
    "v1"]`, `overlap` as `[start_ms, end_ms]` (where two speak at once) and `likes` as `["v1", person,
    cosine]`, times on the recording's clock.

    Raises:
        UserError: The engine is not installed.
    """
    sound_file, *print_files = work.needs
    work.tell(0, 1, "loading what tells voices apart")
    engine = campplus.load()
    with Sound(sound_file) as sound:
        found = tell_apart(
            engine,
            sound,
            count=int(work.params.get("voices", 0)),
            billed=int(work.params.get("billed", 0)),
            tell=lambda done, total: work.tell(done, total, "telling voices apart"),
        )
    plain = {
        "engine": engine.engine,
        "weights": engine.weights,
        "speech": [[span.start, span.end] for span in found.speech],
        "voices": [[span.start, span.end, f"v{who + 1}"] for span, who in found.voices],
        "overlap": [[span.start, span.end] for span in found.overlap],
        "likes": likes(found, engine.weights, print_files),
    }
    (work.scratch / "voices.json").write_text(_written(plain), "utf-8")
    return {
        "engine": engine.engine,
        "weights": engine.weights,
        "voices": len(found.means),
        "speech_s": round(sum(span.length_ms for span in found.speech) / 1000, 1),
        "overlap_s": round(sum(span.length_ms for span in found.overlap) / 1000, 1),
    }


def tell_apart(
    engine: VoicePrinter,
    sound: Sound,
    *,
    count: int = 0,
    billed: int = 0,
    tell: Callable[[float, float], None] = lambda _done, _total: None,
) -> Found:
    """Who speaks when in a recording.

    Args:
        engine: What hears.
        sound: The recording.
        count: How many voices there are, 0 to find out.
        billed: How many people are billed, 0 where that is not known: a hint.
        tell: Told how far the work has come, as parts of 1.
    """
    heard = engine.hear(sound, lambda done, total: tell(0.3 * done / max(total, 1), 1))
    spoken = stretches(heard, sound.length_ms)
    cut = windows(spoken)
    flat = [window for row in cut for window in row]
    vectors = engine.vectors(sound, flat, lambda done, total: tell(0.3 + 0.7 * done / max(total, 1), 1))
    lengths = [window.length_ms for window in flat]
    means = alike.voices_of(vectors, lengths, hop_ms=HOP_MS, count=count, billed=billed)
    spans = doubled(heard, told(spoken, cut, vectors @ means.T), sound.length_ms)
    spans, means = numbered(spans, means)
    tell(1, 1)
    return Found(speech(heard, sound.length_ms), spans, overlaps(spans), means)


def likes(found: Found, weights: str, files: Sequence[Path]) -> list[list[Any]]:
    """How much each voice is like each person who has prints: `["v1", person, cosine]`, the best print's."""
    best: dict[tuple[int, str], float] = {}
    for file in files:
        known = json.loads(file.read_text("utf-8"))
        if known["weights"] != weights or not known["vector"]:
            continue  # of another model, or of somebody who hardly spoke
        vector = alike.unit(np.asarray(known["vector"], np.float64))
        for voice, cosine in enumerate((found.means @ vector).tolist()):
            key = (voice, str(known["person"]))
            best[key] = max(best.get(key, -1.0), cosine)
    return [[f"v{voice + 1}", person, round(cosine, 3)] for (voice, person), cosine in sorted(best.items())]


def _written(plain: dict[str, Any]) -> str:
    """voices.json as people read it: a line for each span."""
    rows = []
    for key, value in plain.items():
        if isinstance(value, list) and value:
            lines = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            rows.append(f' "{key}": [\n  {lines}\n ]')
        else:
            rows.append(f' "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "{\n" + ",\n".join(rows) + "\n}\n"
