"""Write title, cover and chapters into mastered files, without touching their sound.

A separate step, so that a corrected title or chapter costs a copy and not an encoding.

Needs, in order: the mastered files in the order of `formats` (`<cut>.sound.mp3`, `<cut>.sound.m4a`),
`<cut>.loudness.json`, then the cover where there is one.

Params: `cut`, `formats`, `title`, `artist`, `album`, `date` (ISO 8601), `language` (BCP 47), `comment`,
`chapters` ([[published_ms, title], ...], as if there were no intro), `cover` (its path from the episode's
folder, or null).

Products: `<cut>.mp3`, `<cut>.m4a` as asked for. The result names them: {"files": [{"file", "format",
"mime", "size_bytes", "duration_ms", "sha256"}]}.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from onrecord.craft.language import stated
from onrecord.engines import child
from onrecord.steps.base import CUT, FORMATS

if TYPE_CHECKING:
    from onrecord.make.step import Task, Work
    from onrecord.steps.base import Desk

NAME = "label"
VERSION = 1
AFTER = "lay_out"
"""The chapters stand in what that step proposes: while it has yet to run, this one waits."""


def order(desk: Desk) -> Task | None:
    """The mastered files are labelled with what the episode's files say."""
    episode, series = desk.episode, desk.series
    cover = desk.home.root / series.artwork if series.artwork else None
    covers = (desk.within(cover),) if cover and cover.is_file() else ()
    people = ", ".join(dict.fromkeys(b.person.name for b in episode.billed))
    return desk.task(
        NAME,
        VERSION,
        needs=(*(f"cache/{CUT}.sound.{kind}" for kind in FORMATS), f"cache/{CUT}.loudness.json", *covers),
        makes=tuple(f"cache/{CUT}.{kind}" for kind in FORMATS),
        params={
            "cut": CUT,
            "formats": FORMATS,
            "title": episode.title,
            "artist": people or series.title,
            "album": series.title,
            "date": episode.published.date().isoformat(),
            "language": stated(episode, series),
            "comment": series.tagline,
            "chapters": [[mark.at, mark.title] for mark in desk.chapters],
            "cover": covers[0] if covers else None,
        },
    )


def do(work: Work) -> dict[str, Any]:
    """Label the files of one cut; see the module."""
    formats = work.params["formats"]
    rest = work.needs[len(formats) :]
    sound = json.loads(rest[0].read_text())
    # Chapters are given as if there were no intro; its length is known from the mastered sound.
    chapters = [
        [at_ms + sound["intro_ms"] if at_ms else 0, title] for at_ms, title in work.params["chapters"]
    ]
    request = {
        "sounds": dict(zip(formats, map(str, work.needs), strict=False)),
        "duration_ms": sound["duration_ms"],
        "cover": str(rest[1]) if work.params.get("cover") else None,
        "out": str(work.scratch),
        "params": dict(work.params) | {"chapters": chapters},
    }
    about = work.params.get("cover") or work.needs[0].name
    return child.run("onrecord.engines.labelling:label", request, about=about, tell=work.tell)
