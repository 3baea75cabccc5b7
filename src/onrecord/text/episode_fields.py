"""The fields of episode.md, as people write them."""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from onrecord.model.episode import Reference
from onrecord.text.billing import BillingLine
from onrecord.text.field import (
    Address,
    Clock,
    Day,
    File,
    LanguageOrAuto,
    Languages,
    Moment,
    Number,
    OrLine,
    Passage,
    SomeText,
    Strict,
    Text,
    Texts,
    Url,
    in_quotes,
    mistake,
)


class AskFields(Strict):
    """A question with its parts."""

    ask: SomeText = Field(description="the question as announced")
    parts: Texts = Field([], description="the single questions in it")


def _ask(value: Any) -> Any:
    if isinstance(value, str) and value.strip():
        return {"ask": value}
    if not isinstance(value, dict):
        raise (
            in_quotes("a question is expected here, not a list")
            if value
            else mistake("a question is missing")
        )
    if not any(difflib.get_close_matches(key, ("ask", "parts"), 1, 0.6) for key in value):
        raise in_quotes("a question is expected here, and YAML reads fields")
    return value


class ReferenceFields(Strict):
    """Research or another source."""

    title: SomeText = Field(description="its title")
    url: Url | None = Field(None, description="where it can be read")

    @property
    def reference(self) -> Reference:
        """The source as the model has it."""
        return Reference(self.title, self.url or "")


def read_reference(line: str) -> Reference:
    """Split `Title <https://…>`.

    >>> read_reference("A paper <https://example.org/paper>").url
    'https://example.org/paper'
    """
    match = re.fullmatch(r"(?P<title>.*?)\s*<(?P<url>https?://[^\s<>\"']+)>\s*", line, re.DOTALL)
    return Reference(match["title"].strip(), match["url"]) if match else Reference(line.strip())


def seems_addressed(line: str) -> bool:
    """Whether a line ends as if with an address.

    >>> seems_addressed("A paper <example.org>"), seems_addressed("A paper")
    (True, False)
    """
    return bool(re.search(r"<[^>]*>?\s*$|https?://\S+$", line))


def _reference(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    if not isinstance(value, str) or not value.strip():
        raise mistake("a title is expected here", "such as: Title <https://example.org/paper>")
    found = read_reference(value)
    if not found.title:
        raise mistake("a title is missing before the address", f"such as: Title <{found.url}>")
    if seems_addressed(value) and not found.url:
        address = value[value.rfind("<") + 1 :] if "<" in value else value.split()[-1]
        raise mistake("the address in this line cannot be read", f"such as: Title <{address.strip('<> ')}>")
    return {"title": found.title, "url": found.url}


class CutFields(Strict):
    """A named edit."""

    start: Clock | None = Field(None, description="where the cut begins on the recording's clock")
    end: Clock | None = Field(None, description="where it ends")
    intro: File | None = Field(None, description="a sound file played before")
    outro: File | None = Field(None, description="a sound file played after")


class SignFields(Strict):
    """Somebody's word, and the day."""

    by: SomeText = Field(description="the person's name")
    on: Day = Field(description="the day")


class WithdrawalFields(Strict):
    """The whole episode was taken down."""

    on: Day = Field(description="the day")
    reason: Text = Field("", description="shown at the episode's address; leave it out to give none")


class CorrectionFields(Strict):
    """A public note of a correction."""

    on: Day = Field(description="the day")
    at: Clock | None = Field(None, description="where, on the recording's clock")
    what: SomeText = Field(description="what was corrected")


def _clock_name(value: Any) -> str:
    if value not in ("recording", "programme"):
        raise mistake(f"`{value}` is not a clock", "write clock: recording, or clock: programme")
    return str(value)


class TranscriptFields(Strict):
    """How transcript.vtt is to be read."""

    clock: Annotated[
        Literal["recording", "programme"],
        BeforeValidator(_clock_name),
        WithJsonSchema({"enum": ["recording", "programme"]}),
    ] = Field(default="recording", description="`programme` where its times are those of the published cut")


AskLine = Annotated[AskFields, BeforeValidator(_ask), OrLine()]
ReferenceLine = Annotated[ReferenceFields, BeforeValidator(_reference), OrLine()]


class EpisodeFile(Strict):
    """The fields of episode.md."""

    id: SomeText = Field(description="written by `onrecord new episode`, never changed")
    title: SomeText = Field(description="the episode's title")
    date: Moment = Field(description="the day it is published (noon in the series' zone), or the moment")
    host: BillingLine | None = Field(None, description="only where it differs from the series")
    guests: list[BillingLine] = Field([], description="Name, role, organisation: what was true on that day")
    questions: list[AskLine] = Field([], description="what the episode announces that it explores")
    references: list[ReferenceLine] = Field([], description="Title <https://…>")
    tags: Texts = Field([], description="subjects and places")
    links: dict[str, Address] = Field({}, description="where to watch and listen to this episode")
    cuts: dict[str, CutFields] = Field({}, description="named edits; `programme` is page, podcast, web video")
    off_record: list[Passage] = Field([], description="passages that nobody may hear or read")
    language: LanguageOrAuto = Field(
        "", description="BCP 47, where it differs from the series; `auto` to find it out from the sound"
    )
    languages: Languages = Field(
        [], description="all that are spoken, where there are several: each stretch is then heard in its own"
    )
    transcript: TranscriptFields = Field(
        default_factory=TranscriptFields, description="how transcript.vtt is to be read"
    )
    glossary: Texts = Field([], description="names and terms that the recogniser should know")
    voices: Number = Field(0, description="how many people speak, where it is known")
    corrections: list[CorrectionFields] = Field([], description="a public log of what was corrected")
    checked: SignFields | None = Field(None, description="the transcript was read against the sound")
    approved: SignFields | None = Field(None, description="may be public")
    withdrawn: WithdrawalFields | None = Field(
        None, description="taken down as a whole: only a notice is left at its address"
    )
