"""The media that steps have made for an episode, as what is delivered and as files to publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from onrecord.craft.edition import Source
from onrecord.folder.layout import EpisodeFolder
from onrecord.folder.load import read_receipt
from onrecord.model.recording import Enclosure
from onrecord.model.time import PubMs

_MIMES = ("audio/mpeg", "audio/x-m4a", "video/mp4")
_STEPS = ("label", "film")


@dataclass(frozen=True, slots=True)
class Media:
    """The enclosures of an episode, MP3 first and the film last; its poster; where the file of each lies.

    `files` has them by path under public/, which is also what the poster is named by.
    """

    enclosures: tuple[Enclosure, ...]
    poster: str
    files: Mapping[str, Path]

    def of(self, source: Source) -> Source:
        """What the files of an episode say, with its media."""
        return replace(
            source,
            audio=tuple(e for e in self.enclosures if e.mime.startswith("audio/")),
            video=next((e for e in self.enclosures if e.mime.startswith("video/")), None),
            poster=self.poster,
        )


def find_media(own: EpisodeFolder) -> Media:
    """What has been made for an episode by now.

    A file's address holds its digest: new sound gets a new address, old addresses never change.
    """
    found: list[Enclosure] = []
    files: dict[str, Path] = {}
    for step in _STEPS:
        facts = read_receipt(own, step).get("facts", {})
        for about in facts.get("files", [facts] if "file" in facts else []):
            path = _path(own, about["file"], about["sha256"])
            found.append(Enclosure(path, about["mime"], about["size_bytes"], PubMs(about["duration_ms"])))
            files[path] = own.cache / about["file"]
    poster = ""
    if about := read_receipt(own, "poster").get("facts", {}):
        poster = _path(own, about["file"], about["sha256"])
        files[poster] = own.cache / about["file"]
    return Media(tuple(sorted(found, key=lambda e: _MIMES.index(e.mime))), poster, files)


def _path(own: EpisodeFolder, file: str, sha256: str) -> str:
    name = Path(file)
    return f"{own.slug}/{name.stem}-{sha256[:8]}{name.suffix}"
