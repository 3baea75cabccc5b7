"""Review: a transcript goes to colleagues as a document, and comes back as a proposal beside it.

What is exported is kept in record/review/, named by its digest, and the document carries that name. So when
it comes back, days later and with the transcript changed since, the three texts of a merge are known: what
was exported, what stands now, and what the colleague made of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from onrecord.craft.align import fold
from onrecord.craft.merge_file import merge_review, read_transcript
from onrecord.craft.review import correct, paragraphs
from onrecord.engines import child, document
from onrecord.folder import files
from onrecord.folder.correct import beside, offer
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import read_episode, read_series
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.transcript import Transcript

_LIMITS = child.Limits(memory_bytes=1 << 30, cpu_s=60, wall_s=120, file_bytes=1 << 20, open_files=64)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a document: whether it says anything new, its conflicts by place, its remarks.

    `guessed` says, where the document had lost its mark, what it was compared with.
    """

    laid: bool
    conflicts: tuple[Problem, ...]
    remarks: int
    guessed: str = ""


def export(home: SeriesFolder, own: EpisodeFolder, out: Path) -> int:
    """Write an episode's transcript as a document; the caller holds the writer lock.

    Returns:
        The number of turns.

    Raises:
        UserError: there is no transcript that can be read, or the document is already there.
    """
    series = read_series(home)
    if series.series is None:
        raise UserError(series.problems)
    read = read_episode(home, own, series.series, series.register)
    if read.transcript is None or read.episode is None:
        name = home.name(own.transcript)
        nothing = Problem(Place(name), "there is no transcript to review", "make one: onrecord build")
        raise UserError(tuple(p for p in read.problems if p.grave) or (nothing,))
    data = own.transcript.read_bytes()
    mark = files.digest(data)[:16]
    people = [f"{b.person.name}, {b.title}" if b.title else b.person.name for b in read.episode.billed]
    rows = paragraphs(read.transcript)
    language = read.transcript.language or read.episode.language or series.series.language
    made = document.write(
        document.Review(
            read.episode.title,
            series.series.title,
            read.episode.published,
            tuple(people),
            language,
            rows,
            mark,
        )
    )
    files.save(_kept(own, mark), data, root=home.root)
    try:
        files.save(out, made, if_match=None)
    except files.Changed:
        says = "there is a file of that name already, perhaps with somebody's corrections"
        raise UserError((Problem(Place(str(out)), says, "give another name"),)) from None
    return len(rows)


def take(home: SeriesFolder, own: EpisodeFolder, file: Path) -> Taken:
    """Merge a corrected document with the transcript, and lay the result beside it.

    The caller holds the writer lock.

    Raises:
        UserError: the document or the transcript cannot be read, or another proposal waits already.
    """
    name = home.name(own.transcript)
    if beside(own.transcript).exists():
        waits = home.name(beside(own.transcript))
        hint = f"take it first with `onrecord accept {own.slug}`, or delete it"
        raise UserError((Problem(Place(waits), "another proposal waits here already", hint),))
    if not file.is_file():
        raise UserError((Problem(Place(str(file)), "there is no such file"),))
    request = {"file": str(file.resolve()), "about": str(file)}
    came = document.came(
        child.run("onrecord.engines.document:read", request, about=str(file), limits=_LIMITS)
    )
    try:
        mine = own.transcript.read_bytes()
    except FileNotFoundError:
        raise UserError((Problem(Place(name), "there is no transcript"),)) from None
    base, guessed = _base(home, own, came, mine, file)
    try:
        corrected = correct(read_transcript(base), came.texts, came.remarks, _names(home, own))
        text, conflicts = merge_review(base, mine, corrected.transcript, corrected.remarks)
    except UserError as error:
        raise UserError(
            tuple(replace(p, place=replace(p.place, path=p.place.path or name)) for p in error.problems)
        ) from None
    if not corrected.transcript.cues:
        says = "no turn of a transcript stands in it"
        hint = "a turn begins with its time and a name: [00:03:12] Ilva Tare: …"
        raise UserError((Problem(Place(str(file)), says, hint),))
    if text == mine:
        return Taken(False, (), 0, guessed)
    offer(own.transcript, text, mine, home.root)
    there = home.name(beside(own.transcript))
    placed = tuple(replace(p, place=replace(p.place, path=there)) for p in conflicts)
    return Taken(True, placed, len(corrected.remarks), guessed)


def _kept(own: EpisodeFolder, mark: str) -> Path:
    return own.record / "review" / f"{mark}.vtt"


def _names(home: SeriesFolder, own: EpisodeFolder) -> tuple[str, ...]:
    """Names that may stand before a turn."""
    series = read_series(home)
    if series.series is None:
        return ()
    episode = read_episode(home, own, series.series, series.register).episode
    return tuple(b.person.name for b in episode.billed) if episode else ()


def _base(
    home: SeriesFolder, own: EpisodeFolder, came: document.Came, mine: bytes, file: Path
) -> tuple[bytes, str]:
    """What the document was made of; where nobody can know, the nearest, and a sentence that says so."""
    if came.mark:
        if _kept(own, came.mark).is_file():
            return _kept(own, came.mark).read_bytes(), ""
        other = next((e for e in home.episodes if _kept(e, came.mark).is_file()), None)
        if other is not None:
            hint = f"onrecord review {other.slug} --take {file}"
            raise UserError((Problem(Place(str(file)), f"this document is of episode {other.slug}", hint),))
    known = [path.read_bytes() for path in sorted((own.record / "review").glob("*.vtt"))]
    words = Counter(fold(word) for text in came.texts for word in text.split())
    nearest = max([mine, *known], key=lambda data: _likeness(data, words))
    what = "the transcript as it stands now" if nearest == mine else "an earlier copy that was given out"
    return nearest, f"the document no longer says which copy it is, so it was compared with {what}"


def _likeness(data: bytes, words: Counter[str]) -> float:
    """How much two texts share of their words, 0 to 1."""
    try:
        transcript: Transcript = read_transcript(data)
    except UserError:
        return -1.0
    own = Counter(fold(word) for cue in transcript.cues for word in cue.text.split())
    return 2 * (own & words).total() / max(1, own.total() + words.total())
