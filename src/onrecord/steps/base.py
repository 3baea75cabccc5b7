"""What a step is, and how to write a new one.

A step turns files of an episode into other files: one file in this folder, found by its name. It has

    NAME, VERSION   its name in receipts; raise VERSION when the result for the same input changes
    order(desk)     which files it needs and makes and with what parameters, or None where it has
                    nothing to do for this episode; pure and quick
    do(work)        does it, on whatever machine: reads `work.needs`, writes its products into
                    `work.scratch` under their names, and returns facts for the receipt

Another package can add steps with an entry point in the group `onrecord.steps`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from onrecord.craft.edition import marks, programme
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.make.step import Task, Work, canonical
from onrecord.model.edition import Mark
from onrecord.model.episode import Episode, Series
from onrecord.model.ledger import Ledger
from onrecord.model.timeline import Timeline

JSON = Any
CUT = "programme"
"""The cut that page, podcast and web video share."""
FORMATS = ["mp3", "m4a"]
TALKS = 12
"""With at most so many other conversations of the series one is compared."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before a step when it decides what it has to do for an episode."""

    home: SeriesFolder
    folder: EpisodeFolder
    series: Series
    episode: Episode
    ledger: Ledger = Ledger()
    facts: Mapping[str, JSON] = field(default_factory=dict)
    """What take_in found (length, picture), once it has; empty before."""
    talks: tuple[EpisodeFolder, ...] = ()
    """The first episodes of the series that have a transcript: what is usual in it."""

    @property
    def recording(self) -> Path:
        """The one recording; a desk is laid only where there is one."""
        return self.folder.recordings[0]

    @property
    def transcript_given(self) -> bool:
        """Whether a person laid a transcript there before one was proposed: then none is made."""
        return self.folder.transcript.exists() and not (self.folder.record / "transcribe.json").exists()

    @property
    def _timeline(self) -> Timeline:
        # Laid without the recording's length, so that it is the same before and after it is taken in.
        return programme(self.episode, None)

    @property
    def kept(self) -> list[list[int]]:
        """What the programme keeps, `[[start_ms, end_ms], ...]`; the last may end later than it."""
        return [[span.start, span.end] for span in self._timeline.kept]

    @property
    def chapters(self) -> tuple[Mark, ...]:
        """The programme's chapters, as if there were no intro."""
        return marks(self.ledger, self._timeline)

    def task(
        self,
        step: str,
        version: int,
        *,
        needs: tuple[str, ...],
        makes: tuple[str, ...],
        params: Mapping[str, JSON],
        correctable: bool = False,
        wants: str = "cpu",
        merge: str = "",
    ) -> Task:
        """A task for this episode, done by `do` of the step's own module; paths are below its folder.

        `wants="gpu"` where a graphics card makes it much faster; it is done without one too.
        """
        return Task(
            step=step,
            unit=self.folder.slug,
            version=version,
            do=f"onrecord.steps.{step}:do",
            root=str(self.folder.root),
            needs=needs,
            makes=makes,
            params=canonical(params),
            correctable=correctable,
            wants=wants,
            merge=merge,
        )

    def within(self, path: Path) -> str:
        """A path as tasks name it: from the episode's folder, `..` for what lies above it (the artwork)."""
        return Path(os.path.relpath(path, self.folder.root)).as_posix()


class Step(Protocol):
    """A module of this folder."""

    NAME: str
    VERSION: int

    def order(self, desk: Desk) -> Task | None:
        """What is to be made for an episode."""

    def do(self, work: Work) -> dict[str, JSON]:
        """Make it."""
