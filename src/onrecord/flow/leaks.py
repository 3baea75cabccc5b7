"""Leaks: search everything that is published or kept for what is off the record.

For each marked episode the words of its passages are taken from every place that knows them (transcript.vtt,
the words as they were heard) and looked for in every file of `public/` and `.onrecord/`, in whatever
format. Published sound and picture are compared with the recording. What is on the record elsewhere (captions
of this and other episodes, titles, names, announced questions) explains a find away; the prose of an
introduction or of a correction does not.

Not searched, for they are a person's own and the passage may stand there: the recording, tracks/,
transcript.vtt, questions.yaml, record/ and the cache of steps that read the recording.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.craft import leak
from onrecord.craft.likeness import holds_curve
from onrecord.engines import child
from onrecord.flow import evidence
from onrecord.flow.evidence import Evidence
from onrecord.folder import release
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import SeriesRead, read_series
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import short_clock
from onrecord.text import said

_SOUNDS = (".aac", ".aif", ".aiff", ".flac", ".m4a", ".m4b", ".mka", ".mp3", ".oga", ".ogg", ".opus", ".wav")
_FILMS = (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".ts", ".webm")
MEDIA = frozenset((*_SOUNDS, *_FILMS))
PICTURES = frozenset((".avif", ".gif", ".ico", ".jpeg", ".jpg", ".webp"))
_WHOLE_BYTES = 64 << 20
_PIECE_BYTES, _OVERLAP_BYTES = 8 << 20, 4 << 10
_LIMITS = child.Limits(cpu_s=2 * 3600, wall_s=4 * 3600)


@dataclass(slots=True)
class Searched:
    """What was looked at, and what was found there."""

    passages: int = 0
    files: int = 0
    compared: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Search:
    home: SeriesFolder
    read: SeriesRead
    evidence: tuple[Evidence, ...]
    listed: frozenset[str]
    listen: bool
    done: Searched
    seen: dict[tuple[int, int, str], str] = field(default_factory=dict)
    """Files that were searched already, by device and inode: a release links what did not change."""
    spoken: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What other episodes say on the record, read when it is needed."""


def search(home: SeriesFolder, *, listen: bool = True) -> Searched:
    """Search the published site and the machine's folder; nothing is written.

    Args:
        home: the series.
        listen: compare sound and picture too, which takes some seconds for each hour.
    """
    read = read_series(home)
    if read.series is None:
        return Searched()
    found = tuple(e for own in home.episodes if (e := evidence.gather(home, own, read)))
    done = Searched(sum(len(e.marked.passages) or 1 for e in found))
    if not found:
        return done
    current = release.current(home.root)
    listed = frozenset(current.files) if current else frozenset()
    work = _Search(home, read, found, listed, listen, done)
    for e in found:
        done.problems += e.problems
    for top in (home.public, home.machine):
        for path in sorted(p for p in top.rglob("*") if p.is_file() and not p.is_symlink()):
            _file(work, path)
    return done


def _file(work: _Search, path: Path) -> None:
    """One file: its words, its figures, its sound."""
    stat = path.stat()
    key = (stat.st_dev, stat.st_ino, _scope(work, path))
    if key in work.seen:
        return
    work.seen[key] = work.home.name(path)
    work.done.files += 1
    is_media = path.suffix.lower() in MEDIA
    sealed = is_media or path.suffix.lower() in PICTURES or stat.st_size > _WHOLE_BYTES
    content = None if sealed else _Content(path)
    for e in work.evidence:
        runs = content.find(e) if content else _in_pieces(path, e)
        if content and any(holds_curve(row, curve) for row in content.rows for curve in e.curves):
            _tell(work, path, e, "holds the waveform of a passage that is off the record")
        if is_media and e.sound is not None and work.listen:
            runs += tuple(
                r for text in _listen(work, path, e) for r in leak.search(leak.words(text), e.needles)
            )
        runs = _unexplained(work, path, e, runs)
        if runs:
            _say(work, path, e, runs)


class _Content:
    """A file that is read whole and taken apart once, for all that is looked for."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        self._texts = [leak.words(text) for text in said.texts(path.name, self._data)]
        self.rows = tuple(said.numbers(path.name, self._data))

    def find(self, e: Evidence) -> tuple[leak.Run, ...]:
        found = [run for text in self._texts for run in leak.search(text, e.needles)]
        return tuple(dict.fromkeys(found)) or (
            leak.raw(self._data, e.needles) if b"\0" in self._data[:4096] else ()
        )


def _in_pieces(path: Path, e: Evidence) -> tuple[leak.Run, ...]:
    """In a large or unknown file, piece by piece, so that memory is bounded."""
    found: list[leak.Run] = []
    if not e.needles:
        return ()
    with path.open("rb") as file:
        left = b""
        while piece := file.read(_PIECE_BYTES):
            found += leak.raw(left + piece, e.needles)
            left = piece[-_OVERLAP_BYTES:]
    return tuple(dict.fromkeys(found))


def _listen(work: _Search, path: Path, e: Evidence) -> list[str]:
    """Compare a media file with the recording, in a limited child; gives the words in its tags."""
    assert e.sound is not None  # noqa: S101 - the caller has looked
    name = work.home.name(path)
    own = work.home.public / e.marked.slug in path.parents and path.name in e.media
    request = {**e.sound, "file": str(path), "about": name, "own": own}
    try:
        heard = child.run("onrecord.engines.absence:look", request, about=name, limits=_LIMITS)
    except UserError as error:
        work.done.problems += [
            Problem(p.place, f"could not be compared with the recording: {p.says}", p.hint, grave=False)
            for p in error.problems
        ]
        return []
    work.done.compared += 1
    for at_ms, file_ms, _ in heard["found"][:1]:
        says = f"at {short_clock(file_ms)} it has the sound of {short_clock(at_ms)}, which is off the record"
        _tell(work, path, e, says)
    for file_ms, gap_ms in heard["gaps"][:1]:
        says = (
            f"at {short_clock(file_ms)} the two sides of a passage are {gap_ms} ms from where they should be"
        )
        _tell(work, path, e, says)
    if heard["frames"]:
        _tell(work, path, e, f"{heard['frames']} of its frames are of a passage that is off the record")
    texts: list[str] = heard["texts"]
    return texts


def _scope(work: _Search, path: Path) -> str:
    """The slug of the episode that a file belongs to; empty for one of the series."""
    parts = path.relative_to(work.home.root).parts
    slugs = {own.slug for own in work.home.episodes}
    return next((part for part in parts[1:-1] if part in slugs), "")


def _unexplained(work: _Search, path: Path, e: Evidence, runs: tuple[leak.Run, ...]) -> tuple[leak.Run, ...]:
    """What was found, without what other episodes say on the record, where their words may stand."""
    scope = _scope(work, path)
    if not runs or scope == e.marked.slug:
        return runs
    others = [own for own in work.home.episodes if own.slug != e.marked.slug and scope in ("", own.slug)]
    for own in others:
        if own.slug not in work.spoken:
            work.spoken[own.slug] = evidence.on_record(work.home, own, work.read)
        runs = leak.unexplained(runs, work.spoken[own.slug])
        if not runs:
            return ()
    if all(len(run) == 1 for run in runs) and len(runs) < e.needles.wanted:
        return ()
    return runs


def _say(work: _Search, path: Path, e: Evidence, runs: Iterable[leak.Run]) -> None:
    longest = " … ".join(" ".join(run) for run in list(runs)[:3])
    _tell(
        work, path, e, f"says what is off the record in {e.marked.slug}: “{longest}”", longest.split(" … ")[0]
    )


def _tell(work: _Search, path: Path, e: Evidence, says: str, run: str = "") -> None:
    name = work.home.name(path)
    where = next((file for file, text in e.written if run and f" {run} " in f" {text} "), "")
    public = name.removeprefix("public/")
    if where:
        hint = f"it stands in {where}: mend it there, and build again"
    elif name.startswith("public/") and public in work.listed:
        hint = "build again: it is made anew without it"
    elif name.startswith("public/"):
        hint = "this file is no part of the site: delete it"
    else:
        hint = "build again; if it is still there, delete this file"
    work.done.problems.append(Problem(Place(name), says, hint))
