"""An episode from the text of its page on a website: a draft for a person to correct, with every guess told.

The page is pasted text, made by hand for readers, and messy: lines of the site's frame, a title or none, a
description that bills the people, questions as bullets or in running text, the programme's own line, where
to watch and listen. It is read in this order, each step leaving less for the next:

1. `page_lines`: clean, join wrapped lines, and say of each line what it is; stop at what is related.
2. `page_dates`: the date, on a line of its own.
3. `page_questions`: the list of questions, with the line that leads to it.
4. `page_people`: who is billed, from the sentences in which a host meets guests.
5. Here: the title, the programme's line, references, channels; what is left is the introduction.

Nothing is invented: every text of the draft stands on the page. What is missing stays empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from onrecord.craft.page_billing import billing
from onrecord.craft.page_dates import date_in, page_date
from onrecord.craft.page_lines import (
    TAGS,
    Line,
    is_programme,
    kind_of,
    page_lines,
    sentences,
)
from onrecord.craft.page_names import leading_name
from onrecord.craft.page_people import Billed
from onrecord.craft.page_pointers import HASHTAG, Channel, channels, references, tags, told_outlets
from onrecord.craft.page_questions import people_groups, questions_in
from onrecord.craft.page_title import page_title
from onrecord.model.episode import Announced, Reference

_PRESENTER = re.compile(
    r"\b(?:presented|produced|brought to you|made|published|run|created|series|podcast|"
    r"program(?:me)?|show) by (?:the )?(.+?)"
    r"(?=,? and (?:is )?(?:hosted|presented|moderated|produced)|,? (?:hosted|moderated|that|which|"
    r"with|where|in partnership|featuring)\b|[,.;!]|\s[—–]|\Z)"
    r"|\b(?:a production of|from|of) the (?-i:([A-Z][^,.;]*?))(?=,? (?:hosted|that|which|with|"
    r"where|and)\b|[,.;]|\s[—–]|\Z)",
    re.IGNORECASE,
)
_OF_THIS_EPISODE = re.compile(
    r"\b(?:this (?:episode|week|edition)|joined by|guests? (?:is|are))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Guess:
    """A field that a person should look at, and why."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class PageDraft:
    """What a page says of its episode; every text stands on the page, and what it does not say is empty."""

    title: str = ""
    date: date | None = None
    introduction: str = ""
    """Markdown paragraphs."""
    host: Billed | None = None
    guests: tuple[Billed, ...] = ()
    questions: tuple[Announced, ...] = ()
    references: tuple[Reference, ...] = ()
    tagline: str = ""
    presenter: str = ""
    hashtag: str = ""
    channels: tuple[Channel, ...] = ()
    tags: tuple[str, ...] = ()
    guessed: tuple[Guess, ...] = ()


def read_page(text: str, today: date) -> PageDraft:
    """Read the pasted text of an episode's page.

    Args:
        text: The page as copied from a browser; line ends, blanks and invisible characters do not matter.
        today: For a date without a year, which is then the last such day.
    """
    lines = page_lines(text)
    guesses: list[Guess] = []
    day, doubt = page_date([line.text for line in lines], today)
    if doubt:
        guesses.append(Guess("date", doubt))
    tagline, lines = _programme(lines)
    hashtag = _hashtag(lines, tagline)
    title = page_title(lines, hashtag, tagline)
    if not title:
        guesses.append(Guess("title", "the page has no line that could be a title"))
    questions, held, doubt = questions_in(lines, title)
    if not questions:
        guesses.append(Guess("questions", "the page announces none"))
    elif doubt:
        guesses.append(Guess("questions", doubt))
    people = {*people_groups(lines)}
    host, guests, doubts = billing(lines, tagline, people)
    guesses += [Guess(field, why) for field, why in doubts]
    return PageDraft(
        title=title,
        date=day,
        introduction="\n\n".join(_introduction(lines, held | people, title)),
        host=host,
        guests=guests,
        questions=questions,
        references=tuple(references(lines)),
        tagline=tagline,
        presenter=_presenter(tagline),
        hashtag=hashtag,
        channels=tuple(channels([*lines, *told_outlets(tagline)])),
        tags=tuple(tags(lines, hashtag)),
        guessed=tuple(guesses),
    )


def _programme(lines: Sequence[Line]) -> tuple[str, tuple[Line, ...]]:
    """The programme's own line, and the lines without it."""
    tagline, rest = "", []
    for line in lines:
        if line.kind not in {"text", "programme", "short"} or (tagline and line.kind != "programme"):
            rest.append(line)
            continue
        said = sentences(line.text)
        first = next((i for i, sentence in enumerate(said) if is_programme(sentence)), None)
        if first is None and line.section == "programme" and line.kind == "text":
            first = 0
        if first is None:
            rest.append(line)
            continue
        # The programme's line goes on to the end of its paragraph, unless that turns to this episode.
        last = first + 1
        while (
            last < len(said) and kind_of(said[last]) != "channels" and not _OF_THIS_EPISODE.search(said[last])
        ):
            last += 1
        if not tagline:
            tagline = " ".join(said[first:last])
        left = " ".join(said[:first] + said[last:])
        if left:
            rest.append(Line(left, kind_of(left)))
    return tagline, tuple(rest)


def _hashtag(lines: Sequence[Line], tagline: str) -> str:
    own = HASHTAG.search(tagline)
    if own:
        return own[1]
    counted = Counter(tag for line in lines for tag in HASHTAG.findall(line.text))
    return counted.most_common(1)[0][0] if counted else ""


def _introduction(lines: Sequence[Line], held: frozenset[int] | set[int], title: str) -> Iterator[str]:
    """The paragraphs that describe the episode."""
    for i, line in enumerate(lines):
        if (
            i in held
            or line.kind != "text"
            or line.text == title
            or line.section in {"guests", "host", "reading", "times", "tags", "programme"}
        ):
            continue
        speaks = re.match(r"([^:]{3,60}): ", line.text)
        if speaks and leading_name(speaks[1]) == speaks[1]:
            continue  # `Ana Kova: Forty boxes.` is the talk itself
        if date_in(line.text) and len(line.text.split()) < 8:
            continue
        if TAGS.match(line.text) or re.match(
            r"(?:guests?|hosts?|speakers?|moderator)\s*:", line.text, re.IGNORECASE
        ):
            continue
        yield line.text


def _presenter(tagline: str) -> str:
    found = _PRESENTER.search(tagline)
    return (found[1] or found[2]).strip() if found else ""
