"""The search index after a few episodes changed: what `shards.render` would give, most of it as it lies.

Episodes are numbered the oldest first, so a corrected one keeps its number, and so do all others. Which words
it says otherwise is known from its two segments, and only the shards that hold these are made anew
(craft/reposting.py): of a thousand episodes that is a hundredth of the work.

Nothing of a passage that is taken off the record stays by this way: flow/off_record.py makes all anew, and
the law that both ways give the same bytes stands in tests/laws/test_search.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from typing import Final

from onrecord.craft.reposting import changed, reshard
from onrecord.outputs.said import Head, deflate, inflate, opened, read
from onrecord.outputs.shards import (
    INDEX,
    group_path,
    groups,
    in_order,
    is_index,
    of_all,
    shard_path,
    shown,
)

MOST_CHANGED: Final = 16
"""Where more episodes say something else, or have another number, few shards stay: all are made anew."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files by their paths under public/: the digest of each, and how one is read."""

    sha256: Mapping[str, str]
    read: Callable[[str], bytes]


def renew(old: Files, new: Files) -> Mapping[str, bytes | None] | None:
    """The files under `search/`, None for one that stays as it is; None for all if they are to be made anew.

    Args:
        old: The release before: every `said.bin`, and the files under `search/`.
        new: Every `said.bin` by now.
    """
    heads = {path: opened(new.read(path))[0] for path in new.sha256}
    heads_before = {
        path: heads[path] if new.sha256.get(path) == digest else opened(old.read(path))[0]
        for path, digest in old.sha256.items()
        if not is_index(path)
    }
    paths, paths_before = _numbered(heads), _numbered(heads_before)
    pairs = {
        number: (before, now)
        for number, (before, now) in enumerate(zip_longest(paths_before, paths))
        if before != now or old.sha256[before] != new.sha256[now]
    }
    firsts = json.loads(inflate(old.read(INDEX)))["words"].split("\n")
    if len(pairs) > MOST_CHANGED or not all(firsts):
        return None
    change = changed({i: (_segment(old, before), _segment(new, now)) for i, (before, now) in pairs.items()})
    shards = list(reshard(firsts, lambda i: inflate(old.read(shard_path(i))), change))
    made = {shard_path(i): _shard(old, i, shard) for i, (_, shard) in enumerate(shards)}
    in_groups = groups([heads_before[path] for path in paths_before])
    for i, group in enumerate(groups([heads[path] for path in paths])):
        stays = i < len(in_groups) and in_groups[i] == group
        made[group_path(i)] = None if stays else shown(group)
    digests = {
        path: bytes.fromhex(old.sha256[path]) if data is None else sha256(data).digest()
        for path, data in made.items()
    }
    return {**made, **of_all([heads[path] for path in paths], [word for word, _ in shards], digests)}


def _numbered(heads: Mapping[str, Head]) -> list[str]:
    return sorted(heads, key=lambda path: in_order(heads[path]))


def _segment(files: Files, path: str | None) -> Mapping[str, bytes]:
    return read(files.read(path))[1] if path else {}


def _shard(old: Files, number: int, shard: bytes | int) -> bytes | None:
    """A shard's file: None where it is the one before, the bytes of one that moved to another number."""
    if isinstance(shard, bytes):
        return deflate(shard)
    return None if shard == number else old.read(shard_path(shard))
