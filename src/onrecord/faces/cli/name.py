"""`onrecord name`: who the voices of a transcript are, and why; or call one by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from onrecord.flow.name import Voice


@click.command("name", short_help="Say who speaks and why, or give a voice its name.")
@click.argument("episode")
@click.argument("voice", required=False)
@click.argument("person", required=False)
@click.option("--dry-run", is_flag=True, help="Only show; lay no proposal.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.pass_context
def command(
    ctx: click.Context, episode: str, voice: str | None, person: str | None, dry_run: bool, as_json: bool
) -> None:
    """Say who the voices of an episode's transcript are, and why; or give a voice its name.

    With EPISODE alone: a table of its voices. Voices without a name (Speaker 2, SPEAKER_01) are
    compared with the people who are billed, by what is said: introductions, address, who asks and
    who answers. Names that are sure enough are proposed in transcript.new.vtt; no name is better
    than a wrong one. It works on any transcript, with or without sound.

    With VOICE and PERSON, such as `onrecord name EPISODE "Speaker 2" "Ada Lind"`: that voice is
    called so in transcript.vtt, everywhere and at once. The version before it is kept in the history.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import counted, echo_json
    from onrecord.flow.name import look, propose, rename
    from onrecord.folder.lock import writer

    home = series_folder(ctx)
    own = home.episode(episode)
    if not own.root.is_dir():
        raise click.BadParameter(f"there is no episode `{episode}`", param_hint="EPISODE")
    if voice is not None:
        if not person:
            raise click.UsageError('say who it is: onrecord name EPISODE "Speaker 2" "Ada Lind"')
        with writer(home.root, "name"):
            turns = rename(home, own, {voice: person})
        click.echo(f"{voice} is {person} now: {counted(turns, 'turn')}")
        return
    voices = look(home, own)
    laid = False
    if not dry_run and not as_json and any(v.name and not v.named for v in voices):
        with writer(home.root, "name"):
            laid = propose(home, own, voices)
    if as_json:
        echo_json([asdict(v) for v in voices])
        return
    show(voices)
    if laid:
        click.echo(f"the names are proposed in transcript.new.vtt: onrecord accept {episode}")


def show(voices: Sequence[Voice]) -> None:
    """Print a table of voices; a reason that is too long for the terminal goes on in the next line."""
    from onrecord.model.time import short_clock

    rows = [
        (
            v.voice or "(none)",
            str(v.turns),
            short_clock(v.length_ms),
            short_clock(v.first),
            ("" if v.named else "? ") + (v.name or "no name: nothing said enough"),
            f"{v.sure:.0%}" if v.sure else "",
        )
        for v in voices
    ]
    head = ("voice", "turns", "speaks", "first", "is", "sure")
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    click.echo(click.style(_row(head, widths), bold=True))
    for v, row in zip(voices, rows, strict=True):
        click.echo(_row(row, widths))
        for reason in v.reasons:
            click.echo(click.style(f"    {reason}", dim=True))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    figures = {1, 2, 3, 5}
    parts = [
        c.rjust(w) if i in figures else c.ljust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(parts).rstrip()
