"""WebVTT to and from a transcript: every caption keeps its voice, and knows its line in the file.

What a person may write, and what other programs write, is wider than what we write ourselves:

    WEBVTT                              the header may name the language
    Language: en

    NOTE anything up to a blank line    also STYLE and REGION

    intro                               an id, one line, is passed over
    00:01.000 --> 00:03.400 line:90%    hours and settings are optional
    <v.loud Ilva Tare>Good <i>evening</i>.</v> <v Ana><lang sq>Mirëmbrëma!</lang>

Nearly every caption of nearly every file is plainer than that, so one regular expression reads it in
one step (`_PLAIN`); where it does not fit, the block goes through `vtt_block.py`, which knows the rest. Both
give the same captions for what both can read. Rules: https://www.w3.org/TR/webvtt1/ (parsing: 6).

We differ from browsers in one thing: no word that a person typed is dropped silently. A `<` that opens
no WebVTT tag stays as text, and words outside of any caption are a problem with a line number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import unescape
from itertools import pairwise

from onrecord.model.language import tag
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Transcript
from onrecord.text.caption import CONTROL, normal_text, normal_voice
from onrecord.text.vtt_block import TIME, ends_before, minute_ms, pass_blank, read_block, wordless

_LINE = r"[^ <>\n][^<>\n]*+"
_PLAIN = re.compile(
    rf"{TIME} --> {TIME}(?: [^\n]*+)?+\n"
    rf"(?:<v(?:\.[^ <>\n]*+)?+ ++([^<>&\n]++)>)?+(?:<lang ++([^<>&\n]++)>)?+"
    rf"({_LINE}(?:\n{_LINE})*+)(?:</lang>)?+(?:</v>)?+(?:\n\n|\n?+\Z)"
)
# Times are most of the work of writing: their endings are formatted once, their minutes when first met.
_SECONDS = tuple(f"{second:02d}." for second in range(60))
_FRACTIONS = tuple(f"{ms:03d}" for ms in range(1000))
_SECOND_MS = {f"{second:02d}": second * 1000 for second in range(60)}
_FRACTION_MS = {text: ms for ms, text in enumerate(_FRACTIONS)}
# The same class with plain numbers: the two clocks are only types, and `Ms(...)` is a call.
_span: Callable[..., Span[Ms]] = Span


def read(text: str, path: str) -> tuple[Transcript, tuple[Problem, ...]]:
    """Read a WebVTT file.

    Args:
        text: The file's text; a byte order mark and any line ends are understood.
        path: The file's path from the series folder, for the places.

    Returns:
        The transcript in order of time (`language` is empty where the header names none), and all problems
        in order of line. A caption whose times cannot be read or that ends before it starts is left out.
    """
    text = normal_file(text)
    at, line, language, problems = _read_header(text, path)
    cues: list[Cue] = []
    end, busy_until, tidy = len(text), 0, True
    minutes: dict[str, int] = {}
    while at < end:
        plain = _PLAIN.match(text, at)
        if plain is None:
            if text[at] == "\n":  # more empty lines than one after a caption
                at, line = pass_blank(text, at, line)
                continue
            after, found, wrong = read_block(text, at, line, path)
            cues += found
            problems += wrong
            tidy = False
            line += text.count("\n", at, after)
            at = after
            continue
        place = Place(path, line, 1)
        at = plain.end()
        minute, second, ms, end_minute, end_second, end_ms, voice, lang, words = plain.groups()
        line += 3 + words.count("\n")
        try:
            first = minutes[minute] + _SECOND_MS[second] + _FRACTION_MS[ms]
            last = minutes[end_minute] + _SECOND_MS[end_second] + _FRACTION_MS[end_ms]
        except KeyError:
            # The minute hardly changes from one caption to the next: each is worked out once.
            minutes[minute], minutes[end_minute] = minute_ms(minute), minute_ms(end_minute)
            first = minutes[minute] + _SECOND_MS[second] + _FRACTION_MS[ms]
            last = minutes[end_minute] + _SECOND_MS[end_second] + _FRACTION_MS[end_ms]
        if last < first:
            problems.append(ends_before(plain[0].partition("\n")[0], place))
            continue
        if "&" in words or " \n" in words or words[-1] == " ":
            words = normal_text(unescape(words))
        if first < busy_until or not voice or not words:
            tidy = False
        busy_until = last
        cues.append(
            Cue(_span(first, last), normal_voice(voice or ""), words, place, tag(lang) if lang else "")
        )
    if not tidy:
        problems += [wordless(c.place or Place(path)) for c in cues if not c.text]
        cues = [c for c in cues if c.text]
        problems += _order_problems(cues)
        problems += _voice_problems(cues, path)
        cues.sort(key=lambda cue: cue.span.start)
    return Transcript(language, tuple(cues)), tuple(_with_lines(sorted(problems), text))


def write(transcript: Transcript) -> str:
    """Write a transcript as WebVTT; reading it gives it back (see `normal_text` for what cannot be kept)."""
    cues = ((c.span.start, c.span.end, c.voice, c.text, c.language) for c in transcript.cues)
    return write_cues(cues, transcript.language)


def write_cues(
    cues: Iterable[tuple[int, int, str, str] | tuple[int, int, str, str, str]], language: str = ""
) -> str:
    """Write captions of either clock as WebVTT.

    Args:
        cues: (start in ms, end in ms, voice or empty, text) in order, and a fifth, BCP 47, where a caption
            is in another language; one without any text is passed over.
        language: BCP 47, or empty for no `Language:` line.

    >>> print(write_cues([(0, 61_500, "Ilva Tare", "5 < 6 & so on -->")], "en"))
    WEBVTT
    Language: en
    <BLANKLINE>
    00:00:00.000 --> 00:01:01.500
    <v Ilva Tare>5 &lt; 6 &amp; so on --&gt;</v>
    <BLANKLINE>
    """
    language = normal_voice(language).replace("-->", "")
    parts = [f"WEBVTT\nLanguage: {language}\n" if language else "WEBVTT\n"]
    opened: dict[str, tuple[str, str]] = {"": ("", "")}
    for start, end, voice, text, *other in cues:
        words = normal_text(text)
        if not words:
            continue
        if "&" in words or "<" in words or ">" in words:
            words = _escape(words)
        if other and (named := tag(other[0])):
            words = f"<lang {named}>{words}</lang>"
        if (tags := opened.get(voice)) is None:
            name = _escape(normal_voice(voice))
            tags = opened[voice] = (f"<v {name}>", "</v>") if name else ("", "")
        parts.append(f"\n{write_time(start)} --> {write_time(end)}\n{tags[0]}{words}{tags[1]}\n")
    return "".join(parts)


def write_time(at_ms: int) -> str:
    """Write milliseconds as WebVTT does: `HH:MM:SS.mmm`, more digits of hours where needed.

    >>> write_time(3_723_004)
    '01:02:03.004'
    """
    minute, ms = divmod(at_ms, 60_000)
    return _clock_minute(minute) + _SECONDS[ms // 1000] + _FRACTIONS[ms % 1000]


@lru_cache(maxsize=4096)
def _clock_minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def normal_file(text: str) -> str:
    """Line feeds only, no mark at the start, no control characters: lines keep their numbers."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if CONTROL.search(text):
        text = CONTROL.sub("", text.replace("\t", " ").replace("\0", "\ufffd"))
    return text


def _read_header(text: str, path: str) -> tuple[int, int, str, list[Problem]]:
    """Where the first block starts (offset, line), the language, and what is wrong."""
    first, _, _ = text.partition("\n")
    if first != "WEBVTT" and not first.startswith("WEBVTT "):
        hint = "write WEBVTT in the first line, then an empty line"
        problem = Problem(Place(path, 1, 1), "the file does not begin with WEBVTT", hint)
        return *pass_blank(text, 0, 1), "", [problem]
    language = ""
    at, line = len(first) + 1, 2
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        header = text[at:stop]
        if "-->" in header:
            break
        at, line = stop + 1, line + 1
        if not header:
            break
        key, _, value = header.partition(":")
        if key.strip().lower() == "language":
            language = value.strip()
    return *pass_blank(text, at, line), language, []


def _order_problems(cues: list[Cue]) -> Iterator[Problem]:
    for before, cue in pairwise(cues):
        place = cue.place or Place("")
        if cue.span.start < before.span.start:
            hint = "captions are read in the order of their times"
            yield Problem(place, "a caption that starts before the one above it", hint, grave=False)
        elif cue.span.start < before.span.end:
            hint = "end the one above where this one starts"
            yield Problem(place, "a caption that starts before the one above it ends", hint, grave=False)


def _voice_problems(cues: list[Cue], path: str) -> Iterator[Problem]:
    hint = "write <v Full Name> before its words"
    silent = [cue for cue in cues if not cue.voice]
    if silent and len(silent) == len(cues):
        yield Problem(
            Place(path, (silent[0].place or Place("")).line, 1),
            "no caption names its voice",
            hint,
            grave=False,
        )
        return
    for cue in silent:
        yield Problem(cue.place or Place(path), "a caption without a voice", hint, grave=False)


def _with_lines(problems: list[Problem], text: str) -> Iterator[Problem]:
    """Give each problem the line that it speaks of."""
    rows = text.split("\n") if problems else []
    for p in problems:
        shown = rows[p.place.line - 1] if 0 < p.place.line <= len(rows) else ""
        yield Problem(p.place, p.says, p.hint, p.grave, shown)
