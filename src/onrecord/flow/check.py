"""Check: every problem of the series, its episodes and its newest release."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from onrecord.craft.edition import edit
from onrecord.flow.theme import dress
from onrecord.folder import release
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import read_episode, read_series, source
from onrecord.model.problem import Place, Problem

_LATER = datetime(9999, 1, 1, tzinfo=UTC)


def check(home: SeriesFolder) -> tuple[Problem, ...]:
    """Read everything as if every approved episode were due; nothing is written."""
    read = read_series(home)
    problems = [*read.problems, *dress(home, read)[1]]
    if read.series is None:
        return tuple(problems)
    for own in home.episodes:
        episode = read_episode(home, own, read.series, read.register)
        problems += episode.problems
        known = source(episode, read.series, read.register)
        if known:
            _, more = edit(known, _LATER, draft=True)
            problems += [
                replace(p, place=replace(p.place, path=home.name(own.root / p.place.path)))
                if "/" not in p.place.path
                else p
                for p in more
            ]
    hint = "build again; it will be put back"
    problems += [
        Problem(Place(f"public/{path}"), "this published file is missing or was changed by hand", hint)
        for path in release.damaged(home.root)
    ]
    return tuple(problems)
