"""The date that a page bears, in the ways that sites write it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_FORMS = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?!\d)"),
    re.compile(
        rf"\b{_MONTH.replace('(', '(?P<name>', 1)} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? {_MONTH.replace('(', '(?P<name>', 1)},? (?"
        rf"P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})\b"),
)
_WITHOUT_YEAR = (
    re.compile(
        rf"\b{_MONTH.replace('(', '(?P<name>', 1)} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,? \d{{4}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH.replace('(', '(?P<name>', 1)}\b(?!,? \d{{4}})",
        re.IGNORECASE,
    ),
)
_LABEL = re.compile(
    r"\b(?:date|published|posted|aired|released|recorded|on air|premiered|updated)\b", re.IGNORECASE
)
_MOST_WORDS = 14
"""A line that bears the page's date has no more words than this; in running text dates are matter."""


def page_date(lines: Sequence[str], today: date) -> tuple[date | None, str]:
    """The page's date and, where it is in doubt, why. Without a year it is the last such day."""
    short = [line for line in lines if len(line.split()) <= _MOST_WORDS]
    labelled = [line for line in lines if _LABEL.search(line)]
    for line in [*(line for line in short if _LABEL.search(line)), *short, *labelled]:
        found = date_in(line)
        if found:
            return found
    for line in short:
        for form in _WITHOUT_YEAR:
            match = form.search(line)
            if match and len(line.split()) <= 6:
                for year in (today.year, today.year - 1):
                    day = _made(year, _month(match), int(match["d"]))
                    if day and day <= today:
                        return day, "the page names no year"
    return None, "the page bears no date"


def date_in(line: str) -> tuple[date, str] | None:
    """The first date in a line, and why it may be another."""
    found = []
    for form in _FORMS:
        for match in form.finditer(line):
            month = _month(match)
            day, why = int(match["d"]), ""
            if "m" in form.groupindex and form is _FORMS[-1]:
                if month > 12 >= day:
                    month, day = day, month
                elif day <= 12 and month != day:
                    why = "day and month may stand the other way round"
            made = _made(int(match["y"]), month, day)
            if made:
                found.append((match.start(), made, why))
    return min(found)[1:] if found else None


def _month(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("m"):
        return int(groups["m"])
    name = groups["name"].lower()
    return _MONTHS.index(name[:3]) + 1


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
