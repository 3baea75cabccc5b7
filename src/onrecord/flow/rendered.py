"""What comes of rendering an episode: light, so that who only gathers it need not load what renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from onrecord.flow.memory import Remembered
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.release import Entry
from onrecord.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Rendered:
    """One episode, rendered anew."""

    remembered: Remembered
    entries: Mapping[str, Entry]
    problems: tuple[Problem, ...]
    stops: bool


def named(problem: Problem, home: SeriesFolder, own: EpisodeFolder) -> Problem:
    """The problem with its path from the series folder."""
    if "/" in problem.place.path:
        return problem
    return replace(problem, place=replace(problem.place, path=home.name(own.root / problem.place.path)))
