"""Read a series folder: what every file says, with every problem at its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from onrecord.craft.edition import Source
from onrecord.craft.register import Register, bill_episode, bill_series, voices
from onrecord.craft.url import SERIES_NAMES
from onrecord.folder.layout import EpisodeFolder, SeriesFolder, stray
from onrecord.model.episode import Episode, Series
from onrecord.model.ledger import Ledger
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Heard, Transcript, Words
from onrecord.text import episode_md, people_yaml, questions_yaml, series_yaml, vtt, words_json

JSON = Any


@dataclass(frozen=True, slots=True)
class SeriesRead:
    """series.yaml and people.yaml; `series` is None where a problem is grave."""

    series: Series | None
    register: Register
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class EpisodeRead:
    """An episode's own files; `episode` is None where episode.md cannot be read."""

    folder: EpisodeFolder
    episode: Episode | None
    transcript: Transcript | None
    ledger: Ledger
    problems: tuple[Problem, ...]


def read_text(path: Path, name: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a file as it stands, line ends and all; None and no problem where there is no file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None, ()
    except OSError as error:
        return None, (Problem(Place(name), f"the file cannot be read: {error.strerror}"),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "save it as UTF-8 in your editor"
        return None, (Problem(Place(name, line, 1), "the file is not UTF-8 text", hint),)


def read_series(folder: SeriesFolder) -> SeriesRead:
    """Read series.yaml and the register of people it names."""
    text, problems = read_text(folder.series_yaml, "series.yaml")
    if text is None:
        lost = Problem(Place("series.yaml"), "there is no series.yaml", "make one: onrecord new series")
        return SeriesRead(None, Register(), problems or (lost,))
    series, problems = series_yaml.read(text)
    named = series_yaml.people_path(text)
    people_text, more = read_text(folder.root / named, named)
    people, wrong = people_yaml.read(people_text, named) if people_text is not None else ((), ())
    register = Register(people)
    found = (*problems, *more, *wrong, *stray(folder))
    return SeriesRead(bill_series(series, register) if series else None, register, found)


def read_episode(folder: SeriesFolder, own: EpisodeFolder, series: Series, register: Register) -> EpisodeRead:
    """Read episode.md, transcript.vtt and questions.yaml of one episode."""
    problems = list(stray(folder, own))
    if own.slug.casefold() in SERIES_NAMES:
        says = f"the site has something else at {own.slug.casefold()}"
        problems.append(Problem(Place(folder.name(own.root)), says, "give the episode's folder another name"))
    name = folder.name(own.episode_md)
    text, wrong = read_text(own.episode_md, name)
    problems += wrong
    episode: Episode | None = None
    if text is None:
        if not wrong:
            hint = "make episodes with: onrecord new episode"
            problems.append(Problem(Place(name), "this folder has no episode.md", hint))
    else:
        episode, wrong = episode_md.read(text, name, slug=own.slug, zone=series.timezone)
        problems += wrong
    if len(own.recordings) > 1:
        says = "there are two recordings: " + ", ".join(p.name for p in own.recordings)
        problems.append(Problem(Place(folder.name(own.root)), says, "keep one and move the others away"))
    transcript, wrong = _read_transcript(own, folder.name(own.transcript))
    problems += wrong
    ledger: Ledger | None = Ledger()
    name = folder.name(own.questions)
    text, wrong = read_text(own.questions, name)
    problems += wrong
    if text is not None:
        ledger, wrong = questions_yaml.read(text, name)
        problems += wrong
    if episode:
        episode = bill_episode(episode, series, register)
    return EpisodeRead(own, episode, transcript, ledger or Ledger(), tuple(problems))


def _read_transcript(own: EpisodeFolder, name: str) -> tuple[Transcript | None, tuple[Problem, ...]]:
    text, problems = read_text(own.transcript, name)
    if text is None:
        return None, problems
    transcript, problems = vtt.read(text, name)
    return (None if any(p.grave for p in problems) else transcript), problems


def read_receipt(own: EpisodeFolder, step: str) -> Mapping[str, JSON]:
    """The receipt that a step left in record/; empty where there is none that can be read."""
    return _json(own.record / f"{step}.json")


def read_words(own: EpisodeFolder) -> Words:
    """The recognised words with their times, names put right: record/spelled.json, else words.json."""
    spelled = own.record / "spelled.json"
    try:
        return words_json.read((spelled if spelled.exists() else own.record / "words.json").read_bytes())
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return Words()


def read_likes(own: EpisodeFolder) -> dict[tuple[str, str], float]:
    """How alike voices and voice prints are, by what the proposal called the voice, and the person's id."""
    try:
        called = {row["voice"]: row["as"] for row in read_receipt(own, "transcribe")["facts"]["names"]}
        likes = _json(own.record / "voices.json")["likes"]
        return {(called[voice], str(person)): float(cosine) for voice, person, cosine in likes}
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}


def read_heard(own: EpisodeFolder) -> Heard:
    """What the steps heard, from record/; empty where they have not run."""
    spelled = _json(own.record / "spelled.json") or _json(own.record / "words.json")
    told = _json(own.record / "voices.json")
    try:
        return Heard(
            words=read_words(own),
            gaps=_spans(spelled.get("gaps", ())),
            speech=_spans(told.get("speech", ())),
            overlap=_spans(told.get("overlap", ())),
            repairs=_put_right(spelled.get("repairs", ())),
            near=_put_right(spelled.get("near", ())),
        )
    except (ValueError, TypeError, AttributeError):
        return Heard(words=read_words(own))


def read_layout(own: EpisodeFolder) -> Mapping[str, Mapping[str, JSON]]:
    """By question id what was measured when the questions were laid out; empty where they were not."""
    found = _json(own.cache / "ledger.json").get("questions")
    return found if isinstance(found, dict) else {}


def _json(path: Path) -> Mapping[str, JSON]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _spans(rows: JSON) -> tuple[Span[Ms], ...]:
    return tuple(Span(Ms(int(start)), Ms(int(end))) for start, end in rows)


def _put_right(rows: JSON) -> tuple[tuple[Span[Ms], str, str], ...]:
    return tuple((Span(Ms(int(a)), Ms(int(b))), str(was), str(put)) for a, b, was, put, *_ in rows)


def source(read: EpisodeRead, series: Series, register: Register) -> Source | None:
    """All that is known of an episode, ready to be edited; None where episode.md cannot be read."""
    if read.episode is None:
        return None
    facts = read_receipt(read.folder, "take_in").get("facts", {})
    sound = read_receipt(read.folder, "master").get("facts", {})
    return Source(
        series=series,
        episode=read.episode,
        people=voices(read.episode.billed, register),
        transcript=read.transcript,
        ledger=read.ledger,
        heard=read_words(read.folder),
        duration_ms=facts.get("duration_ms"),
        has_recording=bool(read.folder.recordings),
        intro_ms=int(sound.get("intro_ms", 0)),
        outro_ms=int(sound.get("outro_ms", 0)),
    )


def with_media(source: Source, **media: Any) -> Source:
    """The source with its enclosures."""
    return replace(source, **media)
