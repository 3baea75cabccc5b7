"""A person's transcript.vtt and a new proposal into one file: what is shown of a conflict, and where.

A conflict stands in the merged file as a comment before its caption, where every editor shows it and no
player does:

    NOTE onrecord: the new recognition heard "Samuel" here; your words were kept

Whoever has read it deletes it, or leaves it: it is a comment. What stands there already is not said twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from onrecord.craft.merge import Conflict, Merged, merge
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import Ms, short_clock
from onrecord.model.transcript import Transcript
from onrecord.text import vtt, vtt_sheet

MARK = "onrecord: "
"""How comments of ours begin."""
_SHOWN_CHARACTERS = 240


def merge_files(base: bytes, mine: bytes, new: bytes) -> tuple[bytes, tuple[Problem, ...]]:
    """Merge files as `merge` merges transcripts.

    Args:
        base: the proposal that `mine` was made from.
        mine: the person's file; its lines stay byte for byte where nothing changes.
        new: the new proposal; comments that were put into it come along.

    Returns:
        The merged file, and for each conflict a problem with its line in there (the path is empty).

    Raises:
        UserError: one of the three is no WebVTT that can be read; the places are lines of that file.
    """
    if mine == base:
        return new, ()
    if new in (base, mine):
        return mine, ()
    (before, was), (text, own), (after, fresh) = (_read(data) for data in (base, mine, new))
    pieces = vtt_sheet.sheet(after, fresh)
    come = [
        (cue.span.start, note)
        for number, cue in enumerate(fresh.cues)
        for note in vtt_sheet.notes_before(pieces, number)
        if f"NOTE {note}" not in before and f"NOTE {note}" not in text
    ]
    return _write(text, own, merge(was, own, fresh), "the new recognition", come)


def merge_review(
    base: bytes, mine: bytes, new: Transcript, remarks: Sequence[tuple[Ms, str]]
) -> tuple[bytes, tuple[Problem, ...]]:
    """Merge what a colleague corrected, as `merge_files` does; remarks become comments before their captions.

    Args:
        base: the file as it was given to the colleague.
        mine: the person's file as it stands now.
        new: the transcript as the colleague corrected it.
        remarks: what the colleague remarks, each with its time.
    """
    (_, was), (text, own) = (_read(data) for data in (base, mine))
    return _write(text, own, merge(was, own, new, by_person=True), "the reviewed document", remarks)


def read_transcript(data: bytes) -> Transcript:
    """The transcript of a file.

    Raises:
        UserError: it is no WebVTT that can be read; the path is empty.
    """
    return _read(data)[1]


def _write(
    text: str, own: Transcript, merged: Merged, who: str, remarks: Sequence[tuple[Ms, str]]
) -> tuple[bytes, tuple[Problem, ...]]:
    """The merged file in the form of the person's, and where its new comments stand."""
    pieces = vtt_sheet.sheet(text, own)
    cues = merged.transcript.cues
    notes: dict[int, list[str]] = {}
    for conflict in merged.conflicts:
        note, begin = MARK + _sentence(conflict, who), merged.mine[conflict.cue]
        if begin is None or note not in vtt_sheet.notes_before(pieces, begin):
            there = notes.setdefault(conflict.cue, [])
            there += [note] if note not in there else []
    conflicts = {k: list(there) for k, there in notes.items()}
    for at, said in remarks:
        k = next((k for k, cue in enumerate(cues) if cue.span.end > at), len(cues) - 1)
        note, begin = said.replace("-->", "->"), merged.mine[k] if cues else None
        if cues and (begin is None or note not in vtt_sheet.notes_before(pieces, begin)):
            notes.setdefault(k, []).append(note)
    if not notes and merged.transcript == _bare(own):
        return text.encode(), ()
    result = vtt_sheet.rewrite(pieces, own, merged.transcript, merged.mine, notes)
    return result.encode(), _problems(result, merged.transcript, conflicts)


def count_conflicts(text: str) -> int:
    """How many comments about conflicts stand in a transcript."""
    return sum(line.startswith(f"NOTE {MARK}") for line in text.splitlines())


def _read(data: bytes) -> tuple[str, Transcript]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = Place("", data[: error.start].count(b"\n") + 1, 1)
        raise UserError(
            (Problem(place, "the file is not UTF-8 text", "save it as UTF-8 in your editor"),)
        ) from None
    transcript, problems = vtt.read(text, "")
    if grave := tuple(p for p in problems if p.grave):
        raise UserError(grave)
    return text, transcript


def _bare(transcript: Transcript) -> Transcript:
    return replace(transcript, cues=tuple(replace(cue, place=None) for cue in transcript.cues))


def _sentence(conflict: Conflict, who: str) -> str:
    heard = " ".join(conflict.heard.replace("-->", "->").split())
    if len(heard) > _SHOWN_CHARACTERS:
        heard = heard[:_SHOWN_CHARACTERS].rpartition(" ")[0] + " …"
    if conflict.kind == "voice":
        voice = f"in the voice of {conflict.voice}" if conflict.voice else "without a voice"
        return f'{who} has "{heard}" {voice}; the name here was kept'
    if not heard:
        return f"{who} has no words here; yours were kept"
    return f'{who} has "{heard}" here; your words were kept'


def _problems(text: str, transcript: Transcript, notes: dict[int, list[str]]) -> tuple[Problem, ...]:
    """Where the comments stand now."""
    lines = text.splitlines()
    found, at = [], 0
    for k in sorted(notes):
        for note in notes[k]:
            at = next((i for i in range(at, len(lines)) if lines[i] == f"NOTE {note}"), at)
            when = short_clock(transcript.cues[k].span.start)
            says = f"at {when} {note.removeprefix(MARK)}"
            found.append(Problem(Place("", at + 1, 1), says, "hear it, and keep what is right", grave=False))
            at += 1
    return tuple(found)
