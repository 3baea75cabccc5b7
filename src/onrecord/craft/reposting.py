"""The shards of an archive in which some words' lists change: those that hold none of them stay as they are.

A correction changes a few words of an episode, and the episodes keep their numbers. So a word whose part in
every episode is what it was has the list that it had (craft/postings.py), and a shard of such words the same
bytes; joining all segments anew would give them once more. What comes out is what a merge of all would give:

    list      its other episodes' parts are copied, and the steps around the changed one are written anew
    borders   a border is where words and sizes before it say so; behind one that stays, all stays until
              the next changed word. A shard is opened if it holds a changed word, if the next one begins
              with one, or if a border before it moved
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence

from onrecord.craft.postings import SHARD_BYTES, Gathered, in_order, read_varint, units, varint

Change = Mapping[int, bytes]
"""A word's part by the number of each episode in which it changes; empty where it is not said any more."""


def changed(
    pairs: Mapping[int, tuple[Mapping[str, bytes], Mapping[str, bytes]]],
) -> dict[str, dict[int, bytes]]:
    """Which words change, given the segments of some episodes by number, each before and now.

    >>> changed({7: ({"ferry": b"a", "river": b"b"}, {"river": b"b", "wells": b"c"})})
    {'ferry': {7: b''}, 'wells': {7: b'c'}}
    """
    found: dict[str, dict[int, bytes]] = {}
    for number, (before, now) in sorted(pairs.items()):
        for word, part in (dict.fromkeys(before, b"") | dict(now)).items():
            if before.get(word, b"") != part:
                found.setdefault(word, {})[number] = part
    return found


def amended(whole: bytes, change: Change) -> bytes:
    """A word's list with the changed parts; none is written, as none is given, where no episode says it."""
    turns, at = read_varint(whole, 0) if whole else (0, 0)
    out = bytearray()
    read = written = 0  # the last episode of what is read, and of what is written: a step counts from it
    for number, part in sorted(change.items()):
        begin, longer = at, read - written
        at, read = _pass(whole, begin, read, number)
        if at > begin:
            out += _copied(whole, begin, at, longer)
            written = read
        after, read = _pass(whole, at, read, number + 1)
        if after > at:
            turns -= read_varint(whole, read_varint(whole, at)[1])[0]
            at = after
        if part:
            out += varint(number - written) + part
            written = number
            turns += read_varint(part, 0)[0]
    out += _copied(whole, at, len(whole), read - written)
    return varint(turns) + out if out else b""


def _pass(whole: bytes, at: int, episode: int, number: int) -> tuple[int, int]:
    """The place after the parts of all episodes below a number, and the last of them."""
    # Hundreds of thousands of parts are passed for an episode that is new: numbers below 128 are read here.
    while at < len(whole):
        step, body = (whole[at], at + 1) if whole[at] < 128 else read_varint(whole, at)
        if episode + step >= number:
            break
        episode += step
        left, at = (whole[body], body + 1) if whole[body] < 128 else read_varint(whole, body)
        while left:
            left -= whole[at] < 128
            at += 1
    return at, episode


def _copied(whole: bytes, begin: int, end: int, longer: int) -> bytes:
    """A stretch of a list, whose first step is longer by so much."""
    if begin == end:
        return b""
    step, body = read_varint(whole, begin)
    return varint(step + longer) + whole[body:end]


def reshard(
    firsts: Sequence[str],
    read: Callable[[int], bytes],
    change: Mapping[str, Change],
    size_bytes: int = SHARD_BYTES,
) -> Iterator[tuple[str, bytes | int]]:
    """The shards by now: the first word of each, and its bytes or the number of the one before that stays.

    Args:
        firsts: The first word of each shard before; there is at least one.
        read: Gives the bytes of a shard before.
        change: What changes, by word.
        size_bytes: As the shards before were made.
    """
    places = [units(first) for first in firsts]
    own: dict[int, list[str]] = {}
    for word in change:
        own.setdefault(max(0, bisect_right(places, units(word)) - 1), []).append(word)
    gathered = Gathered(size_bytes)
    for i, first in enumerate(firsts):
        leads = i + 1 < len(firsts) and firsts[i + 1] in change
        if i not in own and not leads and not gathered.run:
            yield first, i
            continue
        lists = opened(read(i))
        if i not in own and not leads and gathered.ends_before(first, lists[first]):
            yield from gathered.end()
            yield first, i
            continue
        for word in own.get(i, ()):
            lists[word] = amended(lists.get(word, b""), change[word])
        for word in in_order(lists) if i in own else lists:
            if whole := lists[word]:
                yield from gathered.add(word, whole)
    yield from gathered.end()


def opened(shard: bytes) -> dict[str, bytes]:
    """The words of a shard with their lists, in order."""
    count, at = read_varint(shard, 0)
    words: list[tuple[str, int]] = []
    written = b""
    for _ in range(count):
        shared, at = read_varint(shard, at)
        length, at = read_varint(shard, at)
        written = written[:shared] + shard[at : at + length]
        list_bytes, at = read_varint(shard, at + length)
        words.append((written.decode(), list_bytes))
    found = {}
    for word, list_bytes in words:
        found[word] = shard[at : at + list_bytes]
        at += list_bytes
    return found
