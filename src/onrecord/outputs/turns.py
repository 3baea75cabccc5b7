"""The transcript of an episode's page: nine tenths of its bytes, so written by joining strings.

    <h3 id="chapter-2">A shift or a wave?</h3>                     a chapter, where it begins
    <div class="turn voice-3">                                     a voice speaks
      <p class="name">Srdjan Cvijić</p>                            named once
      <p id="t192"><a class="at" href="….mp3#t=192.4">3:12</a> Its words…</p>

Without the script a time opens the sound itself at that second; `id="t192"` is what other links reach.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from onrecord.craft.paragraph import Spoken
from onrecord.model.edition import Mark
from onrecord.model.language import direction, tag
from onrecord.model.people import Person
from onrecord.model.time import PubMs, short_clock
from onrecord.outputs.frame import HUES, hue, seconds

# What a page points at begins at a word, and its paragraph (craft/paragraph.py) near to it.
_NEAR_MS = 3000


@dataclass(frozen=True, slots=True)
class Anchors:
    """Which paragraph of the page holds a moment: where each begins, and the id that leads there."""

    ats: tuple[int, ...]
    ids: tuple[str, ...]

    def paragraph(self, at: PubMs) -> int:
        """The number of the paragraph in which a moment is heard, or that begins right after it."""
        i = max(0, bisect_right(self.ats, at) - 1)
        ahead = self.ats[i + 1] - at if i + 1 < len(self.ats) else _NEAR_MS
        return i + 1 if ahead < min(_NEAR_MS, at - self.ats[i]) else i

    def near(self, at: PubMs) -> str:
        """The id that leads to a moment; empty where there is no transcript."""
        return self.ids[self.paragraph(at)] if self.ids else ""


def anchors(turns: Sequence[Spoken]) -> Anchors:
    """Name paragraphs by the second at which they begin; those of one second share the first one's name."""
    ats = [paragraph.at for turn in turns for paragraph in turn.paragraphs]
    return Anchors(tuple(ats), tuple(f"t{at // 1000}" for at in ats))


def told(at: PubMs) -> int:
    """Where a page says that a paragraph begins, in ms: to a tenth of a second, and never too late.

    Finer digits are bytes that nothing compresses; words.json has them for the player.
    """
    return at // 100 * 100


Voices = Callable[[Person | None], str]
"""Gives the class of a person's colour."""


def voices(host: Person | None, guests: Iterable[Person]) -> Voices:
    """The colours of a conversation: the host is ink, a guest has a hue, a voice without a name is grey.

    Everybody has the hue of all their episodes; only where two guests of one conversation would share it,
    the one billed later takes the next that is free.
    """
    classes = {_key(host): "voice-host"} if host else {}
    taken: set[int] = set()
    for guest in guests:
        mine = hue(_key(guest))
        # Steps of three visit all eight hues, and neighbours in the row are far apart.
        free = next((h for i in range(HUES) if (h := (mine + 3 * i) % HUES) not in taken), mine)
        taken.add(free)
        classes.setdefault(_key(guest), f"voice-{free}")

    def voice(person: Person | None) -> str:
        if person is None:
            return "voice-unnamed"
        return classes.get(_key(person)) or f"voice-{hue(_key(person))}"

    return voice


def _key(person: Person) -> str:
    # A guest whom the register does not know may have no id; the name stands in.
    return person.id or person.name


def language_attributes(language: str) -> str:
    """What says in HTML that an element is in a language, with a space before; empty where none is named.

    >>> language_attributes("sr-Latn"), language_attributes("ar"), language_attributes("")
    (' lang="sr-Latn" dir="ltr"', ' lang="ar" dir="rtl"', '')
    """
    written = tag(language)
    if not written:
        return ""
    # A turn from the left inside of a transcript from the right must say so, and the other way round.
    return f' lang="{written}" dir="{direction(written)}"'


def transcript(
    turns: Sequence[Spoken], places: Anchors, chapters: Sequence[Mark], voice: Voices, media: str
) -> str:
    """The transcript as HTML.

    Args:
        turns: In order.
        places: Their `anchors`.
        chapters: In order; each stands before the paragraph in which it begins.
        voice: What `voices` gives.
        media: The address of the sound or the picture, escaped for HTML; empty where there is none.
    """
    headings: dict[int, list[str]] = {}
    if not turns:  # there may be chapters all the same
        return ""
    for number, mark in enumerate(chapters, 1):
        heading = f'<h3 id="chapter-{number}">{escape(mark.title)}</h3>\n'
        headings.setdefault(places.paragraph(mark.at), []).append(heading)
    return "".join(_parts(turns, headings, voice, media))


def _parts(
    turns: Sequence[Spoken], headings: dict[int, list[str]], voice: Voices, media: str
) -> Iterator[str]:
    named: set[str] = set()
    number = 0
    for turn in turns:
        languages = {paragraph.language for paragraph in turn.paragraphs}
        whole = language_attributes(next(iter(languages))) if len(languages) == 1 else ""
        opens = f'<div class="turn {voice(turn.person)}"{whole}'
        names = f'>\n<p class="name">{escape(turn.voice or "Unknown voice")}</p>\n'
        is_open = False
        for paragraph in turn.paragraphs:
            at, text = paragraph.at, paragraph.text
            name = f"t{at // 1000}"
            if number in headings:
                yield "</div>\n" if is_open else ""
                yield from headings[number]
                is_open = False
            if not is_open:
                yield f"{opens}{names}"
                is_open = True
            where = f' id="{name}"' if name not in named else ""
            if not whole and paragraph.language:
                where += language_attributes(paragraph.language)
            href = f"{media}#t={seconds(told(at))}" if media else f"#{name}"
            if "&" in text or "<" in text or ">" in text:
                text = escape(text, quote=False)
            yield f'<p{where}><a class="at" href="{href}">{short_clock(at)}</a> {text}</p>\n'
            named.add(name)
            number += 1
        yield "</div>\n" if is_open else ""
