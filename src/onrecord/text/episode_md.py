"""episode.md: YAML front matter, and the introduction in Markdown below it."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from onrecord.model.episode import Announced, Correction, Cut, Episode, Reference, Sign, Withdrawal
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, write_clock
from onrecord.text import billing, yaml_patch, yaml_tree
from onrecord.text.border import place_of, read_fields, with_line
from onrecord.text.episode_fields import EpisodeFile, read_reference, seems_addressed
from onrecord.text.field import write_offset, write_passage

_FENCE = re.compile(r"---[ \t]*(#[^\r\n]*)?(\r?\n|\Z)")
NOON = time(12)


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
        return None, (_no_fields(text, path),)
    file, node, problems = read_fields(EpisodeFile, parts[1], path, first_line=2)
    if file is None or node is None:
        empty = Problem(
            Place(path, 2, 1), "there are no fields between the --- lines", "add a line `title: …`"
        )
        return None, problems or (empty,)
    cuts = tuple(
        Cut(name, _ms(c.start), _ms(c.end), c.intro or "", c.outro or "") for name, c in file.cuts.items()
    )
    backwards = [
        with_line(_backwards(cut, node), parts[1], 2)
        for cut in cuts
        if cut.start is not None and cut.end is not None and cut.end <= cut.start
    ]
    if backwards:
        return None, tuple(backwards)
    episode = Episode(
        id=file.id,
        slug=slug,
        title=file.title,
        published=_moment(file.date, zone),
        introduction=parts[3].replace("\r\n", "\n").strip("\n"),
        host=file.host.billing if file.host else None,
        guests=tuple(g.billing for g in file.guests),
        questions=tuple(
            Announced(q.ask, tuple(q.parts), place_of(node, "questions", i))
            for i, q in enumerate(file.questions)
        ),
        references=tuple(r.reference for r in file.references),
        tags=tuple(file.tags),
        links=dict(file.links),
        cuts=cuts,
        off_record=tuple(file.off_record),
        language=file.language,
        languages=tuple(file.languages),
        transcript_clock=file.transcript.clock,
        glossary=tuple(file.glossary),
        voices=file.voices,
        corrections=tuple(Correction(c.on, c.what, _ms(c.at)) for c in file.corrections),
        checked=Sign(file.checked.by, file.checked.on) if file.checked else None,
        approved=Sign(file.approved.by, file.approved.on) if file.approved else None,
        withdrawn=Withdrawal(file.withdrawn.on, file.withdrawn.reason) if file.withdrawn else None,
        place=Place(path, 1),
    )
    return episode, ()


def _ms(value: int | None) -> Ms | None:
    return None if value is None else Ms(value)


def _moment(value: date | datetime, zone: str) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, NOON, ZoneInfo(zone))


def _backwards(cut: Cut, node: yaml_tree.Node) -> Problem:
    start, end = write_clock(cut.start or 0), write_clock(cut.end or 0)
    says = f"the cut `{cut.name}` ends ({end}) before it begins ({start})"
    hint = "write where it ends" if start == end else f"write start: {end}, end: {start}"
    return Problem(place_of(node, "cuts", cut.name), says, hint)


_FIELDS_GO_ON = re.compile(r"\s|- |#|[A-Za-z_][\w-]*:(\s|$)|$")


def _no_fields(text: str, path: str) -> Problem:
    """Why a text has no front matter: a line of --- is missing above the fields, or below them."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or not _FENCE.fullmatch(lines[0]):
        says = "the file does not begin with its fields between two lines of ---"
        hint = "put --- on the first line, the fields below it, and --- below them"
        return Problem(Place(path, 1, 1), says, hint, line_text=lines[0] if lines else "")
    after = next((i for i, line in enumerate(lines[1:], 1) if not _FIELDS_GO_ON.match(line)), len(lines) - 1)
    says = "the line of --- below the fields is missing"
    if after == len(lines) - 1 and _FIELDS_GO_ON.match(lines[after]):
        return Problem(
            Place(path, after + 1, 1), says, "write --- on the line after this", line_text=lines[after]
        )
    return Problem(
        Place(path, after + 1, 1), says, "write --- on the line before this", line_text=lines[after]
    )


def fields(episode: Episode, *, zone: str = "UTC") -> dict[str, yaml_tree.Plain]:
    """The front matter of an episode as plain data; what is empty is left out."""
    at = episode.published
    noon = at == datetime.combine(at.astimezone(ZoneInfo(zone)).date(), NOON, ZoneInfo(zone))
    asked: list[yaml_tree.Plain] = [
        {"ask": q.ask, "parts": list(q.parts)} if q.parts else q.ask for q in episode.questions
    ]
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
        "references": [write_reference(r) for r in episode.references],
        "tags": list(episode.tags),
        "links": dict(episode.links),
        "cuts": cuts,
        "off_record": [write_passage(p) for p in episode.off_record],
        "language": episode.language,
        "languages": list(episode.languages),
        "transcript": {"clock": "programme"} if episode.transcript_clock == "programme" else {},
        "glossary": list(episode.glossary),
        "voices": str(episode.voices) if episode.voices else "",
        "corrections": [correction(c) for c in episode.corrections],
        "checked": sign(episode.checked) if episode.checked else {},
        "approved": sign(episode.approved) if episode.approved else {},
        "withdrawn": withdrawal(episode.withdrawn) if episode.withdrawn else {},
    }
    return {key: value for key, value in found.items() if value}


def write_reference(reference: Reference) -> yaml_tree.Plain:
    """`Title <https://…>` where that reads back the same, else the fields."""
    line = f"{reference.title} <{reference.url}>" if reference.url else reference.title
    if read_reference(line) == reference and (reference.url or not seems_addressed(line)):
        return line
    return {"title": reference.title, **({"url": reference.url} if reference.url else {})}


def correction(value: Correction) -> yaml_tree.Plain:
    """`{on: …, at: …, what: …}`."""
    at = {} if value.at is None else {"at": write_clock(value.at)}
    return {"on": value.on.isoformat(), **at, "what": value.what}


def sign(value: Sign) -> yaml_tree.Plain:
    """`{by: …, on: …}`."""
    return {"by": value.by, "on": value.on.isoformat()}


def withdrawal(value: Withdrawal) -> dict[str, yaml_tree.Plain]:
    """`{on: …, reason: …}`."""
    return {"on": value.on.isoformat(), **({"reason": value.reason} if value.reason else {})}


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
