"""Dress: the series with its own theme, looked over before a page is made from it."""

from __future__ import annotations

from dataclasses import replace

from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import SeriesRead
from onrecord.folder.theme import read_theme
from onrecord.model.problem import Problem


def dress(home: SeriesFolder, read: SeriesRead) -> tuple[SeriesRead, tuple[Problem, ...]]:
    """The series with what lies in `theme/`, and every problem of it."""
    theme, problems = read_theme(home)
    found = problems
    if theme.templates:
        from onrecord.outputs.theme import check  # noqa: PLC0415 - heavy, and mostly there are none

        found += check(theme, home.name(home.theme))
    if read.series is None:
        return read, found
    return replace(read, series=replace(read.series, theme=theme)), found
