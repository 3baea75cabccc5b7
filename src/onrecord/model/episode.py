"""A series and its episodes, as their files say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from onrecord.model.people import Billing
from onrecord.model.problem import Place
from onrecord.model.theme import Theme
from onrecord.model.time import Ms, Span

AUTO = "auto"
"""What episode.md says in the place of a language that is to be found out."""

State = Literal["announced", "recorded", "recognised", "checked", "approved", "published", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Presenter:
    """Who presents the programme: an organisation and, within it, a unit."""

    name: str = ""
    unit: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """series.yaml: the programme. `url` is where public/ will live and ends in a slash."""

    guid: str
    title: str
    tagline: str = ""
    presenter: Presenter = Presenter()
    host: Billing | None = None
    hashtag: str = ""
    language: str = "en"
    languages: tuple[str, ...] = ()
    """All that are spoken, where there are several."""
    timezone: str = "UTC"
    category: tuple[str, ...] = ()
    url: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    artwork: str = ""
    email: str = ""
    explicit: bool = False
    recogniser: str = "base"
    meaning: str = ""
    """What compares texts by meaning: an engine's name; empty for none."""
    chooser: tuple[str, str] = ("", "")
    """The address of a language model's server and the model that chooses among places; empty for none."""
    glossary: tuple[str, ...] = ()
    theme: Theme = Theme()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Research or another source that the conversation is about."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Announced:
    """A question as episode.md announces it; `parts` where one bullet asks several things."""

    ask: str
    parts: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A named edit: where it starts and ends on the recording's clock, and files around it."""

    name: str
    start: Ms | None = None
    end: Ms | None = None
    intro: str = ""
    outro: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """Somebody's word for something on a day: checked, or approved."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The whole episode was taken down on a day; `reason` is shown to whoever comes by, and may be empty."""

    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A public note of what was corrected, and when; `at` is where, on the recording's clock."""

    on: date
    what: str
    at: Ms | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """episode.md: front matter and introduction (Markdown)."""

    id: str
    slug: str
    title: str
    published: datetime
    introduction: str = ""
    host: Billing | None = None
    guests: tuple[Billing, ...] = ()
    questions: tuple[Announced, ...] = ()
    references: tuple[Reference, ...] = ()
    tags: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()
    off_record: tuple[Span[Ms], ...] = ()
    language: str = ""
    """BCP 47, `auto` to find out, or empty: the series'."""
    languages: tuple[str, ...] = ()
    transcript_clock: Literal["recording", "programme"] = "recording"
    glossary: tuple[str, ...] = ()
    voices: int = 0
    """How many people speak, where it is known; 0 otherwise."""
    corrections: tuple[Correction, ...] = ()
    checked: Sign | None = None
    approved: Sign | None = None
    withdrawn: Withdrawal | None = None
    place: Place | None = None

    @property
    def billed(self) -> tuple[Billing, ...]:
        """Host first, then guests."""
        return ((self.host,) if self.host else ()) + self.guests

    def cut(self, name: str = "programme") -> Cut:
        """The cut of that name; the whole recording if the file does not name it."""
        return next((c for c in self.cuts if c.name == name), Cut(name))
