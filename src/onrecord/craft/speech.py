"""Captions back to speeches: what one voice says until another speaks, as one text with its sentences.

Captions are cut for the eye that also watches a picture: two lines, six seconds. Nobody reads a
conversation that way. So the captions of one voice are joined, and where its sentences begin is found. Speech
that was recognised without full stops has no sentences; there the end of a caption stands for one, at the
latest after `_LONG_WORDS` words.

Looking at each of 9,000 words an hour would be most of the work of making a page. A regular expression
finds the few hundred marks that may end a sentence, and only those are judged (craft/sentence.py).

A sentence begins when its first word is heard. Where nobody knows the words' times (a transcript from
elsewhere), a caption's time is shared by letters: captions are short, so it is right to about half a second.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, groupby, pairwise
from operator import attrgetter

from onrecord.craft.sentence import CLOSERS, ENDS, between
from onrecord.model.edition import Caption, Speech
from onrecord.model.language import UNSPACED_LETTERS, begins, joined, one_line, parts, spaced
from onrecord.model.time import PubMs, Span

_BEFORE_SPACE = rf"[{ENDS}][{re.escape(CLOSERS)}]*+ "
_MAY_END_IN_ASCII = re.compile(r"[.?!;][\"')\]}]*+ ")
_MAY_END = re.compile(rf"{_BEFORE_SPACE}|[。？！｡．။།][{re.escape(CLOSERS)}]*+(?={UNSPACED_LETTERS})")
_UNSPACED = re.compile(UNSPACED_LETTERS)
_LONG_WORDS = 80
_LONGEST_WORD = 60


def speeches(captions: Iterable[Caption]) -> tuple[Speech, ...]:
    """What is said, in order; a change of voice begins a turn, a change of language in it a speech.

    A caption in which there is no word says nothing.
    """
    told = (caption for caption in captions if caption.text.strip())
    return tuple(
        _speech(turn, tuple(run))
        for turn, (_, group) in enumerate(groupby(told, attrgetter("voice")))
        for _, run in groupby(group, attrgetter("language"))
    )


def _speech(turn: int, group: Sequence[Caption]) -> Speech:
    texts, text = _one_text([caption.text for caption in group])
    if text.isascii():
        lengths = [len(own) + 1 for own in texts]
    else:
        lengths = [len(own) + spaced(own, after) for own, after in pairwise(texts)]
    offsets = list(accumulate(lengths[: len(texts) - 1], initial=0))
    sentences = _sentence_starts(text, offsets, group)
    rows = _rows(group)
    words = tuple(chain.from_iterable(rows))
    if any(after.span.start < before.span.end for before, after in pairwise(group)):
        words = tuple(accumulate(words, max))  # of captions that overlap, nobody speaks backwards
    firsts, places = _first_words(text, texts, offsets, sentences, list(map(len, rows)))
    first = group[0]
    return Speech(
        turn,
        Span(first.span.start, max([first.span.start, *(caption.span.end for caption in group)])),
        first.voice,
        first.person,
        first.language,
        text,
        tuple(sentences),
        firsts,
        words,
        places,
    )


def _one_text(texts: Sequence[str]) -> tuple[Sequence[str], str]:
    """The texts, each in one line, and all of them in one."""
    whole = " ".join(texts)
    if not (whole.isascii() and whole.isprintable()) or "  " in f" {whole} ":
        texts = [one_line(text) for text in texts]
        whole = joined(texts)
    return texts, whole


def _rows(group: Sequence[Caption]) -> list[Sequence[PubMs]]:
    """When the words of each caption begin."""
    nexts = chain((caption.span.start for caption in group[1:]), (None,))
    return [
        caption.words or tuple(_shared(caption, after)) for caption, after in zip(group, nexts, strict=True)
    ]


def _shared(caption: Caption, after: PubMs | None) -> Iterator[PubMs]:
    """When the words of a caption begin, if all letters take the same time; it ends where the next begins."""
    words, start = parts(caption.text), caption.span.start
    length_ms = caption.span.length_ms if after is None else max(0, min(caption.span.end, after) - start)
    letters, whole = 0, max(1, sum(len(word) + 1 for word in words))
    for word in words:
        yield PubMs(start + length_ms * letters // whole)
        letters += len(word) + 1


def _first_words(
    text: str, texts: Sequence[str], offsets: Sequence[int], sentences: Sequence[int], counts: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The number of each sentence's first word, and the words' places where no space tells them.

    Between spaces words are counted from the beginning of the caption that they are in. In other scripts a
    mark with which a caption begins is a part of its own there, and hangs on the letter before it in the
    whole text; so there each part keeps its place.
    """
    if _UNSPACED.search(text):
        places = [at + n for own, at in zip(texts, offsets, strict=True) for n in begins(own)]
        if len(places) == sum(counts):
            return tuple(bisect_right(places, start) - 1 for start in sentences), tuple(places)
    before = list(accumulate(counts, initial=0))
    firsts = []
    for start in sentences:
        i = bisect_right(offsets, start) - 1
        firsts.append(min(before[i] + text.count(" ", offsets[i], start), before[-1] - 1))
    return tuple(firsts), ()


def _sentence_starts(whole: str, offsets: Sequence[int], group: Sequence[Caption]) -> list[int]:
    """Where sentences begin in the text of a speech."""
    starts = [0]
    for mark in (_MAY_END_IN_ASCII if whole.isascii() else _MAY_END).finditer(whole):
        at = mark.end()
        end = at - 1 if whole[at - 1] == " " else at
        before = whole[max(0, end - _LONGEST_WORD) : end].rpartition(" ")[2]
        after = whole[at : at + _LONGEST_WORD].partition(" ")[0]
        i = bisect_right(offsets, at) - 1
        # Within a caption nobody knows of a pause.
        pause_ms = group[i].span.start - group[i - 1].span.end if i and at == offsets[i] else 0
        if between(before, after, pause_ms) == "sentence":
            starts.append(at)
    if len(whole) > _LONG_WORDS * 4:
        starts = _with_breaks(whole, starts, offsets)
    return starts


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
