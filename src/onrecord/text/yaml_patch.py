"""Writing back: change a value in a YAML text and leave every other byte as it stands.

People keep comments, an order and a spacing of their own in their files, so a file is never
dumped anew. A change names a path such as `("approved", "by")`; only the lines of the values that
change are written, and a key that is new is put after the last one of its mapping.
"""

from __future__ import annotations

from collections.abc import Mapping as AbcMapping
from collections.abc import Sequence as AbcSequence

from onrecord.text.yaml_mend import quote
from onrecord.text.yaml_sheet import BOM
from onrecord.text.yaml_tree import Mapping, Node, Plain, Scalar, Sequence, plain, read, says
from onrecord.text.yaml_write import dump, flow, scalar

__all__ = ["NotWritable", "Path", "dump", "flow", "patch", "rewrite", "scalar"]

Path = tuple[str | int, ...]


class NotWritable(ValueError):  # noqa: N818 - it reads as a sentence where it is caught
    """A text that cannot be patched because it cannot be read."""


def patch(text: str, path: Path, value: Plain | None) -> str:
    """Set, add or (with None) remove the value at a path.

    The smallest change that reads back right is taken: the value's own lines, else those of the
    collection around it, and so on outwards.

    Args:
        text: YAML as it stands.
        path: keys and list positions from the top; the last key may be new, and a list position
            equal to the list's length adds an item.
        value: what is to stand there.

    Raises:
        NotWritable: if the text has problems, or the path leads nowhere.
    """
    if text.startswith(BOM):
        return BOM + patch(text[1:], path, value)
    tree, problems = read(text, "")
    if problems:
        raise NotWritable(problems[0].says)
    newline = "\r\n" if "\r\n" in text else "\n"
    if tree is None:
        if len(path) != 1 or not isinstance(path[0], str) or value is None:
            raise NotWritable("the text is empty")
        return _ended(text, newline) + dump({path[0]: value}, "", newline)
    nodes = [tree]
    for step in path[:-1]:
        nodes.append(_child(nodes[-1], step))
    wanted = _changed(plain(tree), path, value)
    if plain(tree) == wanted:
        return text
    new: Plain | None = value
    for depth in range(len(path) - 1, -1, -1):
        candidate = _patch_once(text, nodes[depth], path[depth], new, newline)
        if says(candidate) == wanted:
            return candidate
        new = _changed(plain(nodes[depth]), path[depth:], value)
    return dump(wanted, "", newline)


def _patch_once(text: str, parent: Node, key: str | int, value: Plain | None, newline: str) -> str:
    try:
        node = _child(parent, key)
    except NotWritable:
        return text if value is None else _add(text, parent, key, value, newline)
    return _remove(text, parent, key) if value is None else _replace(text, parent, node, value, newline)


def _changed(tree: Plain, path: Path, value: Plain | None) -> Plain:
    """A plain tree with one value set, added or removed.

    Raises:
        NotWritable: if the path leads nowhere.
    """
    step, rest = path[0], path[1:]
    if isinstance(tree, dict) and isinstance(step, str):
        if rest:
            return {k: _changed(v, rest, value) if k == step else v for k, v in tree.items()}
        kept = {k: v for k, v in tree.items() if k != step or value is not None}
        return kept if value is None else {**kept, step: value}
    if isinstance(tree, list) and isinstance(step, int) and 0 <= step <= len(tree):
        if rest:
            return [_changed(v, rest, value) if i == step else v for i, v in enumerate(tree)]
        return tree[:step] + ([] if value is None else [value]) + tree[step + 1 :]
    raise NotWritable(f"there is no place for {step!r}")


def rewrite(text: str, value: Plain) -> str:
    """Patch a text until it says `value`, changing only the lines that differ.

    Raises:
        NotWritable: if the text has problems.
    """
    if text.startswith(BOM):
        return BOM + rewrite(text[1:], value)
    tree, problems = read(text, "")
    if problems:
        raise NotWritable(problems[0].says)
    if tree is None or plain(tree).__class__ is not value.__class__ or not plain(tree) or not value:
        return text if tree is not None and plain(tree) == value else dump(value)
    for path, new in _differences((), plain(tree), value):
        text = patch(text, path, new)
    return text


def _differences(path: Path, old: Plain, new: Plain) -> list[tuple[Path, Plain | None]]:
    if old == new:
        return []
    found: list[tuple[Path, Plain | None]] = []
    if isinstance(old, AbcMapping) and isinstance(new, AbcMapping) and old and new:
        for key, value in new.items():
            found += _differences((*path, key), old[key], value) if key in old else [((*path, key), value)]
        return found + [((*path, key), None) for key in old if key not in new]
    if isinstance(old, list) and isinstance(new, list) and old and new:
        shared = min(len(old), len(new))
        for i in range(shared):
            found += _differences((*path, i), old[i], new[i])
        found += [((*path, i), new[i]) for i in range(shared, len(new))]
        return found + [((*path, i), None) for i in reversed(range(shared, len(old)))]
    return [(path, new)]


def _child(node: Node, step: str | int) -> Node:
    if isinstance(node, Mapping) and isinstance(step, str):
        found = node.get(step)
        if found is not None:
            return found
    if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    raise NotWritable(f"there is no {step!r}")


def _ended(text: str, newline: str) -> str:
    return text if not text or text.endswith("\n") else text + newline


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _content_end(node: Node) -> int:
    """Where the last character of a value stands (block collections end past their last line)."""
    if isinstance(node, Sequence) and not node.flow and node.items:
        return _content_end(node.items[-1])
    if isinstance(node, Mapping) and not node.flow and node.items:
        return _content_end(node.items[-1][1])
    return node.end


def _block_scalar(node: Node) -> bool:
    return isinstance(node, Scalar) and node.style in ("|", ">")


def _trimmed_end(text: str, node: Node) -> int:
    """The end of a value without the line end that a block scalar's mark includes."""
    end = _content_end(node)
    while end > node.start and text[end - 1] in "\r\n":
        end -= 1
    return end


def _replace(text: str, parent: Node, node: Node, value: Plain, newline: str) -> str:
    end = _trimmed_end(text, node)
    in_flow = parent.flow if isinstance(parent, Mapping | Sequence) else False
    tail = text[end:]
    if node.start == end and not tail.startswith(("\n", "\r", "")):
        tail = " " + tail
    if in_flow:
        new = flow(value)
    elif isinstance(value, str):
        new = _restyled(value, node)
    elif not value or (isinstance(node, Mapping | Sequence) and node.flow) or isinstance(parent, Sequence):
        new = flow(value)
    else:
        # A block goes on lines of its own, two deeper than the key it belongs to.
        key_line = text.rfind("\n", 0, node.start) + 1
        if isinstance(node, Mapping | Sequence) and node.items:
            indent = " " * _column(text, node.start)
            block = dump(value, indent, newline)
            return text[: node.start] + block[len(indent) :].rstrip("\r\n") + tail
        indent = text[key_line:][: len(text[key_line:]) - len(text[key_line:].lstrip(" "))] + "  "
        return text[: node.start].rstrip(" ") + newline + dump(value, indent, newline).rstrip("\r\n") + tail
    head = text[: node.start]
    if head.endswith((":", "-")):
        head += " "
    return head + new + tail


def _restyled(value: str, node: Node) -> str:
    """A text in the quotes that stood there, if it can be."""
    if isinstance(node, Scalar) and node.style == '"':
        return quote(value)
    if isinstance(node, Scalar) and node.style == "'" and value.isprintable() and value:
        return "'" + value.replace("'", "''") + "'"
    return scalar(value)


def _add(text: str, parent: Node, key: str | int, value: Plain, newline: str) -> str:
    if not isinstance(parent, Mapping | Sequence) or isinstance(parent, Mapping) != isinstance(key, str):
        raise NotWritable(f"there is no place for {key!r}")
    if isinstance(parent, Sequence) and key != len(parent.items):
        raise NotWritable(f"there is no {key!r}")
    if parent.flow:
        inner = flow({key: value})[1:-1] if isinstance(key, str) else flow(value)
        close = parent.end - 1
        before = text[:close].rstrip()
        comma = "" if not parent.items or before.endswith(",") else ", "
        return text[:close] + comma + inner + text[close:]
    at = _line_end(text, _content_end(parent))
    if _block_scalar(_last_leaf(parent)):
        at = _line_end(text, max(_trimmed_end(text, _last_leaf(parent)) - 1, 0))
    indent = " " * _column(text, parent.start)
    entry = {key: value} if isinstance(key, str) else [value]
    head = _ended(text[:at], newline)
    return head + _dump_short(entry, indent, newline) + text[at:]


def _dump_short(entry: Plain, indent: str, newline: str) -> str:
    """One new entry; a small mapping such as a sign stays on its line."""
    if isinstance(entry, dict):
        ((key, value),) = entry.items()
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return f"{indent}{scalar(key, key=True)}: {flow(value)}{newline}"
    return dump(entry, indent, newline)


def _last_leaf(node: Node) -> Node:
    while not isinstance(node, Scalar) and node.items and not node.flow:
        node = node.items[-1] if isinstance(node, Sequence) else node.items[-1][1]
    return node


def _remove(text: str, parent: Node, key: str | int) -> str:
    assert isinstance(parent, Mapping | Sequence)  # noqa: S101 - _child found the key in it
    if isinstance(parent, Mapping):
        i = next(i for i, (k, _) in enumerate(parent.items) if k.value == key)
        starts: AbcSequence[int] = [k.start for k, _ in parent.items]
        values: AbcSequence[Node] = [v for _, v in parent.items]
    else:
        i = int(key)
        starts, values = [v.start for v in parent.items], parent.items
    start, end = starts[i], _trimmed_end(text, values[i])
    if parent.flow:
        if i + 1 < len(starts):
            return text[:start] + text[starts[i + 1] :]
        if i:
            start = _trimmed_end(text, values[i - 1])
        return text[:start] + text[end:]
    line_start = text.rfind("\n", 0, start) + 1
    if len(starts) == 1:  # an empty block would turn into nothing, so it is said to be empty
        return text[: parent.start] + ("[]" if isinstance(parent, Sequence) else "{}") + text[end:]
    return text[:line_start] + text[_line_end(text, max(end - 1, start)) :]
