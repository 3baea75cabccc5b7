"""A conversation in portions: whole sentences of one voice, sixty words at most, the ledger's grain.

Questions are laid out over portions and not over turns, because an answer of ten minutes is one turn, and
not over sentences, because "Yes." is one. A portion never crosses from one voice to another. A sentence of
more than sixty words is a portion of its own, unless it goes on for so long that the recogniser has surely
lost the marks; then it is cut at every sixtieth word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.craft.content import stems
from onrecord.craft.sentence import sentences
from onrecord.craft.talk import Talk
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Portion:
    """Whole sentences of one voice: the turn they are in (its index), and their stems."""

    turn: int
    span: Span[Ms]
    words: int
    stems: tuple[str, ...]
    text: str
    opens: bool
    """Whether the turn begins with it."""
    voice: str = ""


def portions(talk: Talk, language: str) -> tuple[Portion, ...]:
    """Cut a conversation into portions; every word is in exactly one, in order."""
    found: list[Portion] = []
    for turn, said in enumerate(talk):
        for n, words in enumerate(_groups(said.words)):
            text = " ".join(word.text for word in words)
            end = max(words[0].span.start, words[-1].span.end)
            span = Span(words[0].span.start, end)
            found.append(
                Portion(turn, span, len(words), tuple(stems(text, language)), text, n == 0, said.voice)
            )
    return tuple(found)


def _groups(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    groups: list[tuple[Word, ...]] = []
    for sentence in sentences(words):
        for start in range(0, len(sentence), MOST_WORDS):
            part = sentence[start : start + MOST_WORDS]
            if groups and len(groups[-1]) + len(part) <= MOST_WORDS:
                groups[-1] = (*groups[-1], *part)
            else:
                groups.append(part)
    return groups
