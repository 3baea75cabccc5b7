"""The title of a page: the line of some words over its text, without what sites put around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from onrecord.craft.page_dates import date_in
from onrecord.craft.page_lines import Line, heading
from onrecord.craft.page_names import is_organisation

_NAMED = re.compile(
    r"(?:by|hosted by|with|guests?|host|speakers?|moderator|presenter|moderated by|presented by|topics|date|"
    r"tags?|"
    r"#\w+\Z)\b",
    re.IGNORECASE,
)
_DIVIDED = re.compile(r"\s+[|–—]\s+|\s+-\s+|(?<=\w):\s+")


def page_title(lines: Sequence[Line], hashtag: str, tagline: str) -> str:
    """The first line of some words over the text, without the programme's name before or after it."""
    elsewhere = Counter(
        heading(p) for line in lines if line.kind != "text" for p in {line.text, *_DIVIDED.split(line.text)}
    )
    names = {heading(hashtag), heading(tagline.split(" is ", maxsplit=1)[0])} - {""}
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
            flags=re.IGNORECASE,
        )[0]
    )


def _named_line(text: str) -> bool:
    """Whether a line is about something that it names first: `By ...`, `Guests ...`, a hashtag alone."""
    return _NAMED.match(text) is not None


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
