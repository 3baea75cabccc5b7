r"""When each word of a page is said: one small file that the player fetches when somebody plays.

A span around each word would make the page five times as long. The page holds paragraphs, and
`words.json` one string for each of them: a letter a word, which says how long after the word before it
begins (the first: after the paragraph's time on the page), in steps of 25 ms. A step count below 86 is one
letter, counted from `#` on without `\`; a longer one is `!` and three letters, a number of base 86. Nine
thousand words are 9 KB before compression. Both sides split words as `model.language.parts` does; where
a paragraph's count differs, the player shares its time evenly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate, chain
from operator import sub
from struct import pack
from typing import Final

from onrecord.craft.paragraph import Spoken, to_read
from onrecord.craft.url import episode_path
from onrecord.model.edition import Edition
from onrecord.model.time import PubMs
from onrecord.outputs.turns import told

NAME = "words"
KIND = "episode"
THEMED = False

FILE: Final = "words.json"
STEP_MS: Final = 25
_BASE: Final = 86
_LETTERS: Final = "".join(chr(c) for c in range(ord("#"), 127) if chr(c) != "\\")[:_BASE]
_LETTER_OF: Final = _LETTERS.encode().ljust(256)


def render(edition: Edition) -> Mapping[str, bytes]:
    """Give `<slug>/words.json` where words are played."""
    rows = list(_rows(to_read(edition))) if edition.video or edition.audio else []
    return {episode_path(edition.episode.slug, FILE): write(rows)} if rows else {}


def address(turns: Sequence[Spoken]) -> str:
    """The address of the file from the page; it changes with what is in it. Empty where there is none."""
    rows = list(_rows(turns))
    held = (STEP_MS, *map(len, rows), *chain.from_iterable(rows))
    return f"{FILE}?{sha256(pack(f'<{len(held)}q', *held)).hexdigest()[:8]}" if rows else ""


def _rows(turns: Iterable[Spoken]) -> Iterator[Sequence[PubMs]]:
    return (paragraph.words for turn in turns for paragraph in turn.paragraphs)


def write(rows: Iterable[Sequence[PubMs]]) -> bytes:
    r"""The file.

    >>> write([(PubMs(1000), PubMs(1025), PubMs(1400)), (PubMs(9060), PubMs(19000))])
    b'["#$2","%!#\'Y"]\n'
    """
    return (json.dumps([_row(row) for row in rows], separators=(",", ":")) + "\n").encode()


def _row(row: Sequence[PubMs]) -> str:
    # Each word is rounded by itself, so that roundings do not add up.
    first = told(row[0]) - STEP_MS // 2 if row else 0
    places = [(at - first) // STEP_MS for at in row]
    steps = list(map(sub, places, [0, *places]))
    if steps and min(steps) < 0:  # the player adds them up
        places = list(accumulate(places, max))
        steps = list(map(sub, places, [0, *places]))
    if max(steps, default=0) < _BASE:
        return bytes(steps).translate(_LETTER_OF).decode("ascii")
    return "".join(_LETTERS[n] if n < _BASE else "!" + _number(min(n, _BASE**3 - 1)) for n in steps)


def _number(steps: int) -> str:
    high, low = divmod(steps, _BASE)
    return _LETTERS[high // _BASE] + _LETTERS[high % _BASE] + _LETTERS[low]
