"""A list in a YAML text gets other entries, and those that stay keep their lines and comments.

`yaml_patch.rewrite` compares lists place by place: where the first entry goes, all others are written anew,
one line further up, and every comment stands behind the wrong one. Here the caller says which entry stays.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as AbcMapping
from collections.abc import Sequence as AbcSequence

from onrecord.text.yaml_patch import NotWritable, Path, flow, patch
from onrecord.text.yaml_tree import Mapping, Node, Plain, Scalar, Sequence, plain, read, says

Changes = AbcMapping[str, Plain | None]
"""Fields of an entry that stays, with their new values; None takes one out."""


Lines = Callable[[Plain, str], str]
"""An entry as lines of YAML, each with an indent before it and a line end (a bare one) behind it."""


def one_line(value: Plain, indent: str) -> str:
    """An entry on one line."""
    return f"{indent}- {flow(value)}\n"


def arrange(
    text: str, path: Path, rows: AbcSequence[tuple[int, Changes] | Plain], lines: Lines = one_line
) -> str:
    """Rearrange the list at a path.

    Args:
        text: YAML as it stands.
        path: where the list stands; it may be missing, or empty.
        rows: what the list is to hold: an entry that stands in it already as its number and what changes in
            it (numbers rise), any other as its value.
        lines: how a new entry is written.

    Raises:
        NotWritable: if the text has problems, or the path leads nowhere.
    """
    node = _at(_read(text), path)
    staying = [row[0] for row in rows if isinstance(row, tuple)]
    if not isinstance(node, Sequence) or not staying:
        return _anew(text, path, [row for row in rows if not isinstance(row, tuple)], lines)
    for i in reversed(range(len(node.items))):
        if i not in staying:
            text = patch(text, (*path, i), None)
    for place, row in enumerate(rows):
        if isinstance(row, tuple):
            for key, value in row[1].items():
                text = patch(text, (*path, place, key), value)
        else:
            text = _insert(text, path, place, row, lines)
    return text


def _anew(text: str, path: Path, items: list[Plain], lines: Lines) -> str:
    """The list with nothing in it that stood there."""
    tree = _read(text)
    if tree is None or not items:
        return patch(text, path, items) if tree is None or _at(tree, path) is not None else text
    wanted = says(patch(text, path, items))
    bare = patch(text, path, None) if _at(tree, path) is not None else text
    parent = _at(_read(bare), path[:-1])
    if isinstance(parent, Mapping) and parent.items and not parent.flow:
        indent = " " * _column(bare, parent.start)
        block = f"{indent}{path[-1]}:\n" + "".join(lines(item, indent + "  ") for item in items)
        at = _line_end(bare, _last(parent))
        candidate = _put(bare, at, block)
        if says(candidate) == wanted:
            return candidate
    return patch(text, path, items)


def _insert(text: str, path: Path, place: int, value: Plain, lines: Lines) -> str:
    """Put an entry before that of a number; behind the last one where there is no such."""
    tree = _read(text)
    node = _at(tree, path)
    if tree is None or not isinstance(node, Sequence):
        raise NotWritable(f"there is no list at {path}")
    items = [plain(item) for item in node.items]
    items.insert(place, value)
    wanted = _with(plain(tree), path, items)
    block = lines(value, " " * _column(text, node.start))
    for at in [] if node.flow else _gaps(text, node, place):
        candidate = _put(text, at, block)
        if says(candidate) == wanted:
            return candidate
    return patch(text, path, items)


def _put(text: str, at: int, block: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text[:at] if not at or text[:at].endswith("\n") else text[:at] + newline
    return head + block.replace("\n", newline) + text[at:]


def _gaps(text: str, node: Sequence, place: int) -> list[int]:
    """Where a line may go in: right behind the entry before, else right before the one after it."""
    found = []
    if place:
        found.append(_line_end(text, _last(node.items[place - 1])))
    if place < len(node.items):
        found.append(text.rfind("\n", 0, node.items[place].start) + 1)
    return found


def _last(node: Node) -> int:
    """The last character of a value."""
    while not isinstance(node, Scalar) and node.items and not node.flow:
        node = node.items[-1] if isinstance(node, Sequence) else node.items[-1][1]
    return max(node.start, node.end - 1)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)


def _read(text: str) -> Node | None:
    tree, problems = read(text, "")
    if problems:
        raise NotWritable(problems[0].says)
    return tree


def _at(node: Node | None, path: Path) -> Node | None:
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def _with(tree: Plain, path: Path, value: Plain) -> Plain:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(tree, dict) and isinstance(step, str):
        return {k: _with(v, rest, value) if k == step else v for k, v in tree.items()}
    assert isinstance(tree, list)  # noqa: S101 - the path was walked before
    return [_with(v, rest, value) if i == step else v for i, v in enumerate(tree)]
