"""Words and voices to a transcript: captions with a name in each, for a person to correct."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from onrecord.craft.cue import cues
from onrecord.craft.language import apart, stated
from onrecord.craft.naming import Billed, Naming, name_voices
from onrecord.craft.turn import Said, turns
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Transcript, Word
from onrecord.text import vtt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "transcribe"
VERSION = 3
MERGE = "onrecord.craft.merge_file:merge_files"
"""How a new proposal comes into a transcript that a person corrected."""


def order(desk: Desk) -> Task | None:
    """A transcript is proposed from recognised words; one that was given is left alone."""
    if desk.transcript_given:
        return None
    host = desk.episode.host
    people = [
        {
            "id": b.person.id,
            "name": b.person.name,
            "also": list(b.person.also),
            "role": "host" if b is host else "guest",
        }
        for b in desk.episode.billed
    ]
    voices = "cache/voices.json" if desk.folder.tracks else "record/voices.json"
    return desk.task(
        NAME,
        VERSION,
        needs=("record/spelled.json", voices),
        makes=("transcript.vtt",),
        params={"language": stated(desk.episode, desk.series), "people": people},
        correctable=True,
        merge=MERGE,
    )


def do(work: Work) -> dict[str, Any]:
    """Make the proposal of transcript.vtt.

    Needs: spelled.json (of spell), and voices.json: of take_in, whose voices are the ids of the people
    who have a track, or of diarise, whose voices have no names yet (it says how alike each is to a voice
    print: `likes`).
    Where spelled.json tells the languages, a caption in another one than the transcript's names it.
    Params: `language` (BCP 47; empty: the recognised one), `people` ([{"id", "name", "also", "role"}, ...]).
    Makes transcript.vtt. A voice without a name is `Speaker 1` and so on: no name is better than a wrong one.
    The result tells every voice with its name, how sure that is, and why: `names`.
    """
    words_file, *voices_files = work.needs
    heard = json.loads(words_file.read_text("utf-8"))
    words = [Word(Span(Ms(start), Ms(end)), text, sure) for start, end, text, sure in heard["words"]]
    found: dict[str, Any] = {"voices": []}
    for file in voices_files:
        found = json.loads(file.read_text("utf-8"))
    voices = [(Span(Ms(start), Ms(end)), str(voice)) for start, end, voice in found["voices"]]
    language = str(work.params.get("language") or heard["language"])
    people = list(work.params.get("people", ()))
    said = turns(words, voices)
    if "likes" in found:
        named = _tell(said, people, language, found["likes"])
    else:
        named = _by_track(said, people, several=len({voice for _, voice in voices}) > 1)
    spoken = [Said(named[turn.voice]["as"], turn.words) for turn in said]
    heard_in = [(Span(Ms(start), Ms(end)), str(tag)) for start, end, tag in heard.get("languages", ())]
    transcript = Transcript(language, cues(apart(spoken, heard_in, language), language))
    (work.scratch / "transcript.vtt").write_text(vtt.write(transcript), "utf-8")
    work.tell(1, 1, "the transcript is proposed")
    return {
        "language": language,
        "words": len(words),
        "turns": len(spoken),
        "captions": len(transcript.cues),
        "voices": list(dict.fromkeys(turn.voice for turn in spoken)),
        "names": list(named.values()),
    }


def _by_track(
    said: Sequence[Said], people: Sequence[Mapping[str, Any]], *, several: bool
) -> dict[str, dict[str, Any]]:
    """A voice that has a track has its person's name; by the voice."""
    names = {str(person["id"]): str(person["name"]) for person in people} if several else {}
    number = count(1)
    return {
        one: _told(one, names.get(one) or f"Speaker {next(number)}", one if one in names else "")
        for one in dict.fromkeys(turn.voice for turn in said)
    }


def _tell(
    said: Sequence[Said], people: Sequence[Mapping[str, Any]], language: str, likes: Sequence[Sequence[Any]]
) -> dict[str, dict[str, Any]]:
    """Voices that were told apart have the names that what is said gives them; by the voice."""
    billed = [
        Billed(str(p["id"]), str(p["name"]), tuple(p.get("also", ())), p.get("role", "")) for p in people
    ]
    spoken = [(turn.voice, turn.text) for turn in said]
    alike = {(str(voice), str(person)): float(cosine) for voice, person, cosine in likes}
    names = {person.id: person.name for person in billed}
    # One voice where several people are billed is nobody's alone.
    mixed = len({voice for voice, _ in spoken}) < 2 < 1 + len(billed)
    if mixed or not billed:
        found: Sequence[Naming] = [
            Naming(voice, "", 0.0, ()) for voice in dict.fromkeys(v for v, _ in spoken)
        ]
    else:
        found = name_voices(spoken, billed, language=language, likes=alike)
    return {
        one.voice: _told(
            one.voice, names.get(one.person) or f"Speaker {n}", one.person, one.sure, one.reasons
        )
        for n, one in enumerate(found, 1)
    }


def _told(
    voice: str, name: str, person: str, sure: float = 1.0, reasons: Sequence[str] = ()
) -> dict[str, Any]:
    given = list(reasons) or (["has a track"] if person else [])
    return {
        "voice": voice,
        "as": name,
        "person": person,
        "sure": round(sure if person else 0.0, 3),
        "reasons": given,
    }
