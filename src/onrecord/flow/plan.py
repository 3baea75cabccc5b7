"""Which tasks an episode needs: every step is asked what it has to do."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord import steps
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import EpisodeRead, read_receipt
from onrecord.make.step import Task
from onrecord.model.episode import Series
from onrecord.steps.base import Desk


def plan(home: SeriesFolder, series: Series, episodes: Iterable[EpisodeRead]) -> list[Task]:
    """The tasks of all episodes that have something to be made from."""
    tasks = []
    for read in episodes:
        if read.episode is None or read.episode.withdrawn or len(read.folder.recordings) != 1:
            continue
        facts = read_receipt(read.folder, "take_in").get("facts", {})
        desk = Desk(home, read.folder, series, read.episode, read.ledger, facts)
        tasks += [task for step in steps.find() if (task := step.order(desk))]
    return tasks
