"""What a build is asked for, and what it came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from onrecord.folder.manifest import Published
from onrecord.model.problem import Problem

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from onrecord.make.run import Outcome

Executors = Callable[[], "Mapping[str, Executor]"]
"""Opens the executors, when the first step needs one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a build is asked for: the moment it is for (the only clock it reads), drafts too or not.

    A `quick` one runs no step: what people wrote is shown with the media that are there.
    """

    as_of: datetime
    drafts: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was deleted: kept releases, saved versions, cut media; and whose words left public/ at once."""

    releases: int = 0
    versions: int = 0
    media: int = 0
    withheld: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """Whose words could not be taken out of public/, because a problem of the series is in the way."""

    def __bool__(self) -> bool:
        return bool(self.releases or self.versions or self.media or self.withheld)


@dataclass(frozen=True, slots=True)
class Report:
    """What a build came to. `published` is None where a problem kept the old site in place."""

    published: Published | None
    problems: tuple[Problem, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    rendered: tuple[str, ...] = ()
    kept: int = 0
    cleared: Cleared = Cleared()
    """What was deleted first, because it is off the record."""

    @property
    def well(self) -> bool:
        """Whether everything that is to be public is public."""
        return self.published is not None and not any(p.grave for p in self.problems)
