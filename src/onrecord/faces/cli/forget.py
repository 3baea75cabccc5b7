"""`onrecord forget`: remove the voice prints of a person."""

from __future__ import annotations

import click


@click.command("forget", short_help="Remove a person's voice prints, and make no more.")
@click.argument("person")
@click.pass_context
def command(ctx: click.Context, person: str) -> None:
    """Remove every voice print of a person, and withdraw the consent to make one.

    PERSON is an id of people.yaml or a name. The prints are deleted at once; `voice` is taken out
    of the person's `consent` in people.yaml. Transcripts, names and pages stay as they are.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import counted
    from onrecord.flow.consent import forget
    from onrecord.folder.lock import writer

    home = series_folder(ctx)
    with writer(home.root, "forget"):
        found, prints = forget(home, person)
    click.echo(f"{found.name}: {counted(len(prints), 'voice print')} removed, and none will be made")
