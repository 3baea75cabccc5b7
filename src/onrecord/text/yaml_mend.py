"""What to type instead of a line that YAML cannot read, tried out before it is said.

The parser stops at its first error, and its message is about tokens. A person wants to see all mistakes
at once, each with the line as it should stand. So every stop of the parser is answered by proposals:
for each line that may be to blame, the usual slips (a tab, a quote or bracket never closed, no space
after a colon, a text that needs quotes, a line out of step) and the line without the slip. A proposal
counts only if the parser gets further with it. The first that does is the hint, it takes the line's
place in memory, and reading goes on to the next mistake. Where none helps, the line is passed over and
the hint stays general.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import yaml

_MOST_TRIED = 300
_MOST_CHARS_TRIED = 2_000_000
"""How much text may be parsed again for the sake of hints: about a second's worth."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line (from 0) that cannot be read: where in it, why, what to try, and the line to try it with."""

    line: int
    column: int
    says: str
    hint: str
    instead: str


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where the parser stopped: `line` is where what it was reading began, `at` where it gave up."""

    line: int
    at: int
    column: int
    says: str


def quote(text: str) -> str:
    r"""A text as a double-quoted YAML scalar on one line.

    >>> print(quote('She said "no": why?'))
    "She said \"no\": why?"
    """
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
    out = []
    for char in text:
        code = ord(char)
        unseen = code < 0x20 or 0x7F <= code <= 0x9F or code in (0x2028, 0x2029, 0xFEFF)
        out.append(named.get(char) or (f"\\u{code:04x}" if unseen else char))
    return '"' + "".join(out) + '"'


def quote_for_reading(text: str) -> str:
    """The same, but in single quotes where that spares backslashes.

    >>> print(quote_for_reading('"Soft power": what is left?'))
    '"Soft power": what is left?'
    """
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    return quote(text)


def mend(text: str, fields: Collection[str] = ()) -> tuple[str | None, tuple[Fault, ...]]:
    """Mend a text that cannot be read, line by line.

    Args:
        text: YAML that the parser refuses.
        fields: the field names that may stand after a dash; none: any.

    Returns:
        A text with as many lines that can be read (None if there is no way on), and what was amiss.
    """
    lines, faults = text.split("\n"), list[Fault]()
    left = min(_MOST_TRIED, 6 + _MOST_CHARS_TRIED // (len(text) + 1))
    stop = _parse(lines)
    while stop is not None:
        for fault in _proposals(stop, lines, fields):
            left -= 1
            mended = [*lines[: fault.line], fault.instead, *lines[fault.line + 1 :]]
            after = _parse(mended)
            if after is None or after.line > stop.line or _past(after, stop, fault):
                break
            if left <= 0:
                return None, (*faults, _general(stop, lines))
        else:
            fault = _general(stop, lines)
            mended = [*lines[: fault.line], "", *lines[fault.line + 1 :]]
            after = _parse(mended)
            if after is not None and after.line <= stop.line:
                return None, (*faults, fault)
        faults.append(fault)
        lines, stop = mended, after
    return "\n".join(lines), tuple(faults)


def _past(after: _Stop, stop: _Stop, fault: Fault) -> bool:
    """Whether the parser, after an earlier line was mended, stops where it did for another reason."""
    other = (after.says, after.line) != (stop.says, stop.line)
    return fault.line < min(stop.at, after.line) and after.at >= stop.at and other


def _parse(lines: list[str]) -> _Stop | None:
    try:
        for _ in yaml.parse("\n".join(lines), Loader=yaml.CBaseLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark, context = error.problem_mark or error.context_mark, error.context_mark
        last = len(lines) - 1
        at, column = (min(mark.line, last), mark.column) if mark else (last, 0)
        begun = context is not None and re.search("flow|quoted|simple key", str(error.context))
        line = min(context.line, at) if context and begun else at
        return _Stop(line, at, column, str(error.problem))
    return None


def _proposals(stop: _Stop, lines: list[str], fields: Collection[str]) -> Iterator[Fault]:
    before = next((i for i in range(stop.at - 1, -1, -1) if lines[i].strip()), stop.at)
    unclosed = islice((i for i in range(stop.at - 1, -1, -1) if _is_unclosed(lines[i])), 3)
    for i in dict.fromkeys((stop.at, stop.line, before, *unclosed)):
        line = lines[i].rstrip("\r")
        if line.strip() and not line.lstrip().startswith("#"):
            yield from _slips(i, line, fields)
            yield from _out_of_step(i, line, lines)


_UNCLOSED = re.compile(r"""\s*(?:-\s+)*(?:[\w-]+:\s+)?(?:"[^"]*|'[^']*|\[[^\]]*|\{[^}]*)$""")


@lru_cache(maxsize=8192)
def _is_unclosed(line: str) -> bool:
    """Whether something is opened in a line and not closed; the same lines are asked after each mending."""
    return _UNCLOSED.match(line) is not None


_FIELD = re.compile(r"(?P<indent>\s*)(?P<dashes>(?:-\s+)?)(?:(?P<key>[a-z_][a-z0-9_-]*):\s+)?")
_CLOSERS = {"“": "”", "„": "“”", "«": "»", "‘": "’", "‚": "‘’", "”": "”", "’": "’"}


def _head(line: str, fields: Collection[str]) -> str:
    """What stands before a line's text: indentation, dashes, a field's name."""
    match = _FIELD.match(line)
    assert match is not None  # noqa: S101 - every part of the pattern may be absent
    if match["key"] and match["dashes"] and fields and match["key"] not in fields:
        return match["indent"] + match["dashes"]
    return match[0]


def _write(i: int, column: int, says: str, instead: str) -> Fault:
    return Fault(i, column, says, f"write: {instead.strip()}", instead)


def advise(line: str, column: int) -> str | None:
    """A line with the text from a column (from 0) on put in quotes; None where there is no text.

    >>> advise("- Why: now?", 2)
    '- "Why: now?"'
    """
    line = line.rstrip()
    return line[:column] + quote_for_reading(line[column:]) if line[column:].strip() else None


def _slips(i: int, line: str, fields: Collection[str]) -> Iterator[Fault]:
    """A line without this or that slip."""
    lead = line[: len(line) - len(line.lstrip())]
    if "\t" in lead:
        says = "a tab stands where spaces belong"
        hint = "begin the line with spaces, two for each step inwards"
        instead = lead.replace("\t", "  ") + line.lstrip()
        yield Fault(i, line.index("\t"), says, hint, instead)
        return
    head = _head(line, fields)
    text, at = line[len(head) :].rstrip(), len(head)
    if not text:
        return
    yield from _in_quotes(i, head, text)
    if text[0] in "[{":
        yield from _in_brackets(i, line, head, fields)
    joined = re.fullmatch(r"(\s*(?:-\s+)*[a-z_]+):([^\s:/].*)", line)
    if joined:
        says = "a space is missing after the colon"
        yield _write(i, len(joined[1]), says, f"{joined[1]}: {joined[2]}")
    if not re.fullmatch(r"(\"[^\"\\]*\"|'[^']*')", text):
        yield _write(i, at, _why(text), head + quote_for_reading(text))
    if not head.strip() and (parts := re.fullmatch(r"([a-z_]+)\s+(\S.*)", text)):
        says = f"a colon is missing after `{parts[1]}`"
        yield _write(i, at + len(parts[1]), says, f"{head}{parts[1]}: {parts[2]}")


def _in_quotes(i: int, head: str, text: str) -> Iterator[Fault]:
    """A text whose quotes are curly, or never closed."""
    if len(text) > 2 and text[-1] in _CLOSERS.get(text[0], ""):
        says = f"curly quotes {text[0]} {text[-1]} do not count as quotes here"
        yield _write(i, len(head), says, head + quote_for_reading(text[1:-1]))
    if text[0] == '"' and '"' not in text[1:]:
        says = "the quote that opens here is never closed"
        yield _write(i, len(head), says, head + quote_for_reading(text[1:]))
    if text[0] == "'" and "'" not in text[1:]:  # 'Tis an apostrophe more often than a quote
        says = "a text that begins with an apostrophe needs quotes"
        yield _write(i, len(head), says, head + quote_for_reading(text))


def _why(text: str) -> str:
    if text[0] in "\"'":
        return "the text begins with a quote but goes on after it closes, so all of it needs quotes"
    if text[0] in "@`%&*!|>?-[]{},":
        return f"a text that begins with `{text[0]}` needs quotes"
    if ": " in text or text.endswith(":"):
        return "a text with a colon and a space in it needs quotes"
    return "this line cannot be read as it stands"


def _in_brackets(i: int, line: str, head: str, fields: Collection[str]) -> Iterator[Fault]:
    """A list or fields on one line: the closing bracket, or quotes around a value with a colon."""
    text = line[len(head) :].rstrip()
    closer = {"[": "]", "{": "}"}[text[0]]
    first = text[1:].split(":")[0].strip()
    if text[0] == "{" and fields and first not in fields:
        return  # no fields of ours, so a text in curly brackets
    if closer not in text:
        says = f"the `{text[0]}` that opens here is never closed"
        yield _write(i, len(head), says, head + text.rstrip(",") + closer)
    if text[0] == "{" and text[-1] == "}":
        pairs = re.split(r",\s*(?=[a-z_]+:\s)", text[1:-1])
        written = [
            f"{name}: {value if value[:1] in _FLOW_OPENERS else quote_for_reading(value)}"
            if colon and re.search(r":(\s|$)|[,\[\]{}#\"']|^[@`%&*!|>?-]", value)
            else pair
            for pair in pairs
            for name, colon, value in [pair.strip().partition(": ")]
        ]
        says = "inside {…} a text with a colon, a comma or quotes in it needs quotes"
        yield _write(i, len(head), says, head + "{" + ", ".join(written) + "}")


_FLOW_OPENERS = ("[", "{", '"', "'")


def _out_of_step(i: int, line: str, lines: list[str]) -> Iterator[Fault]:
    """The line as far in as one of the lines around it."""
    text = line.lstrip(" ")
    around = [other for other in (*lines[max(0, i - 6) : i][::-1], *lines[i + 1 : i + 2]) if other.strip()]
    for indent in dict.fromkeys(len(other) - len(other.lstrip(" ")) for other in around):
        if indent != len(line) - len(text):
            hint = f"begin it with {indent} spaces" if indent else "begin it at the very start of the line"
            column = len(line) - len(text)
            yield Fault(
                i, column, "this line is out of step with the lines around it", hint, " " * indent + text
            )


_MEANT = {
    "did not find expected key": "this line does not fit the lines above it",
    "could not find expected ':'": "a colon is missing here or on the line above",
    "mapping values are not allowed in this context": "a colon stands where none can be read",
    "found unexpected end of stream": "a quote is opened and never closed",
    "did not find expected '-' indicator": "a dash is missing at the start of this line",
    "did not find expected ',' or ']'": "a list in [ ] is not closed, or a comma is missing",
    "did not find expected ',' or '}'": "fields in { } are not closed, or a comma is missing",
}


def _general(stop: _Stop, lines: list[str]) -> Fault:
    says = _MEANT.get(stop.says, f"this cannot be read ({stop.says})")
    blank = not lines[stop.at].strip()
    at = stop.line if blank else stop.at
    column = 0 if at != stop.at else min(stop.column, len(lines[at]))
    return Fault(
        at, column, says, "look at the indentation, quotes and brackets here and on the line above", ""
    )
