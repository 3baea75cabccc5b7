"""Recognised words from record/words.json or spelled.json: `[start_ms, end_ms, text, sure]`, a line each."""

from __future__ import annotations

from array import array
from itertools import chain
from operator import le

from pydantic_core import from_json

from onrecord.model.transcript import Words


def read(data: bytes) -> Words:
    r"""The words of a file; ValueError, KeyError, TypeError or OverflowError where it holds none.

    >>> read(b'{"words": [[0, 240, "Good", 0.9],\\n[240, 600, "day.", 1]]}').texts
    ('Good', 'day.')
    """
    # To make a list of each of nine thousand rows is half of the work, so they are read as one long row: a
    # line ends within JSON only between values.
    flat = list(chain.from_iterable(from_json(data.replace(b"],\n[", b","))["words"]))
    starts, ends, texts, sures = (tuple(flat[i::4]) for i in range(4))
    if len(flat) % 4 or not all(map(le, starts, ends)):
        raise ValueError("words that end before they begin, or are cut off")
    # Each of these refuses what is of another kind.
    array("q", starts), array("q", ends), array("d", sures), "".join(texts)
    return Words(starts, ends, texts, sures)
