r"""Which words are said in which turns, packed so that a browser fetches a few kilobytes of it.

An episode leaves one *segment*; an archive merges its segments into *shards*, files on any web server.

    segment      of every word of an episode: the turns that hold it, as bytes that no other episode changes
    list         of a word in the archive: its segments' bytes one after another, each behind its episode
    shard        a run of the sorted vocabulary with its lists; words that begin alike lie together

So a merge joins bytes and counts nothing anew, and what left an episode is in no shard: nothing is patched.

    of a segment  how many turns, then for each: (step from the turn before) * 8 + weight
    of the list   how many turns in all, then for each episode: step from the episode before, its segment

All numbers are varints (seven bits a byte, the lowest first). Turns of an episode are numbered by person
and then by time: a filter by person is a range of numbers. The weight is BM25's part of one turn,

    tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / usual length))        k1 = 1.2, b = 0.75

in eighths of its most; the rarity of the word is known when a list is read. The usual length is fixed, so
that a segment knows nothing of its archive; and a turn of three words counts as one of thirty, or every
"Lithium?" would stand before its answer.

A shard ends before a word whose digest says so once it is large enough. So a new word moves the borders of
its own shard and not of all that follow: files that need not change are the same bytes as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final
from zlib import crc32

from onrecord.craft.terms import counted

USUAL_WORDS: Final = 60
SHORT_WORDS: Final = 30
LEVELS: Final = 8
_K1: Final = 1.2
_B: Final = 0.75
_FURTHER_PLANE: Final = re.compile("[\U00010000-\U0010ffff]")
SHARD_BYTES: Final = 4500
"""How large a shard is about, before compression."""


def segment(turns: Sequence[str]) -> Mapping[str, bytes]:
    """Every folded word of the turns with its part of a list; words in order.

    >>> {word: list(part) for word, part in segment(["Yes.", "Yes, wells."]).items()}
    {'wells': [1, 12], 'yes': [2, 4, 12]}
    """
    held: dict[str, list[bytes]] = {}
    last: dict[str, int] = {}
    for number, text in enumerate(turns):
        times, place = counted(text), number * LEVELS
        norm = _K1 * (1 - _B + _B * max(SHORT_WORDS, sum(times.values())) / USUAL_WORDS)
        # Most words are in a turn once or twice: each weight is worked out once.
        most = max(times.values(), default=0)
        weights = [int(LEVELS * tf / (tf + norm)) for tf in range(most + 1)]
        for word, tf in times.items():
            if word in held:
                held[word].append(varint(place - last[word] + weights[tf]))
            else:
                held[word] = [varint(place + weights[tf])]
            last[word] = place
    return {word: varint(len(held[word])) + b"".join(held[word]) for word in in_order(held)}


def in_order(words: Iterable[str]) -> list[str]:
    """Words in the order in which browsers compare them: by UTF-16 units."""
    found = sorted(words)
    # A letter beyond the first plane is two units that stand before the last letters of that plane.
    return sorted(found, key=_units) if _FURTHER_PLANE.search("".join(found)) else found


def _units(word: str) -> bytes:
    return word.encode("utf-16-be", "surrogatepass")


def merge(segments: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """The list of every word, in order; segments in the order of their episodes' numbers."""
    lists: dict[str, bytearray] = {}
    last: dict[str, int] = {}
    counts: dict[str, int] = {}
    for number, held in enumerate(segments):
        for word, part in held.items():
            if word in lists:
                lists[word] += varint(number - last[word])
            else:
                lists[word], counts[word] = bytearray(varint(number)), 0
            lists[word] += part
            last[word] = number
            counts[word] += read_varint(part, 0)[0]
    return {word: varint(counts[word]) + lists.pop(word) for word in in_order(lists)}


def shards(lists: Mapping[str, bytes], size_bytes: int = SHARD_BYTES) -> Iterator[tuple[str, bytes]]:
    """The vocabulary in runs of about this size: the first word of each, and its bytes."""
    run: list[tuple[str, bytes]] = []
    held = 0
    for word, part in lists.items():
        often = len(part) > size_bytes
        if run and (
            often
            or held >= 2 * size_bytes
            or (held >= size_bytes // 2 and crc32(word.encode("utf-8", "surrogatepass")) % 64 == 0)
        ):
            yield run[0][0], _shard(run)
            run, held = [], 0
        run.append((word, part))
        held += len(part) + len(word)
        if often:
            yield word, _shard(run)
            run, held = [], 0
    if run:
        yield run[0][0], _shard(run)


def _shard(run: Sequence[tuple[str, bytes]]) -> bytes:
    """How many words; each as letters shared with the one before, its other letters, its list; the lists."""
    names = bytearray(varint(len(run)))
    before = b""
    for word, part in run:
        written = word.encode("utf-8", "replace")
        shared = next((i for i, (a, b) in enumerate(zip(before, written, strict=False)) if a != b), -1)
        shared = min(len(before), len(written)) if shared < 0 else shared
        names += varint(shared) + varint(len(written) - shared) + written[shared:] + varint(len(part))
        before = written
    return bytes(names) + b"".join(part for _, part in run)


@lru_cache(maxsize=16384)
def varint(number: int) -> bytes:
    """A whole number from 0 as bytes.

    >>> list(varint(5)), list(varint(300))
    ([5], [172, 2])
    """
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that stands at a place, and the place after it."""
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return number, at
        shift += 7
