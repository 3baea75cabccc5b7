"""Strict YAML as a tree of strings that know their places.

People write these files by hand, so the reader has three duties: take every scalar as the text
that stands there (no guessed numbers, dates or booleans), know where each one stands, and say
exactly what to type when a line cannot be read. Anchors, aliases, tags, merge keys and duplicate
keys are refused: nobody who edits an episode file needs them, and each has surprised somebody.

Two readings of YAML are not ours. `- Serbia: what next?` is a sentence to everybody but YAML, which
sees a field called Serbia; here it is that sentence. And in `title: Why #Debrief matters` YAML takes
all from the # on for a comment; here that is a mistake with a hint, for half a title would be lost.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator

import yaml

from onrecord.model.problem import Place, Problem
from onrecord.text.yaml_mend import advise, mend, quote_for_reading
from onrecord.text.yaml_node import Mapping, Node, Plain, Scalar, Sequence, plain
from onrecord.text.yaml_sheet import BOM, Sheet, without_unwritable

__all__ = ["Mapping", "Node", "Plain", "Scalar", "Sequence", "plain", "read", "says"]

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20


def read(
    text: str, path: str, *, first_line: int = 1, fields: Collection[str] = ()
) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read YAML text into a tree.

    Args:
        text: the file's text, or the front matter of one; it may begin with a byte order mark.
        path: the file's path for places.
        first_line: the line of the file on which `text` begins.
        fields: names that may be fields of a list's items; after a dash any other name and colon
            belong to a sentence. None: whatever looks like a field's name is one.

    Returns:
        The tree (None for an empty text or one that cannot be read) and every problem found.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        says = f"the file is larger than {MOST_BYTES // 1024} KB"
        return None, (Problem(Place(path, first_line, 1), says, "long texts belong below the fields"),)
    sheet = Sheet(text, path, first_line)
    mended, problems = without_unwritable(sheet)
    try:
        return _built(mended, sheet, fields, problems)
    except yaml.YAMLError:
        readable, faults = mend(mended.removeprefix(BOM), fields)
    problems += [sheet.fault(fault) for fault in faults]
    if readable is None:
        return None, tuple(problems)
    node, found = _built(readable, Sheet(readable, path, first_line), fields, problems)
    mended_lines, known = {first_line + fault.line for fault in faults}, set(problems)
    return node, tuple(p for p in found if p in known or p.place.line not in mended_lines)


def says(text: str) -> Plain | None:
    """What a text says; None where it is empty or has a problem.

    >>> says("a: [b, c]"), says("a: b: c")
    ({'a': ['b', 'c']}, None)
    """
    sheet = Sheet(text, "", 1)
    if without_unwritable(sheet)[1]:
        return None
    try:
        node, problems = _built(text, sheet, (), [])
    except yaml.YAMLError:
        return None
    return plain(node) if node is not None and not problems else None


def _built(
    text: str, sheet: Sheet, fields: Collection[str], problems: list[Problem]
) -> tuple[Node | None, tuple[Problem, ...]]:
    builder = _Builder(text, sheet, fields)
    node = builder.build()
    return node, tuple(problems + builder.problems)


class _Builder:
    """Turns the parser's events into a tree."""

    def __init__(self, text: str, sheet: Sheet, fields: Collection[str]) -> None:
        self.text, self.sheet, self.fields = text, sheet, fields
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text.removeprefix(BOM), Loader=yaml.CBaseLoader))
        self.problems: list[Problem] = []

    def build(self) -> Node | None:
        next(self.events)  # the stream's start
        event = next(self.events)
        if not isinstance(event, yaml.DocumentStartEvent):
            return None
        if event.explicit or event.version or event.tags:
            self._problem(self._start(event), "a line stands here that begins a YAML document", "remove it")
        try:
            node = self._node(next(self.events), 0, -1)
        except _TooDeep:
            return None
        next(self.events)  # the document's end
        rest = next(self.events)
        if not isinstance(rest, yaml.StreamEndEvent):
            hint = "one file holds one set of fields; remove this line and what follows it"
            self._problem(self._start(rest), "a second set of fields begins here", hint)
            for _ in self.events:
                pass
        return node

    def _start(self, event: yaml.Event) -> int:
        assert event.start_mark is not None  # noqa: S101 - the parser marks every event
        return event.start_mark.index + self.sheet.bom

    def _end(self, event: yaml.Event) -> int:
        assert event.end_mark is not None  # noqa: S101 - the parser marks every event
        return event.end_mark.index + self.sheet.bom

    def _problem(self, offset: int, says: str, hint: str) -> None:
        self.problems.append(self.sheet.problem(offset, says, hint))

    def _quote_it(self, offset: int, says: str) -> None:
        """A problem that is mended by quotes around the rest of the line."""
        line = self.sheet.line(self.sheet.line_at(offset))
        # Our files have no lists in lists: a second dash belongs to the text.
        dashes = re.match(r"\s*-\s+(?=-\s)", line)
        instead = advise(line, dashes.end() if dashes else self.sheet.column(offset))
        self._problem(offset, says, f"write: {instead.strip()}" if instead else "put quotes around the text")

    def _node(self, event: yaml.Event, depth: int, column: int) -> Node:
        """The node an event begins; `column` is that of the block collection around it."""
        start, end = self._start(event), self._end(event)
        if depth > MOST_DEPTH:
            self._problem(start, f"this is nested more than {MOST_DEPTH} deep", "write it flatter")
            raise _TooDeep
        if isinstance(event, yaml.AliasEvent):
            self._quote_it(start, "a text cannot begin with `*` (YAML reads an alias)")
            return Scalar("", self.sheet.place(start), start, end, "*")
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_mark(event, event.tag)
            node = Scalar(event.value, self.sheet.place(start), start, end, (event.style or "").strip("\x00"))
            self._check_scalar(node, column)
            return node
        assert isinstance(event, yaml.CollectionStartEvent)  # noqa: S101 - what else begins a node
        self._refuse_mark(event, event.tag)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(start, bool(event.flow_style), depth, column)
        return self._mapping(start, bool(event.flow_style), depth, column)

    def _sequence(self, start: int, flow: bool, depth: int, column: int) -> Sequence:
        inside = column if flow else self.sheet.column(start)
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            before = len(self.problems)
            item = self._node(event, depth + 1, inside)
            sentence = self._sentence(item)
            if sentence:
                del self.problems[before:]
                self._check_scalar(sentence, inside)
            elif self._no_fields(item):
                del self.problems[before:]
                self._quote_it(item.start, "a text cannot begin with `{` (YAML reads fields)")
            items.append(sentence or item)
            if flow and isinstance(item, Scalar) and item.value == "-" and not item.style:
                self._quote_it(item.start, "a dash alone is not a text")
        node = Sequence(tuple(items), self.sheet.place(start), start, self._end(event), flow)
        self._check_flow(node, column)
        return node

    def _mapping(self, start: int, flow: bool, depth: int, column: int) -> Mapping:
        inside = column if flow else self.sheet.column(start)
        pairs: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1, inside)
            value = self._node(next(self.events), depth + 1, inside)
            if not isinstance(key, Scalar):
                begins = start if self.text[start] == "?" else key.start
                self._quote_it(begins, "a field's name is expected before the colon")
            elif flow and pairs and _is_empty(value) and value.end <= key.end:
                self._comma_in_flow(pairs[-1], key)
            elif key.value in seen:
                hint = f"it stands already on line {seen[key.value].line}; keep one of the two"
                self._problem(key.start, f"`{key.value}` is given twice", hint)
            else:
                seen[key.value] = key.place
                pairs.append((key, value))
        node = Mapping(tuple(pairs), self.sheet.place(start), start, self._end(event), flow)
        self._check_flow(node, column)
        return node

    def _comma_in_flow(self, before: tuple[Scalar, Node], key: Scalar) -> None:
        """`{text: Yes, perhaps}`: the comma ends the text, and a field seems to follow."""
        name, value = before
        whole = self.text[value.start : key.end]
        says = f"inside {{…}} the comma ends `{name.value}`"
        hint = f"put quotes around the whole text: {name.value}: {quote_for_reading(whole)}"
        self._problem(key.start, says, hint)

    def _sentence(self, node: Node) -> Scalar | None:
        """A list's item on one line that is one text to people, though YAML reads a field."""
        if not isinstance(node, Mapping) or len(node.items) != 1 or self.text[node.start] == "{":
            return None
        ((key, value),) = node.items
        written = self.text[node.start : value.end].rstrip()
        if key.style or "\n" in written or (node.start != key.start and not written.startswith("? ")):
            return None
        plain = re.fullmatch(r"[a-z0-9_-]+", key.value)
        if self._is_field(key) if self.fields else plain:
            return None
        return Scalar(written, node.place, node.start, node.start + len(written))

    def _no_fields(self, item: Node) -> bool:
        """A list's item in curly brackets in which nothing is, or nearly is, a field that may stand there."""
        if not isinstance(item, Mapping) or not self.fields or self.text[item.start] != "{":
            return False
        return not any(self._is_field(key) for key, _ in item.items)

    def _is_field(self, key: Scalar) -> bool:
        """Whether this is the name of a field that may stand there, or nearly is."""
        return key.value in self.fields or bool(difflib.get_close_matches(key.value, self.fields, 1, 0.7))

    def _refuse_mark(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, tag: str | None) -> None:
        if event.anchor is not None:
            self._quote_it(self._start(event), "a text cannot begin with `&` (YAML reads an anchor)")
        elif tag is not None:
            self._quote_it(self._start(event), "a text cannot begin with `!` (YAML reads a tag)")

    def _check_scalar(self, node: Scalar, column: int) -> None:
        """Refuse what the parser lets pass though people would be surprised."""
        if not node.style and self.text[node.end : node.end + 1] not in (" ", "\t"):
            return  # nothing that could be lost follows it
        rest = self.text[node.end : node.end + 200].split("\n", 1)[0]
        quoted = node.style in ('"', "'")
        if quoted:
            self._check_end(node, column)
        if node.style in ("|", ">"):
            header, _, body = self.text[node.start :].partition("\n")
            if re.match(r"[|>][0-9+-]*#", header):
                self._problem(node.start, "a space is missing before the #", "put a space before it")
            blank = re.match(r"((?: *\r?\n)*)( *)[^ \r\n]", body)
            if blank and column < len(blank[2]) < max(map(len, blank[1].splitlines()), default=0):
                self._problem(node.start, "an empty line is further in than the text", "empty that line")
        elif re.match(r" #\w" if node.value or quoted else r"[ \t]*(?<=[ \t])#\w", rest):
            swallowed = rest.strip()
            head = self.text[: node.end].rfind("\n") + 1
            start = node.end + rest.index("#") if node.start == node.end else node.start
            if start >= head:
                self._quote_it(start, f"`{swallowed}` would be lost: YAML takes ` #` for a comment")

    def _check_flow(self, node: Sequence | Mapping, column: int) -> None:
        if node.flow and self.text[node.start : node.start + 1] in ("[", "{"):
            self._check_end(node, column)

    def _check_end(self, node: Node, column: int) -> None:
        """A value that closes with a sign: what follows it, and how far in it goes on."""
        if self.text[node.end : node.end + 1] == "#":
            self._problem(node.end, "a space is missing before the #", "put a space before it")
        for match in re.finditer(r"\n( *)[^ \r\n]", self.text[node.start : node.end]):
            if len(match[1]) <= column:
                at = node.start + match.end() - 1
                self._problem(at, "a value that goes on here is not further in than its field", "indent it")
                return


def _is_empty(node: Node) -> bool:
    return isinstance(node, Scalar) and node.start == node.end


class _TooDeep(Exception):  # noqa: N818 - a way out of the recursion, never seen outside
    pass
