"""`onrecord review`: give the transcript to colleagues as a document, and take the corrected one back."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("review", short_help="Give the transcript to colleagues as a document, and take it back.")
@click.argument("episode")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--take",
    "taken",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="DOCX",
    help="Take a corrected document back.",
)
@click.pass_context
def command(ctx: click.Context, episode: str, out: Path | None, taken: Path | None) -> None:
    """Give the transcript to colleagues as a Word document, and take the corrected one back.

    `onrecord review EPISODE out.docx` writes it: a paragraph for each turn, with its time and name.
    Colleagues correct it in Word or LibreOffice; changes are tracked from the start. `onrecord review
    EPISODE --take out.docx` merges it with the transcript as it stands by then and lays the result beside
    it, as transcript.new.vtt: what you changed in the meantime stays, and where both changed the same
    words, yours stand and theirs are shown in a comment. Their remarks become comments. `onrecord accept
    EPISODE` takes it.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import counted, show_problems
    from onrecord.flow.review import export, take
    from onrecord.folder.lock import writer

    if (out is None) == (taken is None):
        raise click.UsageError(
            "write: onrecord review EPISODE OUT.docx, or: onrecord review EPISODE --take OUT.docx"
        )
    home = series_folder(ctx)
    own = home.episode(episode)
    if not own.episode_md.is_file():
        raise click.BadParameter(f"there is no episode `{episode}`", param_hint="EPISODE")
    if out is not None:
        if out.suffix.lower() != ".docx":
            raise click.BadParameter("the document's name ends in .docx", param_hint="OUT")
        with writer(home.root, "review"):
            turns = export(home, own, out)
        click.echo(
            f"{out}: {counted(turns, 'turn')}\nwhen it comes back: onrecord review {episode} --take {out}"
        )
    elif taken is not None:
        with writer(home.root, "review"):
            found = take(home, own, taken)
        show_problems(found.conflicts)
        if found.guessed:
            click.echo(f"note: {found.guessed}")
        if not found.laid:
            click.echo("the document says nothing that the transcript does not say; nothing was written")
            return
        remarks = f", {counted(found.remarks, 'remark')}" if found.remarks else ""
        click.echo(
            f"transcript.new.vtt lies beside it: {counted(len(found.conflicts), 'conflict')}{remarks}\n"
            f"compare them; `onrecord accept {episode}` takes the new one"
        )
