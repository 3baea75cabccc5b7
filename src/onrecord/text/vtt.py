"""WebVTT to and from a transcript: every caption keeps its voice, and knows its line in the file.

What a person may write, and what other programs write, is wider than what we write ourselves:

    WEBVTT                              the header may name the language
    Language: en

    NOTE anything up to a blank line    also STYLE and REGION

    intro                               an id, one line, is passed over
    00:01.000 --> 00:03.400 line:90%    hours and settings are optional
    <v.loud Ilva Tare>Good <i>evening</i>.</v> <v Ana>Evening!

Nearly every caption of nearly every file is plainer than that, so one regular expression reads it in
one step (`_PLAIN`); where it does not fit, the block goes through `_Block`, which knows the rest. Both
give the same captions for what both can read. Rules: https://www.w3.org/TR/webvtt1/ (parsing: 6).

We differ from browsers in one thing: no word that a person typed is dropped silently. A `<` that opens
no WebVTT tag stays as text, and words outside of any caption are a problem with a line number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import pairwise

from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Transcript

_TIME = r"(?:([0-9]{1,5}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_LINE = r"[^ <>\n][^<>\n]*"
_PLAIN = re.compile(
    rf"{_TIME} --> {_TIME}(?: [^\n]*)?\n"
    rf"(?:<v(?:\.[^ <>\n]*)? +([^<>&\n]+)>)?({_LINE}(?:\n{_LINE})*)(?:</v>)?(?:\n\n+|\n?\Z)"
)
_CUE_LINE = re.compile(rf"[ ]*{_TIME}[ ]*-->[ ]*{_TIME}(?: .*|\Z)")
_TAG = re.compile(r"<(/?)(?:(?:c|i|b|u|ruby|rt|lang)\b[^>]*|(v)(?:\.[^ \n>]*)?(?:[ \n]+([^>]*))?|[0-9:.]+)>")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_ODD = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]|\n\n|^[\n ]|[\n ]\Z|\n | \n")


def normal_text(text: str) -> str:
    r"""Bring a caption's text into the form that files keep: no control characters, margins or empty lines.

    >>> normal_text(" Good\tevening. \n\n And\x07 welcome.\n")
    'Good evening.\nAnd welcome.'
    """
    if not _ODD.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    lines = (line.strip(" ") for line in _CONTROL.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


def normal_voice(voice: str) -> str:
    r"""Bring a voice's name into the form that files keep: one line, single spaces, no control characters.

    >>> normal_voice(" Ilva\n Tare ")
    'Ilva Tare'
    """
    return _CONTROL.sub("", " ".join(voice.split()))


def read(text: str, path: str) -> tuple[Transcript, tuple[Problem, ...]]:
    """Read a WebVTT file.

    Args:
        text: The file's text; a byte order mark and any line ends are understood.
        path: The file's path from the series folder, for the places.

    Returns:
        The transcript in order of time (`language` is empty where the header names none), and all problems
        in order of line. A caption whose times cannot be read or that ends before it starts is left out.
    """
    text = _normal_file(text)
    start, line, language, problems = _read_header(text, path)
    cues: list[Cue] = []
    voices: dict[str, str] = {}
    minutes: dict[tuple[str | None, str], int] = {}
    at, end, counted = start, len(text), start
    match_plain = _PLAIN.match
    while at < end:
        plain = match_plain(text, at)
        line += text.count("\n", counted, at)
        counted = at
        if plain is None:
            at, found, wrong = _read_block(text, at, line, path)
            cues += found
            problems += wrong
            continue
        at = plain.end()
        h1, m1, s1, f1, h2, m2, s2, f2, voice, words = plain.groups()
        # The minute of a time hardly changes from one caption to the next: remember it.
        if (first := minutes.get((h1, m1))) is None:
            first = minutes[h1, m1] = (int(h1 or 0) * 60 + int(m1)) * 60_000
        if (last := minutes.get((h2, m2))) is None:
            last = minutes[h2, m2] = (int(h2 or 0) * 60 + int(m2)) * 60_000
        first += int(s1 + f1)
        last += int(s2 + f2)
        if last < first:
            problems.append(_ends_before(text, line, path))
            continue
        if "&" in words or " \n" in words or words[-1] == " ":
            words = normal_text(unescape(words))
            if not words:
                continue
        if voice is not None:
            voice = voices.get(voice) or voices.setdefault(voice, normal_voice(voice))
        cues.append(Cue(Span(Ms(first), Ms(last)), voice or "", words, Place(path, line, 1)))
    problems += _order_problems(cues)
    problems += _voice_problems(cues, path)
    # Sorting is stable, and costs nothing where the captions are in order already.
    cues.sort(key=lambda cue: cue.span.start)
    return Transcript(language, tuple(cues)), tuple(_with_lines(sorted(problems), text))


def write(transcript: Transcript) -> str:
    """Write a transcript as WebVTT; reading it gives it back (see `normal_text` for what cannot be kept)."""
    cues = ((c.span.start, c.span.end, c.voice, c.text) for c in transcript.cues)
    return write_cues(cues, transcript.language)


def write_cues(cues: Iterable[tuple[int, int, str, str]], language: str = "") -> str:
    """Write captions of either clock as WebVTT.

    Args:
        cues: (start in ms, end in ms, voice or empty, text) in order; one without any text is passed over.
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
    for start, end, voice, text in cues:
        words = normal_text(text)
        if not words:
            continue
        if "&" in words or "<" in words or ">" in words:
            words = _escape(words)
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
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{ms:03d}"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _normal_file(text: str) -> str:
    """Line feeds only, no mark at the start, no control characters: lines keep their numbers."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text.replace("\t", " ").replace("\0", "\ufffd"))
    return text


def _read_header(text: str, path: str) -> tuple[int, int, str, list[Problem]]:
    """Where the first block starts (offset, line), the language, and what is wrong."""
    first, _, _ = text.partition("\n")
    if first != "WEBVTT" and not first.startswith("WEBVTT "):
        hint = "write WEBVTT in the first line, then an empty line"
        problem = Problem(Place(path, 1, 1), "the file does not begin with WEBVTT", hint)
        return *_pass_blank(text, 0, 1), "", [problem]
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
    return *_pass_blank(text, at, line), language, []


def _pass_blank(text: str, at: int, line: int) -> tuple[int, int]:
    start = at
    while at < len(text) and text[at] == "\n":
        at += 1
    return at, line + at - start


def _read_block(text: str, at: int, line: int, path: str) -> tuple[int, list[Cue], list[Problem]]:
    """Read what stands between two blank lines, the long way; returns also where the next block starts."""
    stop = text.find("\n\n", at)
    stop = len(text) if stop < 0 else stop
    lines = text[at:stop].split("\n")
    after, _ = _pass_blank(text, stop, 0)
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
        first, last = _ms(*timed.groups()[:4]), _ms(*timed.groups()[4:])
        if last < first:
            problems.append(_ends_before(text, line + i, path))
            continue
        found, wrong = _read_words("\n".join(lines[i + 1 : j]), Span(Ms(first), Ms(last)), line + i, path)
        cues += found
        problems += wrong
    return after, cues, problems


def _ms(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    return (int(hours or 0) * 60 + int(minutes)) * 60_000 + int(seconds + fraction)


def _read_words(raw: str, span: Span[Ms], line: int, path: str) -> tuple[list[Cue], list[Problem]]:
    """Split one caption into a cue for each voice; several share its time by the length of their words."""
    problems = []
    if "<" in _TAG.sub("", raw):
        hint = "write &lt; for the sign itself"
        problems.append(
            Problem(Place(path, line, 1), "a < that opens no tag is read as text", hint, grave=False)
        )
    said = [(voice, words) for voice, piece in _voices(raw) if (words := normal_text(unescape(piece)))]
    merged: list[tuple[str, str]] = []
    for voice, words in said:
        if merged and merged[-1][0] == voice:
            merged[-1] = (voice, f"{merged[-1][1]} {words}")
        else:
            merged.append((voice, words))
    if not merged:
        problems.append(Problem(Place(path, line, 1), "a caption without words", grave=False))
        return [], problems
    total = sum(len(words) for _, words in merged)
    cues, spoken, start = [], 0, span.start
    for voice, words in merged:
        spoken += len(words)
        end = Ms(span.start + span.length_ms * spoken // total)
        cues.append(Cue(Span(start, end), voice, words, Place(path, line, 1)))
        start = end
    return cues, problems


def _voices(raw: str) -> Iterator[tuple[str, str]]:
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
    good = re.fullmatch(rf"[ ]*{_TIME}[ ]*", start)
    rest = row[len(start) + 3 :]
    column = len(start) + 3 + len(rest) - len(rest.lstrip()) + 1 if good else len(row) - len(row.lstrip()) + 1
    return Problem(Place(path, line, column), "a time that cannot be read", hint)


def _ends_before(text: str, line: int, path: str) -> Problem:
    row = text.split("\n", line)[line - 1]
    column = row.index("-->") + 4
    return Problem(
        Place(path, line, column),
        "a caption that ends before it starts",
        "exchange the two times, or mend one",
    )


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
