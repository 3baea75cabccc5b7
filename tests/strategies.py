"""Hypothesis strategies: the shared vocabulary of the laws.

Files hold what people write, so values are drawn as a file can say them: texts on one line without
control characters and without space at their ends, times in whole milliseconds under a hundred hours,
addresses that are addresses. What is outside that cannot come out of a reader, so no law speaks of it.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from onrecord.model.episode import (
    Announced,
    Correction,
    Cut,
    Episode,
    Presenter,
    Reference,
    Series,
    Sign,
    Withdrawal,
)
from onrecord.model.ledger import Answer, Chapter, Found, Ledger, Question, Quote
from onrecord.model.people import Billing, Person
from onrecord.model.time import Ms, Span
from onrecord.model.timeline import Timeline, lay
from onrecord.text.yaml_node import Plain

HUNDRED_HOURS_MS = 100 * 3600 * 1000
ZONES = ("UTC", "Europe/Tirane", "America/St_Johns")


def normal(text: str) -> str:
    """A text as a field can hold it: one line, no control characters, single spaces, none at the ends."""
    unseen = ("Cc", "Cs", "Cn", "Zl", "Zp")
    shown = "".join(" " if unicodedata.category(c) in unseen else c for c in text)
    return " ".join(shown.replace("\ufeff", " ").split())


_LETTERS = st.sampled_from(
    "abcdefghij ABC éčđž Ђшш 日本 ٠ 0123 -–—'\"“”«»:;,.?!#@*&%`|>[]{}()<>/\\=+~^$_\u00a0\u200f🎙"
)
_SENTENCES = """Serbia|why|what next?|Who: me|#Debrief|@who|- x|"Soft power"|'Tis|yes|no|null|12:30|00:03:12
2025-03-12|[a]|{b}|*a|&b|!c|%d|`e`|> g|? h|--- i|...|a:|:a|it's|a #b|a # b|title|ask|http://example.org/x|C:\\new|=|~|<<"""
WORDS = st.sampled_from([word for line in _SENTENCES.splitlines() for word in line.split("|")])
TEXT = st.one_of(
    WORDS,
    st.lists(WORDS, min_size=2, max_size=4).map(" ".join),
    st.text(_LETTERS, max_size=24),
    st.text(max_size=12),
).map(normal)
SOME_TEXT = TEXT.filter(bool)
"""A text with something in it."""

SLUG = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
URL = st.from_regex(r"https://[a-z]{1,8}\.example\.(org|com)(/[a-z0-9_~%#?&=.-]{0,12}){0,2}", fullmatch=True)
FILE = st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9 _.-]{0,8}[a-z0-9]\.(mp3|jpg)", fullmatch=True).filter(
    lambda f: ".." not in f
)
DAYS = st.dates(date(1950, 1, 1), date(2199, 12, 31))
MS = st.one_of(st.integers(0, 4 * 3600 * 1000), st.integers(0, HUNDRED_HOURS_MS - 1)).map(Ms)


def texts(most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    """A few texts."""
    return st.lists(SOME_TEXT, max_size=most).map(tuple)


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """That, or nothing."""
    return st.one_of(st.just(""), strategy)


@st.composite
def spans(draw: st.DrawFn) -> Span[Ms]:
    """A stretch of the recording with some length."""
    start, end = sorted(draw(st.lists(MS, min_size=2, max_size=2, unique=True)))
    return Span(start, end)


def billings() -> st.SearchStrategy[Billing]:
    """A person as billed, not looked up in a register; role and organisation as free as any text."""
    people = SOME_TEXT.map(lambda name: Person("", name, registered=False))
    return st.builds(Billing, people, maybe(TEXT), maybe(TEXT))


def serieses() -> st.SearchStrategy[Series]:
    """A series as series.yaml can say it."""
    presenter = st.one_of(
        st.just(Presenter()), st.builds(Presenter, name=SOME_TEXT, unit=maybe(TEXT), url=maybe(URL))
    )
    return st.builds(
        Series,
        guid=SOME_TEXT,
        title=SOME_TEXT,
        tagline=TEXT,
        presenter=presenter,
        host=st.none() | billings(),
        hashtag=TEXT.map(lambda t: t.lstrip("#").strip()),
        language=st.sampled_from(["en", "sr-Latn", "no"]),
        timezone=st.sampled_from(ZONES),
        category=texts(),
        url=maybe(URL.map(lambda u: u.rstrip("/") + "/")),
        links=st.dictionaries(SOME_TEXT, URL, max_size=3),
        artwork=maybe(FILE),
        email=maybe(TEXT),
        explicit=st.booleans(),
        recogniser=st.just("base") | SOME_TEXT,
        glossary=texts(),
    )


@st.composite
def registers(draw: st.DrawFn) -> tuple[Person, ...]:
    """A register in which every name is one person's."""
    ids = draw(st.lists(SLUG, unique=True, max_size=5))
    names = draw(st.lists(SOME_TEXT, min_size=3 * len(ids), max_size=3 * len(ids), unique_by=str.casefold))
    return tuple(
        Person(
            own,
            names[3 * i],
            tuple(names[3 * i + 1 : 3 * i + 1 + draw(st.integers(0, 2))]),
            draw(maybe(URL)),
            draw(maybe(FILE)),
            draw(texts(2)),
        )
        for i, own in enumerate(ids)
    )


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """When an episode is published: a moment with an offset of whole minutes."""
    naive = draw(st.datetimes(datetime(1950, 1, 1), datetime(2199, 12, 31)))  # noqa: DTZ001 - it gets its zone below
    offset = timezone(timedelta(minutes=draw(st.integers(-14 * 60, 14 * 60))))
    if draw(st.booleans()):
        return naive.replace(tzinfo=draw(st.sampled_from([UTC, offset])))
    return naive.replace(
        hour=12, minute=0, second=0, microsecond=0, tzinfo=ZoneInfo(draw(st.sampled_from(ZONES)))
    )


@st.composite
def cuts(draw: st.DrawFn) -> tuple[Cut, ...]:
    """Named cuts that end after they begin."""
    made = []
    for name in draw(st.lists(SOME_TEXT, unique=True, max_size=3)):
        span = draw(spans())
        start, end = draw(
            st.sampled_from([(span.start, span.end), (span.start, None), (None, span.end), (None, None)])
        )
        made.append(Cut(name, start, end, draw(maybe(FILE)), draw(maybe(FILE))))
    return tuple(made)


MARKDOWN = st.one_of(
    st.sampled_from(
        ["", "One line.", "# Head\n\n- a: b\n---\nc", "---\nfields: no\n---\n", "a\n\n\n  b", "`---`"]
    ),
    st.lists(TEXT, max_size=4).map("\n".join),
).map(lambda body: body.strip("\n"))


def episodes() -> st.SearchStrategy[Episode]:
    """An episode as episode.md can say it."""
    signs = st.none() | st.builds(Sign, SOME_TEXT, DAYS)
    return st.builds(
        Episode,
        id=SOME_TEXT,
        slug=st.just("2025-03-12-talk"),
        title=SOME_TEXT,
        published=moments(),
        introduction=MARKDOWN,
        host=st.none() | billings(),
        guests=st.lists(billings(), max_size=3).map(tuple),
        questions=st.lists(st.builds(Announced, SOME_TEXT, texts(2)), max_size=3).map(tuple),
        references=st.lists(st.builds(Reference, SOME_TEXT, maybe(URL)), max_size=2).map(tuple),
        tags=texts(),
        links=st.dictionaries(SOME_TEXT, URL, max_size=2),
        cuts=cuts(),
        off_record=st.lists(spans(), max_size=2).map(tuple),
        language=maybe(st.sampled_from(["sr", "de"])),
        transcript_clock=st.sampled_from(["recording", "programme"]),
        glossary=texts(),
        voices=st.integers(0, 50),
        corrections=st.lists(st.builds(Correction, DAYS, SOME_TEXT, st.none() | MS), max_size=2).map(tuple),
        checked=signs,
        approved=signs,
        withdrawn=st.none() | st.builds(Withdrawal, DAYS, maybe(SOME_TEXT)),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """A ledger with ids of their own and chapters in order."""
    ids = draw(st.lists(SOME_TEXT, unique=True, max_size=3))
    found: st.SearchStrategy[Found] = st.sampled_from(["yes", "no", "never asked"])
    questions = tuple(
        Question(
            own,
            draw(SOME_TEXT),
            draw(found),
            draw(st.none() | MS),
            tuple(draw(st.lists(st.builds(Answer, SOME_TEXT, spans()), max_size=2))),
            tuple(draw(st.lists(st.builds(Quote, SOME_TEXT, spans(), SOME_TEXT, st.booleans()), max_size=2))),
        )
        for own in ids
    )
    moments_ms = sorted(draw(st.sets(MS, max_size=4)))
    return Ledger(questions, tuple(Chapter(at, draw(SOME_TEXT)) for at in moments_ms))


ANY_TEXT = st.one_of(
    TEXT,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["a\nb", " a", "a ", "\t", ""]),
)
"""A text as YAML can hold it: line ends, tabs and all."""


def trees(*, top: bool = True) -> st.SearchStrategy[dict[str, Plain]]:
    """Fields with texts, lists and fields in them."""
    value: st.SearchStrategy[Plain] = st.recursive(
        ANY_TEXT,
        lambda inside: st.lists(inside, max_size=4) | st.dictionaries(ANY_TEXT, inside, max_size=4),
        max_leaves=10,
    )
    return st.dictionaries(ANY_TEXT, value, min_size=1 if top else 0, max_size=5)


@st.composite
def timelines(draw: st.DrawFn) -> tuple[Timeline, Span[Ms], tuple[Span[Ms], ...]]:
    """A cut's timeline with what it lies within and what is removed from it, in small figures."""
    small = st.integers(0, 40)

    def span() -> Span[Ms]:
        start, end = sorted((draw(small), draw(small)))
        return Span(Ms(start), Ms(end))

    within, removed = span(), tuple(span() for _ in range(draw(st.integers(0, 4))))
    line = lay(
        "programme", within, removed, intro_ms=draw(st.integers(0, 9)), outro_ms=draw(st.integers(0, 9))
    )
    return line, within, removed
