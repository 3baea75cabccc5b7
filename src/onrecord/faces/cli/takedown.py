"""`onrecord takedown`: take a passage or a whole episode down, everywhere that Onrecord reaches."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import datetime

    from onrecord.flow.takedown import Plan
    from onrecord.flow.wish import Report
    from onrecord.folder.layout import SeriesFolder


@click.command("takedown", short_help="Take a passage or a whole episode off the record, everywhere.")
@click.argument("episode")
@click.option(
    "--passage",
    metavar="FROM-TO",
    help="Only this passage, on the recording's clock: 00:14:05-00:14:50. Without it: the whole episode.",
)
@click.option(
    "--reason",
    default="",
    help="Public words: in the notice of a whole episode, in a page's log of corrections for a passage.",
)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.pass_context
def command(
    ctx: click.Context, episode: str, passage: str | None, reason: str, yes: bool, dry_run: bool
) -> None:
    """Take a passage, or a whole episode, off the record: delete first, publish after.

    The mark is written into episode.md (`off_record:` or `withdrawn:`). Then every kept release and
    saved file version that holds it is deleted, the site is published at once without it, and new
    sound is made and published. Copies elsewhere are listed for you. Your own recording and transcript
    stay as they are; docs/off-the-record.md says what else does.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.cli.build import moment
    from onrecord.faces.show import show_cleared, show_problems
    from onrecord.flow.takedown import propose
    from onrecord.text.field import read_passage

    home = series_folder(ctx)
    own = home.episode(episode)
    if not own.root.is_dir():
        raise click.BadParameter(f"there is no episode `{episode}`", param_hint="EPISODE")
    try:
        span = read_passage(passage) if passage is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--passage") from None
    today = moment(home, None)
    plan = propose(home, own, span, " ".join(reason.split()), today.date())
    _preview(plan)
    if dry_run or not (yes or sys.stdin.isatty()):
        _list_elsewhere(plan)
        click.echo("nothing was done; --yes does it")
        return
    what = "this passage" if span else "this episode"
    if not yes and not click.confirm(f"take {what} down?"):
        click.echo("nothing was done")
        return
    report = _run(home, plan, today)
    show_problems(report.problems)
    show_cleared(report.cleared)
    if report.published is None:
        click.echo("the build after it stopped at a problem; mend it and run: onrecord build", err=True)
    else:
        click.echo(f"published: {home.public}")
    _list_elsewhere(plan)
    click.echo("see that it is gone: onrecord check")
    ctx.exit(0 if report.well else 1)


def _run(home: SeriesFolder, plan: Plan, as_of: datetime) -> Report:
    """Under the writer lock, with progress, stopping cleanly on Ctrl-C and SIGTERM.

    Raises:
        Busy: somebody else is writing.
        KeyboardInterrupt: it was stopped; run it again to go on.
    """
    import threading

    from onrecord.faces.cli.build import stopping, workers
    from onrecord.faces.progress import Progress
    from onrecord.flow.takedown import carry_out
    from onrecord.flow.wish import Wish
    from onrecord.folder.lock import writer

    stop = threading.Event()
    with (
        writer(home.root, "takedown"),
        workers(None, None, home) as executors,
        stopping(stop) as signals,
        Progress(quiet=False) as tell,
    ):
        report = carry_out(home, plan, Wish(as_of), executors, tell, stop)
    if signals:
        raise KeyboardInterrupt
    return report


def _preview(plan: Plan) -> None:
    """What it is, and what goes."""
    from onrecord.text.field import write_passage

    where = f" {write_passage(plan.passage)}" if plan.passage else ""
    click.echo(f"{plan.own.slug}: {plan.title}{where}")
    mark = "off_record" if plan.passage else "withdrawn"
    if plan.is_new:
        click.echo(f"  episode.md: `{mark}:` is written into it")
    else:
        click.echo(f"  episode.md: `{mark}:` says so already")
    for says in plan.deletes or ("nothing of it is published or kept",):
        click.echo(_wrapped(says, "  "))


def _list_elsewhere(plan: Plan) -> None:
    """What a person has to do by hand."""
    click.echo("\ncopies that Onrecord cannot reach, for you to see to:")
    for copy in plan.elsewhere:
        click.echo(_wrapped(copy.what, "  [ ] "))
        if copy.where:
            click.echo(f"      {copy.where}")
        click.echo(click.style(_wrapped(copy.do, "      "), dim=True))


def _wrapped(words: str, before: str) -> str:
    """Lines of at most 80 letters; the second and later ones stand under the first."""
    return textwrap.fill(words, 80, initial_indent=before, subsequent_indent=" " * len(before))
