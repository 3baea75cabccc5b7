"""Recognise the words of a recording: piece by piece, so that an interruption costs one piece at most.

    sound.wav  ──cut at silences──▶  pieces of 20 to 30 s  ──recogniser──▶  journal.jsonl  ──▶  words.json

Each piece that was heard is one line of the journal, with a checksum, on disk before the next piece
begins. Whatever happens then, power cut included, the next run reads the lines that are whole, throws away
a torn one, and goes on with the first piece that is missing. words.json is made from the journal alone, so
it is the same to the byte, however often the work was interrupted. A journal of another sound, another
recogniser or other names to expect is thrown away whole.

Where the episode does not say its one language, the same is done once before with shorter pieces, to find
where which language is spoken (craft/language.py); then no piece has two languages in it.

A recogniser leaves things out, and does not say so. Where the voice detector hears speech for a second and
a half and there are no words, the stretch is heard a second time, more patiently; what still has no words
is told with its place.
"""

from __future__ import annotations

import hashlib
import json
import wave
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft.expected import expected
from onrecord.craft.language import (
    WINDOW_MS,
    Languages,
    Window,
    language_of,
    listed,
    mostly,
    places,
    settled,
    stated,
    stretches,
)
from onrecord.craft.piece import gaps, pieces
from onrecord.craft.serbian import in_script
from onrecord.craft.word import mend
from onrecord.engines.listen import voiced
from onrecord.engines.recogniser import RATE_HZ, Discerning, Recogniser, Samples, find, heeds_names
from onrecord.make.journal import append, resume
from onrecord.model.time import Ms, Span, write_clock
from onrecord.model.transcript import Word

if TYPE_CHECKING:
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "recognise"
VERSION = 2

_AROUND_MS = 1000
"""How much sound around a gap is heard with it the second time."""

_SURE_ENOUGH = 0.2
"""Words of a second hearing that are less sure are taken for inventions."""


def order(desk: Desk) -> Task | None:
    """Words are made from the sound, unless a transcript was given before there was a proposal."""
    if desk.transcript_given:
        return None
    # Names that the recogniser would not heed are no input: to correct one must not cost an hour.
    names = expected(desk.episode, desk.series) if heeds_names(desk.series.recogniser) else ()
    return desk.task(
        NAME,
        VERSION,
        needs=("cache/sound.wav", "cache/silences.json"),
        makes=("record/words.json",),
        params={
            "recogniser": desk.series.recogniser,
            "language": stated(desk.episode, desk.series),
            "languages": list(listed(desk.episode, desk.series)),
            "prompt": ", ".join(names),
        },
        wants="gpu",
    )


def do(work: Work) -> dict[str, Any]:
    """Recognise sound.wav into words.json.

    Needs: sound.wav (16 kHz, mono, 16 bit), silences.json (`[[start_ms, end_ms], ...]`).
    Params: `recogniser` (see engines/recogniser.py), `language` (BCP 47, empty to find out), `languages`
    (all that may be spoken, where there are several), `prompt` (names and terms that are likely to be said).
    Makes words.json: `engine`, `weights`, `language`, `words` as `[start_ms, end_ms, text, sure]`, `gaps`
    as `[start_ms, end_ms]` and, where they were looked for, `languages` as `[start_ms, end_ms, "sr-Latn"]`;
    times on the recording's clock.

    Raises:
        UserError: The recogniser or its weights cannot be had.
    """
    sound, silences, *_ = work.needs
    work.tell(0, 1, "loading the recogniser")
    recogniser = find(str(work.params["recogniser"]))
    language, prompt = str(work.params["language"]), str(work.params["prompt"])
    possible = [str(one) for one in work.params.get("languages", ())]
    with wave.open(str(sound), "rb") as wav:
        if (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) != (RATE_HZ, 1, 2):
            raise ValueError(f"{sound.name} is not 16 kHz, mono, 16 bit")
        length_ms = wav.getnframes() * 1000 // RATE_HZ
        quiet = [Span(Ms(a), Ms(b)) for a, b in json.loads(silences.read_text("utf-8"))]
        of = {
            "sound": _digest(sound),
            "engine": recogniser.engine,
            "weights": recogniser.weights,
            "language": language,
            "languages": possible,
            "prompt": prompt,
            "version": VERSION,
        }

        cut = partial(pieces, silences=quiet, quietest=partial(_quietest, wav))
        known: Languages = ()
        if isinstance(recogniser, Discerning) and (possible or not language):
            look = partial(_look, recogniser, wav, work, of)
            windows = look("languages.jsonl", cut(length_ms, bounds_ms=WINDOW_MS))
            known = stretches(windows, language, possible)
            known = settled(known, look("switches.jsonl", places(known, windows, quiet)), quiet)
        parts = [span for span, _ in known] or [Span(Ms(0), Ms(length_ms))]
        plan = [piece for part in parts for piece in cut(part.end, start_ms=part.start)]
        records = resume(work.scratch / "journal.jsonl", of, plan)
        with (work.scratch / "journal.jsonl").open("ab") as journal:
            for piece in plan[len(records) :]:
                work.tell(piece.start, length_ms, "recognising")
                expected = language_of(piece, known) or language or _language(records)
                heard = _hear(recogniser, wav, piece, expected, prompt)
                append(journal.fileno(), heard)
                records.append(heard)
    work.tell(length_ms, length_ms, "writing the words")
    main = language or mostly(known) or _language(records) or ""
    words = [
        [start, end, in_script(text, language_of(Span(start, end), known) or main), sure]
        for record in records
        for start, end, text, sure in record["words"]
    ]
    missing = [gap for record in records for gap in record["gaps"]]
    told = {
        "engine": recogniser.engine,
        "weights": recogniser.weights,
        "language": main,
    }
    spoken = [[span.start, span.end, tag] for span, tag in known]
    (work.scratch / "words.json").write_text(_written(told, words, missing, spoken), "utf-8")
    return {
        **told,
        "pieces": len(plan),
        "words": len(words),
        "gaps": len(missing),
        **({"languages": sorted({tag for _, tag in known})} if known else {}),
        "problems": [_gap_problem(start, end) for start, end in missing],
    }


def _hear(
    recogniser: Recogniser, wav: wave.Wave_read, piece: Span[Ms], language: str | None, prompt: str
) -> dict[str, Any]:
    """Recognise one piece, and once more where speech has no words; the journal's record of it."""
    samples = _samples(wav, piece)
    whole = Span(Ms(0), Ms(piece.length_ms))
    heard = recogniser.recognise(samples, language, prompt)
    words = mend(heard.words, whole)
    speech = voiced(samples)
    missing = gaps(speech, words)
    if missing:
        start = max(0, missing[0].start - _AROUND_MS)
        part = samples[start * RATE_HZ // 1000 : (missing[-1].end + _AROUND_MS) * RATE_HZ // 1000]
        again = recogniser.recognise(part, heard.language or language, prompt, again=True)
        more = [
            Word(Span(Ms(w.span.start + start), Ms(w.span.end + start)), w.text, w.sure) for w in again.words
        ]
        found = [w for w in more if w.sure >= _SURE_ENOUGH and any(_middle(w) in gap for gap in missing)]
        words = mend(sorted([*words, *found], key=lambda w: w.span), whole)
        missing = gaps(speech, words)
    at = piece.start
    return {
        "piece": [piece.start, piece.end],
        "language": heard.language,
        "words": [[at + w.span.start, at + w.span.end, w.text, w.sure] for w in words],
        "gaps": [[at + gap.start, at + gap.end] for gap in missing],
    }


def _look(
    recogniser: Discerning,
    wav: wave.Wave_read,
    work: Work,
    of: Mapping[str, Any],
    name: str,
    spans: Sequence[Span[Ms]],
) -> list[Window]:
    """How likely which language is in each span; what an earlier run heard stands in the journal `name`."""
    looks = resume(work.scratch / name, of, spans)
    with (work.scratch / name).open("ab") as journal:
        for span in spans[len(looks) :]:
            work.tell(0, 1, f"finding the languages, {len(looks)} of {len(spans)}")
            samples = _samples(wav, span)
            speech_ms = sum(spoken.length_ms for spoken in voiced(samples))
            chances = dict(recogniser.discern(samples)) if speech_ms else {}
            look = {"piece": [span.start, span.end], "speech_ms": speech_ms, "chances": chances}
            append(journal.fileno(), look)
            looks.append(look)
    return [Window(span, look["speech_ms"], look["chances"]) for span, look in zip(spans, looks, strict=True)]


def _middle(word: Word) -> Ms:
    return Ms((word.span.start + word.span.end) // 2)


def _language(records: Sequence[Mapping[str, Any]]) -> str | None:
    """The language of the first piece in which anything was said: it holds for those after it."""
    return next((str(r["language"]) for r in records if r["words"]), None)


def _samples(wav: wave.Wave_read, span: Span[Ms]) -> Samples:
    start, end = span.start * RATE_HZ // 1000, span.end * RATE_HZ // 1000
    wav.setpos(start)
    return np.frombuffer(wav.readframes(end - start), "<i2").astype(np.float32) / np.float32(32768)


def _quietest(wav: wave.Wave_read, window: Span[Ms]) -> Ms:
    """The middle of the quietest fifth of a second in a stretch that has no silence."""
    step_ms, wide = 20, 10
    samples = _samples(wav, window)
    frame = RATE_HZ * step_ms // 1000
    power = np.mean(samples[: len(samples) // frame * frame].reshape(-1, frame) ** 2, axis=1)
    if len(power) < wide:
        return window.end
    means = np.convolve(power, np.ones(wide) / wide, "valid")
    return Ms(window.start + int(np.argmin(means)) * step_ms + wide * step_ms // 2)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(
    told: Mapping[str, str], words: Sequence[object], missing: Sequence[object], languages: Sequence[object]
) -> str:
    """words.json as people read it: a line for each word."""
    head = json.dumps(told, ensure_ascii=False, indent=1)[:-2]
    lists = {"words": words, "gaps": missing, **({"languages": languages} if languages else {})}
    parts = [head]
    for key, rows in lists.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f' "{key}": [\n{lines}\n ]')
    return ",\n".join(parts) + "\n}\n"


def _gap_problem(start: int, end: int) -> dict[str, Any]:
    places = f"{write_clock(start // 1000 * 1000)} to {write_clock(-(-end // 1000) * 1000)}"
    return {
        "path": "transcript.vtt",
        "line": 0,
        "column": 0,
        "says": f"somebody speaks from {places}, but no words were recognised",
        "hint": "listen there, and write what is said",
        "grave": False,
    }
