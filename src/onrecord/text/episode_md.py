"""episode.md: YAML front matter, and the introduction in Markdown below it."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema

from onrecord.model.episode import Announced, Correction, Cut, Episode, Reference, Sign
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, write_clock
from onrecord.text import billing, yaml_patch, yaml_tree
from onrecord.text.billing import BillingLine
from onrecord.text.border import (
    Clock,
    Day,
    File,
    Moment,
    Passage,
    SomeText,
    Strict,
    Text,
    Texts,
    Url,
    inner,
    mistake,
    read_fields,
    write_offset,
    write_passage,
)

_FENCE = re.compile(r"---[ \t]*(#[^\r\n]*)?(\r?\n|\Z)")
NOON = time(12)


class AskFields(Strict):
    """A question with its parts."""

    ask: SomeText = Field(description="the question as announced")
    parts: Texts = Field([], description="the single questions in it")


def _ask(value: Any) -> AskFields:
    if isinstance(value, dict) and "ask" in value:
        return inner(AskFields, value)
    return inner(AskFields, {"ask": value})


def _reference(value: Any) -> Reference:
    if isinstance(value, dict) and "title" in value:
        fields = inner(ReferenceFields, value)
        return Reference(fields.title, fields.url or "")
    if not isinstance(value, str) or not value.strip():
        raise mistake("a title is expected here", "write: Title <https://example.org/paper>")
    match = re.fullmatch(r"(?P<title>.*?)\s*<(?P<url>https?://[^\s<>\"']+)>\s*", value, re.DOTALL)
    return Reference(match["title"].strip(), match["url"]) if match else Reference(value.strip())


class ReferenceFields(Strict):
    """Research or another source."""

    title: SomeText = Field(description="its title")
    url: Url | None = Field(None, description="where it can be read")


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


class CorrectionFields(Strict):
    """A public note of a correction."""

    on: Day = Field(description="the day")
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
    ] = Field("recording", description="`programme` where its times are those of the published cut")


AskLine = Annotated[
    AskFields,
    BeforeValidator(_ask),
    WithJsonSchema({"anyOf": [{"type": "string"}, AskFields.model_json_schema()]}),
]
ReferenceLine = Annotated[
    Reference,
    BeforeValidator(_reference),
    WithJsonSchema({"anyOf": [{"type": "string"}, ReferenceFields.model_json_schema()]}),
]


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
    links: dict[str, Url] = Field({}, description="where to watch and listen to this episode")
    cuts: dict[str, CutFields] = Field({}, description="named edits; `programme` is page, podcast, web video")
    off_record: list[Passage] = Field([], description="passages that nobody may hear or read")
    language: Text = Field("", description="BCP 47, where it differs from the series")
    transcript: TranscriptFields = Field(TranscriptFields(), description="how transcript.vtt is to be read")
    glossary: Texts = Field([], description="names and terms that the recogniser should know")
    corrections: list[CorrectionFields] = Field([], description="a public log of what was corrected")
    checked: SignFields | None = Field(None, description="the transcript was read against the sound")
    approved: SignFields | None = Field(None, description="may be public")


def split(text: str) -> tuple[str, str, str, str] | None:
    """Split into opening fence, front matter, closing fence and body; None where there is no front matter.

    A byte order mark stays with the opening fence; the four parts joined are the text.
    """
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    rest = text[len(bom) :]
    opening = _FENCE.match(rest)
    if opening is None:
        return None
    at = opening.end()
    while at < len(rest):
        closing = _FENCE.match(rest, at)
        if closing:
            return bom + rest[: opening.end()], rest[opening.end() : at], closing[0], rest[closing.end() :]
        end = rest.find("\n", at)
        if end < 0:
            break
        at = end + 1
    return None


def read(
    text: str, path: str = "episode.md", *, slug: str = "", zone: str = "UTC"
) -> tuple[Episode | None, tuple[Problem, ...]]:
    """Read episode.md.

    Args:
        text: the file.
        path: for places.
        slug: the episode's folder name.
        zone: the series' time zone, in which a date means noon.

    Returns:
        The episode (None with any grave problem) and all problems. People are as written: a
        register gives them their ids.
    """
    parts = split(text)
    if parts is None:
        says = "the file does not begin with its fields between two lines of ---"
        return None, (
            Problem(Place(path, 1, 1), says, "put --- on the first line and again below the fields"),
        )
    file, node, problems = read_fields(EpisodeFile, parts[1], path, first_line=2)
    if file is None:
        return None, problems or (Problem(Place(path, 2), "the fields are empty", "add a line `title: …`"),)
    published = _moment(file.date, zone)
    if published is None:
        says = f"`{file.date}` has no zone"
        return None, (Problem(Place(path, 2), says, "end it with an offset, such as +01:00"),)
    cuts = tuple(
        Cut(name, _ms(c.start), _ms(c.end), c.intro or "", c.outro or "") for name, c in file.cuts.items()
    )
    for cut in cuts:
        if cut.start is not None and cut.end is not None and cut.end <= cut.start:
            says = f"the cut `{cut.name}` ends before it begins"
            return None, (Problem(_place(node, "cuts", path), says, "swap start and end"),)
    episode = Episode(
        id=file.id,
        slug=slug,
        title=file.title,
        published=published,
        introduction=parts[3].replace("\r\n", "\n").strip("\n"),
        host=file.host,
        guests=tuple(file.guests),
        questions=tuple(
            Announced(q.ask, tuple(q.parts), _item_place(node, "questions", i, path))
            for i, q in enumerate(file.questions)
        ),
        references=tuple(file.references),
        tags=tuple(file.tags),
        links=dict(file.links),
        cuts=cuts,
        off_record=tuple(file.off_record),
        language=file.language,
        transcript_clock=file.transcript.clock,
        glossary=tuple(file.glossary),
        corrections=tuple(Correction(c.on, c.what) for c in file.corrections),
        checked=Sign(file.checked.by, file.checked.on) if file.checked else None,
        approved=Sign(file.approved.by, file.approved.on) if file.approved else None,
        place=Place(path, 1),
    )
    return episode, ()


def _ms(value: int | None) -> Ms | None:
    return None if value is None else Ms(value)


def _moment(value: date | datetime, zone: str) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else None
    return datetime.combine(value, NOON, ZoneInfo(zone))


def _place(node: yaml_tree.Node | None, key: str, path: str) -> Place:
    found = node.get(key) if isinstance(node, yaml_tree.Mapping) else None
    return found.place if found else Place(path, 1)


def _item_place(node: yaml_tree.Node | None, key: str, i: int, path: str) -> Place:
    items = node.get(key) if isinstance(node, yaml_tree.Mapping) else None
    return items.items[i].place if isinstance(items, yaml_tree.Sequence) else _place(node, key, path)


def fields(episode: Episode, *, zone: str = "UTC") -> dict[str, yaml_tree.Plain]:
    """The front matter of an episode as plain data; what is empty is left out."""
    at = episode.published
    noon = at == datetime.combine(at.astimezone(ZoneInfo(zone)).date(), NOON, ZoneInfo(zone))
    asked: list[yaml_tree.Plain] = [
        {"ask": q.ask, "parts": list(q.parts)} if q.parts else q.ask for q in episode.questions
    ]
    sources: list[yaml_tree.Plain] = []
    for r in episode.references:
        line = f"{r.title} <{r.url}>" if r.url else r.title
        sources.append(
            line if _reference(line) == r else {"title": r.title, **({"url": r.url} if r.url else {})}
        )
    cuts: dict[str, yaml_tree.Plain] = {}
    for c in episode.cuts:
        times = {"start": c.start, "end": c.end}
        files = {"intro": c.intro, "outro": c.outro}
        cuts[c.name] = {
            **{key: write_clock(value) for key, value in times.items() if value is not None},
            **{key: value for key, value in files.items() if value},
        }
    found: dict[str, yaml_tree.Plain] = {
        "id": episode.id,
        "title": episode.title,
        "date": at.astimezone(ZoneInfo(zone)).date().isoformat() if noon else write_offset(at),
        "host": billing.write(episode.host) if episode.host else "",
        "guests": [billing.write(g) for g in episode.guests],
        "questions": asked,
        "references": sources,
        "tags": list(episode.tags),
        "links": dict(episode.links),
        "cuts": cuts,
        "off_record": [write_passage(p) for p in episode.off_record],
        "language": episode.language,
        "transcript": {"clock": "programme"} if episode.transcript_clock == "programme" else {},
        "glossary": list(episode.glossary),
        "corrections": [{"on": c.on.isoformat(), "what": c.what} for c in episode.corrections],
        "checked": sign(episode.checked) if episode.checked else {},
        "approved": sign(episode.approved) if episode.approved else {},
    }
    return {key: value for key, value in found.items() if value}


def sign(value: Sign) -> yaml_tree.Plain:
    """`{by: …, on: …}`."""
    return {"by": value.by, "on": value.on.isoformat()}


def write(episode: Episode, *, zone: str = "UTC") -> str:
    """Write episode.md anew."""
    head = yaml_patch.dump(fields(episode, zone=zone))
    body = f"{episode.introduction}\n" if episode.introduction else ""
    return f"---\n{head}---\n{body}"


def patch(text: str, path: yaml_patch.Path, value: yaml_tree.Plain | None) -> str:
    """Change one field of the front matter and leave every other byte as it stands.

    Raises:
        NotWritable: if there is no front matter, or it has problems.
    """
    parts = split(text)
    if parts is None:
        raise yaml_patch.NotWritable("there is no front matter")
    return parts[0] + yaml_patch.patch(parts[1], path, value) + parts[2] + parts[3]
