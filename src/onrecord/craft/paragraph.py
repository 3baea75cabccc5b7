"""Captions back to reading: turns, and in a turn paragraphs of three to five sentences.

Captions are cut for the eye that also watches a picture: two lines, six seconds. Nobody reads a
conversation that way. So the captions of one voice are joined into a turn, the turn is cut into
sentences, and the sentences are dealt out evenly:

    7 sentences      ceil(7 / 5) = 2 paragraphs      4 + 3
    11               3                               4 + 4 + 3

A paragraph also begins where a voice changes to another language, and where the page says that something
begins (a question, a chapter): at the sentence that starts nearest to that moment. Between two such places
the dealing never makes a paragraph of more than five, nor one of fewer than three unless the turn itself is
shorter. Speech that was recognised without full stops has no sentences; there the end of a caption stands
for one, at the latest after `_LONG_WORDS` words.

Looking at each of 9,000 words an hour would be most of the work of making a page. A regular expression
finds the few hundred marks that may end a sentence, and only those are judged (craft/sentence.py).

A paragraph begins at a moment that can be heard. Where its first sentence begins inside a caption, the
moment is in proportion to the letters before it: captions are short, so it is right to about half a second.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, groupby, pairwise, repeat

from onrecord.craft.sentence import CLOSERS, ENDS, PAUSE_MS, edge
from onrecord.model.edition import Caption
from onrecord.model.language import UNSPACED_LETTERS, joined, one_line, spaced
from onrecord.model.people import Person
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.transcript import Word

_BEFORE_SPACE = rf"[{ENDS}][{re.escape(CLOSERS)}]*+ "
_MAY_END_IN_ASCII = re.compile(_BEFORE_SPACE)
_MAY_END = re.compile(rf"{_BEFORE_SPACE}|[。？！｡．។။།][{re.escape(CLOSERS)}]*+(?={UNSPACED_LETTERS})")
_LONG_WORDS = 80
_LONGEST_WORD = 60
_MOST = 5
_NEAR_MS = 3000
_AT_ONCE = Span(Ms(0), Ms(0))
_AFTER_PAUSE = Span(Ms(PAUSE_MS), Ms(PAUSE_MS))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences of a turn, and where the first of them begins."""

    at: PubMs
    text: str
    language: str = ""
    """BCP 47, where it is another one than the edition's."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn of the published cut as paragraphs; `person` is None while nobody has named the voice."""

    span: Span[PubMs]
    voice: str
    person: Person | None
    paragraphs: tuple[Paragraph, ...]


def spoken(captions: Sequence[Caption], marked: Iterable[PubMs] = ()) -> tuple[Spoken, ...]:
    """Gather captions into turns, and each turn into paragraphs; no word is lost or moved.

    Args:
        captions: In order of time.
        marked: Moments at which something begins that a page points at, in any order.
    """
    moments = sorted(set(marked))
    groups: list[list[Caption]] = []
    for caption in captions:
        if groups and groups[-1][-1].voice == caption.voice:
            groups[-1].append(caption)
        else:
            groups.append([caption])
    return tuple(
        Spoken(
            Span(group[0].span.start, max(group[0].span.start, group[-1].span.end)),
            group[0].voice,
            group[0].person,
            tuple(
                replace(paragraph, language=language) if language else paragraph
                for language, run in groupby(group, key=_language)
                for paragraph in _paragraphs(tuple(run), moments)
            ),
        )
        for group in groups
    )


def _language(caption: Caption) -> str:
    return caption.language


@dataclass(frozen=True, slots=True)
class Laid:
    """Captions of one voice as one text, and where in it each caption and each sentence begins."""

    text: str
    captions: tuple[int, ...]
    sentences: tuple[int, ...]
    """At least the beginning."""


def lay_out(group: Sequence[Caption]) -> Laid:
    """Lay the captions of one voice out as one text."""
    pauses = [after.span.start - before.span.end >= PAUSE_MS for before, after in pairwise(group)]
    return _laid(tuple([caption.text for caption in group]), (False, *pauses))


@lru_cache(maxsize=512)  # the page and the search index of an episode ask for the same, one after the other
def _laid(captions: tuple[str, ...], pauses: tuple[bool, ...]) -> Laid:
    texts = [one_line(text) for text in captions]
    whole = joined(texts)
    gaps = repeat(True) if whole.isascii() else (spaced(*pair) for pair in pairwise(texts))
    lengths = (len(text) + gap for text, gap in zip(texts[:-1], gaps, strict=False))
    offsets = tuple(accumulate(lengths, initial=0))
    return Laid(whole, offsets, tuple(_sentence_starts(whole, offsets, pauses)))


def _paragraphs(group: Sequence[Caption], marked: Sequence[PubMs]) -> tuple[Paragraph, ...]:
    laid = lay_out(group)
    whole, offsets, starts = laid.text, laid.captions, laid.sentences
    firsts: list[int] = []
    forced = _forced(starts, group, offsets, marked)
    for first, after in zip(forced, [*forced[1:], len(starts)], strict=True):
        count = -(-(after - first) // _MOST)
        firsts += (starts[first + (after - first) * i // count] for i in range(count))
    return tuple(
        Paragraph(moment_of(group, offsets, first), whole[first:after].rstrip(" "))
        for first, after in zip(firsts, [*firsts[1:], len(whole)], strict=True)
    )


def _forced(
    starts: Sequence[int], group: Sequence[Caption], offsets: Sequence[int], marked: Sequence[PubMs]
) -> list[int]:
    """Which sentences must begin a paragraph: the first, and the nearest to each marked moment."""
    begin, end = group[0].span.start, group[-1].span.end
    within = marked[bisect_left(marked, begin) : bisect_left(marked, end)]
    if not within:
        return [0]
    ats = [moment_of(group, offsets, start) for start in starts]
    forced = {0}
    for moment in within:
        nearest = min(range(len(ats)), key=lambda i: abs(ats[i] - moment))
        if abs(ats[nearest] - moment) <= _NEAR_MS:
            forced.add(nearest)
    return sorted(forced)


def _sentence_starts(whole: str, offsets: Sequence[int], pauses: Sequence[bool]) -> list[int]:
    """Where sentences begin in the text of a turn."""
    starts = [0]
    for mark in (_MAY_END_IN_ASCII if whole.isascii() else _MAY_END).finditer(whole):
        at = mark.end()
        end = at - 1 if whole[at - 1] == " " else at
        before = whole[max(0, end - _LONGEST_WORD) : end].rpartition(" ")[2]
        after = whole[at : at + _LONGEST_WORD].partition(" ")[0]
        i = bisect_right(offsets, at) - 1
        if _ends(before, after, at == offsets[i] and pauses[i]):
            starts.append(at)
    if len(whole) > _LONG_WORDS * 4:
        starts = _with_breaks(whole, starts, offsets)
    return starts


@lru_cache(maxsize=8192)
def _ends(before: str, after: str, paused: bool) -> bool:
    """Whether a sentence ends between two words."""
    return edge(Word(_AT_ONCE, before), Word(_AFTER_PAUSE if paused else _AT_ONCE, after)) == "sentence"


def _with_breaks(whole: str, starts: Sequence[int], offsets: Sequence[int]) -> list[int]:
    """Where a sentence is longer than anybody's, captions that begin in it count as sentences."""
    broken = []
    for start, after in zip(starts, [*starts[1:], len(whole)], strict=True):
        broken.append(start)
        if after - start <= _LONG_WORDS * 4 or whole.count(" ", start, after) <= _LONG_WORDS:
            continue
        for offset in offsets[bisect_right(offsets, start) : bisect_right(offsets, after - 1)]:
            if whole.count(" ", broken[-1], offset) >= _LONG_WORDS // 4:
                broken.append(offset)
    return broken


def moment_of(group: Sequence[Caption], offsets: Sequence[int], at: int) -> PubMs:
    """When a place in the text is said."""
    i = bisect_right(offsets, at) - 1
    caption, within = group[i], at - offsets[i]
    length = (offsets[i + 1] - 1 if i + 1 < len(offsets) else offsets[i] + len(caption.text)) - offsets[i]
    return PubMs(caption.span.start + caption.span.length_ms * within // max(1, length))
