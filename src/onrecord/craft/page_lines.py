"""The lines of a pasted page, cleaned, joined where they were wrapped, and what each one is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from onrecord.craft.page_words import AFTERWORDS, NAVIGATION

Kind = Literal["text", "bullet", "short", "lead", "programme", "channels", "frame", "call", "tags"]
"""What a line is: running text; a bullet; a few words (title, heading); a line that ends in a colon; the
programme's own line; where to watch and listen; the site's frame; a call to tune in."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[^\S\n]+")
_BULLET = re.compile(
    r"(?:[–—\-•*·▪◦‣●○►»→✓■□]|\d{1,2}[.)]|[a-z]\)|Q\d{0,2}[:.)])[ ]+(?=\S)|[–—•▪◦‣●○►✓■□](?=\S)|-(?=[^\W\d_])"
)
_STAMP = re.compile(r"\(?\[?(?:\d{1,2}:)?\d{1,2}:\d{2}\]?\)?(?:\s|\Z)")
_ENDS = re.compile(r"[.!?…][”\"’'»)\]]*\Z")
_NAME_OF_SHOW = (
    r"(?:#\w+|(?:The |the )?[A-Z“\"][\w’'“”\"&:-]*(?: (?:[A-Z#][\w’'“”\"&:-]*|of|on|the|and|in|to|with|"
    r"from|at)){0,7})"
)
_KIND_OF_SHOW = (
    r"(?:series|podcasts?|vodcast|program(?:me)?|shows?|talk[- ]show|interviews?|conversations?|"
    r"broadcast|debrief)"
)
_PROGRAMME = re.compile(
    rf"(?:(?:Presented|Hosted|Moderated) by [^,]+, |A production of [^,]+, )?{_NAME_OF_SHOW},? (?:"
    rf"is (?:a|an|the|our|[A-Z][\w’' ]+[’']s?) [^.!?]{{0,90}}?\b{_KIND_OF_SHOW}\b(?! (?:host|"
    rf"producer|presenter|maker|editor|with [A-Z]))"
    rf"|is (?:presented|produced|hosted|brought to you|made) by\b"
    rf"|[—–] ?(?:an?|the|our) [^.!?]{{0,90}}?\b{_KIND_OF_SHOW}\b(?! (?:host|producer|editor)))"
    rf"|(?:The|This|Our) (?:\w+ )?(?:brief|project|{_KIND_OF_SHOW}) is (?:a|an|"
    rf"our) [^.!?]{{0,90}}?\b{_KIND_OF_SHOW}\b"
    rf"|(?:(?:Presented|Hosted|Moderated) by [^,]+, )?[Tt]h(?:is|"
    rf"e) (?:\w+ ){{0,3}}{_KIND_OF_SHOW} is (?:presented|produced|brought to you|made|hosted) by\b"
    rf"|(?:An?|The) [^.!?,]{{0,60}}\b{_KIND_OF_SHOW} (?:presented|produced|brought to you|hosted|made) by\b"
)
_OUTLETS = (
    r"YouTube|Youtube|youtube|Spotify|SoundCloud|Soundcloud|Apple Podcasts?|Apple|Google Podcasts?|"
    r"Amazon Music|Deezer|"
    r"Overcast|Pocket Casts|Castbox|iTunes|Vimeo|Facebook|RSS|podcast apps?|Podcasts?|podcasts?"
)
OUTLET = re.compile(rf"\b(?:{_OUTLETS})\b")
_CHANNELS = re.compile(
    rf"(?:you can )?(?:also )?(?:watch|listen|subscribe|stream|find|follow|available|catch|"
    rf"download|hear)\b(?=.*\b(?:{_OUTLETS})\b)",
    re.IGNORECASE,
)
TAGS = re.compile(r"(?:tags?|topics?|keywords?|filed under|posted in|categories)\s*:\s*(.+)", re.IGNORECASE)
_CALL = re.compile(
    r"(?:don['’]t miss|do not miss|tune in|stay tuned|subscribe|follow (?:us|the|our|#)|sign up|"
    r"click|like and|"
    r"like what|join us|please|leave (?:us )?a|support (?:us|our|the)|donate|download|"
    r"share (?:this|your|the)|"
    r"watch (?:the|this|our|now|here|more|below)|listen (?:to|now|here|below)|if you (?:enjoy|"
    r"like)|thanks? (?:you )?for|"
    r"(?:photo|image|picture|credit|cover|copyright)\b.{0,20}[:©]|©|all rights reserved|"
    r"this (?:site|website) uses|we use cookies|"
    r"by (?:clicking|continuing)|the views expressed|views expressed|opinions expressed|"
    r"further information about)",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"(?:\d+ (?:min(?:ute)?s?)(?: (?:read|listen|watch))?|(?:\d{1,2}:)?\d{1,2}:\d{2}|"
    r"[\d.,]+[KkMm]? (?:views?|likes?|shares?|comments?|plays)|"
    r"share(?: (?:on|via|with|to) .*|(?:[:| ]+(?:facebook|twitter|linkedin|email|x|print|whatsapp|"
    r"copy link))+)?|"
    r"(?:facebook|twitter|linkedin|email|instagram|youtube|whatsapp|telegram|x|rss|print|"
    r"spotify)(?:[ |/•·,]+(?:facebook|twitter|linkedin|"
    r"email|instagram|youtube|whatsapp|telegram|x|rss|print|spotify|apple podcasts))*|"
    r".*[>›»/] .*[>›»/] .*|home [>›»/|] .*|"
    r"season \d+,? ?.{0,3}episode \d+|episode \d+|ep\. ?\d+|#\d+|\W*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph or item of the page; `text` has no bullet, `section` is the heading it stands under."""

    text: str
    kind: Kind
    section: str = ""


def page_lines(page: str) -> tuple[Line, ...]:
    """Clean a page and say of each line what it is; what comes after the page's own matter is left out."""
    lines: list[Line] = []
    section = ""
    ended = False
    for text, bullet in _joined(_clean(page)):
        bare = heading(text)
        if not bullet and bare in AFTERWORDS:
            ended = bool(lines) and any(line.kind in {"text", "bullet"} for line in lines)
            section = bare
            continue
        kind = _kind(text, bullet=bullet)
        if ended and kind not in {"programme", "channels"}:
            continue
        if kind == "short" and (bare in SECTIONS or (text.endswith(":") and len(text.split()) <= 4)):
            section = SECTIONS.get(bare, bare)
            continue
        if kind == "programme":
            section = ""
        lines.append(Line(text, kind, section))
    return tuple(lines)


SECTIONS = {
    **dict.fromkeys(
        ["guest", "guests", "our guest", "our guests", "speakers", "speaker", "featuring", "panelists"],
        "guests",
    ),
    **dict.fromkeys(
        ["participants", "panellists", "with", "in conversation with", "about the guests"], "guests"
    ),
    **dict.fromkeys(
        ["about the guest", "about the speakers", "about our guests", "about our guest", "about the speaker"],
        "guests",
    ),
    **dict.fromkeys(
        ["host", "hosts", "moderator", "hosted by", "presenter", "about the host", "moderated by"], "host"
    ),
    **dict.fromkeys(
        ["further reading", "references", "read more", "resources", "sources", "links"], "reading"
    ),
    **dict.fromkeys(
        ["mentioned in this episode", "read the research", "read the report", "research"], "reading"
    ),
    **dict.fromkeys(["show notes", "reading list", "related research", "publications", "read"], "reading"),
    **dict.fromkeys(["about", "about the series", "about the program", "about the programme"], "programme"),
    **dict.fromkeys(["about the podcast", "about the show", "about this series", "about us"], "programme"),
    **dict.fromkeys(["chapters", "timestamps", "time stamps", "timeline", "timecodes"], "times"),
    **dict.fromkeys(
        ["questions", "topics", "in this episode", "key questions", "we ask", "we discuss"], "questions"
    ),
    **dict.fromkeys(
        ["questions discussed", "topics discussed", "key topics", "what we ask", "agenda"], "questions"
    ),
    **dict.fromkeys(["tags", "keywords", "filed under", "posted in", "categories"], "tags"),
    **dict.fromkeys(["description", "summary", "overview", "about this episode", "about the episode"], ""),
}


def heading(text: str) -> str:
    """A heading as it is compared: small letters, no marks at its ends."""
    return text.strip(" :.#*_|–—-").lower().replace("’", "'")


def sentences(paragraph: str) -> list[str]:
    """Split running text at its sentence ends, but not after `Dr.`, initials and the like."""
    found, start = [], 0
    for end in re.finditer(r"[.!?…]+[”\"’')\]]*\s+(?=[“\"‘'(\[#]?[^\W\d_a-z]|\d|[“\"‘])", paragraph):
        before = paragraph[start : end.start() + 1].rsplit(None, 1)[-1].lstrip("(“\"'")
        if re.fullmatch(
            r"(?:(?:[A-Z]\.)+|(?:Dr|Prof|Mr|Mrs|Ms|Mx|Amb|Gen|Sen|Rep|Gov|Lt|Col|Hon|Rev|St|Jr|Sr|"
            r"vs|No|Inc|Ltd|Co|ret)\.)",
            before,
        ):
            continue
        found.append(paragraph[start : end.end()].strip())
        start = end.end()
    return [s for s in [*found, paragraph[start:].strip()] if s]


def kind_of(paragraph: str) -> Kind:
    """What a paragraph is that stands alone."""
    return _kind(paragraph, bullet=False)


def is_programme(sentence: str) -> bool:
    """Whether a sentence says what the programme is."""
    return _PROGRAMME.match(sentence) is not None


def _clean(page: str) -> list[list[str]]:
    """Blocks of lines: blank lines divide, runs of blanks are one space, what cannot be seen is gone."""
    page = page.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    page = _INVISIBLE.sub("", page.replace("\t", " ").replace("\x0b", "\n").replace("\x0c", "\n"))
    rows = [_SPACES.sub(" ", row).strip() for row in page.split("\n")]
    blocks: list[list[str]] = [[]]
    for row in rows:
        if row:
            blocks[-1].append(row)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _joined(blocks: list[list[str]]) -> Iterator[tuple[str, bool]]:
    """Each paragraph with whether it is a bullet; wrapped lines are put together again."""
    for block in blocks:
        widths = [len(row) for row in block]
        even = len(block) > 2 and 50 <= max(widths) <= 110 and min(widths[:-1]) >= max(widths) - 22
        pieces: list[tuple[str, bool]] = []
        for row in block:
            mark = None if _STAMP.match(row) else _BULLET.match(row)
            if mark:
                pieces.append((row[mark.end() :], True))
            elif pieces and _continues(pieces[-1][0], row, even=even):
                pieces[-1] = (f"{pieces[-1][0]} {row}", pieces[-1][1])
            else:
                pieces.append((row, False))
        yield from pieces


def _continues(before: str, row: str, *, even: bool) -> bool:
    if before.endswith(":") or re.match(r"https?://", row):
        return False
    if row[0].islower() and len(before) > 30 and not _ENDS.search(before):
        return True
    if before.endswith(",") and len(before) > 60:
        return True  # nobody ends a paragraph with a comma; a list's lines are shorter
    # Lines of one width are a paragraph that was wrapped; the lines of a list end where they like.
    return even and not before.endswith("?")


def _runs(text: str) -> bool:
    """Whether a line is running text; one question alone is a title, or one of a list."""
    words = len(text.split())
    asks = text.endswith("?")
    return (
        words > 24
        or (words > 3 and not asks and _ENDS.search(text) is not None)
        or (words > 8 and re.search(r"\w[.!?][”\"]? [A-Z“\"]", text) is not None)
        or (asks and re.search(r"[.?!]\s|(?:ask|discuss|explore)\w*: ", text) is not None)
    )


# What a line is, tried in this order.
_RULES: tuple[tuple[Kind, Callable[[str], bool]], ...] = (
    ("programme", is_programme),
    ("short", lambda text: heading(text) in SECTIONS),
    ("tags", lambda text: TAGS.match(text) is not None),
    ("channels", lambda text: len(text.split()) < 60 and _CHANNELS.match(text) is not None),
    ("frame", lambda text: heading(text) in NAVIGATION or _FRAME.fullmatch(text) is not None),
    ("call", lambda text: _CALL.match(text) is not None),
    ("lead", lambda text: text.endswith(":")),
    ("text", _runs),
)


def _kind(text: str, *, bullet: bool) -> Kind:
    if bullet and not is_programme(text):
        return "frame" if heading(text) in NAVIGATION else "bullet"
    return next((kind for kind, holds in _RULES if holds(text)), "short")
