"""Status: how far each episode has come, what will be made again and why, and what waits for a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from onrecord.craft.edition import state_of
from onrecord.craft.merge_file import count_conflicts
from onrecord.flow.plan import plan
from onrecord.folder.digests import Digests
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import EpisodeRead, read_episode, read_receipt, read_series, read_text, source
from onrecord.make.status import status
from onrecord.make.step import read_problem
from onrecord.model.problem import Problem, UserError
from onrecord.model.time import short_clock

_UNNAMED = re.compile(r"Speaker \d+")
PROPOSALS = ("transcript.new.vtt", "questions.new.yaml")


@dataclass(frozen=True, slots=True)
class Due:
    """A step that would run, and why."""

    step: str
    why: str


@dataclass(frozen=True, slots=True)
class EpisodeStatus:
    """One episode: its state, what would be made, what waits for a person."""

    slug: str
    title: str
    day: str
    state: str
    due: tuple[Due, ...]
    waits: tuple[str, ...]
    problems: tuple[Problem, ...]


def look(home: SeriesFolder, as_of: datetime, only: str = "") -> tuple[EpisodeStatus, ...]:
    """The status of all episodes, or of one.

    Raises:
        UserError: series.yaml cannot be read.
    """
    read = read_series(home)
    if read.series is None:
        raise UserError(read.problems)
    found = []
    with Digests(home.root) as digests:
        for own in home.episodes:
            if only and own.slug != only:
                continue
            episode = read_episode(home, own, read.series, read.register)
            known = source(episode, read.series, read.register)
            tasks = plan(home, read.series, [episode])
            due = [Due(t.step, s.why) for t in tasks if (s := status(t, digests)).state != "fresh"]
            found.append(
                EpisodeStatus(
                    own.slug,
                    episode.episode.title if episode.episode else "",
                    episode.episode.published.date().isoformat() if episode.episode else "",
                    state_of(known, as_of) if known else "unreadable",
                    tuple(due),
                    _waits(own, episode),
                    episode.problems,
                )
            )
    return tuple(found)


def _waits(own: EpisodeFolder, episode: EpisodeRead) -> tuple[str, ...]:
    """What a person should look at, in order of worth."""
    waits = [
        f"{name} is a new proposal{_conflicts(own, name)}; "
        f"take it with `onrecord accept {own.slug}`, or delete it"
        for name in PROPOSALS
        if (own.root / name).exists()
    ]
    transcript = episode.transcript
    if transcript:
        unnamed = {c.voice for c in transcript.cues if _UNNAMED.fullmatch(c.voice)}
        for voice in sorted(unnamed):
            turns = [t for t in transcript.turns if t.voice == voice]
            first = short_clock(turns[0].span.start)
            waits.append(
                f"{voice} has no name ({len(turns)} turns, first at {first}): name it in transcript.vtt"
            )
        if not (episode.episode and episode.episode.checked):
            waits.append(f"nobody has checked the transcript: `onrecord accept {own.slug} --checked-by NAME`")
    waits += [
        f"{read_problem(p).says}: {read_problem(p).hint}"
        for step in ("take_in", "recognise", "master")
        for p in read_receipt(own, step).get("problems", ())
    ]
    if episode.episode and not episode.episode.approved:
        waits.append(
            f"nobody has approved it, so it is not public: `onrecord accept {own.slug} --approved-by NAME`"
        )
    return tuple(waits)


def _conflicts(own: EpisodeFolder, name: str) -> str:
    """In how many places a proposal shows another reading of what a person wrote."""
    text, _ = read_text(own.root / name, name)
    n = count_conflicts(text or "")
    return f", with {n} conflict{'' if n == 1 else 's'} shown in it" if n else ""
