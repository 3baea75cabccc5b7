"""`onrecord export`: the archive for researchers and for other archives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from datetime import date

    from onrecord.flow.ask import Open
    from onrecord.text.turn_rows import TurnRow

from onrecord.faces.cli.ask import a_day


@click.group("export", short_help="Give the archive to researchers and to other archives.")
def command() -> None:
    """Give the archive to researchers and to other archives.

    What is off the record or outside the cut is in none of it, and drafts only where they are asked for.
    """


@command.command("turns")
@click.option("--csv", "form", flag_value="csv", help="A table as text (RFC 4180).")
@click.option("--jsonl", "form", flag_value="jsonl", help="A JSON object a line (as it is without a choice).")
@click.option("--parquet", "form", flag_value="parquet", help="Parquet; needs the extra `onrecord[parquet]`.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Into this file.")
@click.option("--by", metavar="PERSON", help="Only this person's turns.")
@click.option("--role", type=click.Choice(["guest", "host"]), help="Only turns of guests, or of the host.")
@click.option("--since", metavar="DAY", callback=a_day, help="From this day, month or year on.")
@click.option("--until", metavar="DAY", callback=a_day, help="Until this day, month or year, and with it.")
@click.option("--drafts", is_flag=True, help="Also from episodes that are not public yet.")
@click.pass_context
def turns(
    ctx: click.Context,
    form: str | None,
    out: Path | None,
    by: str | None,
    role: str | None,
    since: date | None,
    until: date | None,
    drafts: bool,
) -> None:
    """Export every turn: who spoke as what, when on both clocks, in which language, and the words.

    The columns are described in docs/formats.md.
    """
    from datetime import UTC, datetime
    from typing import cast

    from onrecord.engines import parquet
    from onrecord.faces.cli import series_folder
    from onrecord.flow.ask import asking, persons
    from onrecord.flow.export import turn_rows
    from onrecord.model.archive import Filter, Part
    from onrecord.text.turn_rows import write_csv, write_jsonl

    now_ms = int(datetime.now(UTC).timestamp() * 1000)

    def work(opened: Open) -> tuple[TurnRow, ...]:
        wish = Filter(now_ms, None, cast("Part", role or ""), since, until, drafts=drafts)
        if by:
            wish = Filter(now_ms, persons(opened, by, wish), wish.part, since, until, drafts=drafts)
        return tuple(turn_rows(opened, wish))

    if form == "parquet" and out is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for reading; say where it goes: --out turns.parquet")
    rows = asking(series_folder(ctx), work)
    if form == "parquet":
        data = parquet.write(rows)
    else:
        data = (write_csv(rows) if form == "csv" else write_jsonl(rows)).encode("utf-8", "replace")
    _give(data, out, f"{len(rows)} turns")


@command.command("ohms")
@click.argument("episode")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Into this file.")
@click.option("--drafts", is_flag=True, help="Even if the episode is not public yet.")
@click.pass_context
def ohms(ctx: click.Context, episode: str, out: Path | None, drafts: bool) -> None:
    """Export an episode as OHMS XML, which oral-history systems (OHMS, Aviary) take in.

    Chapters and questions become the index, the captions the transcript.
    """
    from datetime import UTC, datetime

    from onrecord.faces.cli import series_folder
    from onrecord.flow.export import ohms_record

    _give(ohms_record(series_folder(ctx), episode, now=datetime.now(UTC), drafts=drafts), out, episode)


def _give(data: bytes, out: Path | None, what: str) -> None:
    from onrecord.folder import files

    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    files.save(out, data)
    click.echo(f"{what}: {out}", err=True)
