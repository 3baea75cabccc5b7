"""`onrecord rollback`: put the previous release back."""

from __future__ import annotations

import click


@click.command("rollback", short_help="Put the previous release back.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Put the previous release back, in one step.

    One release is kept. Your own files are not touched: the next build publishes them again, so
    mend first what was wrong. A release that holds what is off the record by now is never put back.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.flow.rollback import rollback
    from onrecord.folder.lock import writer

    home = series_folder(ctx)
    with writer(home.root, "rollback"):
        published = rollback(home)
    click.echo(f"public/ is release {published.release[:12]} again")
