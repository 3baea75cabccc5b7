"""The waist of the hourglass: all that outputs may know of an episode, and the card kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from onrecord.model.episode import Episode, Series, State
from onrecord.model.ledger import Found, Ledger
from onrecord.model.people import Person
from onrecord.model.recording import Enclosure
from onrecord.model.time import PubMs, Span
from onrecord.model.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Caption:
    """One caption of the published cut: its span on the published clock, voice, text and language."""

    span: Span[PubMs]
    voice: str
    text: str
    person: Person | None = None
    language: str = ""
    """BCP 47, where it is another one than the edition's."""
    words: tuple[PubMs, ...] = ()
    """When each word of the text begins (as `model.language.parts` has them); empty where nobody knows."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What one voice says until another speaks, in one language: the captions' words as one text.

    `turn` counts the turns; a turn in which the language changes is several speeches.
    """

    turn: int
    span: Span[PubMs]
    voice: str
    person: Person | None
    language: str
    """BCP 47, where it is another one than the edition's."""
    text: str
    """One line, in single spaces."""
    sentences: tuple[int, ...]
    """Where in the text each sentence begins: at least the first one at 0."""
    firsts: tuple[int, ...]
    """Which of the words is each sentence's first."""
    words: tuple[PubMs, ...]
    """When each word begins (as `model.language.parts` has them), none before the one in front of it."""
    places: tuple[int, ...] = ()
    """Where in the text each word begins, if it is in a script without spaces."""

    @property
    def ats(self) -> tuple[PubMs, ...]:
        """When each sentence begins: its first word does."""
        return tuple([self.words[n] for n in self.firsts])


@dataclass(frozen=True, slots=True)
class Mark:
    """A published moment with a title: a chapter of the cut."""

    at: PubMs
    title: str


@dataclass(frozen=True, slots=True)
class PublishedQuote:
    """An approved quote with its place in the cut."""

    question_id: str
    by: Person
    title: str
    at: Span[PubMs]
    text: str


@dataclass(frozen=True, slots=True)
class PublishedAnswer:
    """Who answers a question, and where in the cut."""

    by: Person
    at: Span[PubMs]


@dataclass(frozen=True, slots=True)
class PublishedQuestion:
    """An announced question with its places in the cut.

    `ids` are its entries in the ledger: none where the ledger does not know it, several where it
    was announced in parts. `asked` is None where the question stands outside of the cut.
    """

    text: str
    ids: tuple[str, ...] = ()
    found: Found = "no"
    asked: PubMs | None = None
    answers: tuple[PublishedAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedCorrection:
    """A public note of what was corrected, and when; `at` is where, None where the cut has no such place."""

    on: date
    what: str
    at: PubMs | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One episode, ready to be shown: everything here may be published once it is approved and due.

    What is off the record or outside the cut is not in it. Times are the programme's published clock.
    """

    series: Series
    episode: Episode
    state: State
    language: str
    timeline: Timeline | None
    captions: tuple[Caption, ...]
    ledger: Ledger
    chapters: tuple[Mark, ...]
    quotes: tuple[PublishedQuote, ...]
    audio: tuple[Enclosure, ...]
    video: Enclosure | None = None
    draft: bool = False
    corrections: tuple[PublishedCorrection, ...] = ()
    """The newest first."""
    asked: tuple[PublishedQuestion, ...] = ()
    """The announced questions in their order, then others that were asked."""
    speeches: tuple[Speech, ...] = ()
    """The captions joined to what each voice says."""
    poster: str = ""
    """The path under public/ of the picture that stands for the video until it plays; empty for none."""

    @property
    def modified(self) -> date | None:
        """The day of the last public correction; None where nothing was corrected."""
        return max((c.on for c in self.corrections), default=None)


@dataclass(frozen=True, slots=True)
class Card:
    """The small plain summary of an edition that pages of the whole series need."""

    id: str
    slug: str
    title: str
    published: str
    """ISO 8601 with the zone's offset."""
    summary: str
    """The introduction's first paragraph as plain text."""
    introduction: str
    """The whole introduction, Markdown."""
    state: State
    people: tuple[Appearance, ...]
    questions: tuple[str, ...]
    quotes: tuple[PublishedQuote, ...]
    tags: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    references: tuple[tuple[str, str], ...]
    language: str
    chapters: tuple[Mark, ...]
    audio: tuple[Enclosure, ...]
    video: Enclosure | None
    checked: bool
    draft: bool
    has_transcript: bool
    asked: tuple[PublishedQuestion, ...] = ()
    modified: str = ""
    """The day of the last public correction, ISO 8601; empty where nothing was corrected."""
    introduction_html: str = ""
    """The whole introduction, HTML that is safe to show."""
    poster: str = ""
    """As of the edition."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person's part in one episode."""

    person: Person
    part: str
    """`host` or `guest`."""
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Site:
    """The series as its pages and its feed show it: cards newest first; `draft` makes a preview."""

    series: Series
    cards: tuple[Card, ...]
    draft: bool = False
