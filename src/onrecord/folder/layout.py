"""Which file is where in a series folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from onrecord.model.problem import Place, Problem

_CONFLICTED = re.compile(
    r"conflicted copy|\.sync-conflict-\d|\bconflict(ed)?\b.*\d{4}|\(\d+\)(\.\w+)?$|^(.+) \d(\.\w+)$|~$",
    re.IGNORECASE,
)
_YOURS = ("series.yaml", "people.yaml", "episode.md", "transcript.vtt", "questions.yaml")


@dataclass(frozen=True, slots=True)
class EpisodeFolder:
    """The folder of one episode; `slug` is its name and part of its address."""

    root: Path
    slug: str

    @property
    def episode_md(self) -> Path:
        """Yours: what the episode is."""
        return self.root / "episode.md"

    @property
    def transcript(self) -> Path:
        """Proposed, then yours."""
        return self.root / "transcript.vtt"

    @property
    def questions(self) -> Path:
        """Proposed, then yours."""
        return self.root / "questions.yaml"

    @property
    def record(self) -> Path:
        """The machine's, worth keeping: receipts, word times, last proposals."""
        return self.root / "record"

    @property
    def cache(self) -> Path:
        """The machine's: can be deleted freely."""
        return self.root / "cache"

    @property
    def recordings(self) -> tuple[Path, ...]:
        """Files called `recording.*`; there should be one at most."""
        found = self.root.glob("recording.*")
        return tuple(sorted(p for p in found if p.is_file() and not p.name.endswith((".part", ".new", "~"))))

    @property
    def tracks(self) -> tuple[tuple[str, Path], ...]:
        """Pairs of person's id and file under tracks/: `ada-lind.wav`, `ada-lind-2.wav`."""
        folder = self.root / "tracks"
        files = (
            sorted(p for p in folder.iterdir() if p.is_file() and p.name[0] != ".") if folder.is_dir() else []
        )
        return tuple((re.sub(r"-\d+$", "", p.stem), p) for p in files)


@dataclass(frozen=True, slots=True)
class SeriesFolder:
    """The folder of a series."""

    root: Path

    @property
    def series_yaml(self) -> Path:
        """Yours: the programme."""
        return self.root / "series.yaml"

    @property
    def theme(self) -> Path:
        """Yours, optional: templates and CSS."""
        return self.root / "theme"

    @property
    def public(self) -> Path:
        """Made: the newest release."""
        return self.root / "public"

    @property
    def machine(self) -> Path:
        """The machine's."""
        return self.root / ".onrecord"

    @property
    def preview(self) -> Path:
        """Made: drafts and all, for `onrecord serve`."""
        return self.machine / "preview"

    @property
    def archive(self) -> Path:
        """The machine's: the index of all sentences, for `onrecord ask`. Delete freely."""
        return self.machine / "archive.sqlite"

    def voice_print(self, slug: str, person: str) -> Path:
        """Where the voice print of a person lies that an episode gave."""
        return self.machine / "voices" / slug / f"{person}.json"

    @property
    def voice_prints(self) -> tuple[Path, ...]:
        """All voice prints, in the order of their episodes."""
        return tuple(sorted((self.machine / "voices").glob("*/*.json")))

    def episode(self, slug: str) -> EpisodeFolder:
        """The folder of the episode with that slug."""
        return EpisodeFolder(self.root / "episodes" / slug, slug)

    @property
    def episodes(self) -> tuple[EpisodeFolder, ...]:
        """All episode folders, by name."""
        folder = self.root / "episodes"
        if not folder.is_dir():
            return ()
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir() and entry.name[0] != ".")
        return tuple(EpisodeFolder(folder / name, name) for name in names)

    def name(self, path: Path) -> str:
        """A path as problems show it: from the series folder, with `/`."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()


def find_series(start: Path) -> SeriesFolder | None:
    """The series folder that holds `start` (or is it), by its series.yaml."""
    start = start.resolve()
    return next((SeriesFolder(p) for p in (start, *start.parents) if (p / "series.yaml").is_file()), None)


def stray(folder: SeriesFolder, episode: EpisodeFolder | None = None) -> tuple[Problem, ...]:
    """Copies that a sync service made of a file two people saved: an edit may lie in them."""
    where = episode.root if episode else folder.root
    found = []
    for path in sorted(where.iterdir()):
        own = next((y for y in _YOURS if _copies(path.name, y)), None)
        if own:
            says = f"this looks like a second copy of {own}, made by a sync service or an editor"
            hint = f"compare it with {own}, take over what is missing there, and delete it"
            found.append(Problem(Place(folder.name(path)), says, hint))
    return tuple(found)


def _copies(name: str, own: str) -> bool:
    stem, suffix = own.rsplit(".", 1)
    if name == own or not name.startswith(stem) or name.endswith(".new." + suffix):
        return False
    return bool(_CONFLICTED.search(name)) and (suffix in name.split(".") or name.endswith("~"))
