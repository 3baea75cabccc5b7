"""Turns as the rows of a table for researchers: one row a turn, a unit in the name of every number.

    CSV     RFC 4180, UTF-8, the names of the columns first; true and false in small letters
    JSONL   one JSON object a line, with the same names

Texts stand as they were said: nothing is done to them, not even where a spreadsheet would take the first
letter for a formula.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class TurnRow:
    """A turn, the episode it is from, and who speaks as what.

    `start_ms` and `end_ms` are on the published clock, `recording_…` on the recording's; `turn` counts from
    1; `person` is an id of people.yaml or of a guest, empty for a voice that nobody has named; `part` is
    host, guest or empty; `language` is BCP 47; `checked` says whether a person has compared the transcript
    with the sound.
    """

    episode: str
    episode_id: str
    title: str
    date: str
    turn: int
    voice: str
    person: str
    part: str
    role: str
    organisation: str
    language: str
    start_ms: int
    end_ms: int
    recording_start_ms: int
    recording_end_ms: int
    words: int
    sentences: int
    checked: bool
    draft: bool
    link: str
    text: str


COLUMNS = tuple(field.name for field in fields(TurnRow))


def values(row: TurnRow) -> tuple[str | int | bool, ...]:
    """The values of a row, in the order of `COLUMNS`."""
    return tuple(getattr(row, name) for name in COLUMNS)


def write_jsonl(rows: Iterable[TurnRow]) -> str:
    """Write rows as JSON lines."""
    return "".join(
        json.dumps(dict(zip(COLUMNS, values(row), strict=True)), ensure_ascii=False) + "\n" for row in rows
    )


def read_jsonl(text: str) -> tuple[TurnRow, ...]:
    """Read JSON lines back."""
    return tuple(TurnRow(**json.loads(line)) for line in text.split("\n") if line)


def write_csv(rows: Iterable[TurnRow]) -> str:
    """Write rows as CSV."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows:
        table.writerow(str(v).lower() if isinstance(v, bool) else v for v in values(row))
    return out.getvalue()


def read_csv(text: str) -> tuple[TurnRow, ...]:
    """Read CSV back."""
    kinds = {field.name: field.type for field in fields(TurnRow)}
    rows = []
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        typed = {
            name: int(value) if kinds[name] == "int" else value == "true" if kinds[name] == "bool" else value
            for name, value in row.items()
        }
        rows.append(TurnRow(**typed))  # type: ignore[arg-type]  # typed above by the fields' own types
    return tuple(rows)
