"""An episode from the text of its page on a website: a draft for a person to correct, with every guess told.

The page is pasted text, made by hand for readers, and messy: lines of the site's frame, a title or none, a
description that bills the people, questions as bullets or in running text, the programme's own line, where
to watch and listen. It is read in this order, each step leaving less for the next:

1. `page_lines`: clean, join wrapped lines, and say of each line what it is; stop at what is related.
2. `page_dates`: the date, on a line of its own.
3. `page_questions`: the list of questions, with the line that leads to it.
4. `page_people`: who is billed, from the sentences in which a host meets guests.
5. Here: the title, the programme's line, references, channels; what is left is the introduction.

Nothing is invented: every text of the draft stands on the page. What is missing stays empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from onrecord.craft.page_billing import billing
from onrecord.craft.page_dates import date_in, page_date
from onrecord.craft.page_lines import (
    OUTLET,
    TAGS,
    Line,
    heading,
    is_programme,
    kind_of,
    page_lines,
    sentences,
)
from onrecord.craft.page_people import Billed, is_organisation
from onrecord.craft.page_questions import people_groups, questions_in
from onrecord.model.episode import Announced, Reference

_HASHTAG = re.compile(r"(?<!\w)#([^\W\d_]\w+)")
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
_PRESENTER = re.compile(
    r"\b(?:presented|produced|brought to you|made|published|run|created|series|podcast|"
    r"program(?:me)?|show) by (?:the )?(.+?)"
    r"(?=,? and (?:is )?(?:hosted|presented|moderated|produced)|,? (?:hosted|moderated|that|which|"
    r"with|where|in partnership|featuring)\b|[,.;!]|\s[—–]|\Z)"
    r"|\b(?:a production of|from|of) the (?-i:([A-Z][^,.;]*?))(?=,? (?:hosted|that|which|with|"
    r"where|and)\b|[,.;]|\s[—–]|\Z)",
    re.IGNORECASE,
)
_DIVIDED = re.compile(r"\s+[|–—]\s+|\s+-\s+|(?<=\w):\s+")
_OF_THIS_EPISODE = re.compile(
    r"\b(?:this (?:episode|week|edition)|joined by|guests? (?:is|are))\b", re.IGNORECASE
)
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a person should look at, and why."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Where the programme is watched or heard, as the page names it; `url` only where the page has one."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PageDraft:
    """What a page says of its episode; every text stands on the page, and what it does not say is empty."""

    title: str = ""
    date: date | None = None
    introduction: str = ""
    """Markdown paragraphs."""
    host: Billed | None = None
    guests: tuple[Billed, ...] = ()
    questions: tuple[Announced, ...] = ()
    references: tuple[Reference, ...] = ()
    tagline: str = ""
    presenter: str = ""
    hashtag: str = ""
    channels: tuple[Channel, ...] = ()
    tags: tuple[str, ...] = ()
    guessed: tuple[Guess, ...] = ()


def read_page(text: str, today: date) -> PageDraft:
    """Read the pasted text of an episode's page.

    Args:
        text: The page as copied from a browser; line ends, blanks and invisible characters do not matter.
        today: For a date without a year, which is then the last such day.
    """
    lines = page_lines(text)
    guesses: list[Guess] = []
    day, doubt = page_date([line.text for line in lines], today)
    if doubt:
        guesses.append(Guess("date", doubt))
    tagline, lines = _programme(lines)
    hashtag = _hashtag(lines, tagline)
    title = _title(lines, hashtag, tagline)
    if not title:
        guesses.append(Guess("title", "the page has no line that could be a title"))
    questions, held, doubt = questions_in(lines, title)
    if not questions:
        guesses.append(Guess("questions", "the page announces none"))
    elif doubt:
        guesses.append(Guess("questions", doubt))
    people = {*people_groups(lines)}
    host, guests, doubts = billing(lines, tagline, people)
    guesses += [Guess(field, why) for field, why in doubts]
    return PageDraft(
        title=title,
        date=day,
        introduction="\n\n".join(_introduction(lines, held | people, title)),
        host=host,
        guests=guests,
        questions=questions,
        references=tuple(_references(lines)),
        tagline=tagline,
        presenter=_presenter(tagline),
        hashtag=hashtag,
        channels=tuple(_channels([*lines, *_told_outlets(tagline)])),
        tags=tuple(_tags(lines, hashtag)),
        guessed=tuple(guesses),
    )


def _programme(lines: Sequence[Line]) -> tuple[str, tuple[Line, ...]]:
    """The programme's own line, and the lines without it."""
    tagline, rest = "", []
    for line in lines:
        if line.kind not in {"text", "programme", "short"} or (tagline and line.kind != "programme"):
            rest.append(line)
            continue
        said = sentences(line.text)
        first = next((i for i, sentence in enumerate(said) if is_programme(sentence)), None)
        if first is None and line.section == "programme" and line.kind == "text":
            first = 0
        if first is None:
            rest.append(line)
            continue
        # The programme's line goes on to the end of its paragraph, unless that turns to this episode.
        last = first + 1
        while (
            last < len(said) and kind_of(said[last]) != "channels" and not _OF_THIS_EPISODE.search(said[last])
        ):
            last += 1
        if not tagline:
            tagline = " ".join(said[first:last])
        left = " ".join(said[:first] + said[last:])
        if left:
            rest.append(Line(left, kind_of(left)))
    return tagline, tuple(rest)


def _hashtag(lines: Sequence[Line], tagline: str) -> str:
    own = _HASHTAG.search(tagline)
    if own:
        return own[1]
    counted = Counter(tag for line in lines for tag in _HASHTAG.findall(line.text))
    return counted.most_common(1)[0][0] if counted else ""


def _title(lines: Sequence[Line], hashtag: str, tagline: str) -> str:
    """The first line of some words that stands over the text, without the programme's name before or after."""
    elsewhere = Counter(
        heading(p) for line in lines if line.kind != "text" for p in {line.text, *_DIVIDED.split(line.text)}
    )
    names = {heading(hashtag), heading(tagline.split(" is ")[0])} - {""}
    names |= {name for name, count in elsewhere.items() if count > 1 and len(name.split()) > 1}
    copyright_line = " ".join(line.text for line in lines if "©" in line.text)
    names |= {name for name in elsewhere if len(name.split()) > 1 and name in copyright_line.lower()}
    label = next(
        (
            m[1]
            for line in lines
            if (m := re.match(r"(?:episode )?title\s*:\s*(.+)", line.text, re.IGNORECASE))
        ),
        "",
    )
    if label:
        return label
    found: list[str] = []
    for line in lines:
        if line.kind in {"text", "bullet", "lead"}:
            break
        words = _bare_title(_undated(line.text), names)
        if line.kind == "short" and not line.section and len(words.split()) > 2 and not _named_line(words):
            found.append(words)
    # The programme's name may stand over the title: it is said again in the text.
    below = " ".join(line.text for line in lines if line.kind in {"text", "programme"}) + tagline
    own = [
        words for words in found if len(words.split()) > 5 or words.removeprefix("The ") not in below
    ] or found
    best = ""
    for words in own:
        if len(words.split()) > len(best.split()) + 2 or not best:
            best = words
    return best


def _undated(text: str) -> str:
    """A line without the date, its label and the heading that sites put beside it."""
    if date_in(text) is None:
        return text
    bare = re.sub(r"\s+IN THIS EPISODE\Z", "", text)
    pieces = re.split(r"\s+[|·•]\s+", bare)
    kept = " ".join(piece for piece in pieces if date_in(piece) is None) if len(pieces) > 1 else ""
    return (
        kept
        or re.split(
            r"\s*(?:,|\(|\b(?:date|published|posted|on|aired)\b:?)?\s*(?:\w{3,9},? )?(?:\w{3,9}\.? "
            r")?\d{1,4}\b",
            bare,
            maxsplit=1,
            flags=re.I,
        )[0]
    )


def _named_line(text: str) -> bool:
    return (
        re.match(r"(?:by|hosted by|with|guests?|host|speakers?|date|tags?|#\w+\Z)\b", text, re.IGNORECASE)
        is not None
    )


def _bare_title(text: str, names: set[str]) -> str:
    pieces = _DIVIDED.split(text)
    spaced = {name.replace(" ", "") for name in names}
    kept = [
        piece
        for piece in pieces
        if heading(piece).replace(" ", "") not in spaced
        and not re.fullmatch(r"(?:ep(?:isode|\.)?|#) ?\d+", piece, re.IGNORECASE)
    ]
    # After the last bar stands the site; before a colon, in one word with capitals inside, the programme.
    if len(kept) > 1 and " | " in text and is_organisation(kept[-1]):
        kept = kept[:-1]
    if len(kept) > 1 and re.fullmatch(r"#?[A-Z][a-z]+(?:[A-Z][a-z]+)+", kept[0]):
        kept = kept[1:]
    if len(kept) == len(pieces) or not kept:
        return text
    start, end = text.index(kept[0]), text.rindex(kept[-1]) + len(kept[-1])
    return text[start:end]


def _introduction(lines: Sequence[Line], held: frozenset[int] | set[int], title: str) -> Iterator[str]:
    """The paragraphs that describe the episode."""
    for i, line in enumerate(lines):
        if (
            i in held
            or line.kind != "text"
            or line.text == title
            or line.section in {"guests", "host", "reading", "times", "tags", "programme"}
        ):
            continue
        if date_in(line.text) and len(line.text.split()) < 8:
            continue
        if TAGS.match(line.text) or re.match(
            r"(?:guests?|hosts?|speakers?|moderator)\s*:", line.text, re.IGNORECASE
        ):
            continue
        yield line.text


def _references(lines: Sequence[Line]) -> Iterator[Reference]:
    """Research that the page mentions: the work's title where it stands in quotes, else what the page says."""
    for i, line in enumerate(lines):
        if line.section == "reading" and line.kind not in {"frame", "channels", "call", "programme"}:
            link, url = _LINK.search(line.text), _URL.search(line.text)
            words = link[1] if link else _URL.sub("", line.text).strip(" :<>()–—-")
            if words:
                after = lines[i + 1].text if i + 1 < len(lines) else ""
                own = _URL.fullmatch(after)
                yield Reference(words, link[2] if link else url[0] if url else own[0] if own else "")
        elif line.kind in {"short", "lead"} and (url := _URL.search(line.text)) and re.search(_STUDY, line.text):
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


def _presenter(tagline: str) -> str:
    found = _PRESENTER.search(tagline)
    return (found[1] or found[2]).strip() if found else ""


def _channels(lines: Sequence[Line]) -> Iterator[Channel]:
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


def _told_outlets(tagline: str) -> list[Line]:
    """The programme's line once more, where it says that the programme is available somewhere."""
    return [Line(tagline, "channels")] if re.search(r"\bavailable (?:on|as)\b", tagline) else []


def _within(text: str, outlet: re.Match[str]) -> bool:
    """Whether a name of an outlet is only a part of an address."""
    return any(url.start() <= outlet.start() < url.end() for url in _URL.finditer(text))


def _tags(lines: Sequence[Line], hashtag: str) -> Iterator[str]:
    seen = {hashtag.lower(), ""}
    for line in lines:
        named = TAGS.match(line.text)
        if named:
            found = re.split(r"\s*[,;|·•]\s*", named[1])
        elif line.section == "tags" and line.kind in {"short", "bullet"}:
            found = re.split(r"\s*[,;|·•]\s*", line.text)
        elif re.fullmatch(r"(?:#\w+[\s,]*)+", line.text):
            found = _HASHTAG.findall(line.text)
        else:
            continue
        for tag in (t.strip().lstrip("#").rstrip(".") for t in found):
            if tag.lower() not in seen:
                seen.add(tag.lower())
                yield tag
