"""`onrecord rollback`: put the previous release back."""

from __future__ import annotations

import click


@click.command("rollback", short_help="Put the previous release back.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Put the previous release back, in one step.

    One release is kept. Your own files are not touched: the next build publishes them again, so
    mend first what was wrong.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.folder import release
    from onrecord.folder.lock import writer

    home = series_folder(ctx)
    with writer(home.root, "rollback"):
        published = release.rollback(home.root)
    click.echo(f"public/ is release {published.release[:12]} again")
