"""Many episodes rendered: each onto the disk as it is made, and on several processes where that pays."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

from onrecord.flow.memory import Remembered
from onrecord.flow.rendered import Rendered
from onrecord.flow.wish import Wish
from onrecord.folder import release
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import SeriesRead

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from onrecord.make.progress import Event
    from onrecord.make.workers import Workers

ENOUGH: Final = 16
"""From so many episodes on a worker earns what its start costs."""
_AT_ONCE: Final = 8
SITE: Final = "the site"
"""What events are about that are of no single episode."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all episodes of a build have in common; `target` is where the release goes."""

    home: SeriesFolder
    read: SeriesRead
    wish: Wish
    target: Path


@dataclass(frozen=True, slots=True)
class One:
    """An episode to render: the key of what it depends on, and what was known of it.

    `drawn` are its files that lie there as they were made. `failed`: a step did not succeed. `dressed`:
    nothing is another than when the files were made but the theme.
    """

    own: EpisodeFolder
    key: str
    before: Remembered | None
    drawn: Collection[str]
    failed: bool = False
    dressed: bool = False


def render_many(
    common: Common,
    ones: Sequence[One],
    pool: Executor | None,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> dict[str, Rendered]:
    """Render episodes, what they consist of laid ready for the release (release.lay); fewer if stopped.

    Args:
        common: The same for all.
        ones: The episodes.
        pool: Used where it is processes of this computer, which see the same disk.
        tell: Told how far it is where there are enough to wait for.
        stop: Set from elsewhere to end early.
    """
    here = (rendered for one in ones if not stop.is_set() for rendered in _some(common, [one]))
    if len(ones) < ENOUGH:
        made = list(here)
    elif pool is None or not _is_here(pool):
        made = list(_told(here, len(ones), tell))
    else:
        made = list(_told(_on_workers(common, ones, pool, stop), len(ones), tell))
        pool.rest()  # what follows is done here, and has use for their memory
    return {one.own.slug: rendered for one, rendered in zip(ones, made, strict=False)}


def _told(made: Iterator[Rendered], total: int, tell: Callable[[Event], None]) -> Iterator[Rendered]:
    """Pass episodes on; tell how many there are by now, how long the others will take, and what follows."""
    from onrecord.make.progress import Event, estimate  # noqa: PLC0415 - a single change can spare it

    began = time.monotonic()
    tell(Event(SITE, "render", "begun"))
    for done, rendered in enumerate(made, 1):
        left = estimate(done, total - done, time.monotonic() - began)
        tell(Event(SITE, "render", "progress", f"rendering {total} episodes", done, total, left))
        yield rendered
    tell(Event(SITE, "render", "progress", "putting the site together"))


def _is_here(pool: Executor) -> TypeGuard[Workers]:
    from onrecord.make.workers import Workers  # noqa: PLC0415 - a single change can spare what it loads

    return isinstance(pool, Workers)


def _on_workers(
    common: Common, ones: Sequence[One], pool: Workers, stop: threading.Event
) -> Iterator[Rendered]:
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - see above

    shares = [ones[i : i + _AT_ONCE] for i in range(0, len(ones), _AT_ONCE)]
    packed = pickle.dumps(common)
    futures = [pool.submit(_unpacked_some, packed, share) for share in shares]
    for share, future in zip(shares, futures, strict=True):
        if stop.is_set():
            for left in futures:
                left.cancel()
            return
        try:
            yield from future.result()
        except BrokenProcessPool:  # a worker died: whatever it was at is done here
            yield from _some(common, share)


def _unpacked_some(packed: bytes, ones: Sequence[One]) -> list[Rendered]:
    return _some(_unpacked(packed), ones)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Common:
    """What all have in common, which may be a register of thousands: packed and unpacked once."""
    common: Common = pickle.loads(packed)  # noqa: S301 - made by the process that started this one
    return common


def _some(common: Common, ones: Sequence[One]) -> list[Rendered]:
    from onrecord.flow.render import render_episode  # noqa: PLC0415 - who has workers for it can spare it

    made = []
    for one in ones:
        rendered = render_episode(
            common.home,
            one.own,
            common.read,
            common.wish,
            one.key,
            failed=one.failed,
            before=one.before,
            drawn=one.drawn,
            dressed=one.dressed,
        )
        made.append(replace(rendered, entries=release.lay(common.target, rendered.entries)))
    return made
