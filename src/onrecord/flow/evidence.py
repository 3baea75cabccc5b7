"""What is known of an episode's passages off the record: their words and sound, and what may be said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onrecord.craft import leak
from onrecord.craft.align import align
from onrecord.craft.edition import Source, edit, programme
from onrecord.flow.media import find_media
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import SeriesRead, read_episode, read_receipt, source
from onrecord.model.passage import Marked, marked
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span, short_clock
from onrecord.model.transcript import Word

_LATER = datetime(9999, 1, 1, tzinfo=UTC)
_SHORTEST_COMPARED_MS = 300


@dataclass(frozen=True, slots=True)
class Evidence:
    """One marked episode.

    `written` are pairs of a file that a person writes freely and its words; `sound` is what
    engines/absence.py asks for, None where there is no recording to compare with; `curves` are the heights
    of the waveform in each passage; `media` the names of the programme's files as they are now.
    """

    marked: Marked
    needles: leak.Needles
    written: tuple[tuple[str, str], ...] = ()
    sound: dict[str, Any] | None = None
    curves: tuple[tuple[float, ...], ...] = ()
    media: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()


def gather(home: SeriesFolder, own: EpisodeFolder, read: SeriesRead) -> Evidence | None:
    """What betrays the passages of an episode; None where nothing is off its record."""
    assert read.series is not None  # noqa: S101 - the caller has looked
    episode = read_episode(home, own, read.series, read.register)
    known = source(episode, read.series, read.register)
    one = marked(known.episode) if known else None
    if known is None or one is None:
        return None
    off = list(_off(known, one))
    needles = leak.needles(off, [] if one.withdrawn else _on(known))
    sound, media = _sound(own, known, one)
    return Evidence(
        one,
        needles,
        _written(home, own, known),
        sound,
        () if one.withdrawn else _curves(own, one),
        media,
        tuple(_unsure(home, own, one, needles, compared=sound is not None)),
    )


def _off(known: Source, one: Marked) -> Iterator[str]:
    """Every text that is off the record: as it stands in the transcript, and as it was heard."""
    cues = known.transcript.cues if known.transcript else ()
    if one.withdrawn:
        yield " ".join(cue.text for cue in cues)
        yield " ".join(word.text for word in known.heard)
        yield from (
            known.episode.title,
            known.episode.introduction,
            *(q.ask for q in known.episode.questions),
        )
        return
    if known.episode.transcript_clock == "recording":
        rows = align(known.heard, cues) if known.heard else ()
        for passage in one.passages:
            if rows:
                yield " ".join(w.text for row in rows for w in row if _touches(w, passage))
            else:
                yield " ".join(cue.text for cue in cues if cue.span & passage)
    for passage in one.passages:
        yield " ".join(w.text for w in known.heard if _touches(w, passage))


def _touches(word: Word, passage: Span[Ms]) -> bool:
    return bool(word.span & passage) if word.span else word.span.start in passage


def _on(known: Source) -> list[str]:
    """What is said or announced on the record: captions, titles, names, questions; no free prose."""
    edition, _ = edit(known, _LATER, draft=True)
    return [" ".join(c.text for c in edition.captions), *_announced(known)]


def _announced(known: Source) -> Iterator[str]:
    episode, series = known.episode, known.series
    yield episode.title
    yield from (series.title, series.tagline, series.presenter.name, series.presenter.unit)
    for billed in (*episode.billed, *((series.host,) if series.host else ())):
        yield ", ".join(part for part in (billed.person.name, billed.role, billed.organisation) if part)
    for question in episode.questions:
        yield question.ask
        yield from question.parts
    yield from episode.tags
    yield from (reference.title for reference in episode.references)


def on_record(home: SeriesFolder, own: EpisodeFolder, read: SeriesRead) -> tuple[str, ...]:
    """The words of everything that another episode may say in public, its introduction too."""
    series, register = read.series, read.register
    assert series is not None  # noqa: S101 - the caller has looked
    known = source(read_episode(home, own, series, register), series, register)
    if known is None or known.episode.withdrawn:
        return ()
    prose = [known.episode.introduction, *(c.what for c in known.episode.corrections)]
    titles = [chapter.title for chapter in known.ledger.chapters]
    return tuple(leak.stream([*_on(known), *prose, *titles]))


def _written(home: SeriesFolder, own: EpisodeFolder, known: Source) -> tuple[tuple[str, str], ...]:
    """Where a person may have written it: the prose of episode.md, and the ledger."""
    prose = [known.episode.introduction, *(c.what for c in known.episode.corrections)]
    ledger = [chapter.title for chapter in known.ledger.chapters]
    for question in known.ledger.questions:
        ledger += [question.text, *(quote.text for quote in question.quotes)]
    reason = known.episode.withdrawn.reason if known.episode.withdrawn else ""
    return (
        (home.name(own.episode_md), " ".join(leak.stream([*prose, reason]))),
        (home.name(own.questions), " ".join(leak.stream(ledger))),
    )


def _sound(own: EpisodeFolder, known: Source, one: Marked) -> tuple[dict[str, Any] | None, frozenset[str]]:
    """What the comparison of sound and picture needs; None where there is no recording."""
    media = frozenset(Path(e.path).name for e in find_media(own).enclosures)
    if len(own.recordings) != 1:
        return None, media
    facts = read_receipt(own, "take_in").get("facts", {})
    length = int(known.duration_ms or 0)
    if not length:
        return None, media
    (recording,) = own.recordings
    copy = own.cache / "sound.wav"
    line = programme(known.episode, length)
    spans = [Span(Ms(0), Ms(length))] if one.withdrawn else one.passages
    request = {
        "recording": str(recording),
        "sound": str(copy if copy.exists() else recording),
        "passages": [[p.start, min(p.end, length)] for p in spans if p.start < length],
        "kept": [] if one.withdrawn else [[s.start, s.end] for s in line.kept],
        "intro_ms": known.intro_ms,
        "has_picture": bool(facts.get("has_picture")),
    }
    return request, media


def _curves(own: EpisodeFolder, one: Marked) -> tuple[tuple[float, ...], ...]:
    """The height of the recording's waveform in each passage, where it is still in the cache."""
    try:
        found = json.loads((own.cache / "waveform.json").read_bytes())
        hop, peaks = int(found["hop_ms"]), [float(p) for p in found["peaks"]]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    heights = [high - low for low, high in zip(peaks[::2], peaks[1::2], strict=False)]
    return tuple(tuple(heights[-(-p.start // hop) : p.end // hop]) for p in one.passages)


def _unsure(
    home: SeriesFolder, own: EpisodeFolder, one: Marked, needles: leak.Needles, *, compared: bool
) -> Iterator[Problem]:
    """What cannot be searched for, as warnings."""
    place = Place(home.name(own.episode_md))
    if not needles:
        how = "its sound alone is compared" if compared else "nothing of it can be searched for"
        says = f"what is off the record here is too short, or said on the record elsewhere too; {how}"
        yield Problem(place, says, "listen to the place yourself", grave=False)
    if not compared and own.recordings:
        says = "the recording was not taken in, so its sound is not compared"
        yield Problem(place, says, "run: onrecord build", grave=False)
    for passage in one.passages:
        if compared and passage.length_ms < _SHORTEST_COMPARED_MS:
            says = f"the passage at {short_clock(passage.start)} is too short to be compared by its sound"
            yield Problem(place, says, "listen to the place yourself", grave=False)
