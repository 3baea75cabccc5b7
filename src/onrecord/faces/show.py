"""How problems, progress and tables look on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from onrecord.model.problem import Problem

if TYPE_CHECKING:
    from onrecord.flow.wish import Cleared
    from onrecord.model.archive import Said


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems to standard error, each with its place, its line and its hint; grave ones last."""
    for problem in sorted(set(problems), key=lambda p: (p.grave, p)):
        where = click.style(f"{problem.place}: ", bold=True)
        mark = "" if problem.grave else click.style("warning: ", fg="yellow")
        first, *more = problem.says.splitlines() or [""]
        click.echo(where + mark + (click.style(first, fg="red") if problem.grave else first), err=True)
        for line in more:
            click.echo(f"  {line}", err=True)
        if problem.line_text.strip():
            click.echo(f"{problem.place.line:>6} | {problem.line_text.strip()[:160]}", err=True)
        if problem.hint:
            click.echo(f"  hint: {problem.hint}", err=True)


def show_cleared(cleared: Cleared) -> None:
    """Say what was deleted because it is off the record."""
    if not cleared:
        return
    counts = (
        (cleared.releases, "kept release"),
        (cleared.versions, "saved version"),
        (cleared.media, "cut media file"),
    )
    gone = ", ".join(counted(n, what) for n, what in counts if n)
    if gone:
        click.echo(f"off the record: deleted {gone}")
    for slug in cleared.withheld:
        click.echo(f"off the record: {slug} was published again at once without it")


def problems_json(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Problems as plain data for `--json`."""
    return [
        {
            "path": p.place.path,
            "line": p.place.line,
            "column": p.place.column,
            "says": p.says,
            "hint": p.hint,
            "grave": p.grave,
        }
        for p in sorted(set(problems))
    ]


def echo_json(data: object) -> None:
    """Print plain data as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def counted(n: int, one: str, many: str = "") -> str:
    """`1 episode`, `3 episodes`."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def said_json(said: Said) -> dict[str, object]:
    """A quote as plain data for `--json` and other programs: a unit stands in the name of each number."""
    return {
        "text": said.text,
        "by": said.voice,
        "person": said.person,
        "part": said.part,
        "role": said.role,
        "organisation": said.organisation,
        "episode": said.episode,
        "title": said.title,
        "date": said.day.isoformat(),
        "start_ms": said.at.start,
        "end_ms": said.at.end,
        "recording_start_ms": said.recorded.start,
        "recording_end_ms": said.recorded.end,
        "language": said.language,
        "checked": said.checked,
        "draft": said.draft,
        "link": said.link,
        "marks": [list(mark) for mark in said.marks],
        "score": said.score,
    }
