"""Words and voices to a transcript: captions with a name in each, for a person to correct."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from onrecord.craft.cue import cues
from onrecord.craft.turn import Said, turns
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Transcript, Word
from onrecord.text import vtt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "transcribe"
VERSION = 1
MERGE = "onrecord.craft.merge_file:merge_files"
"""How a new proposal comes into a transcript that a person corrected."""


def order(desk: Desk) -> Task | None:
    """A transcript is proposed from recognised words; one that was given is left alone."""
    given = desk.folder.transcript.exists() and not (desk.folder.record / f"{NAME}.json").exists()
    if given:
        return None
    people = [{"id": b.person.id, "name": b.person.name} for b in desk.episode.billed]
    voices = ("cache/voices.json",) if desk.folder.tracks else ()
    return desk.task(
        NAME,
        VERSION,
        needs=("record/words.json", *voices),
        makes=("transcript.vtt",),
        params={"language": desk.episode.language or desk.series.language, "people": people},
        correctable=True,
        merge=MERGE,
    )


def do(work: Work) -> dict[str, Any]:
    """Make the proposal of transcript.vtt.

    Needs: words.json (of recognise), and voices.json where voices were told apart:
    `{"tracks": [...], "voices": [[start_ms, end_ms, "person-id"], ...]}`.
    Params: `language` (BCP 47; empty: the recognised one), `people` (`[{"id": ..., "name": ...}, ...]`).
    Makes transcript.vtt. A voice that is nobody's id, or the only one known, is `Speaker 1` and so on in
    the order of speaking: an honest name is better than a guessed one.
    """
    words_file, *voices_files = work.needs
    heard = json.loads(words_file.read_text("utf-8"))
    words = [Word(Span(Ms(start), Ms(end)), text, sure) for start, end, text, sure in heard["words"]]
    voices = [
        (Span(Ms(start), Ms(end)), str(voice))
        for file in voices_files
        for start, end, voice in json.loads(file.read_text("utf-8"))["voices"]
    ]
    language = str(work.params.get("language") or heard["language"])
    names = {str(person["id"]): str(person["name"]) for person in work.params.get("people", ())}
    several = len({voice for _, voice in voices}) > 1
    named = _named(turns(words, voices), names if several else {})
    transcript = Transcript(language, cues(named, language))
    (work.scratch / "transcript.vtt").write_text(vtt.write(transcript), "utf-8")
    work.tell(1, 1, "the transcript is proposed")
    return {
        "language": language,
        "words": len(words),
        "turns": len(named),
        "captions": len(transcript.cues),
        "voices": list(dict.fromkeys(turn.voice for turn in named)),
    }


def _named(said: tuple[Said, ...], names: Mapping[str, str]) -> list[Said]:
    """Turns with names in the place of ids."""
    ids = list(dict.fromkeys(turn.voice for turn in said))
    number = count(1)
    voices = {one: names.get(one) or f"Speaker {next(number)}" for one in ids}
    return [Said(voices[turn.voice], turn.words) for turn in said]
