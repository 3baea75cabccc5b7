"""`onrecord new`: begin a series or an episode."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click


@click.group("new", short_help="Begin a series or an episode.")
def command() -> None:
    """Begin a series or an episode."""


@command.command("series", short_help="Make a series folder to fill in.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", help="The programme's name (default: the folder's).")
@click.option("--language", default="en", show_default=True, help="BCP 47, such as en or sr-Latn.")
@click.option("--timezone", default="UTC", show_default=True, help="Such as Europe/Tirane.")
def series(folder: Path, title: str | None, language: str, timezone: str) -> None:
    """Make a series folder with series.yaml and people.yaml to fill in."""
    from onrecord.flow.new import new_series

    home = new_series(folder, title or folder.resolve().name, language=language, timezone=timezone)
    click.echo(f"{home.series_yaml}\nfill it in, then: onrecord -C {folder} new episode RECORDING")


@command.command("episode", short_help="Make an episode folder to fill in, from a recording or a page.")
@click.argument("recording", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--title", default="", help="The episode's title.")
@click.option("--date", "day", metavar="DATE", help="The day it is published (default: today).")
@click.option(
    "--from-text",
    "text",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Fill it in from the text of an existing page (- reads standard input).",
)
@click.pass_context
def episode(
    ctx: click.Context, recording: Path | None, title: str, day: str | None, text: Path | None
) -> None:
    """Make an episode folder with episode.md to fill in, and a copy of the recording if one is given.

    With --from-text, date, introduction, host, guests, questions, research and channels are read
    from a page that you copied out of a browser. Nothing is invented, and what was guessed says so.
    """
    from onrecord.craft.page import read_page
    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import show_problems
    from onrecord.flow.new import fill_series, new_episode, page_notes
    from onrecord.folder.load import read_text
    from onrecord.folder.lock import writer
    from onrecord.model.problem import Place, Problem, UserError

    try:
        on = date.fromisoformat(day) if day else date.today()  # noqa: DTZ011 - the calendar on the wall
    except ValueError:
        raise click.BadParameter(f"`{day}` is not a date, such as 2025-03-13", param_hint="--date") from None
    home = series_folder(ctx)
    page = None
    if text is not None:
        if str(text) == "-":
            found: str | None = sys.stdin.buffer.read().decode("utf-8", "replace")
        else:
            found, problems = read_text(text, str(text))
            if found is None:
                raise UserError(problems or (Problem(Place(str(text)), "there is no such file"),))
        page = read_page(found or "", on)
    with writer(home.root, "new"):
        own = new_episode(home, day=on, title=title, recording=recording, page=page)
        filled = fill_series(home, page) if page else ()
    click.echo(str(own.episode_md))
    if page:
        if filled:
            click.echo(f"series.yaml: {', '.join(filled)} filled in")
        show_problems(page_notes(home, own, page, filled))
