"""The long way to read WebVTT, a block at a time: all that is no plain caption, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import pairwise

from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue
from onrecord.text.caption import normal_text, normal_voice

TIME = r"((?:[0-9]{1,5}:)?[0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_CUE_LINE = re.compile(rf"[ ]*{TIME}[ ]*-->[ ]*{TIME}(?: .*|\Z)")
_TAG = re.compile(r"<(/?)(?:(?:c|i|b|u|ruby|rt|lang)\b[^>]*|(v)(?:\.[^ \n>]*)?(?:[ \n]+([^>]*))?|[0-9:.]+)>")


def read_block(text: str, at: int, line: int, path: str) -> tuple[int, list[Cue], list[Problem]]:
    """Read what stands between two blank lines, the long way; returns also where the next block starts."""
    stop = text.find("\n\n", at)
    stop = len(text) if stop < 0 else stop
    lines = text[at:stop].split("\n")
    after, _ = pass_blank(text, stop, 0)
    cues: list[Cue] = []
    problems: list[Problem] = []
    # A line with an arrow always begins a caption, even where the blank line before it was forgotten.
    arrows = [i for i, row in enumerate(lines) if "-->" in row]
    before = lines[: arrows[0]] if arrows else lines
    is_id = bool(arrows) and len(before) == 1
    if any(before) and not is_id and not re.match(r"(?:NOTE|STYLE|REGION)(?: |\Z)", before[0]):
        hint = "an empty line ends a caption: remove it, or put a line with times over these words"
        problems.append(Problem(Place(path, line, 1), "words that belong to no caption", hint))
    for i, j in pairwise([*arrows, len(lines)]):
        timed = _CUE_LINE.fullmatch(lines[i])
        if timed is None:
            problems.append(_bad_time(lines[i], line + i, path))
            continue
        minute, second, ms, end_minute, end_second, end_ms = timed.groups()
        first, last = minute_ms(minute) + int(second + ms), minute_ms(end_minute) + int(end_second + end_ms)
        if last < first:
            problems.append(ends_before(lines[i], Place(path, line + i, 1)))
            continue
        found, wrong = _read_words("\n".join(lines[i + 1 : j]), Span(Ms(first), Ms(last)), line + i, path)
        cues += found
        problems += wrong
    return after, cues, problems


def pass_blank(text: str, at: int, line: int) -> tuple[int, int]:
    """The offset and the line of the next line that is not empty."""
    start = at
    while at < len(text) and text[at] == "\n":
        at += 1
    return at, line + at - start


@lru_cache(maxsize=4096)
def minute_ms(text: str) -> int:
    """Where a minute of the clock starts: `75:02` (hours, minutes) or `02`."""
    hours, _, minutes = text.rpartition(":")
    return (int(hours or 0) * 60 + int(minutes)) * 60_000


def _read_words(raw: str, span: Span[Ms], line: int, path: str) -> tuple[list[Cue], list[Problem]]:
    """Split one caption into a cue for each voice; several share its time by the length of their words."""
    problems = []
    if "<" in _TAG.sub("", raw):
        hint = "write &lt; for the sign itself"
        problems.append(
            Problem(Place(path, line, 1), "a < that opens no tag is read as text", hint, grave=False)
        )
    said = [(voice, words) for voice, piece in voices_of(raw) if (words := normal_text(unescape(piece)))]
    merged: list[tuple[str, str]] = []
    for voice, words in said:
        if merged and merged[-1][0] == voice:
            merged[-1] = (voice, f"{merged[-1][1]} {words}")
        else:
            merged.append((voice, words))
    if not merged:
        return [], [*problems, wordless(Place(path, line, 1))]
    total = sum(len(words) for _, words in merged)
    cues, spoken, start = [], 0, span.start
    for voice, words in merged:
        spoken += len(words)
        end = Ms(span.start + span.length_ms * spoken // total)
        cues.append(Cue(Span(start, end), voice, words, Place(path, line, 1)))
        start = end
    return cues, problems


def voices_of(raw: str) -> Iterator[tuple[str, str]]:
    """Pieces of a caption's text without its tags, each with the voice that says it."""
    speaking = [""]
    piece: list[str] = []
    at = 0
    for tag in _TAG.finditer(raw):
        piece.append(raw[at : tag.start()])
        at = tag.end()
        closes, is_voice, name = tag.groups()
        if not is_voice:
            continue
        yield speaking[-1], "".join(piece)
        piece = []
        if not closes:
            speaking.append(normal_voice(unescape(name or "")))
        elif len(speaking) > 1:
            speaking.pop()
    yield speaking[-1], "".join([*piece, raw[at:]])


def wordless(place: Place) -> Problem:
    """What is said of a caption in which nothing is said."""
    return Problem(place, "a caption without words", grave=False)


def _bad_time(row: str, line: int, path: str) -> Problem:
    mended = re.sub(r"(\d),(\d)", r"\1.\2", row)
    mended = re.sub(
        r"(?<![\d.])(\d\d?:)?(\d):(\d\d)(?!\d|:)", lambda m: f"{m[1] or ''}0{m[2]}:{m[3]}", mended
    )
    mended = re.sub(r":(\d\d)(?![\d.:])", r":\1.000", mended)
    hint = (
        f"did you mean {mended.strip()}?"
        if _CUE_LINE.fullmatch(mended)
        else "write 00:01:02.300 --> 00:01:04.500"
    )
    start, _, _ = row.partition("-->")
    # Point at the time that is wrong: the second where the first can be read.
    good = re.fullmatch(rf"[ ]*{TIME}[ ]*", start)
    rest = row[len(start) + 3 :]
    column = len(start) + 3 + len(rest) - len(rest.lstrip()) + 1 if good else len(row) - len(row.lstrip()) + 1
    return Problem(Place(path, line, column), "a time that cannot be read", hint)


def ends_before(row: str, place: Place) -> Problem:
    """What is said of a caption whose times, in that line, are the wrong way round."""
    there = Place(place.path, place.line, row.index("-->") + 4)
    return Problem(there, "a caption that ends before it starts", "exchange the two times, or mend one")
