"""Letters on a picture: the typeface that travels with the package, its measure, and lines that fit.

The typeface is Literata (SIL Open Font License, letters/OFL.txt): Latin, Greek and Cyrillic with all their
accents. It is laid out by Pillow alone, since the machine's shaping library would draw differently from
one machine to the next; so words of a script that it lacks or that needs shaping are left out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from onrecord.craft.prose import printable

if TYPE_CHECKING:
    from PIL import ImageFont

_NOWHERE = "\U0010ffff"


@lru_cache(maxsize=64)
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The typeface in one size, in pixels of an em."""
    from PIL import ImageFont  # noqa: PLC0415 - only where something is drawn

    return ImageFont.truetype(BytesIO(_file(bold=bold)), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _file(*, bold: bool) -> bytes:
    name = "literata-semibold.ttf" if bold else "literata-regular.ttf"
    return (files("onrecord.outputs") / "letters" / name).read_bytes()


@cache
def _has(letter: str) -> bool:
    """Whether the typeface has a letter: what it lacks is drawn as the same box as what nobody has."""
    if letter == " ":
        return True
    drawn, box = font(40).getmask(letter), font(40).getmask(_NOWHERE)
    return (drawn.size, bytes(drawn)) != (box.size, bytes(box))


def drawable(text: str) -> str:
    """The words that can be drawn, in one line; empty where that is less than all but a few signs.

    >>> drawable("Eda  Çela-Đorđević, Ноћни трајект"), drawable("شكرا لكما")
    ('Eda Çela-Đorđević, Ноћни трајект', '')
    """
    line = " ".join(unicodedata.normalize("NFC", printable(text)).split())
    kept = "".join(letter for letter in line if _has(letter))
    return " ".join(kept.split()) if 10 * len(kept) >= 9 * len(line) else ""


def set_lines(words: str, size: int, wide: int, *, broken: bool = False) -> list[str] | None:
    """Lines of a ragged paragraph, as even as may be; None where a word is wider than the line.

    First greedily for the least number of lines, then in the narrowest measure that needs no more.
    `broken` lets a word that is too wide be broken anywhere.
    """
    bold = font(size, bold=True)
    parts = words.split()
    if broken:
        most = max(1, wide // size)
        parts = [part[i : i + most] for part in parts for i in range(0, len(part), most)]
    widths = [bold.getlength(part) for part in parts]
    if not parts or max(widths) > wide:
        return None
    space = bold.getlength(" ")
    count = len(_greedy(widths, space, wide))
    low, high = int(max(widths)), wide
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if len(_greedy(widths, space, middle)) <= count else (middle + 1, high)
    rows = _greedy(widths, space, low)
    return [" ".join(parts[a:b]) for a, b in rows]


def _greedy(widths: list[float], space: float, wide: float) -> list[tuple[int, int]]:
    rows, start, used = [], 0, 0.0
    for i, width in enumerate(widths):
        if i > start and used + space + width > wide:
            rows.append((start, i))
            start, used = i, width
        else:
            used += width + (space if i > start else 0)
    return [*rows, (start, len(widths))]


@dataclass(frozen=True, slots=True)
class Line:
    """A name, what it is followed by, and its tint."""

    name: str
    title: str
    tint: str


def cut(text: str, size: int, wide: float, *, bold: bool = False) -> str:
    """As much of the words as fits, with an ellipsis; empty where hardly anything does."""
    letters = font(size, bold=bold)
    if letters.getlength(text) <= wide:
        return text
    parts = text.split()
    while parts and letters.getlength(" ".join(parts) + " …") > wide:
        parts.pop()
    return " ".join(parts).rstrip(",;") + " …" if parts else ""
