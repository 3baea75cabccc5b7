"""What the last release knew of each episode, so that an unchanged one is neither read nor rendered again."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.flow.program import program
from onrecord.folder import still
from onrecord.folder.digests import Digests
from onrecord.folder.files import digest
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span

if TYPE_CHECKING:
    from onrecord.model.passage import Marked

_PROGRAM = "(program)"
QUICK = "quick:"
"""Marks the key of an episode that was rendered without running any step."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One episode as the last release saw it.

    `key` is the digest of everything it depended on; `due` its moment of publication (ISO 8601),
    empty where that does not matter; `files` its paths under public/; `card` JSON text or None (read, it
    would take ten times the memory).
    """

    key: str
    due: str = ""
    was_due: bool = False
    files: tuple[str, ...] = ()
    card: str | None = None
    problems: tuple[Any, ...] = ()
    id: str = ""
    kept: tuple[tuple[int, int], ...] | None = None
    """What of the recording is in it, [start, end) in ms; None where nobody noted it."""
    follows: Any = None
    """Of a transcript on the published clock: its sha256, and what the cut kept when it first stood there."""

    def plain(self) -> dict[str, Any]:
        """As plain JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def holds(self, marked: Marked) -> bool:
        """Whether something of an episode was published that is off the record by now."""
        if not self.files:
            return False
        if marked.withdrawn:
            return self.card is not None
        return bool(marked.passages) and (
            self.kept is None or any(Span(Ms(a), Ms(b)) & p for a, b in self.kept for p in marked.passages)
        )

    def still_holds(self, key: str, as_of: datetime) -> bool:
        """Whether the episode would come out the same (for a quick build, that of a whole one is as good)."""
        return key in (self.key, QUICK + self.key) and (
            not self.due or (datetime.fromisoformat(self.due) <= as_of) == self.was_due
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """All episodes by slug, and the key of what the pages of the whole series depend on."""

    series_key: str = ""
    episodes: Mapping[str, Remembered] = field(default_factory=dict)
    series_inputs: tuple[tuple[str, str | None], ...] = ()
    problems: tuple[Any, ...] = ()
    of_series: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The paths under public/ of the files above the episodes, by the output that made them."""

    def series_stands(self, folder: SeriesFolder, digests: Digests) -> bool:
        """Whether all that every page depends on is as it was, the program itself and the theme too."""
        known = dict(self.series_inputs)
        if known.get(_PROGRAM) != program():
            return False
        theme = {folder.name(p) for p in _theme(folder)}
        if theme != {name for name in known if name.startswith(folder.name(folder.theme) + "/")}:
            return False
        return all(
            digests.of(folder.root / name) == sha256 for name, sha256 in known.items() if name != _PROGRAM
        )

    @property
    def program(self) -> str | None:
        """The digest of the program that made it."""
        return dict(self.series_inputs).get(_PROGRAM)

    @property
    def series_files(self) -> tuple[str, ...]:
        """The files that every page depends on, from the series folder."""
        return tuple(name for name, _ in self.series_inputs if name != _PROGRAM)

    def holds_between(self) -> tuple[float, float]:
        """From when until before when no episode's day comes, as Unix times in seconds."""
        days = [
            (datetime.fromisoformat(e.due).timestamp(), e.was_due) for e in self.episodes.values() if e.due
        ]
        begins = max((day for day, was_due in days if was_due), default=-math.inf)
        return begins, min((day for day, was_due in days if not was_due), default=math.inf)

    def as_receipt(self) -> dict[str, Any]:
        """Plain JSON for the release's manifest."""
        return {
            "series_key": self.series_key,
            "series_inputs": [list(pair) for pair in self.series_inputs],
            "problems": list(self.problems),
            "of_series": {name: list(paths) for name, paths in self.of_series.items()},
            "episodes": {slug: e.plain() for slug, e in self.episodes.items()},
        }


def read(receipt: Mapping[str, Any]) -> Memory:
    """The memory that a release's receipt holds; empty where it holds none that we understand."""
    try:
        episodes = {
            slug: Remembered(
                **{
                    **e,
                    "files": tuple(e["files"]),
                    "problems": tuple(e["problems"]),
                    "kept": _kept(e.get("kept")),
                    "card": _text(e.get("card")),
                }
            )
            for slug, e in receipt["episodes"].items()
        }
        inputs = tuple((str(name), sha256) for name, sha256 in receipt["series_inputs"])
        made = dict(receipt.get("of_series", {}))
        return Memory(str(receipt["series_key"]), episodes, inputs, tuple(receipt["problems"]), made)
    except (KeyError, TypeError, AttributeError):
        return Memory()


def _text(card: Any) -> str | None:
    # An older version kept a card as plain JSON.
    return card if card is None or isinstance(card, str) else json.dumps(card)


def _kept(rows: Any) -> tuple[tuple[int, int], ...] | None:
    return None if rows is None else tuple((int(start), int(end)) for start, end in rows)


def series_inputs(
    folder: SeriesFolder, pictures: Iterable[Path], digests: Digests
) -> tuple[tuple[str, str | None], ...]:
    """All that every page depends on, by digest: program, programme, people, theme, pictures."""
    from onrecord.text import series_yaml  # noqa: PLC0415 - a build with nothing to do can spare pydantic

    people = folder.root / series_yaml.people_path(folder.series_yaml.read_text("utf-8"))
    files = (folder.series_yaml, people, *_theme(folder), *pictures)
    return ((_PROGRAM, program()), *((folder.name(p), digests.of(p)) for p in files))


def is_new_theme(
    folder: SeriesFolder, was: Iterable[tuple[str, str | None]], now: Iterable[tuple[str, str | None]]
) -> bool:
    """Whether nothing that every page depends on is another but files of the theme."""
    return all(name.startswith(f"{folder.name(folder.theme)}/") for name, _ in {*was} ^ {*now})


def series_key(inputs: tuple[tuple[str, str | None], ...]) -> str:
    """The digest of what every page depends on."""
    return digest(json.dumps(inputs).encode())


def _theme(folder: SeriesFolder) -> list[Path]:
    return sorted(p for p in folder.theme.rglob("*") if p.is_file()) if folder.theme.is_dir() else []


def episode_key(
    own: EpisodeFolder, series: str, digests: Digests, seen: Sequence[still.Row] | None = None
) -> str:
    """The digest of all files of an episode but its cache and waiting proposals, and of the series' key.

    `seen` are its files where they were looked at just now.
    """
    root = str(own.root)
    rows = sorted(still.rows(root, own=True) if seen is None else seen)
    inputs = [(row[0].removeprefix(root), digests.of_row(row)) for row in rows if row[1:] != still.FOLDER]
    return digest(json.dumps([series, inputs]).encode())


def pack(problems: Iterable[Problem]) -> tuple[Any, ...]:
    """Problems as plain JSON."""
    return tuple(
        [p.place.path, p.place.line, p.place.column, p.says, p.hint, p.grave, p.line_text] for p in problems
    )


def unpack(packed: Iterable[Any]) -> tuple[Problem, ...]:
    """Problems from plain JSON."""
    return tuple(
        Problem(Place(path, line, column), says, hint, grave, text)
        for path, line, column, says, hint, grave, text in packed
    )
