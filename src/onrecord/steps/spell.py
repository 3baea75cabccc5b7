"""Put near-misses of billed names and glossary terms right, where spelling and sound agree.

A step of its own, and a cheap one: a corrected billing costs the seconds in which a few places are heard
again, not an hour of recognition. What may be a misspelt name is found in the text (craft/suspect.py); then
the recogniser, told the name, says for each such place which spelling the sound is likelier to have been:
what it wrote or the name. A recogniser that cannot say so, or is not on this machine, leaves it to the
spelling alone, which then has to be nearer.

Nothing is silent: every repair stands in spelled.json with its place and what was heard, and so does every
near-miss that was left as it was, unless the sound is clearly against it; `onrecord status EPISODE` shows
both.
"""

from __future__ import annotations

import json
import wave
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft.expected import known, names
from onrecord.craft.language import stated
from onrecord.craft.repair import heard_so, may_be, repair, trial
from onrecord.craft.suspect import Name, Suspect, suspects
from onrecord.engines.recogniser import RATE_HZ, Samples, Witness, find
from onrecord.model.problem import UserError
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

if TYPE_CHECKING:
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "spell"
VERSION = 2

_PLACES = 5
"""So many places of one misspelling are heard again; they decide for the others."""


def order(desk: Desk) -> Task | None:
    """Wherever words are recognised."""
    if desk.transcript_given:
        return None
    return desk.task(
        NAME,
        VERSION,
        needs=("record/words.json", "cache/sound.wav"),
        makes=("record/spelled.json",),
        params={
            "recogniser": desk.series.recogniser,
            "language": stated(desk.episode, desk.series),
            "names": [[name.text, name.person] for name in names(desk.episode, desk.series)],
            "known": list(known(desk.episode, desk.series)),
        },
    )


def do(work: Work) -> dict[str, Any]:
    """Make spelled.json of words.json.

    Needs: words.json (of recognise), sound.wav (16 kHz, mono, 16 bit).
    Params: `recogniser`, `language` (BCP 47; empty: the recognised one), `names` (`[[text, is a person],
    ...]`), `known` (other words that the episode's files spell).
    Makes spelled.json: words.json with repaired `words`, `repairs` as `[start_ms, end_ms, heard, put, name]`
    and `near`, the same for what was left and may be one; times on the recording's clock.
    """
    words_file, sound = work.needs
    whole = json.loads(words_file.read_text("utf-8"))
    words = [Word(Span(Ms(start), Ms(end)), text, sure) for start, end, text, sure in whole["words"]]
    language = str(work.params["language"] or whole.get("language", ""))
    expected = [Name(str(text), bool(person)) for text, person in work.params["names"]]
    found = suspects(words, expected, work.params["known"], language)
    gains, problems = None, []
    if any(not one.plain for one in found):
        try:
            gains = _gains(work, sound, words, found, language)
        except UserError as absent:
            problems = [_unheard(absent)]
    repairs = heard_so(found, gains)
    spelled = repair(words, repairs)
    left = may_be(found, gains)
    told = whole | {
        "words": [[w.span.start, w.span.end, w.text, w.sure] for w in spelled],
        "repairs": [_row(words, one) for one in repairs],
        "near": [_row(words, one) for one in left],
    }
    (work.scratch / "spelled.json").write_text(_written(told), "utf-8")
    return {
        "repairs": len(repairs),
        "left": len(left),
        "heard_again": len(gains) if gains is not None else 0,
        "problems": problems,
    }


def _gains(
    work: Work, sound: Path, words: Sequence[Word], found: Sequence[Suspect], language: str
) -> dict[int, float] | None:
    """How much likelier each suspect's name is than what was written; None where nobody can say."""
    work.tell(0, 1, "loading the recogniser")
    recogniser = find(str(work.params["recogniser"]))
    if not isinstance(recogniser, Witness):
        return None
    asked: dict[tuple[str, str], int] = {}
    gains: dict[int, float] = {}
    with wave.open(str(sound), "rb") as wav:
        for n, one in enumerate(found):
            asked[one.kind] = asked.get(one.kind, 0) + 1
            if one.plain or asked[one.kind] > _PLACES:
                continue
            work.tell(n, len(found), "hearing names again")
            around, written, named = trial(words, one, found)
            as_written, as_named = recogniser.likelihood(
                _samples(wav, around), language, (written, named), one.name
            )
            gains[one.start] = as_named - as_written
    return gains


def _samples(wav: wave.Wave_read, span: Span[Ms]) -> Samples:
    start = min(span.start * RATE_HZ // 1000, wav.getnframes())
    wav.setpos(start)
    frames = wav.readframes(span.end * RATE_HZ // 1000 - start)
    return np.frombuffer(frames, "<i2").astype(np.float32) / np.float32(32768)


def _row(words: Sequence[Word], one: Suspect) -> list[object]:
    span = words[one.start].span | words[one.end - 1].span
    return [span.start, span.end, one.heard, " ".join(one.put), one.name]


def _written(told: Mapping[str, Any]) -> str:
    """As people read it: a line for each word, each repair and each near-miss."""
    parts = []
    for key, value in told.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value:
            rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in value)
            text = f"[\n{rows}\n ]"
        parts.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _unheard(absent: UserError) -> dict[str, Any]:
    return {
        "path": "transcript.vtt",
        "line": 0,
        "column": 0,
        "says": f"misspelt names were mended by their spelling alone: {absent.problems[0].says}",
        "hint": absent.problems[0].hint or "read the names in the transcript",
        "grave": False,
    }
