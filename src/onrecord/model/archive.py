"""What the archive of a series knows: every sentence that may be heard, who said it, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from onrecord.model.edition import Card
from onrecord.model.time import Ms, PubMs, Span

Part = Literal["host", "guest", ""]
"""What somebody was in an episode; empty for a voice that is not billed."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the programme's cut, on both clocks.

    `turn` counts the turns of its episode from 0; `person` is the id of people.yaml or of a guest, empty
    where nobody has named the voice; `language` is BCP 47.
    """

    turn: int
    at: Span[PubMs]
    recorded: Span[Ms]
    voice: str
    person: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An episode as the archive keeps it: its card and all its sentences.

    `public_from_ms` is the moment (Unix time) from which it is public, None where nobody has approved it;
    `taken_out` says what is off the record or outside the cut, in a form that changes when that does.
    """

    card: Card
    public_from_ms: int | None
    taken_out: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Whose words are asked for, and from when; empty and None: anybody's, any time. Days are inclusive.

    `persons` are ids; `at_ms` is now (Unix time): what is not public yet counts only with `drafts`.
    """

    at_ms: int
    persons: tuple[str, ...] | None = None
    part: Part = ""
    since: date | None = None
    until: date | None = None
    episode: str = ""
    drafts: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """Verbatim words of one voice: whole sentences of one turn, and the episode they come from.

    `marks` are the places in `text` (start, end) of the words that were asked for; `link` is where the
    words are heard on the published site, empty for a draft or a series without an address.
    """

    text: str
    voice: str
    person: str
    part: Part
    role: str
    organisation: str
    episode: str
    title: str
    day: date
    at: Span[PubMs]
    recorded: Span[Ms]
    language: str
    checked: bool
    draft: bool
    score: float = 0.0
    marks: tuple[tuple[int, int], ...] = ()
    link: str = ""
