"""The media that steps have made for an episode, as enclosures and as files to publish."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from onrecord.folder.layout import EpisodeFolder
from onrecord.folder.load import read_receipt
from onrecord.model.recording import Enclosure
from onrecord.model.time import PubMs

_MIME = {".mp3": "audio/mpeg", ".m4a": "audio/x-m4a", ".mp4": "video/mp4"}
_STEPS = ("label", "film")


def find_media(own: EpisodeFolder) -> tuple[tuple[Enclosure, ...], Mapping[str, Path]]:
    """The enclosures of an episode, MP3 first, and where the file of each lies.

    A file's address holds its digest: new sound gets a new address, old addresses never change.
    """
    found: list[Enclosure] = []
    paths: dict[str, Path] = {}
    for step in _STEPS:
        receipt = read_receipt(own, step)
        facts = receipt.get("facts", {})
        for made, sha256 in receipt.get("made", {}).items():
            file = own.root / made
            mime = _MIME.get(file.suffix)
            about = facts.get("files", {}).get(file.name)
            if mime is None or about is None:
                continue
            path = f"{own.slug}/{file.stem}-{sha256[:8]}{file.suffix}"
            size_bytes, duration = int(about["size_bytes"]), PubMs(int(about["duration_ms"]))
            found.append(Enclosure(path, mime, size_bytes, duration))
            paths[path] = file
    return tuple(sorted(found, key=lambda e: list(_MIME.values()).index(e.mime))), paths
