"""Status: how far each episode has come, what will be made again and why, and what waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from onrecord.craft.doubt import Doubt, doubts, voices
from onrecord.craft.edition import state_of
from onrecord.craft.merge_file import count_conflicts
from onrecord.flow.ledger import Entry, entries
from onrecord.flow.plan import plan
from onrecord.folder.digests import Digests
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import (
    EpisodeRead,
    read_episode,
    read_heard,
    read_receipt,
    read_series,
    read_text,
    source,
)
from onrecord.make.status import status
from onrecord.make.step import read_problem
from onrecord.model.problem import Problem, UserError

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
    doubts: tuple[Doubt, ...] = ()
    ledger: tuple[Entry, ...] = ()
    """Of one episode only."""


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
                    _waits(own, episode, found_doubts := _doubts(own, episode, whole=bool(only))),
                    episode.problems,
                    found_doubts,
                    entries(own, episode) if only else (),
                )
            )
    return tuple(found)


def _doubts(own: EpisodeFolder, episode: EpisodeRead, *, whole: bool) -> tuple[Doubt, ...]:
    """What is doubtful in the transcript; of a whole series only the voices, which need no other file."""
    if episode.transcript is None:
        return ()
    recorded = episode.episode is None or episode.episode.transcript_clock == "recording"
    found = doubts(episode.transcript, read_heard(own)) if whole and recorded else voices(episode.transcript)
    return tuple(replace(doubt, hint=doubt.hint.replace("EPISODE", own.slug)) for doubt in found)


def _waits(own: EpisodeFolder, episode: EpisodeRead, doubtful: Sequence[Doubt]) -> tuple[str, ...]:
    """What a person should look at, in order of worth."""
    if episode.episode and episode.episode.withdrawn:
        return ()
    waits = [
        f"{name} is a new proposal{_conflicts(own, name)}; "
        f"take it with `onrecord accept {own.slug}`, or delete it"
        for name in PROPOSALS
        if (own.root / name).exists()
    ]
    waits += [
        f"{found.says}: {found.hint}"
        for step in ("take_in", "diarise", "spell", "lay_out", "master")
        for found in map(read_problem, read_receipt(own, step).get("problems", ()))
    ]
    waits += [f"{doubt.says}: {doubt.hint}" for doubt in doubtful]
    if episode.transcript and not (episode.episode and episode.episode.checked):
        waits.append(f"nobody has checked the transcript: `onrecord accept {own.slug} --checked-by NAME`")
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
