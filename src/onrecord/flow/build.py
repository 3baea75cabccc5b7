"""A build: where nothing changed it says so at once, and else brings the site up to date."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flow.program import program
from onrecord.flow.wish import Executors, Report, Wish
from onrecord.folder import still
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.manifest import Published, marks, read_name
from onrecord.folder.still import Look
from onrecord.folder.swap import recover

if TYPE_CHECKING:
    from onrecord.make.progress import Event

__all__ = ["Executors", "Report", "Wish", "build"]


def build(
    home: SeriesFolder,
    wish: Wish,
    executors: Executors,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> Report:
    """Bring public/ (or, with drafts, the preview) up to date. The caller holds the writer lock.

    A grave problem of the series, or of an episode that is approved, keeps the old site in place;
    one of a draft is reported and the draft left out.
    """
    target = home.preview if wish.drafts else home.root
    recover(target)
    seen = still.look(home.root)
    if stood := _stands(home, target, seen, wish):
        return stood
    from onrecord.flow.anew import anew  # noqa: PLC0415 - a build with nothing to do can spare all of it

    return anew(home, wish, seen, executors, tell, stop)


def _stands(home: SeriesFolder, target: Path, seen: Look, wish: Wish) -> Report | None:
    """The report of a build where no file has changed at all; None where one may have."""
    stood = still.read(target)
    if stood is None or (stood.seen, stood.quick) != (seen.digest, wish.quick):
        return None
    if not stood.begins <= wish.as_of.timestamp() < stood.ends:
        return None
    public = target / "public"
    if read_name(public) != stood.release:
        return None
    if still.stamp(seen, program(), home.root, stood.series, still.site_digest(marks(public))) != stood.stamp:
        return None
    return Report(Published(stood.release, changed=False), kept=stood.kept)
