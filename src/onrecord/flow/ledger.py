"""The ledger of an episode as a person looks at it: each question, where it is asked, who answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.craft.map_terminal import draw
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import EpisodeRead, read_episode, read_layout, read_series
from onrecord.model.ledger import Question
from onrecord.model.problem import UserError
from onrecord.model.time import Ms, Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of the ledger: `sure` (0 to 1) is how sure its place is, None where nobody has measured it.

    `others` are places that came next; `waiting` counts proposed quotes that nobody approved.
    """

    id: str
    question: str
    found: str
    asked: Ms | None
    answered_by: tuple[str, ...]
    answered_ms: int
    sure: float | None
    others: tuple[Span[Ms], ...]
    follow_ups: int
    approved: int
    waiting: int


def entries(own: EpisodeFolder, episode: EpisodeRead) -> tuple[Entry, ...]:
    """The questions of an episode in the order of questions.yaml."""
    measured = read_layout(own)
    return tuple(_entry(q, measured.get(q.id, {})) for q in episode.ledger.questions)


def _entry(question: Question, measured: Mapping[str, Any]) -> Entry:
    approved = sum(quote.approved for quote in question.quotes)
    return Entry(
        question.id,
        question.text,
        question.found,
        question.asked,
        tuple(dict.fromkeys(answer.by for answer in question.answers)),
        sum(answer.span.length_ms for answer in question.answers),
        float(measured["sure"]) if "sure" in measured else None,
        tuple(Span(Ms(start), Ms(end)) for start, end in measured.get("others", ())),
        len(measured.get("follow_ups", ())),
        approved,
        len(question.quotes) - approved,
    )


def drawn(home: SeriesFolder, own: EpisodeFolder, width: int) -> str:
    """The conversation drawn for a terminal; empty where there is no transcript.

    Raises:
        UserError: series.yaml cannot be read.
    """
    read = read_series(home)
    if read.series is None:
        raise UserError(read.problems)
    episode = read_episode(home, own, read.series, read.register)
    return draw(episode.transcript, episode.ledger, width) if episode.transcript else ""
