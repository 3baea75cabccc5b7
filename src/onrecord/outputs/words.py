r"""When each word of a page is said: one small file that the player fetches when somebody plays.

A span around each word would make the page five times as long. The page holds paragraphs, and
`words.json` one string for each of them: a letter a word, which says how long after the word before it
begins (the first: after the paragraph's own time), in steps of 20 ms. A step count below 86 is one
letter, counted from `#` on without `\`; a longer one is `!` and three letters, a number of base 86. Nine
thousand words are 9 KB before compression. Both sides split words as `model.language.parts` does; where
a paragraph's count differs, the player shares its time evenly.

Where nobody knows the words' times (a transcript from elsewhere), a caption's time is shared by letters.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Final

from onrecord.craft.paragraph import Spoken
from onrecord.model.edition import Caption
from onrecord.model.language import parts
from onrecord.model.time import PubMs

STEP_MS: Final = 20
_BASE: Final = 86
_LETTERS: Final = "".join(chr(c) for c in range(ord("#"), 127) if chr(c) != "\\")[:_BASE]


def starts(captions: Iterable[Caption]) -> Iterator[PubMs]:
    """When each word of the captions begins."""
    return chain.from_iterable(caption.words or _shared(caption) for caption in captions)


def _shared(caption: Caption) -> Iterator[PubMs]:
    words = parts(caption.text)
    letters, whole = 0, max(1, sum(len(word) + 1 for word in words))
    for word in words:
        yield PubMs(caption.span.start + caption.span.length_ms * letters // whole)
        letters += len(word) + 1


def timed(
    turns: Sequence[Spoken], captions: Iterable[Caption]
) -> tuple[tuple[Spoken, ...], tuple[tuple[PubMs, ...], ...]]:
    """The turns with each paragraph at its first word, and each paragraph's words' beginnings."""
    left = starts(captions)
    rows: list[tuple[PubMs, ...]] = []
    found = []
    for turn in turns:
        paragraphs = []
        for paragraph in turn.paragraphs:
            row = tuple(islice(left, len(parts(paragraph.text))))
            rows.append(row)
            paragraphs.append(replace(paragraph, at=row[0]) if row else paragraph)
        found.append(replace(turn, paragraphs=tuple(paragraphs)))
    return tuple(found), tuple(rows)


def write(rows: Iterable[Sequence[PubMs]]) -> bytes:
    r"""The file.

    >>> write([(PubMs(1000), PubMs(1020), PubMs(1400)), (PubMs(9000), PubMs(19000))])
    b'["#$6","#!#(j"]\n'
    """
    return (json.dumps([_row(row) for row in rows], separators=(",", ":")) + "\n").encode()


def _row(row: Sequence[PubMs]) -> str:
    # Each word is rounded by itself, so that roundings do not add up.
    first = row[0] - STEP_MS // 2 if row else 0
    places = [(at - first) // STEP_MS for at in row]
    steps = [max(0, after - before) for before, after in zip([0, *places], places, strict=False)]
    if max(steps, default=0) < _BASE:
        return "".join([_LETTERS[n] for n in steps])
    return "".join(_LETTERS[n] if n < _BASE else "!" + _number(min(n, _BASE**3 - 1)) for n in steps)


def _number(steps: int) -> str:
    high, low = divmod(steps, _BASE)
    return _LETTERS[high // _BASE] + _LETTERS[high % _BASE] + _LETTERS[low]
