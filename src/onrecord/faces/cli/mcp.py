"""`onrecord mcp`: the archive as tools for a language model."""

from __future__ import annotations

import click


@click.command("mcp", short_help="Offer the archive as tools to a language model (MCP).")
@click.option("--drafts", is_flag=True, help="Also offer what is not public yet.")
@click.pass_context
def command(ctx: click.Context, drafts: bool) -> None:
    """Offer the archive as tools over standard input and output (Model Context Protocol).

    A program that speaks the protocol starts this command itself, for example with
    `"command": "onrecord", "args": ["-C", "/my/series", "mcp"]` in its settings. The tools are search,
    quote, episode and questions; every sentence they give is a quote with its speaker and its address.
    Nothing is written but the index, and nothing leaves this computer by itself. Needs the extra
    `onrecord[mcp]`.
    """
    from onrecord.faces.cli import series_folder
    from onrecord.faces.consult import server

    server(series_folder(ctx), drafts=drafts).run("stdio")
