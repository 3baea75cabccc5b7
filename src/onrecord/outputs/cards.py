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
from typing import TYPE_CHECKING, Final

from onrecord.craft.card import appearances
from onrecord.craft.prose import shortened
from onrecord.craft.url import episode_path
from onrecord.model.edition import Appearance, Card, Edition, PublishedQuote
from onrecord.outputs.frame import day, hue
from onrecord.outputs.lettering import Line, cut, drawable, font, set_lines

if TYPE_CHECKING:
    from onrecord.outputs.drawn import Picture

NAME = "cards"
KIND = "picture"

WIDE, HIGH = 1200, 630
_VERSION: Final = 1
"""Raised when cards come to look otherwise, so that they get other names."""
_PAPER, _INK, _SOFT, _LINE, _ACCENT = "#fdfcfa", "#1c1a17", "#57534b", "#dfdad0", "#7a2e1d"
# The voices of the style sheet, oklch(0.46 0.12 h) as sRGB.
_VOICES: Final = ("#8d3530", "#7f4700", "#5d5c00", "#186c2e", "#006c6f", "#0060a1", "#57499d", "#833873")
_MOST_NAMES = 3
_BAR, _EDGE, _TEXT = 16, 84, 1200 - 2 * 84
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
    from onrecord.outputs.drawn import Picture  # noqa: PLC0415 - most builds draw no card

    picture = Picture(WIDE, HIGH, _PAPER)
    programme = shortened(drawable(drawing.programme), 60)
    below = list(_billed(drawing))
    top_of_names = HIGH - 64 - 46 * len(below)
    picture.fill((0, 0, _BAR, HIGH))
    picture.write((_EDGE, 88), programme, font(30, bold=True))
    picture.write((WIDE - _EDGE, 88), drawing.when, font(28), anchor="rs")
    words = drawable(drawing.words) or programme
    words = f"“{words}”" if drawing.quoted else words
    size, lines = _fitted(words, top_of_names - 40 - 128)
    letters = font(size, bold=not drawing.quoted)
    pitch = round(size * 1.2)
    free = top_of_names - 40 - 128 - pitch * len(lines)
    y = 128 + max(0, free // 2) + round(size * 0.92)
    for i, line in enumerate(lines):
        # A quotation mark hangs outside the edge of the words.
        hang = letters.getlength("“") if drawing.quoted and i == 0 else 0
        picture.write((_EDGE - hang, y), line, letters)
        y += pitch
    picture.fill((_EDGE, top_of_names - 22, WIDE - _EDGE + 1, top_of_names - 20))
    ends = [_named(picture, top_of_names + 46 * i + 30, person) for i, person in enumerate(below)]
    # All is drawn; now every part gets its tint, and the parts leave nothing out.
    dated = WIDE - _EDGE - int(font(28).getlength(drawing.when)) - 8
    picture.tint((0, 0, _BAR, HIGH), drawing.tint)
    picture.tint((_BAR, 0, dated, 104), _ACCENT)
    picture.tint((dated, 0, WIDE, 104), _SOFT)
    picture.tint((_BAR, 104, WIDE, top_of_names - 30), _INK)
    picture.tint((_BAR, top_of_names - 30, WIDE, top_of_names - 14), _LINE)
    for i, (person, end) in enumerate(zip(below, ends, strict=True)):
        top = top_of_names + 46 * i - (5 if i else 14)
        bottom = HIGH if i == len(below) - 1 else top_of_names + 46 * i + 41
        picture.tint((_BAR, top, end, bottom), person.tint)
        picture.tint((end, top, WIDE, bottom), _SOFT)
    return picture.png(drawing.text)


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


def _named(picture: Picture, y: int, line: Line) -> int:
    """Write a name and its title on a base line; where the one ends and the other begins."""
    name = cut(line.name, 32, _TEXT, bold=True)
    picture.write((_EDGE, y), name, font(32, bold=True))
    x = _EDGE + font(32, bold=True).getlength(name) + 18
    if title := cut(line.title, 28, WIDE - _EDGE - x):
        picture.write((x, y), title, font(28))
    return min(int(x) - 6, WIDE)
