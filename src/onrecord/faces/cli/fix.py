"""`onrecord fix`: mend a repeated misspelling in one episode or in all, after a preview."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from onrecord.flow.fix import FileFix


@click.command("fix", short_help="Mend a repeated misspelling, in one episode or in all.")
@click.argument("words", nargs=-1, metavar="[EPISODE] OLD NEW")
@click.option("--all", "everywhere", is_flag=True, help="In every episode; then no EPISODE is given.")
@click.option("--ignore-case", is_flag=True, help="Mend OLD in whatever letters it is written.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--dry-run", is_flag=True, help="Only show what would be mended.")
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    everywhere: bool,
    ignore_case: bool,
    yes: bool,
    dry_run: bool,
) -> None:
    """Mend all of a repeated misspelling: in words, in names of voices, and in quotes.

    OLD and NEW are whole words, or several in quotes. Vucic also mends Vucic's and VUCIC, and leaves
    Vucicevic alone; a word in small letters also mends it with a capital. Every place is shown first, and
    nothing is written before you say so. Only those words change; the versions before are kept in
    .onrecord/history.
    """
    from onrecord.craft.fix import Wish
    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import counted, show_problems
    from onrecord.flow.fix import find, write
    from onrecord.folder.lock import writer

    if len(words) != (2 if everywhere else 3):
        way = "onrecord fix --all OLD NEW" if everywhere else "onrecord fix EPISODE OLD NEW"
        raise click.UsageError(f"write: {way}")
    old, new = (" ".join(word.split()) for word in words[-2:])
    if not old or not new:
        raise click.UsageError("OLD and NEW are words; to take words out, edit transcript.vtt")
    home = series_folder(ctx)
    episodes = home.episodes if everywhere else (home.episode(words[0]),)
    if not everywhere and not episodes[0].root.is_dir():
        raise click.BadParameter(f"there is no episode `{words[0]}`", param_hint="EPISODE")
    fixes, problems = find(home, episodes, Wish(old, new, ignore_case))
    show_problems(problems)
    _preview(fixes)
    places = sum(len(f.mends) for f in fixes)
    if left := sum(f.left for f in fixes):
        click.echo(f"left alone: {counted(left, 'place')} in other letters (--ignore-case mends them too)")
    if not places:
        click.echo(f"`{old}` stands nowhere as a word of its own")
        return
    click.echo(f"hint: put `{new}` into `glossary:`, so that the next recognition expects it")
    many = counted(len({f.slug for f in fixes if f.mends}), "episode")
    if dry_run or not (yes or sys.stdin.isatty()):
        click.echo(f"nothing was written; --yes mends {counted(places, 'place')} in {many}")
        return
    if not yes and not click.confirm(f"mend {counted(places, 'place')} in {many}?"):
        click.echo("nothing was written")
        return
    with writer(home.root, "fix"):
        write(home, fixes)
    click.echo(f"mended {counted(places, 'place')} in {many}")


def _preview(fixes: Iterable[FileFix]) -> None:
    """Every place with its line: what stands there before and after."""
    rows = [(f"{f.name}:{m.line}", m) for f in fixes for m in f.mends]
    width = max((len(where) for where, _ in rows), default=0)
    for where, m in rows:
        before, after = click.style(m.before, fg="red"), click.style(m.after, fg="green")
        click.echo(f"{where:<{width}}  {m.lead}{before} -> {after}{m.tail}".rstrip())
    for slug in dict.fromkeys(f.slug for f in fixes if f.mends):
        click.echo(f"{sum(len(f.mends) for f in fixes if f.slug == slug):>6}  {slug}")
