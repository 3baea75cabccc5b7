"""`onrecord accept`: take a proposal, and sign that an episode is checked or approved."""

from __future__ import annotations

from datetime import date

import click

PROPOSALS = ("transcript.vtt", "questions.yaml")


@click.command("accept", short_help="Take the proposals of an episode; sign it as checked or approved.")
@click.argument("episode")
@click.option(
    "--checked-by", metavar="NAME", help="Say in episode.md that NAME read the transcript against the sound."
)
@click.option(
    "--approved-by",
    metavar="NAME",
    help="Say in episode.md that NAME approves the episode: it may be public.",
)
@click.option("--on", metavar="DATE", help="The day of the signature (default: today).")
@click.pass_context
def command(
    ctx: click.Context, episode: str, checked_by: str | None, approved_by: str | None, on: str | None
) -> None:
    """Take the proposals that lie beside an episode's files, or sign the episode.

    A proposal such as transcript.new.vtt takes the place of transcript.vtt, with what you changed there
    since it was laid; the version before it is kept in .onrecord/history. A signature changes that one line
    of episode.md and nothing else.
    """
    from onrecord.craft.merge_file import merge_files
    from onrecord.craft.merge_questions import merge_questions
    from onrecord.faces.cli import series_folder
    from onrecord.flow.sign import sign
    from onrecord.folder.correct import accept
    from onrecord.folder.lock import writer

    home = series_folder(ctx)
    own = home.episode(episode)
    if not own.episode_md.is_file():
        raise click.BadParameter(f"there is no episode `{episode}`", param_hint="EPISODE")
    try:
        day = date.fromisoformat(on) if on else date.today()  # noqa: DTZ011 - a signature carries the local day
    except ValueError:
        raise click.BadParameter(f"`{on}` is not a date, such as 2025-03-13", param_hint="--on") from None
    done = []
    with writer(home.root, "accept"):
        if not checked_by and not approved_by:
            merges = {"transcript.vtt": merge_files, "questions.yaml": merge_questions}
            done = [name for name in PROPOSALS if accept(own.root / name, home.root, merges.get(name))]
        if checked_by:
            sign(home, own, "checked", checked_by, day)
            done.append(f"checked by {checked_by}")
        if approved_by:
            sign(home, own, "approved", approved_by, day)
            done.append(f"approved by {approved_by}")
    click.echo("\n".join(done) if done else "no proposal waits here")
