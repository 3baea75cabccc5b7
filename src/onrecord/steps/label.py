"""Write title, cover and chapters into mastered files, without touching their sound.

A separate step, so that a corrected title or chapter costs a copy and not an encoding.

Needs, in order: the mastered files in the order of `formats` (`<cut>.sound.mp3`, `<cut>.sound.m4a`),
`<cut>.loudness.json`, then the cover where there is one.

Params: `cut`, `formats`, `title`, `artist`, `album`, `date` (ISO 8601), `language` (BCP 47), `comment`,
`chapters` ([[published_ms, title], ...]), `cover` (its path from the episode's folder, or null).

Products: `<cut>.mp3`, `<cut>.m4a` as asked for. The result names them: {"files": [{"file", "format",
"mime", "size_bytes", "duration_ms", "sha256"}]}.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from onrecord.engines import child

if TYPE_CHECKING:
    from onrecord.make.step import Work

NAME = "label"
VERSION = 1


def do(work: Work) -> dict[str, Any]:
    """Label the files of one cut; see the module."""
    formats = work.params["formats"]
    rest = work.needs[len(formats) :]
    request = {
        "sounds": dict(zip(formats, map(str, work.needs), strict=False)),
        "duration_ms": json.loads(rest[0].read_text())["duration_ms"],
        "cover": str(rest[1]) if work.params.get("cover") else None,
        "out": str(work.scratch),
        "params": dict(work.params),
    }
    about = work.params.get("cover") or work.needs[0].name
    return child.run("onrecord.engines.labelling:label", request, about=about, tell=work.tell)
