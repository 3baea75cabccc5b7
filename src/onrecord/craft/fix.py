"""Mend a misspelling wherever it stands in a transcript: whole words, and nothing but their bytes.

People expect of "Vucic" -> "Vučić" that it mends `Vucic`, `Vucic's`, `Vucic,` and `VUCIC`, in the words and
in the names of voices, also where a phrase runs over the end of a line or of a caption; and that it leaves
alone what only holds the letters (`Vucicevic`) or is another word with a small initial (a person called
Rose, and what the sun did). So letters count as they are written, with two exceptions that cannot mean
anything else: all in capitals, and, for a word that is looked for in small letters, with a capital at the
start of a sentence. Whoever wants the others too says so (`ignore_case`).

The transcript is laid out as a row of *visible* characters, each with the place of its bytes in the file:
tags are left out, `&amp;` is one character, and the end of a caption is an end of line if the same voice
goes on. The words are looked for in that row; what is written back is a patch of the bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from onrecord.text import vtt, vtt_sheet

_TAG = re.compile(
    r"<(/?)(?:(v)(?:\.[^ \n>]*)?(?:[ \r\n]+([^>]*))?|(?:c|i|b|u|ruby|rt|lang)\b[^>]*|[0-9:.]+)>"
)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#x[0-9A-Fa-f]+);")
_MARKS = "\u0300-\u036f"
_CONTEXT_CHARACTERS = 36
_APART = "\0"
"""Stands between what two voices say: no phrase runs over it."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One place: its line in the file (from 1), the words around it, and what it says before and after."""

    line: int
    lead: str
    before: str
    after: str
    tail: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be mended: words, and what is to stand in their place."""

    old: str
    new: str
    ignore_case: bool = False

    @property
    def words(self) -> list[str]:
        """The words that are looked for."""
        return self.old.split()

    def pattern(self, *, any_case: bool) -> re.Pattern[str]:
        """Finds the words, one group each."""
        gap = r"[ \t\r\n]+"
        words = gap.join(f"({_spellings(word)})" for word in self.words)
        # A name takes endings after an apostrophe in many languages; "don" must not be found in "don't".
        after = "" if self.old[:1].isupper() else r"(?!['’](?!s\b)\w)"
        flags = re.IGNORECASE if any_case else 0
        return re.compile(rf"(?<![\w{_MARKS}]){words}(?![\w{_MARKS}]){after}", flags)

    def put(self, found: str) -> str | None:
        """What is put where `found` stands; None where it is left alone."""
        plain, old = (unicodedata.normalize("NFC", " ".join(t.split())) for t in (found, self.old))
        if plain == old:
            return self.new
        if plain == old.upper() and sum(c.isalpha() for c in plain) > 1:
            return self.new.upper()
        if old == old.lower() and plain == old[:1].upper() + old[1:]:
            return self.new[:1].upper() + self.new[1:]
        return self.new if self.ignore_case else None


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text with its mends; `left` places have the words in other letters and were not touched."""

    text: str
    mends: tuple[Mend, ...]
    left: int


@dataclass(frozen=True, slots=True)
class _Row:
    """Visible characters, and for each where its bytes begin and end in the text."""

    shown: str
    starts: list[int]
    ends: list[int]


Patch = tuple[int, int, str]


def fix_text(text: str, wish: Wish) -> Fixed:
    """Mend a plain text, such as a quote.

    >>> fix_text("Vucic's men, and VUCIC. Vucicevic? vucic!", Wish("Vucic", "Vučić")).text
    "Vučić's men, and VUČIĆ. Vucicevic? vucic!"
    """
    spots = range(len(text))
    return _fixed(text, [_Row(text, list(spots), [i + 1 for i in spots])], wish, str)


def fix_transcript(text: str, wish: Wish) -> Fixed:
    """Mend a WebVTT file: words and names of voices; comments, ids and times are left.

    Args:
        text: the file as it stands, line ends and all.
        wish: what to mend.
    """
    pieces = vtt_sheet.sheet(text, vtt.read(text, "")[0])
    return _fixed(text, list(_rows(text, pieces)), wish, _escaped)


def _fixed(text: str, rows: list[_Row], wish: Wish, escape: Callable[[str], str]) -> Fixed:
    patches: list[Patch] = []
    mends: list[Mend] = []
    left = 0
    for row in rows:
        for found in wish.pattern(any_case=True).finditer(row.shown):
            put = wish.put(found[0])
            if put is None:
                left += 1
                continue
            if put == found[0]:
                continue
            new = _patches(text, row, found, put.split())
            patches += [(start, end, escape(word)) for start, end, word in new]
            lead = row.shown[max(0, found.start() - _CONTEXT_CHARACTERS) : found.start()]
            tail = row.shown[found.end() : found.end() + _CONTEXT_CHARACTERS]
            line = _line(text, row.starts[found.start()])
            mends.append(Mend(line, _one_line(lead), _one_line(found[0]), put, _one_line(tail)))
    for start, end, word in sorted(patches, reverse=True):
        text = text[:start] + word + text[end:]
    return Fixed(text, tuple(sorted(mends, key=lambda m: m.line)), left)


def _patches(text: str, row: _Row, found: re.Match[str], words: list[str]) -> Iterator[Patch]:
    """The bytes to change: word for word if there are as many, so that lines break where they did.

    Otherwise the last place takes all the words that are left, or places without a word are taken out.
    """
    places = [found.span(k + 1) for k in range(len(found.groups()))]
    spans = [(row.starts[a], row.ends[b - 1]) for a, b in places]
    if len(words) != len(spans) and not re.search(r"[\r\n<]", text[spans[0][0] : spans[-1][1]]):
        yield spans[0][0], spans[-1][1], " ".join(words)
        return
    for k, (start, end) in enumerate(spans):
        put = words[k : k + 1] if k < len(spans) - 1 else words[k:]
        if put == [found[k + 1]]:
            continue
        if put:
            yield start, end, " ".join(put)
        elif text[spans[k - 1][1] : start].isspace():
            yield spans[k - 1][1], end, ""  # with the space or the line's end before it
        else:
            yield start, end + (text[end : end + 1] == " "), ""  # it began a caption


def _rows(text: str, pieces: vtt_sheet.Sheet) -> Iterator[_Row]:
    """The words of all captions as one row, and each voice's name as a row of its own."""
    signs: list[tuple[str, int, int]] = []
    at = len(pieces.head)
    last = ""
    for block in pieces.blocks:
        at += len(block.gap) + len(block.comments) + len(block.id) + len(block.times)
        end = at + len(block.words)
        speaking, begun = [""], False
        while at < end:
            if tag := _TAG.match(text, at, end):
                if tag[2]:
                    speaking = speaking[:-1] or [""] if tag[1] else [*speaking, tag[3] or ""]
                if tag[3]:
                    yield _row(_visible(text, tag.start(3), tag.end(3)))
                at = tag.end()
                continue
            sign = next(_visible(text, at, end))
            if speaking[-1] != last and sign[0] not in "\r\n":
                signs.append((_APART, at, at))
                last = speaking[-1]
            elif not begun:
                signs.append(("\n", at, at))
            begun = True
            signs.append(sign)
            at = sign[2]
    yield _row(signs)


def _visible(text: str, at: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Characters as they are shown, with the place of their bytes."""
    while at < end:
        entity = _ENTITY.match(text, at, end)
        stop = entity.end() if entity else at + 1
        character = unescape(text[at:stop])
        yield (character if len(character) == 1 else "\ufffd"), at, stop
        at = stop


def _row(signs: Iterable[tuple[str, int, int]]) -> _Row:
    shown, starts, ends = zip(*signs, strict=True) if (signs := list(signs)) else ((), (), ())
    return _Row("".join(shown), list(starts), list(ends))


def _spellings(word: str) -> str:
    """A word as it may be coded: letters with their marks in one, or apart."""
    forms = dict.fromkeys(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    return "|".join(re.escape(form) for form in forms)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _one_line(text: str) -> str:
    return re.sub(rf"[\s{_APART}]+", " ", text)


def _line(text: str, at: int) -> int:
    return len(re.findall(r"\r\n|\r|\n", text[:at])) + 1
