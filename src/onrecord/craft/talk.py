"""A conversation as the ledger's ideas see it: turns in order, each of one voice, with its words in time."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.craft.turn import Said
from onrecord.model.time import Ms, Span

Talk = tuple[Said, ...]
"""Turns in order; each has at least one word, and neighbours may have the same voice."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a question lies in a conversation.

    `spans` are its runs in order of time, none where it was not found; `others` up to two places that
    came next; `sure` (0 to 1) grows with the margin over them.
    """

    spans: tuple[Span[Ms], ...]
    sure: float
    others: tuple[Span[Ms], ...] = ()
