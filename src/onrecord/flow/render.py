"""Render: one episode from its files to published bytes, and the pages of the series from the cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from onrecord import outputs
from onrecord.craft.card import card as make_card
from onrecord.craft.edition import Source, edit, programme
from onrecord.flow import memory
from onrecord.flow.media import find_media
from onrecord.flow.memory import Remembered
from onrecord.flow.rendered import Rendered, named
from onrecord.flow.wish import Wish
from onrecord.folder.files import digest, digest_file
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import SeriesRead, read_episode, source
from onrecord.folder.manifest import Filed
from onrecord.folder.release import Entry, Kept, Laid
from onrecord.model.edition import Edition
from onrecord.model.problem import Place, Problem
from onrecord.model.time import Ms, Span
from onrecord.outputs import shards, tombstone
from onrecord.outputs.said import FILE as SAID
from onrecord.outputs.shards_renewed import Files, renew
from onrecord.text import card_json


def render_episode(
    home: SeriesFolder,
    own: EpisodeFolder,
    read: SeriesRead,
    wish: Wish,
    key: str,
    *,
    failed: bool = False,
    before: Remembered | None = None,
    at_once: bool = False,
    drawn: Collection[str] = (),
    dressed: bool = False,
) -> Rendered:
    """Read, edit and render one episode.

    `key` is the digest of all it depends on, as it was before this began: what is saved in between is then
    rendered the next time. `failed`: a step did not succeed. `before` is what the release before knew of it;
    `drawn` are its files that lie there as they were made, of which pictures of the same content are kept.
    `at_once`: something of it was taken off the record, so
    it is shown without what has a problem. `dressed`: only the theme is another, so that of what is in
    `drawn` only what a theme changes is made anew.
    """
    series = read.series
    assert series is not None  # noqa: S101 - the build stops before this where it cannot be read
    episode = read_episode(home, own, series, read.register)
    problems = list(episode.problems)
    known = source(episode, series, read.register)
    approved = known is None or known.episode.approved is not None
    entries: dict[str, Entry] = {}
    remembered = Remembered(key)
    if known is not None:
        media = find_media(own)
        known = media.of(known)
        follows, late = _follows(own, known, before)
        known = replace(known, transcript=None) if late else known
        edition, more = edit(known, wish.as_of, draft=wish.drafts)
        problems += [named(p, home, own) for p in late]
        problems += [named(p, home, own) for p in more]
        due = known.episode.published if approved else None
        remembered = Remembered(
            key,
            due.isoformat() if due else "",
            bool(due and due <= wish.as_of),
            id=known.episode.id,
            kept=tuple((s.start, s.end) for s in edition.timeline.kept) if edition.timeline else (),
            follows=follows,
        )
        if (approved or wish.drafts) and (at_once or not any(p.grave for p in problems)):
            if edition.state == "withdrawn":
                entries = dict(tombstone.render(edition))
            else:
                entries = _entries(edition, media.files, drawn, drawn if dressed else ())
                remembered = replace(remembered, card=card_json.write(make_card(edition)))
            remembered = replace(remembered, files=tuple(entries))
    grave = any(p.grave for p in problems) or failed
    if grave:
        remembered = replace(remembered, key="")  # looked at again next time
    # A problem may cite words that are off the record; one that is looked at again need not be noted.
    return Rendered(
        replace(remembered, problems=() if grave else memory.pack(problems)),
        entries,
        tuple(problems),
        grave and approved,
    )


def _follows(own: EpisodeFolder, known: Source, before: Remembered | None) -> tuple[Any, tuple[Problem, ...]]:
    """Which cut the times of a transcript on the published clock follow, and whether that is still the cut.

    A passage that is taken off the record shifts the published clock, and such a transcript would then
    be read a passage too late, with the words of the passage in it.
    """
    if known.transcript is None or known.episode.transcript_clock != "programme" or known.episode.withdrawn:
        return None, ()
    sha256 = digest_file(own.transcript)
    kept = [[s.start, s.end] for s in programme(known.episode, known.duration_ms).kept]
    follows: Any = (
        before.follows if before and before.follows and before.follows[0] == sha256 else [sha256, kept]
    )
    spans = [Span(Ms(a), Ms(b)) for a, b in follows[1]]
    if not any(span & passage for span in spans for passage in known.episode.off_record):
        return follows, ()
    says = "its times are those of the cut before a passage was taken off the record, so it is left out"
    hint = "take the passage out of it and move what follows, or give it the recording's times"
    return follows, (Problem(Place(own.transcript.name), says, hint),)


def _entries(
    edition: Edition, media: Mapping[str, Path], drawn: Collection[str], stay: Collection[str]
) -> dict[str, Entry]:
    entries: dict[str, Entry] = dict.fromkeys(stay, Kept())
    for output in outputs.episode_outputs():
        if not stay or getattr(output, "THEMED", True):
            entries |= output.render(edition)
    for pictures in outputs.picture_outputs():
        for path, draw in pictures.render(edition).items():
            # The path holds the picture's digest, so what lies there is what would be drawn.
            entries[path] = Kept() if path in drawn else draw()
    named = {*(e.path for e in (*edition.audio, edition.video) if e), edition.poster}
    return entries | {
        path: file if file.exists() else Kept() for path, file in media.items() if path in named
    }


def search_entries(
    public: Path, entries: Mapping[str, Entry], current: Mapping[str, Filed] = MappingProxyType({})
) -> dict[str, Entry]:
    """The search index of the episodes among the entries; what is kept is read in public/.

    `current` are the files of the release in public/, where this program made them: if no episode's words
    are others than there, nor its title or people, the index stays as it is; where those of a few are, it
    is renewed.
    """
    segments = {path: entry for path, entry in sorted(entries.items()) if path.endswith(f"/{SAID}")}
    now = Files(
        {path: _sha256(path, entry, current) for path, entry in segments.items()},
        lambda path: _read(public / path, segments[path]),
    )
    stood = {path: filed.sha256 for path, filed in current.items() if path.endswith(f"/{SAID}")}
    index = {path: filed.sha256 for path, filed in current.items() if shards.is_index(path)}
    if current and stood == now.sha256:
        return {path: Kept() for path in index}
    if shards.INDEX in index:
        before = Files({**stood, **index}, lambda path: _as_made(public / path, current[path]))
        with suppress(FileNotFoundError, _NotAsMade):
            if renewed := renew(before, now):
                return {path: Kept() if data is None else data for path, data in renewed.items()}
    return dict(shards.of_files(segments, now.read))


class _NotAsMade(Exception):  # noqa: N818 - it reads as what is the case
    """A file of the release holds something else by now: the index is made from the episodes alone."""


def _as_made(path: Path, filed: Filed) -> bytes:
    data = path.read_bytes()
    if digest(data) != filed.sha256:
        raise _NotAsMade(path)
    return data


def _sha256(path: str, entry: Entry, current: Mapping[str, Filed]) -> str:
    if isinstance(entry, Laid):
        return entry.sha256
    return digest(entry) if isinstance(entry, bytes) else current[path].sha256 if path in current else ""


def _read(kept: Path, entry: Entry) -> bytes:
    if isinstance(entry, bytes):
        return entry
    return (Path(entry.file) if isinstance(entry, Laid) else kept).read_bytes()
