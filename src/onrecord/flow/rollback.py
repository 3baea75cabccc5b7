"""Rollback: put the previous release back, unless something in it is off the record by now."""

from __future__ import annotations

from onrecord.flow import off_record
from onrecord.folder import release
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import read_text
from onrecord.folder.release import Published
from onrecord.model.problem import Place, Problem, UserError
from onrecord.text import episode_md


def rollback(home: SeriesFolder) -> Published:
    """Put the previous release back. The caller holds the writer lock.

    Raises:
        UserError: there is none, it holds what is off the record, or nobody can tell because an
            episode.md cannot be read.
    """
    release.recover(home.root)
    before = release.previous(home.root)
    if before is not None:
        _readable(home)
        marks = off_record.find(home.episodes)
        held = off_record.holding(before, marks)
        if held:
            raise UserError(tuple(_across(home, one.slug) for _, one in held))
    return release.rollback(home.root)


def _across(home: SeriesFolder, slug: str) -> Problem:
    says = "the release before holds what has been taken off the record since, so it is not put back"
    hint = "mend your files and run `onrecord build`; it deletes that release"
    return Problem(Place(home.name(home.episode(slug).episode_md)), says, hint)


def _readable(home: SeriesFolder) -> None:
    """See that every episode.md can be read: a mark may stand in it."""
    problems: list[Problem] = []
    for own in home.episodes:
        name = home.name(own.episode_md)
        text, wrong = read_text(own.episode_md, name)
        if text is not None:
            _, wrong = episode_md.read(text, name, slug=own.slug)
        problems += [p for p in wrong if p.grave]
    if problems:
        raise UserError(tuple(problems))
