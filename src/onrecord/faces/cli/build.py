"""`onrecord build`: make what is missing and publish what is approved."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from onrecord.flow.build import Report
    from onrecord.folder.layout import SeriesFolder
    from onrecord.model.problem import Problem


@click.command("build", short_help="Make what is missing and publish what is approved.")
@click.option(
    "--as-of",
    metavar="TIME",
    help="Build as it should be at that time: 2025-03-12 or 2025-03-12T09:00+01:00.",
)
@click.option("--drafts", is_flag=True, help="Build the preview with drafts instead of public/.")
@click.option(
    "-j", "--jobs", type=click.IntRange(1), help="Work on so many things at once (default: one a core)."
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Work on the machines of that dask scheduler, such as tcp://host:8786 (docs/cluster.md).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="No progress, only problems.")
@click.pass_context
def command(
    ctx: click.Context,
    as_of: str | None,
    drafts: bool,
    jobs: int | None,
    cluster: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Make what is missing and publish what is approved.

    Recordings are taken in, recognised and mastered; proposals are laid beside what people
    corrected; pages, feed and media are published together in one step. What did not change is
    not made again. Stop it with Ctrl-C and run it again: it goes on where it was.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import counted, echo_json, problems_json, show_cleared, show_problems

    if jobs and cluster:
        raise click.UsageError("--jobs is for this computer; on a cluster its workers decide")
    home = series_folder(ctx)
    report = run_build(
        home, moment(home, as_of), drafts=drafts, jobs=jobs, cluster=cluster, quiet=quiet or as_json
    )
    if as_json:
        published = report.published
        echo_json(
            {
                "release": published.release if published else None,
                "changed": bool(published and published.changed),
                "rendered": list(report.rendered),
                "kept": report.kept,
                "made": [
                    {"episode": o.task.unit, "step": o.task.step, "result": o.result, "says": o.says}
                    for o in report.outcomes
                ],
                "off_record": asdict(report.cleared),
                "problems": problems_json(report.problems),
            }
        )
    else:
        show_problems(report.problems)
        show_cleared(report.cleared)
        for outcome in report.outcomes:
            if outcome.failure and outcome.failure.trace:
                click.echo(outcome.failure.trace, err=True)
            if outcome.says and outcome.result in ("beside", "failed"):
                click.echo(f"{outcome.task.unit}: {outcome.task.step}: {outcome.says}")
        if report.published is None:
            click.echo("nothing was published; the site stands as it was", err=True)
        elif not report.published.changed:
            click.echo("nothing changed")
        else:
            place = home.preview / "public" if drafts else home.public
            click.echo(
                f"published {counted(len(report.rendered), 'episode')} anew, {report.kept} unchanged: {place}"
            )
    ctx.exit(0 if report.well else 1)


def moment(home: SeriesFolder, as_of: str | None) -> datetime:
    """The moment a build is for; a bare date means the end of that day in the series' zone.

    Raises:
        click.BadParameter: if it is no time.
    """
    if as_of is None:
        return datetime.now().astimezone()
    from zoneinfo import ZoneInfo

    from onrecord.folder.load import read_series

    try:
        found = datetime.fromisoformat(as_of)
    except ValueError:
        raise click.BadParameter(
            f"`{as_of}` is not a time, such as 2025-03-12", param_hint="--as-of"
        ) from None
    if len(as_of) <= 10:
        found = found.replace(hour=23, minute=59, second=59)
    if found.tzinfo is None:
        series = read_series(home).series
        found = found.replace(tzinfo=ZoneInfo(series.timezone if series else "UTC"))
    return found


def run_build(
    home: SeriesFolder,
    as_of: datetime,
    *,
    drafts: bool = False,
    jobs: int | None = None,
    cluster: str | None = None,
    quiet: bool = False,
) -> Report:
    """Build under the writer lock, with progress, stopping cleanly on Ctrl-C and SIGTERM.

    Args:
        home: The series.
        as_of: The moment it is for.
        drafts: Build the preview.
        jobs: How many worker processes of this computer; None for one a core.
        cluster: The address of a scheduler, to work on its machines instead.
        quiet: Show no progress.

    Raises:
        Busy: somebody else is writing.
        UserError: the cluster is not fit.
        KeyboardInterrupt: it was stopped.
    """
    from onrecord.faces.cli import Terminated
    from onrecord.faces.progress import Progress
    from onrecord.flow.build import Wish, build
    from onrecord.folder.lock import writer

    stop = threading.Event()
    with (
        writer(home.root, "build"),
        workers(jobs, cluster, home) as executors,
        stopping(stop) as signals,
        Progress(quiet=quiet) as tell,
    ):
        report = build(home, Wish(as_of, drafts), executors, tell, stop)
    if signal.SIGTERM in signals:
        raise Terminated
    if signals:
        raise KeyboardInterrupt
    return report


@contextlib.contextmanager
def stopping(stop: threading.Event) -> Iterator[list[int]]:
    """While the block runs, the first Ctrl-C or SIGTERM asks for a clean stop; the second is obeyed at once.

    Yields the signals that came.
    """
    came: list[int] = []

    def ask(number: int, _frame: object) -> None:
        came.append(number)
        stop.set()
        click.echo("stopping; what was done is kept …", err=True)
        give_back()

    def give_back() -> None:
        for each, handler in before.items():
            signal.signal(each, handler)

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, ask)
    try:
        yield came
    finally:
        give_back()


@contextlib.contextmanager
def workers(
    jobs: int | None, cluster: str | None, home: SeriesFolder
) -> Iterator[Callable[[], Mapping[str, Executor]]]:
    """Worker processes, or those of a cluster, started or called upon when the first step needs one."""
    with contextlib.ExitStack() as open_:

        def executors() -> Mapping[str, Executor]:
            import os

            from onrecord.make.cluster import connect
            from onrecord.make.workers import Workers

            if cluster:
                return open_.enter_context(connect(cluster, home.root))
            pool = Workers(jobs or os.cpu_count() or 1, share=("onrecord.flow.shared",))
            open_.callback(pool.shutdown, wait=True, cancel_futures=True)
            return {"cpu": pool}

        yield executors


def refresh_preview(home: SeriesFolder, as_of: datetime) -> tuple[Problem, ...]:
    """Bring the preview up to date without running any step; nothing where somebody else is writing."""
    from onrecord.flow.build import Wish, build
    from onrecord.folder.lock import Busy, writer

    try:
        with writer(home.root, "serve"):
            return build(
                home, Wish(as_of, drafts=True, quick=True), dict, lambda _: None, threading.Event()
            ).problems
    except Busy:
        return ()
