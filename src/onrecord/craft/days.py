"""Days as people write them when they ask: 2024, 2024-03, 2024-03-12."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def day(text: str, end: Literal["first", "last"]) -> date | None:
    """The first or the last day of a year, a month or a day; None for anything else.

    >>> day("2024", "first"), day("2024-02", "last"), day("2024-02-03", "last"), day("soon", "first")
    (datetime.date(2024, 1, 1), datetime.date(2024, 2, 29), datetime.date(2024, 2, 3), None)
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or not text.isascii():
        return None
    year, month, on = (int(part) if part else 0 for part in found.groups())
    try:
        if on:
            return date(year, month, on)
        if end == "first":
            return date(year, month or 1, 1)
        after = date(year + month // 12, month % 12 + 1, 1) if month else date(year + 1, 1, 1)
        return after - timedelta(days=1)
    except ValueError:
        return None
