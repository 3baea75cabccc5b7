"""`onrecord demo`: make a small series in a new folder, build it and show it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo", short_help="Make a small series in a new folder, build it and show it.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo-series"))
@click.option(
    "--serve/--no-serve", default=True, help="Serve the pages at the end (default), or only build them."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.pass_context
def command(ctx: click.Context, folder: Path, serve: bool, port: int) -> None:
    """Make a small series in a new folder, build it from its recordings, and show it.

    An invented programme with synthetic voices: one episode from a single recording, one with a
    track for each person, one from a given transcript with a passage off the record, and one
    announced for next week. Look around in the folder: it is how your own series would look.
    """
    from onrecord.faces.cli.build import moment, run_build
    from onrecord.faces.serve import serve as serve_folder
    from onrecord.faces.show import counted, show_problems
    from onrecord.flow.demo import copy_demo

    home = copy_demo(folder)
    click.echo(f"the demo series lies in {home.root}; now its recordings are made into pages (some minutes)")
    report = run_build(home, moment(home, None))
    show_problems(report.problems)
    if not report.well:
        ctx.exit(1)
    click.echo(f"{counted(len(report.rendered), 'episode')} published: {home.public}")
    if serve:
        serve_folder(home.public, port)
    else:
        click.echo(f"look at it: onrecord -C {folder} serve --public")
