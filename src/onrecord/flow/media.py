"""The media that steps have made for an episode, as enclosures and as files to publish."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from onrecord.folder.layout import EpisodeFolder
from onrecord.folder.load import read_receipt
from onrecord.model.recording import Enclosure
from onrecord.model.time import PubMs

_MIMES = ("audio/mpeg", "audio/x-m4a", "video/mp4")
_STEPS = ("label", "film")


def find_media(own: EpisodeFolder) -> tuple[tuple[Enclosure, ...], Mapping[str, Path]]:
    """The enclosures of an episode, MP3 first, and where the file of each lies.

    A file's address holds its digest: new sound gets a new address, old addresses never change.
    """
    found: list[Enclosure] = []
    paths: dict[str, Path] = {}
    for step in _STEPS:
        facts = read_receipt(own, step).get("facts", {})
        for about in facts.get("files", [facts] if "file" in facts else []):
            file = own.cache / about["file"]
            path = f"{own.slug}/{file.stem}-{about['sha256'][:8]}{file.suffix}"
            found.append(Enclosure(path, about["mime"], about["size_bytes"], PubMs(about["duration_ms"])))
            paths[path] = file
    return tuple(sorted(found, key=lambda e: _MIMES.index(e.mime))), paths
