"""The questions an episode announces, and where each is asked, answered and quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from onrecord.model.problem import Place
from onrecord.model.time import Ms, Span

Found = Literal["yes", "no", "never asked"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers, and where."""

    by: str
    span: Span[Ms]


@dataclass(frozen=True, slots=True)
class Quote:
    """Verbatim words of one voice; public only when a person approved it."""

    by: str
    span: Span[Ms]
    text: str
    approved: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """An announced question with its place in the conversation; `found` is `no` where it has none."""

    id: str
    text: str
    found: Found = "no"
    asked: Ms | None = None
    answers: tuple[Answer, ...] = ()
    quotes: tuple[Quote, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of the conversation that begins at a moment and has a title."""

    at: Ms
    title: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """questions.yaml: the questions in the order announced, and the chapters in time order."""

    questions: tuple[Question, ...] = ()
    chapters: tuple[Chapter, ...] = ()
