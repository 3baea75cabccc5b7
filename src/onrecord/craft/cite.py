r"""How an episode is cited: APA (7th edition), Chicago (18th, bibliography) and BibTeX.

Reference lists put the family name first. Which of a person's names that is, no program can know; the last
word, with the small words before it (`de la Cruz`), is right for nearly all names written in Latin,
Cyrillic and Greek letters that have two words or more. Other names stand as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from onrecord.model.time import short_clock

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TURNED = ("LATIN", "CYRILLIC", "GREEK")
_ENDS = ("?", "!", "…", ".")
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class Work:
    """What is cited: one episode of a programme."""

    title: str
    series: str
    publisher: str
    published: datetime
    hosts: tuple[str, ...]
    guests: tuple[str, ...]
    url: str = ""
    """Its whole address; empty where it has none."""
    medium: str = "Audio"
    """`Audio` or `Video`; empty where there is neither."""
    length_ms: int = 0


def family_first(name: str) -> tuple[str, str]:
    """A name as family name and given names; the second is empty for a name that stands as it is.

    >>> family_first("Sofia de la Cruz"), family_first("Ana"), family_first("山田 太郎")
    (('de la Cruz', 'Sofia'), ('Ana', ''), ('山田 太郎', ''))
    """
    words = name.split()
    if len(words) < 2 or not all(unicodedata.name(w[0], "").startswith(_TURNED) for w in words if w):
        return " ".join(words), ""
    first = len(words) - 1
    while first > 1 and words[first - 1][0].islower():
        first -= 1
    return " ".join(words[first:]), " ".join(words[:first])


def _initials(given: str) -> str:
    """`Ana-Marija K` as `A.-M. K.`."""
    return " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in given.split())


def _apa_name(name: str) -> str:
    family, given = family_first(name)
    return f"{family}, {_initials(given)}" if given else family


def _listed(names: Sequence[str], last: str) -> str:
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _ended(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."


def apa(work: Work) -> tuple[str, str, str]:
    """Three parts: up to the programme's title, that title (for italics), the rest but the address."""
    people = [f"{_apa_name(h)} (Host)" for h in work.hosts] + [f"{_apa_name(g)} (Guest)" for g in work.guests]
    day = f"({work.published.year}, {_MONTHS[work.published.month - 1]} {work.published.day})"
    kind = {"Audio": " [Audio podcast episode]", "Video": " [Video podcast episode]"}.get(work.medium, "")
    who = _listed(people, ", & ")
    head = f"{_ended(who)} {day}. " if who else ""
    title = f"{work.title}{kind}. In " if who else f"{work.title}{kind}. {day}. In "
    return head + title, work.series, f". {_ended(work.publisher)}" if work.publisher else "."


def chicago(work: Work) -> tuple[str, str, str]:
    """The same three parts for the bibliography of the Chicago manual."""
    hosts = [
        ", ".join(part for part in family_first(h) if part) if i == 0 else h for i, h in enumerate(work.hosts)
    ]
    who = f"{_listed(hosts, ', and ')}, host{'s' if len(hosts) > 1 else ''}. " if hosts else ""
    guests = f" With {_listed(work.guests, ' and ')}." if work.guests else ""
    day = f"{_MONTHS[work.published.month - 1]} {work.published.day}, {work.published.year}"
    publisher = f" {_ended(work.publisher)}" if work.publisher else ""
    medium = f" {work.medium}, {short_clock(work.length_ms)}." if work.medium and work.length_ms else ""
    return f"{who}“{_ended(work.title)}”{guests} ", work.series, f". {day}.{publisher}{medium}"


def bibtex(work: Work) -> str:
    """The entry, of the kind that every style knows (`misc`), without its last line and its address."""
    people = [", ".join(part for part in family_first(name) if part) for name in (*work.hosts, *work.guests)]
    medium = f"{work.medium}, {short_clock(work.length_ms)}" if work.medium and work.length_ms else ""
    fields = {
        "author": " and ".join(_tex(name) for name in people),
        "title": f"{{{_tex(work.title)}}}",
        "howpublished": ", ".join(f"{_tex(part)}" for part in (work.series, work.publisher) if part),
        "year": str(work.published.year),
        "month": f"{work.published:%m}".lstrip("0"),
        "day": str(work.published.day),
        "note": medium,
    }
    lines = [f"  {key} = {{{value}}}," for key, value in fields.items() if value]
    return "\n".join([f"@misc{{{_key(work)},", *lines, ""])


def _tex(text: str) -> str:
    r"""Text as LaTeX takes it.

    >>> _tex("R&D at 5 %")
    'R\\&D at 5 \\%'
    """
    return "".join(_TEX.get(c, c) for c in " ".join(text.split()))


def _key(work: Work) -> str:
    """`hartwell2026vote`: who, when, and the first long word of the title, in plain letters."""
    who = family_first((*work.hosts, *work.guests, "anonymous")[0])[0]
    plain = [
        re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", word).casefold())
        for word in (who, *work.title.split())
    ]
    subject = next((word for word in plain[1:] if len(word) > 4), "")
    return f"{plain[0] or 'episode'}{work.published.year}{subject}"
