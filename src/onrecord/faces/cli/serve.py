"""`onrecord serve`: look at the site, drafts and all, in a browser on this computer."""

from __future__ import annotations

import click


@click.command("serve", short_help="Show the site, drafts and all, on this computer.")
@click.option("--public", is_flag=True, help="Serve public/ as it stands instead of the preview.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.option("--as-of", metavar="TIME", help="Preview it as it should be at that time.")
@click.pass_context
def command(ctx: click.Context, public: bool, port: int, as_of: str | None) -> None:
    """Build the preview and serve it on this computer until Ctrl-C.

    Drafts are in the preview and marked as such; public/ does not change. Reload a page after
    you saved a file: the preview is brought up to date first.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.cli.build import moment, run_build
    from onrecord.faces.serve import serve
    from onrecord.faces.show import show_problems

    home = series_folder(ctx)
    if public:
        if not home.public.is_dir():
            raise click.UsageError("there is no public/ yet; run: onrecord build")
        serve(home.public, port)
        return
    report = run_build(home, moment(home, as_of), drafts=True)
    show_problems(report.problems)
    if report.published is None:
        ctx.exit(1)
    serve(home.preview / "public", port, refresh=lambda: _refresh(home, as_of))


def _refresh(home: object, as_of: str | None) -> None:
    """Bring the preview up to date before a page is shown; problems are printed, the old page stays."""
    from onrecord.faces.cli.build import moment, refresh_preview
    from onrecord.faces.show import show_problems

    show_problems(refresh_preview(home, moment(home, as_of)))  # type: ignore[arg-type]  # a SeriesFolder, lazily
