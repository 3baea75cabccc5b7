"""`onrecord status`: how far each episode has come, what will be made again and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import itemgetter

import click

_FIRST = 20


def _waiting(waits: Sequence[str]) -> Iterator[str]:
    """What waits, a line each; below those that are mended the same way, once, what to do."""
    parts = [wait.partition(": ")[::2] for wait in waits]
    for hint, alike in groupby(parts, key=itemgetter(1)):
        yield from (f"  {says}" for says, _ in alike)
        if hint:
            yield "      " + click.style(re.sub(r"^`([^`]*)`$", r"\1", hint), dim=True)


@click.command("status", short_help="Say how far each episode has come, and what waits for you.")
@click.argument("episode", required=False, default="")
@click.option("--as-of", metavar="TIME", help="As it will be at that time.")
@click.option("--all", "everything", is_flag=True, help="List everything that waits, not only the first 20.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_context
def command(ctx: click.Context, episode: str, as_of: str | None, everything: bool, as_json: bool) -> None:
    """Say how far each episode has come, what would be made by the next build and why.

    With EPISODE also what waits for a person, in order of worth: proposals beside your files, voices
    without a name, speech without words, names and numbers that were hardly heard, people who
    talk at once, changes of language, and names that were put right. Nothing is written.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.cli.build import moment
    from onrecord.faces.show import counted, echo_json, problems_json, show_problems
    from onrecord.flow.status import look

    home = series_folder(ctx)
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
            click.echo("".join(f"  will run {d.step}: {d.why}\n" for d in e.due), nl=False)
            shown = e.waits if everything else e.waits[:_FIRST]
            for line in _waiting(shown):
                click.echo(line)
            if len(shown) < len(e.waits):
                click.echo(f"  {len(e.waits) - len(shown)} more: onrecord status {e.slug} --all")
        elif e.waits:
            click.echo(f"{'':<{width}}  {counted(len(e.waits), 'thing')} for you: onrecord status {e.slug}")
    if not found:
        click.echo("no episodes yet: onrecord new episode RECORDING")
    show_problems(p for e in found for p in e.problems)
