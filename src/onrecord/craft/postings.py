r"""Which words are said in which turns, packed so that a browser fetches a few kilobytes of it.

An episode leaves one *segment*; an archive merges its segments into *shards*, files on any web server.

    segment      of every word of an episode: the turns that hold it, as bytes that no other episode changes
    list         of a word in the archive: its segments' bytes one after another, each behind its episode
    shard        a run of the sorted vocabulary with its lists; words that begin alike lie together

So a merge joins bytes and counts nothing anew, and what left an episode is in no shard. Where only a few
words changed, reposting.py joins the lists of these alone, to the same shards.

    of a segment  how many turns, then for each: (step from the turn before) * 8 + weight
    of the list   how many turns in all, then for each episode: step from the episode before, its segment

All numbers are varints (seven bits a byte, the lowest first). Turns of an episode are numbered by person
and then by time: a filter by person is a range of numbers. The weight is BM25's part of one turn,

    tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / usual length))        k1 = 1.2, b = 0.75

in eighths of its most; the rarity of the word is known when a list is read. The usual length is fixed, so
that a segment knows nothing of its archive; and a turn of three words counts as one of thirty, or every
"Lithium?" would stand before its answer. Of a word that many turns hold, which says little about any of
them, only halves are told: its lists are most of what a browser fetches, and a fifth shorter so.

A shard ends before a word whose digest says so once it is large enough. So a new word moves the borders of
its own shard and not of all that follow: files that need not change are the same bytes as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import sub
from typing import Final
from zlib import crc32

from onrecord.craft.terms import counted

USUAL_WORDS: Final = 60
SHORT_WORDS: Final = 30
LEVELS: Final = 8
_K1: Final = 1.2
_B: Final = 0.75
_FURTHER_PLANE: Final = re.compile("[\U00010000-\U0010ffff]")
_MANY_TURNS: Final = 4
_HALF: Final = (2, 2, 2, 2, 6, 6, 6, 6)
SHARD_BYTES: Final = 3000
"""How large a shard is about, before compression."""


def segment(turns: Sequence[str]) -> Mapping[str, bytes]:
    """Every folded word of the turns with its part of a list; words in order.

    >>> {word: list(part) for word, part in segment(["Yes.", "Yes, wells."]).items()}
    {'wells': [1, 12], 'yes': [2, 4, 12]}
    """
    held: dict[str, list[int]] = {}
    for number, text in enumerate(turns):
        times, place = counted(text), number * LEVELS
        norm = _K1 * (1 - _B + _B * max(SHORT_WORDS, sum(times.values())) / USUAL_WORDS)
        # Most words are in a turn once or twice: each weight is worked out once.
        most = max(times.values(), default=0)
        weights = [int(LEVELS * tf / (tf + norm)) for tf in range(most + 1)]
        for word, tf in times.items():
            found = place + weights[tf]
            if word in held:
                held[word].append(found)
            else:
                held[word] = [found]
    return {word: _part(held[word]) for word in in_order(held)}


def _part(found: Sequence[int]) -> bytes:
    """What a segment holds of a word; `found` are its turns' numbers times 8, each with its weight."""
    if len(found) == 1:
        return b"\1" + varint(found[0])
    if len(found) > _MANY_TURNS:
        found = [n & -LEVELS | _HALF[n & LEVELS - 1] for n in found]
    steps = [len(found), *map(sub, found, [0, *[n & -LEVELS for n in found]])]
    return bytes(steps) if max(steps) < 128 else b"".join(map(varint, steps))


def in_order(words: Iterable[str]) -> list[str]:
    """Words in the order in which browsers compare them: by UTF-16 units."""
    found = sorted(words)
    # A letter beyond the first plane is two units that stand before the last letters of that plane.
    return sorted(found, key=units) if _FURTHER_PLANE.search("".join(found)) else found


def units(word: str) -> bytes:
    """What the order of words compares."""
    return word.encode("utf-16-be", "surrogatepass")


def merge(segments: Iterable[Mapping[str, bytes]]) -> dict[str, bytes]:
    """The list of every word, in order; segments in the order of their episodes' numbers."""
    lists: dict[str, bytearray] = {}
    last: dict[str, int] = {}
    turns: dict[str, int] = {}
    for number, held in enumerate(segments):
        for word, part in held.items():
            if (whole := lists.get(word)) is None:
                lists[word] = bytearray(varint(number) + part)
                turns[word] = read_varint(part, 0)[0]
            else:
                whole += varint(number - last[word]) + part
                turns[word] += part[0] if part[0] < 128 else read_varint(part, 0)[0]
            last[word] = number
    return {word: varint(turns[word]) + lists.pop(word) for word in in_order(lists)}


def shards(lists: Mapping[str, bytes], size_bytes: int = SHARD_BYTES) -> Iterator[tuple[str, bytes]]:
    """The vocabulary in runs of about this size: the first word of each, and its bytes."""
    gathered = Gathered(size_bytes)
    for word, whole in lists.items():
        yield from gathered.add(word, whole)
    yield from gathered.end()


@dataclass(slots=True)
class Gathered:
    """The words of a shard to be, in order, with their lists."""

    size_bytes: int = SHARD_BYTES
    run: list[tuple[str, bytes]] = field(default_factory=list)
    held_bytes: int = 0

    def ends_before(self, word: str, whole: bytes) -> bool:
        """Whether a shard ends between these words and the next one; one that is often said stands alone."""
        return bool(self.run) and (
            len(whole) > self.size_bytes
            or self.held_bytes >= 2 * self.size_bytes
            or (
                self.held_bytes >= self.size_bytes // 2
                and crc32(word.encode("utf-8", "surrogatepass")) % 64 == 0
            )
        )

    def add(self, word: str, whole: bytes) -> Iterator[tuple[str, bytes]]:
        """The shards that end with the next word or before it."""
        if self.ends_before(word, whole):
            yield from self.end()
        self.run.append((word, whole))
        self.held_bytes += len(whole) + len(word)
        if len(whole) > self.size_bytes:
            yield from self.end()

    def end(self) -> Iterator[tuple[str, bytes]]:
        """The shard of these words, if there are any; none are left."""
        if self.run:
            yield self.run[0][0], _shard(self.run)
        self.run, self.held_bytes = [], 0


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
