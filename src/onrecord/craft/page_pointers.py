"""What a page points to: the research it mentions, where to watch and listen, its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.craft.page_lines import OUTLET, TAGS, Line, sentences
from onrecord.model.episode import Reference

_URL = re.compile(r"https?://[^\s<>()\[\]\"”]+[^\s<>()\[\]\"”.,;:!?]")
_STUDY = (
    r"(?:research|reports?|stud(?:y|ies)|papers?|(?:policy |issue )?briefs?|book|survey|essay|"
    r"monograph|memoir|analysis|findings|article|investigation|dissertation)"
)
_RESEARCH = re.compile(
    rf"\b(?:[Tt]heir|[Hh]is|[Hh]er|[Ii]ts|[\w’']+[’']s?) (?:[\w-]+ ){{0,3}}{_STUDY}\b"
    rf"|\b[Ii]n (?:an?|their|his|her|its) (?:[\w-]+ ){{0,2}}{_STUDY}, "
    rf"|\b(?:[Tt]he|[Aa]|[Aa]n|[Tt]his|[Tt]wo) (?:(?:new|latest|recent|joint|forthcoming|landmark|"
    rf"major|co-authored|just-published|[\w-]+) ){{0,2}}{_STUDY} "
    rf"(?:by|from|published|titled|entitled|called|finds|shows|reveals|offers|suggests|examines|"
    rf"argues|maps|traces|which|that)\b"
)
_TITLED = re.compile(
    rf"\b{_STUDY},?(?: \w+){{0,4}},? [“\"‘]([^”\"]{{4,}}?)[,.]?[”\"’](?!\w)|"
    rf"\bauthors? of [“\"]([^”\"]{{4,}}?)[,.]?[”\"]"
)
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")
HASHTAG = re.compile(r"(?<!\w)#([^\W\d_]\w+)")


@dataclass(frozen=True, slots=True)
class Channel:
    """Where the programme is watched or heard, as the page names it; `url` only where the page has one."""

    name: str
    url: str = ""


def references(lines: Sequence[Line]) -> Iterator[Reference]:
    """Research that the page mentions: its title where it stands in quotes, else what the page says."""
    for i, line in enumerate(lines):
        if line.section == "reading" and line.kind not in {"frame", "channels", "call", "programme"}:
            link, url = _LINK.search(line.text), _URL.search(line.text)
            words = link[1] if link else _URL.sub("", line.text).strip(" :<>()–—-")
            if words:
                after = lines[i + 1].text if i + 1 < len(lines) else ""
                own = _URL.fullmatch(after)
                yield Reference(words, link[2] if link else url[0] if url else own[0] if own else "")
        elif (
            line.kind in {"short", "lead"}
            and (url := _URL.search(line.text))
            and re.search(_STUDY, line.text)
        ):
            yield Reference(_URL.sub("", line.text).strip(" :<>()–—-"), url[0])
        elif line.kind in {"text", "programme"} and line.section not in {"programme", "guests", "host"}:
            for sentence in sentences(line.text):
                if sentence.endswith("?"):
                    continue
                titled = _TITLED.search(sentence)
                url = _URL.search(sentence)
                if titled:
                    yield Reference(titled[1] or titled[2], url[0] if url else "")
                elif _RESEARCH.search(sentence):
                    yield Reference(_URL.sub("", sentence).strip(" :"), url[0] if url else "")


def channels(lines: Sequence[Line]) -> Iterator[Channel]:
    """Where to watch and listen, each once, with its address if it stands beside it."""
    seen: set[str] = set()
    for i, line in enumerate(lines):
        if line.kind not in {"channels", "frame", "call", "short"} and not _URL.search(line.text):
            continue
        links = [(m.start(), m[1], m[2]) for m in _LINK.finditer(line.text)]
        after = lines[i + 1].text if i + 1 < len(lines) and _URL.fullmatch(lines[i + 1].text) else ""
        outlets = [
            m
            for m in OUTLET.finditer(
                re.sub(r"your podcasts?|podcasts?(?= on )", lambda m: "." * len(m[0]), line.text)
            )
            if not _within(line.text, m)
        ]
        if line.kind != "channels" and not links and not after and not _URL.search(line.text):
            continue
        for n, outlet in enumerate(outlets):
            stop = outlets[n + 1].start() if n + 1 < len(outlets) else len(line.text)
            url = _URL.search(line.text[outlet.start() : stop]) or (
                _URL.search(after) if len(outlets) == 1 else None
            )
            key = outlet[0].lower().rstrip("s")
            if key not in seen:
                seen.add(key)
                yield Channel(outlet[0], url[0] if url else "")


def told_outlets(tagline: str) -> list[Line]:
    """The programme's line once more, where it says that the programme is available somewhere."""
    return [Line(tagline, "channels")] if re.search(r"\bavailable (?:on|as)\b", tagline) else []


def _within(text: str, outlet: re.Match[str]) -> bool:
    """Whether a name of an outlet is only a part of an address."""
    return any(url.start() <= outlet.start() < url.end() for url in _URL.finditer(text))


def tags(lines: Sequence[Line], hashtag: str) -> Iterator[str]:
    """The tags that the page names, each once; the programme's own hashtag is none."""
    seen = {hashtag.lower(), ""}
    for line in lines:
        named = TAGS.match(line.text)
        if named:
            found = re.split(r"\s*[,;|·•]\s*", named[1])
        elif line.section == "tags" and line.kind in {"short", "bullet"}:
            found = re.split(r"\s*[,;|·•]\s*", line.text)
        elif re.fullmatch(r"(?:#\w+[\s,]*)+", line.text):
            found = HASHTAG.findall(line.text)
        else:
            continue
        for tag in (t.strip().lstrip("#").rstrip(".") for t in found):
            if tag.lower() not in seen:
                seen.add(tag.lower())
                yield tag
