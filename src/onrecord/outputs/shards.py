"""The search index of the archive: the segments of all episodes merged into files that a browser picks from.

    search/index.bin      once: where each shard begins, how to fold
    search/0.bin …        shards of the vocabulary (craft/postings.py)
    search/e0.bin …       what results show of two episodes each: title, people, where blocks of text lie
    search/filters.bin    days, tags and people of all episodes, fetched when somebody wants to choose

Each is deflated (see outputs/said.py). A browser asks for index.bin anew each time, which says the stamp of
all others; they may be kept for ever under it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import Any, Final, TypeVar

from onrecord.craft import fold
from onrecord.craft.postings import merge, shards
from onrecord.outputs.said import Head, deflate, opened, unpack

_Name = TypeVar("_Name")

FOLDER: Final = "search"
INDEX: Final = f"{FOLDER}/index.bin"
_FILTERS: Final = f"{FOLDER}/filters.bin"
GROUP: Final = 2
"""How many episodes stand in one file of what results show."""


def render(segments: Iterable[bytes]) -> Mapping[str, bytes]:
    """Give the files under `search/`, from the `said.bin` of every public episode in any order."""
    held = dict(enumerate(segments))
    return of_files(held, held.__getitem__)


def of_files(names: Iterable[_Name], read: Callable[[_Name], bytes]) -> Mapping[str, bytes]:
    """The same from files, read for their heads and again for their words: all would fill the memory."""
    both = sorted(((opened(read(name))[0], name) for name in names), key=lambda pair: in_order(pair[0]))
    heads = [head for head, _ in both]
    firsts: list[str] = []
    made: dict[str, bytes] = {}
    for first, data in shards(merge(unpack(opened(read(name))[1]) for _, name in both)):
        made[shard_path(len(firsts))] = deflate(data)
        firsts.append(first)
    made |= {group_path(i): shown(group) for i, group in enumerate(groups(heads))}
    digests = {path: sha256(data).digest() for path, data in made.items()}
    return {**made, **of_all(heads, firsts, digests)}


def of_all(heads: Sequence[Head], firsts: Iterable[str], digests: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The two files that know all episodes; `firsts` are the shards' first words, `digests` all others'."""
    people = {s.id: s.name for head in heads for s in head.speakers if s.id}
    tags = sorted({tag for head in heads for tag in head.tags})
    ranks = {person: i for i, person in enumerate(people)}
    columns = _columns(heads, ranks, tags)
    named = [list(pair) for pair in people.items()]
    filters = deflate(_json({"names": named, "labels": tags, **columns}))
    digests = {**digests, _FILTERS: sha256(filters).digest()}
    index = {
        "stamp": sha256(b"".join(digests[path] for path in sorted(digests))).hexdigest()[:8],
        "group": GROUP,
        "turns": sum(s.turns for head in heads for s in head.speakers),
        "words": "\n".join(firsts),
        "fold": folding(),
    }
    return {_FILTERS: filters, INDEX: deflate(_json(index))}


def groups(heads: Sequence[Head]) -> list[Sequence[Head]]:
    """The episodes whose heads stand in one file of what results show."""
    return [heads[i : i + GROUP] for i in range(0, len(heads), GROUP)]


def shard_path(number: int) -> str:
    """Where a shard lies under public/."""
    return f"{FOLDER}/{number}.bin"


def group_path(number: int) -> str:
    """Where what results show of a group lies under public/."""
    return f"{FOLDER}/e{number}.bin"


def is_index(path: str) -> bool:
    """Whether a path under public/ is one of these files."""
    return path.startswith(f"{FOLDER}/") and path.endswith(".bin")


def in_order(head: Head) -> tuple[datetime, str]:
    """The oldest first, so that a new episode changes no number of another."""
    return datetime.fromisoformat(head.published), head.slug


_PARTS: Final = ("", "host", "guest")


def _columns(heads: Iterable[Head], ranks: Mapping[str, int], tags: list[str]) -> dict[str, list[Any]]:
    """What filters need, a list for each property: alike numbers side by side compress well.

    `people` are for each episode triples of a person's number (-1 without id), part and turns.
    """
    days, labels, people = [], [], []
    before = date.fromordinal(1).toordinal()
    for head in heads:
        today = datetime.fromisoformat(head.published).date().toordinal()
        days.append(today - before)
        before = today
        labels.append([tags.index(tag) for tag in head.tags])
        people.append([[ranks.get(s.id, -1), _PARTS.index(s.part), s.turns] for s in head.speakers])
    return {"days": days, "tags": labels, "people": people}


def shown(group: Iterable[Head]) -> bytes:
    """What results show of some episodes."""
    return deflate(_json([_shown(head) for head in group]))


def _shown(head: Head) -> list[Any]:
    people = [[s.id, s.name, s.billed, s.hue, s.turns] for s in head.speakers]
    blocks = [number for block in head.blocks for number in block]
    day = head.published[:10]
    return [head.slug, head.title, day, head.language, int(head.draft), people, head.start, blocks]


LAST_PLANE: Final = 0x20000
"""No letter from here on has case, and no mark is one of fold.SHADES (tests/laws/test_search.py looks)."""


@cache
def folding() -> Mapping[str, Any]:
    """How craft/fold.py folds, as a browser can follow: letters to letters, and runs of marks that go.

    A browser has lower case and no case folding: `case` holds the letters in which the two differ.
    """
    case = {}
    shades: list[int] = []
    last = end = 0
    for code in range(LAST_PLANE):
        char = chr(code)
        if unicodedata.combining(char) in fold.SHADES:
            if code == end and shades:
                shades[-1] += 1
            else:
                shades += (code - last, 1)
                last = code
            end = code + 1
        if (folded := char.casefold()) != (lower := char.lower()):
            apart, small = (unicodedata.normalize("NFKD", text) for text in (folded, lower))
            if apart != small and len(small) == 1:
                case[small] = apart
    return {
        "composed": {chr(code): to for code, to in fold.COMPOSED.items()},
        "case": case,
        "spelled": {chr(code): to for code, to in fold.SPELLED.items()},
        "shades": shades,
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
