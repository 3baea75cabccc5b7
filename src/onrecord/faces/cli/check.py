"""`onrecord check`: read everything and say what is wrong, without making anything."""

from __future__ import annotations

import click


@click.command("check", short_help="Read everything and say what is wrong.")
@click.option(
    "--quick", is_flag=True, help="Search for words off the record only; do not listen to published sound."
)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_context
def command(ctx: click.Context, quick: bool, as_json: bool) -> None:
    """Read every file of the series and of the newest release, and say what is wrong, all at once.

    Where passages are off the record, public/ and .onrecord/ are searched for their words, and published
    sound and picture are compared with the recording: nothing of them may be there.

    Nothing is written. The exit code is 1 if anything grave was found.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.show import counted, echo_json, problems_json, show_problems
    from onrecord.flow.check import check
    from onrecord.flow.leaks import search

    home = series_folder(ctx)
    searched = search(home, listen=not quick)
    problems = (*check(home), *searched.problems)
    if as_json:
        echo_json(problems_json(problems))
    else:
        show_problems(problems)
        if searched.passages:
            click.echo(
                f"off the record: searched {counted(searched.files, 'file')} for "
                f"{counted(searched.passages, 'passage')}, "
                f"listened to {counted(searched.compared, 'media file')}"
            )
        grave = sum(p.grave for p in set(problems))
        click.echo(f"{counted(grave, 'problem')}, {counted(len(set(problems)) - grave, 'warning')}")
    ctx.exit(1 if any(p.grave for p in problems) else 0)
