"""The transcript of an episode's page: nine tenths of its bytes, so written by joining strings.

    <h3 id="chapter-2">A shift or a wave?</h3>                     a chapter, where it begins
    <div class="turn voice-3" data-from="192.4">                   a voice speaks
      <p class="name">Srdjan Cvijić</p>                            named once
      <p id="t192"><a class="at" href="….mp3#t=192.4" data-t="192.4">3:12</a> Its words…</p>

Without the script a time opens the sound itself at that second; `id="t192"` is what other links reach.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from onrecord.craft.paragraph import Spoken
from onrecord.model.edition import Mark
from onrecord.model.people import Person
from onrecord.model.time import PubMs, short_clock
from onrecord.outputs.frame import hue, seconds

# What is cited begins at a word, its paragraph a breath later: they belong together.
_BREATH_MS = 500


@dataclass(frozen=True, slots=True)
class Anchors:
    """Which element of the page holds a moment: paragraphs' beginnings in order, and their ids."""

    ats: tuple[int, ...]
    ids: tuple[str, ...]

    def near(self, at: PubMs) -> str:
        """The id of the paragraph in which a moment is heard; empty where there is no transcript."""
        if not self.ats:
            return ""
        return self.ids[max(0, bisect_right(self.ats, at + _BREATH_MS) - 1)]


def anchors(turns: Sequence[Spoken]) -> Anchors:
    """Name paragraphs by the second at which they begin; of several in one second, the first."""
    named: dict[str, int] = {}
    for turn in turns:
        for paragraph in turn.paragraphs:
            named.setdefault(f"t{paragraph.at // 1000}", paragraph.at)
    ordered = sorted(named.items(), key=lambda item: item[1])
    return Anchors(tuple(at for _, at in ordered), tuple(name for name, _ in ordered))


def voice_class(person: Person | None, host: Person | None) -> str:
    """The colour of a voice: the host is ink, a guest has a hue, a voice without a name is grey."""
    if person is None:
        return "voice-unnamed"
    return "voice-host" if host and person.id == host.id else f"voice-{hue(person.id)}"


def transcript(turns: Sequence[Spoken], chapters: Sequence[Mark], host: Person | None, media: str) -> str:
    """The transcript as HTML.

    Args:
        turns: In order.
        chapters: In order; each stands before the paragraph that begins with it.
        host: Who is shown in ink.
        media: The address of the sound or the picture, escaped for HTML; empty where there is none.
    """
    return "".join(_parts(turns, list(chapters), host, media))


def _parts(turns: Sequence[Spoken], chapters: list[Mark], host: Person | None, media: str) -> Iterator[str]:
    named: set[str] = set()
    count = 0
    for turn in turns:
        opens = f'<div class="turn {voice_class(turn.person, host)}" data-from="'
        names = f'">\n<p class="name">{escape(turn.voice or "Unknown voice")}</p>\n'
        is_open = False
        for paragraph in turn.paragraphs:
            at = paragraph.at
            while chapters and chapters[0].at <= at + _BREATH_MS:
                count += 1
                yield "</div>\n" if is_open else ""
                yield f'<h3 id="chapter-{count}">{escape(chapters.pop(0).title)}</h3>\n'
                is_open = False
            said_at, name = seconds(at), f"t{at // 1000}"
            if not is_open:
                yield f"{opens}{said_at}{names}"
                is_open = True
            where = f' id="{name}"' if name not in named else ""
            named.add(name)
            href = f"{media}#t={said_at}" if media else f"#{name}"
            yield (
                f'<p{where}><a class="at" href="{href}" data-t="{said_at}">{short_clock(at)}</a> '
                f"{escape(paragraph.text, quote=False)}</p>\n"
            )
        yield "</div>\n" if is_open else ""
