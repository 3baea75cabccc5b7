"""Podlove Simple Chapters 1.2: the attributes of each `psc:chapter` element, to and from the marks of a cut.

https://podlove.org/simple-chapters/ The feed's writer escapes the values.
"""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.model.edition import Mark
from onrecord.model.time import PubMs
from onrecord.text.caption import normal_voice
from onrecord.text.vtt import write_time

Attributes = tuple[tuple[str, str], ...]


def read(elements: Iterable[Attributes]) -> tuple[Mark, ...]:
    """The marks that the elements name; one whose start is no time (`HH:MM:SS.mmm`, `MM:SS`) is left out."""
    marks = []
    for element in map(dict, elements):
        at = _read_time(element.get("start", ""))
        if at is not None:
            marks.append(Mark(PubMs(at), normal_voice(element.get("title", ""))))
    return tuple(marks)


def write(marks: Iterable[Mark]) -> tuple[Attributes, ...]:
    """The attributes of each element, in the order that they are written.

    >>> write([Mark(PubMs(192_400), "A cultural shift?")])
    ((('start', '00:03:12.400'), ('title', 'A cultural shift?')),)
    """
    return tuple((("start", write_time(m.at)), ("title", normal_voice(m.title))) for m in marks)


def _read_time(text: str) -> int | None:
    whole, _, fraction = text.strip().partition(".")
    steps = whole.split(":")
    if not 1 <= len(steps) <= 3 or not all(s.isascii() and s.isdecimal() for s in [*steps, fraction or "0"]):
        return None
    total = 0
    for step in steps:
        total = total * 60 + int(step[:9])
    return total * 1000 + int(fraction[:3].ljust(3, "0"))
