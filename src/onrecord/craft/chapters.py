"""Chapters: from where the questions lie, and from the conversation itself where nothing was announced.

With a list, a chapter begins where each question is asked (or, unasked, where its answer begins), snapped to
the beginning of the turn, and is titled by the question. A long stretch that no question lies in, and
that the host opens with a question of their own, is a chapter with that title. Without a list the
conversation is cut by what it is about (segment.py), each stretch titled by what the host asks at its
beginning; a stretch in which nothing is asked belongs to the one before.

What players ask for holds in any case: the first chapter is at the programme's start, they are 10 s apart at
least (30 s in a conversation of ten minutes or more), titles have under 40 characters, and there are at most
twelve for an hour. The shortest give way: each goes to the chapter before it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from onrecord.craft.asked import last_question, within
from onrecord.craft.chapter_title import title_of
from onrecord.craft.segment import cut, how_many
from onrecord.craft.talk import Talk
from onrecord.craft.turn import Said
from onrecord.model.language import primary, script
from onrecord.model.ledger import Chapter
from onrecord.model.time import Ms, Span

MOST_AN_HOUR = 12
LEAST = 3
_HOUR_MS = 3_600_000
_APART_MS, _APART_LONG_MS = 10_000, 30_000
_LONG_MS = 600_000
_SNAP_MS = 30_000
_UNANNOUNCED_MS = 120_000
_ASKED_WITHIN_TURNS = 4
_MOST_QUESTION_WORDS = 40
_INTRODUCTION = {
    "en": "Introduction",
    "de": "Einleitung",
    "fr": "Introduction",
    "es": "Introducción",
    "it": "Introduzione",
    "sr": "Uvod",
    "hr": "Uvod",
    "bs": "Uvod",
    "sq": "Hyrje",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where something is dealt with: its question, where it begins, and what is covered by it."""

    question: str
    at: Ms
    span: Span[Ms]


@dataclass(frozen=True, slots=True)
class Around:
    """What chapters need to know of an episode besides its talk."""

    programme: Span[Ms]
    """From the first moment that is kept to the end of the last."""
    language: str
    hosts: frozenset[str]
    title: str
    """The episode's: what the first chapter is called in a language without a word for an introduction."""

    @property
    def apart_ms(self) -> int:
        """How long a chapter is at least."""
        return _APART_LONG_MS if self.programme.length_ms >= _LONG_MS else _APART_MS

    @property
    def most(self) -> int:
        """How many chapters there are at most."""
        hours = self.programme.length_ms / _HOUR_MS
        return max(MOST_AN_HOUR, round(MOST_AN_HOUR * hours))


def chapters(talk: Talk, stretches: Sequence[Stretch], around: Around) -> tuple[Chapter, ...]:
    """Chapters from where the questions lie.

    Args:
        talk: the whole conversation.
        stretches: a question each, in any order.
        around: the programme.

    Returns:
        In order of time, the first at the programme's start; none if there would be fewer than two.
    """
    starts = sorted((s.at, title_of(s.question, around.language)) for s in stretches)
    begins = [(snapped(talk, at), title) for at, title in starts if title]
    if begins:
        begins += _unannounced(talk, [s.span for s in stretches], around)
    else:
        begins = [(s.at, title_of(s.question, around.language)) for s in asked_stretches(talk, around)]
    return _within_limits(begins, around)


def asked_stretches(talk: Talk, around: Around) -> tuple[Stretch, ...]:
    """What a conversation is about where nothing was announced: the host's own questions, in order."""
    if not talk:
        return ()
    begins = cut(
        talk, how_many(around.programme.length_ms), around.language, around.hosts, apart_ms=around.apart_ms
    )
    ends = [*begins[1:], talk[-1].span.end]
    found: list[Stretch] = []
    for start, end in zip(begins, ends, strict=True):
        span = Span(start, end)
        question, at = _hosts_question(within(talk, span), around)
        if question:
            found.append(Stretch(question, snapped(talk, at), Span(at, end)))
        elif found:
            found[-1] = Stretch(found[-1].question, found[-1].at, found[-1].span | span)
    return tuple(found)


def snapped(talk: Talk, at: Ms) -> Ms:
    """The beginning of the turn in which a moment lies, unless that is long before, or opens the talk."""
    for n, said in enumerate(talk):
        if said.span.start <= at < said.span.end:
            return said.span.start if n and at - said.span.start <= _SNAP_MS else at
    return at


def _unannounced(talk: Talk, covered: Sequence[Span[Ms]], around: Around) -> list[tuple[Ms, str]]:
    """Long stretches between the questions that begin with another question of the host's."""
    found = []
    at = min(span.start for span in covered)
    for span in [*sorted(covered), Span(around.programme.end, around.programme.end)]:
        if span.start - at >= _UNANNOUNCED_MS:
            question, begins = _hosts_question(within(talk, Span(at, span.start)), around)
            if question and span.start - begins >= _UNANNOUNCED_MS:
                found.append((snapped(talk, begins), title_of(question, around.language)))
        at = max(at, span.end)
    return found


def _hosts_question(turns: Sequence[Said], around: Around) -> tuple[str, Ms]:
    """What the host asks at the beginning of a stretch, and when that turn begins."""
    hosts = around.hosts or frozenset(said.voice for said in turns)
    for said in [said for said in turns if said.voice in hosts][:_ASKED_WITHIN_TURNS]:
        question = last_question(said)
        if question and LEAST < len(question.split()) <= _MOST_QUESTION_WORDS:
            return question, said.span.start
    return "", Ms(0)


def _within_limits(begins: Collection[tuple[Ms, str]], around: Around) -> tuple[Chapter, ...]:
    programme = around.programme
    kept = [Chapter(at, title) for at, title in sorted(begins) if programme.start <= at < programme.end]
    if not kept:
        return ()
    if kept[0].at - programme.start >= around.apart_ms:
        kept.insert(0, Chapter(programme.start, introduction(around.language, around.title)))
    else:
        kept[0] = Chapter(programme.start, kept[0].title)
    while len(kept) > 1:
        ends = [*(c.at for c in kept[1:]), programme.end]
        lengths_ms = [end - c.at for c, end in zip(kept, ends, strict=True)]
        shortest = min(range(len(kept)), key=lambda i: lengths_ms[i])
        if lengths_ms[shortest] >= around.apart_ms and len(kept) <= around.most:
            break
        # The first one stands at the start, whatever comes after it.
        del kept[shortest or 1]
    return tuple(kept) if len(kept) > 1 else ()


def introduction(language: str, title: str) -> str:
    """What the first chapter is called; the episode's title in a language that we have no word for.

    >>> introduction("sr-Cyrl", ""), introduction("mt", "Ħobż")
    ('Увод', 'Ħobż')
    """
    if primary(language) == "sr" and script(language) == "Cyrl":
        return "Увод"
    return _INTRODUCTION.get(primary(language)) or title_of(title, language)
