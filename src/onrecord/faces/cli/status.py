"""`onrecord status`: how far each episode has come, what will be made again and why."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from onrecord.flow.ledger import Entry
    from onrecord.flow.status import EpisodeStatus
    from onrecord.folder.layout import SeriesFolder

_FIRST = 20
_NARROWEST, _WIDEST = 80, 160


def _waiting(waits: Sequence[str]) -> Iterator[str]:
    """What waits, a line each; below those that are mended the same way, once, what to do."""
    parts = [wait.partition(": ")[::2] for wait in waits]
    for hint, alike in groupby(parts, key=itemgetter(1)):
        yield from (f"  {says}" for says, _ in alike)
        if hint:
            yield "      " + click.style(re.sub(r"^`([^`]*)`$", r"\1", hint), dim=True)


def _show(e: EpisodeStatus, *, everything: bool) -> None:
    """All about one episode, below its first line."""
    click.echo("".join(f"  will run {d.step}: {d.why}\n" for d in e.due), nl=False)
    shown = e.waits if everything else e.waits[:_FIRST]
    for line in _waiting(shown):
        click.echo(line)
    if len(shown) < len(e.waits):
        click.echo(f"  {len(e.waits) - len(shown)} more: onrecord status {e.slug} --all")
    if e.ledger:
        show_ledger(e.ledger)


@click.command("status", short_help="Say how far each episode has come, and what waits for you.")
@click.argument("episode", required=False, default="")
@click.option("--as-of", metavar="TIME", help="As it will be at that time.")
@click.option("--all", "everything", is_flag=True, help="List everything that waits, not only the first 20.")
@click.option("--map", "as_map", is_flag=True, help="Draw who speaks when, and the questions on it.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_context
def command(
    ctx: click.Context, episode: str, as_of: str | None, everything: bool, as_map: bool, as_json: bool
) -> None:
    """Say how far each episode has come, what would be made by the next build and why.

    With EPISODE also what waits for a person, in order of worth: proposals beside your files, voices
    without a name, speech without words, names and numbers that were hardly heard, people who
    talk at once, changes of language, and names that were put right; and its ledger: where each
    question is asked, who answers it, for how long, and how sure that is. Nothing is written.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.cli.build import moment
    from onrecord.faces.show import counted, echo_json, problems_json, show_problems
    from onrecord.flow.status import look

    home = series_folder(ctx)
    if as_map:
        _map(home, episode)
        return
    found = look(home, moment(home, as_of), episode)
    if episode and not found:
        raise click.BadParameter(f"there is no episode `{episode}`", param_hint="EPISODE")
    if as_json:
        echo_json([asdict(e) | {"problems": problems_json(e.problems)} for e in found])
        return
    width = max((len(e.slug) for e in found), default=0)
    for e in found:
        todo = counted(len(e.due), "step to run", "steps to run") if e.due else "up to date"
        click.echo(f"{e.slug:<{width}}  {e.state:<10}  {todo if e.state != 'announced' else ''}".rstrip())
        if episode:
            _show(e, everything=everything)
        elif e.waits:
            click.echo(f"{'':<{width}}  {counted(len(e.waits), 'thing')} for you: onrecord status {e.slug}")
    if not found:
        click.echo("no episodes yet: onrecord new episode RECORDING")
    show_problems(p for e in found for p in e.problems)


def _map(home: SeriesFolder, episode: str) -> None:
    """Draw one episode."""
    from onrecord.flow.ledger import drawn

    own = home.episode(episode)
    if not episode or not own.root.is_dir():
        raise click.UsageError("say which episode to draw: onrecord status EPISODE --map")
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_NARROWEST, 24)).columns))
    click.echo(drawn(home, own, width) or "there is no transcript to draw yet: onrecord build")


def show_ledger(ledger: Sequence[Entry]) -> None:
    """Print the ledger as a table; each question in full below its figures."""
    from onrecord.model.time import short_clock

    rows = [
        (
            e.id,
            short_clock(e.asked) if e.asked is not None else "" if e.found == "yes" else e.found,
            ", ".join(e.answered_by),
            f"{e.answered_ms / 60_000:.1f}" if e.answered_ms else "",
            f"{e.sure:.0%}" if e.sure is not None and e.found == "yes" else "",
            _quotes(e),
        )
        for e in ledger
    ]
    head = ("question", "asked", "answered by", "minutes", "sure", "quotes")
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    click.echo(click.style("\n" + _row(head, widths), bold=True))
    for e, row in zip(ledger, rows, strict=True):
        click.echo(_row(row, widths))
        click.echo(click.style(f"    {e.question}", dim=True))
        if e.others and e.found == "yes":
            places = " or ".join(short_clock(span.start) for span in e.others)
            click.echo(click.style(f"    else perhaps at {places}", dim=True))


def _quotes(entry: Entry) -> str:
    told = [(entry.approved, "approved"), (entry.waiting, "proposed")]
    return ", ".join(f"{n} {what}" for n, what in told if n)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    figures = {1, 3, 4}
    parts = [
        c.rjust(w) if i in figures else c.ljust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))
    ]
    return ("  " + "  ".join(parts)).rstrip()
