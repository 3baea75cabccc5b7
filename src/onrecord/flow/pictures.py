"""The pictures that people gave: artwork and portraits, under names that change when they do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from onrecord.craft.register import Register, bill_series
from onrecord.folder.digests import Digests
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import SeriesRead
from onrecord.model.problem import Place, Problem

_KINDS: Final = {".png", ".jpg", ".jpeg", ".webp"}


def find_pictures(
    home: SeriesFolder, read: SeriesRead, digests: Digests
) -> tuple[dict[str, Path], SeriesRead, tuple[Problem, ...]]:
    """Artwork and portraits: their public paths, and the series and people with those paths in place."""
    assert read.series is not None  # noqa: S101 - the caller has looked
    pictures: dict[str, Path] = {}
    missing: list[Problem] = []

    def publish(name: str, file: str) -> str:
        if not name:
            return ""
        path = home.root / name
        sha256 = digests.of(path) if path.suffix.lower() in _KINDS else None
        if sha256 is None:
            says = (
                f"{name} is not a kind of picture we know" if path.exists() else f"there is no picture {name}"
            )
            missing.append(Problem(Place(file), says, "PNG, JPEG and WebP are known", grave=False))
            return ""
        public = f"assets/{path.stem}-{sha256[:8]}{path.suffix.lower()}"
        pictures[public] = path
        return public

    people = (replace(p, picture=publish(p.picture, "people.yaml")) for p in read.register.people)
    register = Register(tuple(people))
    series = replace(read.series, artwork=publish(read.series.artwork, "series.yaml"))
    return pictures, replace(read, series=bill_series(series, register), register=register), tuple(missing)
