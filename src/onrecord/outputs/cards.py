"""The card of an episode and of each approved quote: the picture that is shown where a link is shared.

1200x630 PNG, drawn with the letters that travel with the package, so every machine draws the same. The
name of a card holds the digest of all that is on it: a card that is there already need not be drawn again,
and nobody's cache shows an old one. Its words also stand in the file as text, for whoever searches it.

It is set like a page: the programme above, the words large in serif on a plain ground, a bar in the
voice's tint beside them, and below who spoke and when. The letters grow as the words allow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, PngImagePlugin

from onrecord.craft.card import appearances
from onrecord.craft.prose import shortened
from onrecord.craft.url import episode_path
from onrecord.model.edition import Appearance, Card, Edition, PublishedQuote
from onrecord.outputs.frame import day, hue
from onrecord.outputs.lettering import Line, cut, drawable, font, set_lines

NAME = "cards"
KIND = "picture"

WIDE, HIGH = 1200, 630
_VERSION: Final = 1
"""Raised when cards are drawn in another way, so that they get other names."""
_PAPER, _INK, _SOFT, _LINE, _ACCENT = "#fdfcfa", "#1c1a17", "#57534b", "#dfdad0", "#7a2e1d"
# The voices of the style sheet, oklch(0.46 0.12 h) as sRGB.
_VOICES: Final = ("#8d3530", "#7f4700", "#5d5c00", "#186c2e", "#006c6f", "#0060a1", "#57499d", "#833873")
_MOST_NAMES = 3
_EDGE, _TEXT = 84, 1200 - 2 * 84
_SIZES: Final = tuple(range(88, 37, -4))


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is on a card."""

    programme: str
    words: str
    by: tuple[tuple[str, str, str], ...]
    """Names, the role and organisation of that day, and each voice's tint."""
    when: str
    tint: str
    quoted: bool = False

    @property
    def digest(self) -> str:
        """Eight letters that change when the card does."""
        return sha256(repr((_VERSION, astuple(self))).encode(errors="replace")).hexdigest()[:8]

    @property
    def text(self) -> str:
        """Everything that can be read on the card, in one line."""
        names = "; ".join(", ".join(part for part in (name, title) if part) for name, title, _ in self.by)
        return " · ".join(part for part in (self.words, names, self.when, self.programme) if part)


def render(edition: Edition) -> Mapping[str, Callable[[], bytes]]:
    """Give `<slug>/card-<digest>.png` and one for each approved quote, each drawn when it is asked for."""
    drawings = [of_edition(edition), *(of_quote(edition, quote) for quote in edition.quotes)]
    return {path(edition.episode.slug, drawing): _drawer(drawing) for drawing in drawings}


def path(slug: str, drawing: Drawing) -> str:
    """Where a card lives under public/."""
    return episode_path(slug, f"card-{drawing.digest}.png")


def of_edition(edition: Edition) -> Drawing:
    """The card of an episode."""
    episode = edition.episode
    published = episode.published.isoformat()
    coming = edition.state == "announced"
    return _episode(edition.series.title, episode.title, published, tuple(appearances(edition)), coming)


def of_card(programme: str, card: Card) -> Drawing:
    """The same from what the series knows of the episode."""
    return _episode(programme, card.title, card.published, card.people, card.state == "announced")


def _episode(
    programme: str, title: str, published: str, people: tuple[Appearance, ...], coming: bool
) -> Drawing:
    guests = [a for a in people if a.part == "guest"] or list(people)
    by = tuple(
        (a.person.name, ", ".join(p for p in (a.role, a.organisation) if p), _VOICES[hue(a.person.id)])
        for a in guests
    )
    when = f"Coming on {day(published)}" if coming else day(published)
    return Drawing(programme, title, by, when, by[0][2] if by else _ACCENT)


def of_quote(edition: Edition, quote: PublishedQuote) -> Drawing:
    """The card of a quote, with the role of that day."""
    host = next((a.person for a in appearances(edition) if a.part == "host"), None)
    tint = _INK if quote.by == host else _VOICES[hue(quote.by.id)]
    when = day(edition.episode.published)
    return Drawing(
        edition.series.title, quote.text, ((quote.by.name, quote.title, tint),), when, tint, quoted=True
    )


def _drawer(drawing: Drawing) -> Callable[[], bytes]:
    return lambda: draw(drawing)


def draw(drawing: Drawing) -> bytes:
    """Draw a card; the same card is the same bytes."""
    picture = Image.new("RGB", (WIDE, HIGH), _PAPER)
    pen = ImageDraw.Draw(picture)
    programme = shortened(drawable(drawing.programme), 60)
    pen.rectangle((0, 0, 15, HIGH), fill=drawing.tint)
    pen.text((_EDGE, 88), programme, font=font(30, bold=True), fill=_ACCENT, anchor="ls")
    pen.text((WIDE - _EDGE, 88), drawing.when, font=font(28), fill=_SOFT, anchor="rs")
    below = list(_billed(drawing))
    top_of_names = HIGH - 64 - 46 * len(below)
    words = drawable(drawing.words) or programme
    words = f"“{words}”" if drawing.quoted else words
    size, lines = _fitted(words, top_of_names - 40 - 128)
    pitch = round(size * 1.2)
    free = top_of_names - 40 - 128 - pitch * len(lines)
    y = 128 + max(0, free // 2) + round(size * 0.92)
    hang = font(size, bold=not drawing.quoted).getlength("“") if drawing.quoted else 0
    for i, line in enumerate(lines):
        # A quotation mark hangs outside the edge of the words.
        x = _EDGE - (hang if i == 0 else 0)
        pen.text((x, y), line, font=font(size, bold=not drawing.quoted), fill=_INK, anchor="ls")
        y += pitch
    pen.line((_EDGE, top_of_names - 22, WIDE - _EDGE, top_of_names - 22), fill=_LINE, width=2)
    for i, person in enumerate(below):
        _named(pen, top_of_names + 46 * i + 30, person)
    return _png(picture, drawing.text)


def _fitted(words: str, room: int) -> tuple[int, list[str]]:
    """The largest letters in which the words fit, and their lines; the smallest and an ellipsis else."""
    for size in _SIZES:
        lines = set_lines(words, size, _TEXT)
        if lines is not None and round(size * 1.2) * len(lines) <= room:
            return size, lines
    size = _SIZES[-1]
    most = max(1, room // round(size * 1.2))
    lines = set_lines(words, size, _TEXT, broken=True) or [words]
    return size, [*lines[: most - 1], lines[most - 1].rstrip(" ,;:.") + " …"] if len(lines) > most else lines


def _billed(drawing: Drawing) -> Iterator[Line]:
    """The lines with the names: one each for up to three, else all names together."""
    people = [Line(drawable(name), drawable(title), tint) for name, title, tint in drawing.by]
    people = [line for line in people if line.name]
    if len(people) > _MOST_NAMES:
        yield Line(", ".join(line.name for line in people), "", drawing.tint)
    else:
        yield from people


def _named(pen: ImageDraw.ImageDraw, y: int, line: Line) -> None:
    name = cut(line.name, 32, _TEXT, bold=True)
    pen.text((_EDGE, y), name, font=font(32, bold=True), fill=line.tint, anchor="ls")
    x = _EDGE + font(32, bold=True).getlength(name) + 18
    title = cut(line.title, 28, WIDE - _EDGE - x)
    if title:
        pen.text((x, y), title, font=font(28), fill=_SOFT, anchor="ls")


def _png(picture: Image.Image, text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Description", text.encode(errors="replace"), "en", "Description")
    out = BytesIO()
    # Few tints are needed for letters on plain ground, and they are a third of the bytes.
    small = picture.quantize(colors=32, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(out, "PNG", pnginfo=info, compress_level=6)
    return out.getvalue()
