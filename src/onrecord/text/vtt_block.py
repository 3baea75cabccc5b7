"""The long way to read WebVTT, a block at a time: all that is no plain caption, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import pairwise

from onrecord.model.language import tag
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue
from onrecord.text.caption import normal_text, normal_voice

TIME = r"((?:[0-9]{1,5}:)?[0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_CUE_LINE = re.compile(rf"[ ]*{TIME}[ ]*-->[ ]*{TIME}(?: .*|\Z)")
_TAG = re.compile(
    r"<(/?)(?:(?:c|i|b|u|ruby|rt)\b[^>]*|(v|lang)(?:\.[^ \n>]*)?(?:[ \n]+([^>]*))?|lang\b[^>]*|[0-9:.]+)>"
)


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
    merged: list[tuple[str, str, str]] = []
    for voice, language, piece in voices_of(raw):
        words = normal_text(unescape(piece))
        if words and merged and merged[-1][:2] == (voice, language):
            merged[-1] = (voice, language, f"{merged[-1][2]} {words}")
        elif words:
            merged.append((voice, language, words))
    if not merged:
        return [], [*problems, wordless(Place(path, line, 1))]
    total = sum(len(words) for _, _, words in merged)
    cues, spoken, start = [], 0, span.start
    for voice, language, words in merged:
        spoken += len(words)
        end = Ms(span.start + span.length_ms * spoken // total)
        cues.append(Cue(Span(start, end), voice, words, Place(path, line, 1), language))
        start = end
    return cues, problems


def voices_of(raw: str) -> Iterator[tuple[str, str, str]]:
    """Pieces of a caption's text without its tags, each with the voice that says it and its language."""
    speaking, languages = [""], [""]
    said: list[tuple[str, str]] = []
    at = 0
    for found in _TAG.finditer(raw):
        said.append((languages[-1], raw[at : found.start()]))
        at = found.end()
        closes, kind, name = found.groups()
        inside = languages if kind == "lang" else speaking
        if kind == "v":
            yield speaking[-1], _mostly(said), "".join(text for _, text in said)
            said = []
        if kind and not closes:
            inside.append(tag(name or "") if kind == "lang" else normal_voice(unescape(name or "")))
        elif kind and len(inside) > 1:
            inside.pop()
    said.append((languages[-1], raw[at:]))
    yield speaking[-1], _mostly(said), "".join(text for _, text in said)


def _mostly(said: Sequence[tuple[str, str]]) -> str:
    """The language of most letters: words are told apart by caption, and a foreign name changes nothing."""
    letters: dict[str, int] = {}
    for language, text in said:
        letters[language] = letters.get(language, 0) + len("".join(unescape(text).split()))
    return max(letters, key=letters.__getitem__)


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
