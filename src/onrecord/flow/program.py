"""Which program this is: another one renders everything anew."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import onrecord
from onrecord.folder import still
from onrecord.folder.files import digest


@cache
def program() -> str:
    """The program itself: a digest of its files' sizes and times, so that a new one renders anew."""
    home = str(Path(onrecord.__file__).parent)
    ends = (".py", ".html", ".css", ".js")
    seen = [
        (path.removeprefix(home), *about[:2])
        for path, *about in sorted(still.rows(home, own=True))
        if path.endswith(ends)
    ]
    return digest(json.dumps([onrecord.__version__, seen]).encode())
