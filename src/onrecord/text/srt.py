"""SubRip (SRT) to and from the captions of a cut; a voice is named where it changes.

SRT has no voices, no escapes and no standard. Ours, and how each difficulty is met:

    1
    00:00:09,000 --> 00:00:12,400
    Ilva Tare: Good evening.            the voice changes: its name, a colon, a space

    2
    00:00:12,400 --> 00:00:14,000
    And welcome.                        the same voice: nothing

    3
    00:00:14,000 --> 00:00:15,000
    Ilva Tare: Tonight: the rivers.     the same voice, but its words would be read as a name: named again

    4
    00:00:15,000 --> 00:00:16,000
    >> Good evening!                    a voice without a name, by the captioners' sign for a change
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from onrecord.model.edition import Caption
from onrecord.model.problem import Place, Problem
from onrecord.model.time import PubMs, Span
from onrecord.text.caption import CONTROL, all_untold, fits
from onrecord.text.vtt import write_time

_TIME = r"(\d{1,5}):([0-5]?\d):([0-5]?\d)(?:[,.](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?", re.ASCII)
_TAG = re.compile(r"</?(?:b|i|u|font|c|v)(?=[\s>./])[^>\n]*>|\{\\[^}\n]*\}", re.IGNORECASE)
_TAG_START = re.compile(r"<(?=/?[A-Za-z])")
_NAMED = re.compile(r"([^:\n]{1,80}): (?=\S)")
_CHANGE = ">> "
_MOST_WORDS = 6
"""A name has no more words than this: in `What I mean is the following list: a` nobody is named."""


def read(text: str, path: str = "") -> tuple[tuple[Caption, ...], tuple[Problem, ...]]:
    """Read SubRip, ours or another program's; a caption whose times cannot be read is left out and told."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    rows = CONTROL.sub("", text.replace("\t", " ")).split("\n")
    captions: list[Caption] = []
    problems: list[Problem] = []
    starts = [i for i, row in enumerate(rows) if "-->" in row]
    voice = ""
    for i, after in pairwise([*starts, len(rows) + 1]):
        timed = _TIMES.fullmatch(rows[i])
        start, end = (_ms(*timed.groups()[:4]), _ms(*timed.groups()[4:])) if timed else (0, 0)
        if timed is None or end < start:
            says = "a time that cannot be read" if timed is None else "a caption that ends before it starts"
            hint = "write 00:01:02,300 --> 00:01:04,500"
            problems.append(Problem(Place(path, i + 1, 1), says, hint, line_text=rows[i]))
            continue
        said = rows[i + 1 : after - 1]
        # Between two captions stand an empty line and the number of the next; either may be missing.
        if after <= len(rows) and not rows[after - 1].strip().isdecimal():
            said.append(rows[after - 1])
        voice, words = _voice_of(_TAG.sub("", "\n".join(said)).lstrip(" \n"), voice)
        caption = fits(Caption(Span(PubMs(start), PubMs(end)), voice, words))
        if caption.text:
            captions.append(caption)
    return tuple(captions), tuple(problems)


def write(captions: Iterable[Caption]) -> str:
    """Write SubRip; reading it gives the `normal` captions."""
    parts = []
    voice = ""
    for number, caption in enumerate(normal(captions), 1):
        words = caption.text
        # Named where the voice changes, and where a reader would take the words themselves for a name.
        if _voice_of(words, voice) != (caption.voice, words):
            words = f"{caption.voice}: {words}" if caption.voice else _CHANGE + words
        voice = caption.voice
        times = f"{write_time(caption.span.start)} --> {write_time(caption.span.end)}".replace(".", ",")
        parts.append(f"{number}\n{times}\n{words}\n")
    return "\n".join(parts)


def normal(captions: Iterable[Caption]) -> tuple[Caption, ...]:
    """What SRT can carry: names without a colon, of six words at most; no arrow and no tag in the words."""
    carried = []
    for caption in all_untold(captions):
        name, words = _name(caption.voice), caption.text.replace("-->", "→").replace("{\\", "{")
        words = _TAG_START.sub("‹", words) if "<" in words else words
        if words:
            same = (name, words) == (caption.voice, caption.text)
            carried.append(caption if same else fits(Caption(caption.span, name, words)))
    return tuple(carried)


@lru_cache(maxsize=256)
def _name(voice: str) -> str:
    name = " ".join(voice.replace(":", " ").split()[:_MOST_WORDS])[:80].strip()
    return name.lstrip("> ") if name.startswith(">>") else name


def _voice_of(words: str, voice: str) -> tuple[str, str]:
    """Who says the words, given who spoke before, and the words without the name."""
    if words.startswith(_CHANGE):
        return "", words.removeprefix(_CHANGE)
    named = _NAMED.match(words) if ": " in words else None
    if named is None or len(named[1].split()) > _MOST_WORDS:
        return voice, words
    return " ".join(named[1].split()), words[named.end() :]


def _ms(hours: str, minutes: str, seconds: str, fraction: str | None) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "").ljust(3, "0"))
