"""`onrecord schema`: JSON Schemas of the folder's files, for editors."""

from __future__ import annotations

from pathlib import Path

import click

FILES = ("series", "people", "episode", "questions")


@click.command("schema", short_help="Print the JSON Schema of a file, for editors.")
@click.argument("name", type=click.Choice(FILES), required=False)
@click.option(
    "--write", type=click.Path(file_okay=False, path_type=Path), help="Write all schemas into this folder."
)
def command(name: str | None, write: Path | None) -> None:
    """Print the JSON Schema of a file of the series folder.

    Editors use it to complete field names and to mark mistakes while you type. `episode` is the
    front matter of episode.md.
    """
    from onrecord.faces.show import echo_json
    from onrecord.folder import files
    from onrecord.text.schema import schema

    if write:
        import json

        for each in FILES:
            data = json.dumps(schema(each), ensure_ascii=False, indent=2) + "\n"
            files.save(write / f"{each}.schema.json", data.encode())
            click.echo(str(write / f"{each}.schema.json"))
    elif name:
        echo_json(schema(name))
    else:
        raise click.UsageError(f"name one of {', '.join(FILES)}, or give --write FOLDER")
