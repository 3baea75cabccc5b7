"""What YAML text is made of, here: texts, lists and named values, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.model.problem import Place

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What a tree says, without its places."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text with its place; `start` and `end` are offsets in characters.

    `style` is the mark it is written with (`'`, `"`, `|`, `>`), empty for plain text.
    """

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
