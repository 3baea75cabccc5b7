"""What questions are laid out beside: other conversations of the series, meaning, a model that chooses.

No step, but what `lay_out` brings in from outside of the episode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft.as_talk import as_talk
from onrecord.craft.asked import within
from onrecord.craft.portion import portions
from onrecord.craft.relevance import Alike, Array, Heard, Idf, hear, idf_of
from onrecord.engines import meaning
from onrecord.model.language import primary
from onrecord.model.time import Ms, Span
from onrecord.steps.base import TALKS
from onrecord.text import vtt

if TYPE_CHECKING:
    from pathlib import Path

    from onrecord.craft.layout import Layout
    from onrecord.craft.talk import Talk
    from onrecord.steps.base import Desk

_SERIES = (TALKS // 2, TALKS)
"""With so many others a conversation is compared: with those, so that it is seldom laid out anew."""


@dataclass(frozen=True, eq=False, slots=True)
class Usual:
    """What questions are judged by beside the talk: how rare words are, other talks, meaning."""

    idf: Idf | None = None
    cohort: tuple[Heard, ...] = ()
    alike: Alike | None = None


def others(desk: Desk) -> list[str]:
    """The transcripts of other episodes that come before this one: none, a few, or a dozen."""
    before = [own for own in desk.talks if own.slug < desk.folder.slug]
    count = max((some for some in _SERIES if some <= len(before)), default=0)
    return [desk.within(own.transcript) for own in before[:count]]


def usual(talk: Talk, others: Sequence[Path], language: str) -> Usual:
    """What is said in other conversations in the language of this one; nothing where there are none."""
    heard = [hear(portions(other, language)) for path in others if (other := _talk_of(path, language))]
    if not heard:
        return Usual()
    every = (portion for one in heard for portion in one.portions)
    return Usual(idf_of(every) + idf_of(portions(talk, language)), tuple(heard))


def _talk_of(path: Path, language: str) -> Talk:
    """A transcript as a talk; empty where it is gone, cannot be read or is in another language."""
    try:
        transcript, _ = vtt.read(path.read_text("utf-8"), path.name)
    except (OSError, ValueError):
        return ()
    if transcript is None or primary(transcript.language or language) != primary(language):
        return ()
    end = max((cue.span.end for cue in transcript.cues), default=Ms(0))
    return as_talk(transcript.cues, (), [Span(Ms(0), end)])


def alike_by(engine: str, language: str) -> Alike | None:
    """What compares by meaning, if the series wants it and the engine knows the language."""
    if not engine:
        return None
    found = meaning.load(engine)
    if primary(language) not in found.languages:
        return None

    # A conversation is laid out and searched several times, and its texts are the costly part.
    vectors = lru_cache(maxsize=8)(found.vectors)

    def alike(questions: Sequence[str], texts: Sequence[str]) -> Array:
        return np.asarray(vectors(tuple(questions)) @ vectors(tuple(texts)).T, np.float64)

    return alike


def choose(
    talk: Talk,
    texts: Sequence[str],
    laid: Layout,
    pinned: Mapping[int, tuple[Span[Ms], ...]],
    chooser: Sequence[str],
) -> tuple[dict[int, tuple[Span[Ms], ...]], list[dict[str, Any]]]:
    """Other places that a language model chose, by the question's index; and what went wrong."""
    url, model = chooser
    chosen: dict[int, tuple[Span[Ms], ...]] = {}
    if not url:
        return chosen, []
    from onrecord.engines.chooser import Chooser

    asked = Chooser(url, model)
    for k, (text, placed) in enumerate(zip(texts, laid.placed, strict=True)):
        held = [span for spans in (*pinned.values(), *chosen.values()) for span in spans]
        free = [one for one in placed.others if not any(one & span for span in held)]
        if k in pinned or not placed.spans or not free:
            continue
        places = [placed.spans[0], *free]
        try:
            index = asked.choose(text, [_passage(talk, place) for place in places])
        except OSError as error:
            return chosen, [_not_reached(url, error)]
        if index:
            chosen[k] = (places[index],)
    return chosen, []


def _passage(talk: Talk, place: Span[Ms]) -> str:
    return "\n".join(f"{said.voice}: {said.text}" for said in within(talk, place))


def _not_reached(url: str, error: OSError) -> dict[str, Any]:
    return {
        "path": "series.yaml",
        "says": f"the chooser at {url} was not reached ({error}); questions are placed without it",
        "hint": "look whether its server runs, or take `chooser:` out of series.yaml",
        "grave": False,
    }
