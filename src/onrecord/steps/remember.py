"""Remember how people sound who allowed it: a voice print from an episode whose names a person has checked.

A later episode that bills the same person hears who is speaking even where nobody says a name. Only people
with `consent: [voice]` in people.yaml have a print, and only in `.onrecord/voices/<episode>/<person>.json`;
`onrecord forget PERSON` removes it, and so does the next build where the consent is gone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft.alike import unit
from onrecord.craft.register import fold_name
from onrecord.craft.voices import windows
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Turn
from onrecord.text import vtt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from onrecord.engines.voiceprint import Sound, VoicePrinter
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "remember"
VERSION = 1

ENOUGH_MS = 120_000
"""So much of a person's speech says how they sound."""

_LEAST_MS = 10_000
_SHORTEST_TURN_MS = 2_000
_EDGE_MS = 250
"""The edges of a turn may hold a breath of somebody else."""


def order(desk: Desk) -> Task | None:
    """A checked transcript tells whose voice is whose; nothing else does."""
    people = [b.person for b in desk.episode.billed if "voice" in b.person.consent]
    if not people or not desk.episode.checked or desk.episode.transcript_clock != "recording":
        return None
    return desk.task(
        NAME,
        VERSION,
        needs=("cache/sound.wav", "transcript.vtt"),
        makes=tuple(desk.within(desk.home.voice_print(desk.folder.slug, p.id)) for p in people),
        params={"people": [{"id": p.id, "names": [p.name, *p.also]} for p in people]},
    )


def do(work: Work) -> dict[str, Any]:
    """Make the voice prints of an episode.

    Needs: sound.wav, transcript.vtt.
    Params: `people` (`[{"id", "names": [...]}, ...]`), those who allowed it.
    Makes `<person>.json` for each: {"person", "episode", "weights", "vector": [...], "speech_ms"}; the vector
    is empty where the person speaks for less than ten seconds.
    """
    from onrecord.engines import campplus
    from onrecord.engines.voiceprint import Sound

    sound, transcript = work.needs
    read, _ = vtt.read(transcript.read_text("utf-8"), "transcript.vtt")
    engine = campplus.load()
    heard: dict[str, int] = {}
    for number, person in enumerate(work.params["people"]):
        work.tell(number, len(work.params["people"]), "listening to voices")
        names = {fold_name(name) for name in person["names"]}
        spans = alone(turn for turn in read.turns if fold_name(turn.voice) in names)
        speech_ms = sum(span.length_ms for span in spans)
        known = speech_ms >= _LEAST_MS
        vector: list[float] = []
        if known:
            with Sound(sound) as opened:
                vector = mean(engine, opened, spans)
        told = {
            "person": person["id"],
            "episode": work.root.name,
            "weights": engine.weights,
            "vector": [round(x, 5) for x in vector],
            "speech_ms": speech_ms,
        }
        (work.scratch / f"{person['id']}.json").write_text(json.dumps(told) + "\n", "utf-8")
        heard[person["id"]] = speech_ms if known else 0
    return {"people": heard}


def alone(turns: Iterable[Turn]) -> tuple[Span[Ms], ...]:
    """The longest stretches of a person's turns, in order, enough to know the voice by.

    >>> turn = Turn(Span(Ms(1000), Ms(9000)), "Ada", ())
    >>> alone([turn, Turn(Span(Ms(20_000), Ms(21_000)), "Ada", ())])
    (Span(start=1250, end=8750),)
    """
    chosen: list[Span[Ms]] = []
    total_ms = 0
    long = [t.span for t in turns if t.span.length_ms >= _SHORTEST_TURN_MS]
    for span in sorted(long, key=lambda s: (-s.length_ms, s.start)):
        if total_ms >= ENOUGH_MS:
            break
        kept_ms = min(span.length_ms - 2 * _EDGE_MS, ENOUGH_MS - total_ms)
        chosen.append(Span(Ms(span.start + _EDGE_MS), Ms(span.start + _EDGE_MS + kept_ms)))
        total_ms += kept_ms
    return tuple(sorted(chosen))


def mean(engine: VoicePrinter, sound: Sound, spans: Sequence[Span[Ms]]) -> list[float]:
    """The mean vector of a voice over spans of a recording, of unit length."""
    cut = [window for row in windows(spans) for window in row]
    vectors = engine.vectors(sound, cut, lambda _done, _total: None)
    lengths = np.array([[window.length_ms] for window in cut], np.float64)
    found: list[float] = unit((vectors * lengths).sum(axis=0)).tolist()
    return found
