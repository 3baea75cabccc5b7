"""The HTML transcript of Podcasting 2.0 to and from the captions of a cut: one division a turn.

    <div>
    <cite>Ilva Tare:</cite>
    <time datetime="PT9.400S">0:09</time>
    <p data-end="PT12S">Good evening.</p>
    </div>

A caption in another language than the document's says so: `<p lang="sr-Latn" data-end="PT12S">`.

The namespace's own example has `<time>0:09</time>`, which is no valid HTML; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from onrecord.model.edition import Caption
from onrecord.model.language import direction, tag
from onrecord.model.time import PubMs, Span, read_clock, short_clock
from onrecord.text.caption import fits, fitted, normal_voice

_DURATION = re.compile(r"PT([0-9]{1,9})(?:\.([0-9]{1,3}))?S")


def read(text: str) -> tuple[Caption, ...]:
    """Read an HTML transcript; without a `data-end` a caption ends where the next starts."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    captions = []
    for i, (start, end, voice, words, language) in enumerate(reader.found):
        after = reader.found[i + 1][0] if i + 1 < len(reader.found) else start
        span = Span(PubMs(start), PubMs(max(start, after if end is None else end)))
        captions.append(fits(Caption(span, voice, words, language=language)))
    return tuple(c for c in captions if c.text)


def write(captions: Iterable[Caption], language: str = "", title: str = "Transcript") -> str:
    """Write a whole HTML document; reading it gives the captions in the form that files keep."""
    lang = _lang(language)
    head = f'<meta charset="utf-8">\n<title>{escape(normal_voice(title)) or "Transcript"}</title>'
    parts = [f"<!doctype html>\n<html{lang}>\n<head>\n{head}\n</head>\n<body>\n"]
    carried = (c for c in fitted(captions) if c.text)
    for voice, turn in groupby(carried, key=lambda c: c.voice):
        parts.append(f"<div>\n<cite>{escape(voice)}:</cite>\n" if voice else "<div>\n")
        for c in turn:
            words = escape(c.text).replace("\n", "<br>\n")
            parts.append(
                f'<time datetime="{_duration(c.span.start)}">{short_clock(c.span.start)}</time>\n'
                f'<p{_lang(c.language)} data-end="{_duration(c.span.end)}">{words}</p>\n'
            )
        parts.append("</div>\n")
    parts.append("</body>\n</html>\n")
    return "".join(parts)


@lru_cache(maxsize=256)
def _lang(language: str) -> str:
    """The attributes that tell a language, and which way it is written where that is not from the left."""
    written = tag(language)
    rtl = ' dir="rtl"' if direction(written) == "rtl" else ""
    return f' lang="{written}"{rtl}' if written else ""


def _duration(at_ms: int) -> str:
    whole, ms = divmod(at_ms, 1000)
    return f"PT{whole}.{ms:03d}S" if ms else f"PT{whole}S"


def _read_duration(text: str | None) -> int | None:
    found = _DURATION.fullmatch(text or "")
    return int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0")) if found else None


class _Reader(HTMLParser):
    """Gathers (start, end or None, voice, words, language) for each paragraph that a time stands over."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, int | None, str, str, str]] = []
        self._inside = ""
        self._words: list[str] = []
        self._voice = ""
        self._start: int | None = None
        self._end: int | None = None
        self._language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "div":
            self._voice = ""
        elif tag == "br" and self._inside == "p":
            self._words.append("\n")
        elif tag in {"cite", "time", "p"}:
            self._inside, self._words = tag, []
            if tag == "time":
                self._start = _read_duration(dict(attrs).get("datetime"))
            elif tag == "p":
                self._end = _read_duration(dict(attrs).get("data-end"))
                self._language = dict(attrs).get("lang") or ""

    def handle_data(self, data: str) -> None:
        # A line break of the source is a space, as in a browser; <br> is the line break of the words.
        if self._inside:
            self._words.append(re.sub(r"\n+", " ", data))

    def handle_endtag(self, tag: str) -> None:
        if tag != self._inside:
            return
        words = "".join(self._words)
        self._inside = ""
        if tag == "cite":
            self._voice = words.strip().removesuffix(":")
        elif tag == "time":
            self._start = read_clock(words) if self._start is None else self._start
        elif self._start is not None:
            self.found.append((self._start, self._end, self._voice, words, self._language))
            self._start = None
