"""A journal of long work: a line for each finished piece, with a checksum, on disk before the next begins.

Whatever happens, power cut included, the next run reads the lines that are whole, throws away a torn one,
and goes on with the first piece that is missing. A journal of other work is thrown away whole.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from onrecord.model.time import Ms, Span


def _line(record: Mapping[str, Any]) -> bytes:
    """One line of the journal: a record and its checksum."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    checksum = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f'{{"sha256":"{checksum}","record":{text}}}\n'.encode()


def resume(path: Path, of: Mapping[str, Any], plan: Sequence[Span[Ms]]) -> list[dict[str, Any]]:
    """Read what an earlier run did, and leave a journal that ends with its last whole line.

    Args:
        path: The journal; it is made where there is none.
        of: What the work is made from, as JSON; a journal of anything else begins anew.
        plan: The pieces in order; each line's record has its piece as `[start_ms, end_ms]` under `piece`.

    Returns:
        The records of the first pieces, as many as are whole; the rest is to be done and to be appended.
    """
    begin = {
        "of": {**of, "plan": hashlib.sha256(repr([(p.start, p.end) for p in plan]).encode()).hexdigest()}
    }
    expected: list[Any] = [begin, *([p.start, p.end] for p in plan)]
    records: list[dict[str, Any]] = []
    good_bytes = 0
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    for line, expects in zip(lines, expected, strict=False):
        try:
            record = json.loads(line)["record"]
        except (ValueError, TypeError, KeyError):
            break
        if _line(record) != line or expects not in (record, record.get("piece")):
            break
        good_bytes += len(line)
        records.append(record)
    with path.open("r+b" if records else "wb") as journal:
        journal.truncate(good_bytes)
        if not records:
            append(journal.fileno(), begin)
        os.fsync(journal.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return records[1:]


def append(journal: int, record: Mapping[str, Any]) -> None:
    """Write one line at the end of an open journal (its descriptor), and return when it is on the disk."""
    line = _line(record)
    while line:
        line = line[os.write(journal, line) :]
    os.fsync(journal)
