"""A conversation as the ledger's ideas see it: turns in order, each of one voice, with its words in time."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word


@dataclass(frozen=True, slots=True)
class Said:
    """What one voice says until another speaks; `words` is never empty."""

    voice: str
    words: tuple[Word, ...]

    @property
    def span(self) -> Span[Ms]:
        """From the first word to the end of the last."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    @property
    def text(self) -> str:
        """The words in one line."""
        return " ".join(word.text for word in self.words)


Talk = tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a question lies in a conversation.

    `spans` are its runs in order of time, none where it was not found; `others` up to two places that
    came next; `sure` (0 to 1) grows with the margin over them.
    """

    spans: tuple[Span[Ms], ...]
    sure: float
    others: tuple[Span[Ms], ...] = ()
