"""Write tags, cover and chapters into mastered files; `steps.label` says which.

This runs in the child process (see `child`), because the cover is a stranger's picture.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.engines.m4a import check_cover
from onrecord.engines.m4a import label as label_m4a
from onrecord.engines.media import refuse
from onrecord.text.id3 import Label
from onrecord.text.id3 import write as write_id3

if TYPE_CHECKING:
    from onrecord.engines.child import Tell

_MIMES = {"mp3": "audio/mpeg", "m4a": "audio/x-m4a"}
_MOST_COVER_BYTES = 16 << 20


def label(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Copy each file's sound into a labelled one."""
    params = request["params"]
    words = _label(request)
    files = []
    for number, (kind, sound) in enumerate(request["sounds"].items()):
        tell(number, len(request["sounds"]), "writing titles and chapters")
        target = Path(request["out"], f"{params['cut']}.{kind}")
        if kind == "mp3":
            with Path(sound).open("rb") as source, target.open("wb") as file:
                file.write(write_id3(words))
                shutil.copyfileobj(source, file, 1 << 20)
        else:
            label_m4a(Path(sound), target, words, Path(sound).name)
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        files.append(
            {
                "file": target.name,
                "format": kind,
                "mime": _MIMES[kind],
                "size_bytes": target.stat().st_size,
                "duration_ms": request["duration_ms"],
                "sha256": digest,
            }
        )
    return {"files": files}


def _label(request: dict[str, Any]) -> Label:
    """The words and the cover; every chapter lasts until the next."""
    params, duration_ms = request["params"], request["duration_ms"]
    cover = b""
    if request["cover"]:
        cover = _cover(Path(request["cover"]), params["cover"])
    inside = sorted((int(at), title) for at, title in params.get("chapters") or () if 0 <= at < duration_ms)
    ends = ([at for at, _ in inside[1:]] + [duration_ms])[: len(inside)]
    return Label(
        title=params.get("title") or "",
        artist=params.get("artist") or "",
        album=params.get("album") or "",
        date=params.get("date") or "",
        language=params.get("language") or "",
        comment=params.get("comment") or "",
        cover=cover,
        chapters=tuple((at, end, title) for (at, title), end in zip(inside, ends, strict=True)),
    )


def _cover(path: Path, about: str) -> bytes:
    try:
        if path.stat().st_size > _MOST_COVER_BYTES:
            raise refuse(about, "is larger than 16 MB", "save the cover as a JPEG of 1400 by 1400 pixels")
        cover = path.read_bytes()
    except FileNotFoundError:
        raise refuse(about, "is not there", "put the cover there, or take it out of series.yaml") from None
    check_cover(cover, about)
    return cover
