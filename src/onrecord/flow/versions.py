"""Whether a passage that is off the record is said in a saved version of a file."""

from __future__ import annotations

from pathlib import Path

from onrecord.folder.layout import EpisodeFolder
from onrecord.model.ledger import Ledger
from onrecord.model.passage import Marked
from onrecord.model.time import Ms, Span
from onrecord.text import questions_yaml, vtt


def said_in(version: Path, own: EpisodeFolder, one: Marked) -> bool:
    """Whether a version is to go: a caption or a quote in it touches the passage, or nobody can tell.

    Args:
        version: a file of the history; its folder bears the name of the file it is a version of.
        own: the episode.
        one: what is off its record.
    """
    if one.withdrawn:
        return True
    name = version.parent.name
    text = version.read_bytes().decode("utf-8", "replace")
    if name.endswith(".vtt"):
        return _in_transcript(text, one)
    if name.startswith("questions"):
        return _in_ledger(text, one)
    return name != own.episode_md.name


def _in_transcript(text: str, one: Marked) -> bool:
    transcript, problems = vtt.read(text, "")
    if transcript is None or any(p.grave for p in problems):
        return True
    return any(one.takes(_wide(cue.span)) for cue in transcript.cues)


def _in_ledger(text: str, one: Marked) -> bool:
    ledger, problems = questions_yaml.read(text, "")
    if ledger is None or any(p.grave for p in problems):
        return True
    return any(one.takes(_wide(span)) for span in _spans(ledger))


def _spans(ledger: Ledger) -> list[Span[Ms]]:
    """Where the words of a ledger were said: its quotes, and the questions and chapters that begin there."""
    moments = [q.asked for q in ledger.questions if q.asked is not None] + [c.at for c in ledger.chapters]
    return [quote.span for q in ledger.questions for quote in q.quotes] + [Span(m, m) for m in moments]


def _wide(span: Span[Ms]) -> Span[Ms]:
    """At least a millisecond, so that a moment lies in a passage too."""
    return span or Span(span.start, Ms(span.start + 1))
