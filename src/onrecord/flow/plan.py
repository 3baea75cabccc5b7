"""Which tasks an episode needs: every step is asked what it has to do."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from onrecord import steps
from onrecord.folder.digests import Digests
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import EpisodeRead, read_receipt
from onrecord.make.status import status
from onrecord.make.step import Task
from onrecord.model.episode import Series
from onrecord.steps.base import TALKS, Desk


def plan(home: SeriesFolder, series: Series, episodes: Iterable[EpisodeRead]) -> list[Task]:
    """The tasks of all episodes that have something to be made from."""
    tasks = []
    # One more than a conversation is compared with, because its own may be among them.
    talks = tuple(islice((own for own in home.episodes if own.transcript.exists()), TALKS + 1))
    for read in episodes:
        if read.episode is None or read.episode.withdrawn or len(read.folder.recordings) != 1:
            continue
        facts = read_receipt(read.folder, "take_in").get("facts", {})
        desk = Desk(home, read.folder, series, read.episode, read.ledger, facts, talks)
        tasks += [task for step in steps.find() if (task := step.order(desk))]
    return tasks


def without_late(tasks: list[Task], home: SeriesFolder) -> list[Task]:
    """The tasks without those that are ordered by what another one is still to propose (chapters)."""
    late = {step.NAME: step.AFTER for step in steps.find() if hasattr(step, "AFTER")}
    with Digests(home.root) as digests:
        due = {
            (task.unit, task.step)
            for task in tasks
            if task.step in late.values() and status(task, digests).state != "fresh"
        }
    return [task for task in tasks if (task.unit, late.get(task.step, "")) not in due]
