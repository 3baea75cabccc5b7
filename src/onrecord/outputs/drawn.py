"""A picture of letters in a few tints on a plain ground, drawn as what it is saved as: numbers of a palette.

The letters are drawn white on black, which is how much of a pixel they cover. Then each part of the picture
is given its tint: what is covered becomes a place on a ramp from the ground to the tint. So nothing has to
count the tints of a picture in full colour, which would take longer than all the rest.
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageColor, ImageDraw, PngImagePlugin
from PIL.ImageFont import FreeTypeFont

_STEPS: Final = 10
"""Places on a ramp: enough for smooth letters, and few enough for a small file."""
_COVERED: Final = 255
_LEVEL: Final = 4
"""How hard the file is compressed: the highest takes ten times as long for a sixth of the bytes."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels; right and bottom are outside."""


class Picture:
    """A picture while it is drawn: first all that stands on it, then the tint of each part of it."""

    def __init__(self, wide: int, high: int, ground: str) -> None:
        self._picture = Image.new("L", (wide, high))
        self._pen = ImageDraw.Draw(self._picture)
        self._ground = ImageColor.getrgb(ground)
        self._palette = list(self._ground)
        self._ramps: dict[str, list[int]] = {}

    def write(self, at: tuple[float, float], words: str, letters: FreeTypeFont, anchor: str = "ls") -> None:
        """Write words, by default from the left and on a base line."""
        self._pen.text(at, words, font=letters, fill=_COVERED, anchor=anchor)

    def fill(self, box: Box) -> None:
        """Cover a part wholly."""
        left, top, right, bottom = box
        self._pen.rectangle((left, top, right - 1, bottom - 1), fill=_COVERED)

    def tint(self, box: Box, tint: str) -> None:
        """Give a part its tint: once everything is drawn, and each part once."""
        if tint not in self._ramps:
            self._ramps[tint] = self._ramp(tint)
        self._picture.paste(self._picture.crop(box).point(self._ramps[tint]), box)

    def _ramp(self, tint: str) -> list[int]:
        """For each degree of cover the number of its tint in the palette; 0 is the ground."""
        first = len(self._palette) // 3
        ink = ImageColor.getrgb(tint)
        for step in range(1, _STEPS + 1):
            pairs = zip(self._ground, ink, strict=True)
            self._palette += [round(plain + (full - plain) * step / _STEPS) for plain, full in pairs]
        steps = (round(cover * _STEPS / _COVERED) for cover in range(_COVERED + 1))
        return [first + step - 1 if step else 0 for step in steps]

    def png(self, text: str) -> bytes:
        """The picture as PNG, with what can be read on it as text."""
        info = PngImagePlugin.PngInfo()
        info.add_itxt("Description", text.encode(errors="replace"), "en", "Description")
        self._picture.putpalette(self._palette)
        out = BytesIO()
        self._picture.save(out, "PNG", pnginfo=info, compress_level=_LEVEL)
        return out.getvalue()
