"""Strict YAML as a tree of strings that know their places.

People write these files by hand, so the reader has three duties: take every scalar as the text
that stands there (no guessed numbers, dates or booleans), know where each one stands, and say
exactly what to type when a line cannot be read. Anchors, aliases, tags, merge keys and duplicate
keys are refused: nobody who edits an episode file needs them, and each has surprised somebody.

The parser stops at its first error. So that a person sees all mistakes at once, a line that cannot
be read is quoted in memory the way the hint advises, and reading goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from onrecord.model.problem import Place, Problem

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20
_MOST_REPAIRS = 30

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What a tree says, without its places."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text with its place; `start` and `end` are offsets in characters, `style` is `'`, `"`, `|`, `>` or empty."""

    value: str
    place: Place
    start: int
    end: int
    style: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list with its place."""

    items: tuple[Node, ...]
    place: Place
    start: int
    end: int
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """Named values with their places, in the file's order."""

    items: tuple[tuple[Scalar, Node], ...]
    place: Place
    start: int
    end: int
    flow: bool = False

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        return next((v for k, v in self.items if k.value == key), None)


Node = Scalar | Sequence | Mapping


def plain(node: Node) -> Plain:
    """What a tree says, as strings, lists and dicts."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.value: plain(value) for key, value in node.items}


def read(text: str, path: str, *, first_line: int = 1) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read YAML text into a tree.

    Args:
        text: the file's text, or the front matter of one.
        path: the file's path for places.
        first_line: the line of the file on which `text` begins.

    Returns:
        The tree (None for an empty text or one that cannot be read) and every problem found.
    """
    lines = text.split("\n")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        says = f"the file is larger than {MOST_BYTES // 1024} KB"
        return None, (Problem(Place(path, first_line), says, "long texts belong in the Markdown part"),)
    problems: list[Problem] = []
    for _ in range(_MOST_REPAIRS):
        builder = _Builder(path, first_line, lines)
        try:
            node = builder.build("\n".join(lines))
        except yaml.YAMLError as error:
            problem, repaired = _explain(error, lines, path, first_line)
            problems.append(problem)
            if repaired is None:
                return None, tuple(problems)
            lines[repaired[0]] = repaired[1]
            continue
        except _Refused as refused:
            return None, (*problems, refused.problem)
        return node, (*problems, *builder.problems)
    return None, tuple(problems)


class _Refused(Exception):  # noqa: N818 - a way out of the parser's loop, never seen outside
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class _Builder:
    """Turns the parser's events into a tree."""

    def __init__(self, path: str, first_line: int, lines: list[str]) -> None:
        self.path, self.first_line, self.lines = path, first_line, lines
        self.problems: list[Problem] = []

    def build(self, text: str) -> Node | None:
        loader = yaml.CBaseLoader(text) if hasattr(yaml, "CBaseLoader") else yaml.BaseLoader(text)
        try:
            loader.get_event()  # type: ignore[no-untyped-call]  # the stream's start
            event = loader.get_event()  # type: ignore[no-untyped-call]
            if isinstance(event, yaml.StreamEndEvent):
                return None
            if event.explicit:
                self.problem(event, "a `---` line stands where none belongs", "remove this line")
            node = self._node(loader, loader.get_event(), 0)  # type: ignore[no-untyped-call]
            loader.get_event()  # type: ignore[no-untyped-call]  # the document's end
            rest = loader.get_event()  # type: ignore[no-untyped-call]
            if not isinstance(rest, yaml.StreamEndEvent):
                self.problem(rest, "a second document begins here", "one file holds one document")
            return node
        finally:
            loader.dispose()  # type: ignore[no-untyped-call]

    def _place(self, mark: yaml.Mark) -> Place:
        return Place(self.path, self.first_line + mark.line, mark.column + 1)

    def problem(self, event: yaml.Event, says: str, hint: str) -> None:
        line = event.start_mark.line
        text = self.lines[line].rstrip("\r") if line < len(self.lines) else ""
        self.problems.append(Problem(self._place(event.start_mark), says, hint, line_text=text))

    def _node(self, loader: yaml.CBaseLoader, event: yaml.Event, depth: int) -> Node:
        if depth > MOST_DEPTH:
            self.problem(event, f"this is nested more than {MOST_DEPTH} deep", "")
            raise _Refused(self.problems.pop())
        start = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            self._refuse_mark(event, "*")
            return Scalar("", self._place(start), start.index, event.end_mark.index)
        if getattr(event, "anchor", None) is not None:
            self._refuse_mark(event, "&")
        if getattr(event, "tag", None) is not None:
            self._refuse_mark(event, "!")
        if isinstance(event, yaml.ScalarEvent):
            style = (event.style or "").strip("\x00")
            return Scalar(event.value, self._place(start), start.index, event.end_mark.index, style)
        flow = bool(event.flow_style)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := loader.get_event(), yaml.SequenceEndEvent):  # type: ignore[no-untyped-call]
                items.append(self._node(loader, inner, depth + 1))
            return Sequence(tuple(items), self._place(start), start.index, inner.end_mark.index, flow)
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        while not isinstance(inner := loader.get_event(), yaml.MappingEndEvent):  # type: ignore[no-untyped-call]
            key = self._node(loader, inner, depth + 1)
            value = self._node(loader, loader.get_event(), depth + 1)  # type: ignore[no-untyped-call]
            if not isinstance(key, Scalar):
                self.problem(inner, "a name is expected before the colon", "put quotes around the text")
                continue
            if key.value in seen:
                hint = f"it stands already on line {seen[key.value].line}; keep one of the two"
                self.problem(inner, f"`{key.value}` is given twice", hint)
                continue
            seen[key.value] = key.place
            pairs.append((key, value))
        return Mapping(tuple(pairs), self._place(start), start.index, inner.end_mark.index, flow)

    def _refuse_mark(self, event: yaml.Event, mark: str) -> None:
        names = {"*": "an alias", "&": "an anchor", "!": "a tag"}
        line = event.start_mark.line
        hint = _advice(self.lines[line].rstrip("\r")) if line < len(self.lines) else None
        says = f"a text cannot begin with `{mark}` (YAML reads {names[mark]})"
        self.problem(event, says, f"write: {hint.strip()}" if hint else "put quotes around the text")


_FIELD = re.compile(r"""^(?P<head>\s*(?:-\s+)*(?:[a-z_][a-z0-9_-]*:\s+)?)(?P<text>\S.*?)\s*$""")


def quote(text: str) -> str:
    """A text as a double-quoted YAML scalar on one line.

    >>> print(quote('She said "no": why?'))
    "She said \\"no\\": why?"
    """
    out = []
    for char in text:
        code = ord(char)
        if char in '"\\':
            out.append("\\" + char)
        elif char == "\n":
            out.append("\\n")
        elif char == "\t":
            out.append("\\t")
        elif code < 0x20 or 0x7F <= code <= 0x9F or code in (0x2028, 0x2029, 0xFEFF):
            out.append(f"\\u{code:04x}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def quote_for_reading(text: str) -> str:
    """The same, but in single quotes where that spares backslashes.

    >>> print(quote_for_reading('"Soft power": what is left?'))
    '"Soft power": what is left?'
    """
    if '"' in text and "'" not in text and "\n" not in text and text.isprintable():
        return f"'{text}'"
    return quote(text)


def _advice(line: str) -> str | None:
    """The line with its text in quotes, as a person should type it; None if that would not help."""
    match = _FIELD.match(line)
    if match is None or match["text"].startswith("#"):
        return None
    text = match["text"]
    if len(text) > 1 and text[0] == text[-1] == '"' and not re.search(r'(?<!\\)"', text[1:-1]):
        return None
    return match["head"] + quote_for_reading(text)


def _explain(
    error: yaml.YAMLError, lines: list[str], path: str, first_line: int
) -> tuple[Problem, tuple[int, str] | None]:
    """Say a parser's error in our words, with the line as it should be typed where we know it."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        position = getattr(error, "position", None)
        line = "\n".join(lines)[: position or 0].count("\n")
        says = "a character stands here that a text file cannot hold"
        return Problem(Place(path, first_line + line, 1), says, "delete it and type the word again"), None
    at, column = mark.line, mark.column
    context = getattr(error, "context_mark", None)
    for candidate in dict.fromkeys((at, at - 1, context.line if context else at)):
        if not 0 <= candidate < len(lines):
            continue
        line_text = lines[candidate].rstrip("\r")
        if "\t" in line_text[: len(line_text) - len(line_text.lstrip())]:
            fixed = line_text.replace("\t", "  ")
            place = Place(path, first_line + candidate, line_text.index("\t") + 1)
            return Problem(
                place,
                "a tab stands where spaces belong",
                "use spaces at the start of a line",
                line_text=line_text,
            ), (candidate, fixed)
        advice = _advice(line_text)
        if advice and advice != line_text and _reads(advice):
            column = column if candidate == at else len(line_text) - len(line_text.lstrip())
            problem = Problem(
                Place(path, first_line + candidate, column + 1),
                "this line cannot be read: YAML gives a meaning to `: `, quotes and some signs at the start",
                f"write: {advice.strip()}",
                line_text=line_text,
            )
            return problem, (candidate, advice)
    says = str(getattr(error, "problem", "") or "this cannot be read").replace("\n", " ")
    line_text = lines[at].rstrip("\r") if at < len(lines) else ""
    hint = "check the indentation here and the line above"
    return Problem(Place(path, first_line + at, column + 1), says, hint, line_text=line_text), None


def _reads(line: str) -> bool:
    """Whether a line by itself is YAML."""
    try:
        for _ in yaml.parse(line.strip(), Loader=yaml.CBaseLoader):
            pass
    except yaml.YAMLError:
        return False
    return True
