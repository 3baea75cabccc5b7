"""A conversation into stretches about one thing each, where nothing was announced.

It is cut where what is said before and after shares few words and where a change is heard: a turn that
asks, words with which people go on to another matter. One dynamic programme finds the best cut into n
stretches:

    worth of a stretch    how alike its sentences are: |sum of their word vectors|^2 / words in it
    worth of a cut        the cues at its first turn

Units are the beginnings of turns, and of every hundredth word inside a long one. Each is a vector of the
idf-weighted stems of its words. How many stretches there are nobody can tell from the words alone (measured:
every penalty that was tried finds too few or too many), so it is one for five minutes, three at least and
at most twelve for an hour.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onrecord.craft.asked import is_asking
from onrecord.craft.content import stems
from onrecord.craft.sentence import sentences
from onrecord.craft.talk import Talk
from onrecord.craft.turn import Said
from onrecord.model.language import primary
from onrecord.model.time import Ms, Span

_UNIT_WORDS = 100
_MS_PER_CHAPTER = 300_000
_CUE = {"asks": 0.35, "host": 0.15, "turns_to": 0.5, "inside": -0.6, "short": -0.25}
"""What speaks for a cut, in units of how alike two neighbours are."""
_SHORT_WORDS = 8
_TURNS_TO = {
    "en": re.compile(
        r"\b(?:let(?:'s|’s| us| me) (?:talk|turn|move|go|switch|start|begin|ask)|"
        r"moving on|next (?:question|topic|up)|"
        r"(?:final|last|first|second|another|next) (?:question|topic|point)|turn(?:ing)? (?:now )?to|"
        r"i (?:want|wanted|would like|'d like) to (?:ask|talk|turn|move|start))\b",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A turn, or a hundred words of one: its number in the talk, its words' stems, what speaks for a cut."""

    turn: int
    start: Ms
    words: int
    stems: Counter[str]
    cue: float


def how_many(length_ms: int) -> int:
    """How many stretches a talk of that length has, if nothing else is known.

    >>> how_many(60 * 60_000), how_many(30 * 60_000), how_many(60_000)
    (12, 6, 3)
    """
    return max(3, round(length_ms / _MS_PER_CHAPTER))


def cut(
    talk: Talk, count: int, language: str, hosts: Collection[str], *, apart_ms: int = 10_000
) -> tuple[Ms, ...]:
    """Cut a talk into stretches.

    Args:
        talk: the whole conversation.
        count: into how many, if there is room.
        language: BCP 47.
        hosts: the voices that ask; without any, whoever asks counts.
        apart_ms: how long a stretch is at least.

    Returns:
        Where each begins, in order; the first with the talk.
    """
    made = units(talk, language, hosts)
    if not made:
        return ()
    length_ms = talk[-1].span.end - made[0].start
    count = max(1, min(count, len(made), length_ms // max(1, apart_ms)))
    return tuple(made[i].start for i in _best(made, count, Span(made[0].start, talk[-1].span.end), apart_ms))


def units(talk: Talk, language: str, hosts: Collection[str]) -> list[Unit]:
    """The places where a talk may be cut."""
    found = []
    for turn, said in enumerate(talk):
        part: list[int] = []
        for sentence in sentences(said.words):
            if part and part[-1] >= _UNIT_WORDS:
                part.append(0)
            part = part or [0]
            part[-1] += len(sentence)
        at = 0
        for n, length in enumerate(part):
            words = said.words[at : at + length]
            text = " ".join(word.text for word in words)
            cue = _cue(said, language, hosts) if not n else _CUE["inside"]
            found.append(Unit(turn, words[0].span.start, length, Counter(stems(text, language)), cue))
            at += length
    return found


def _cue(said: Said, language: str, hosts: Collection[str]) -> float:
    asks = is_asking(said)
    may = not hosts or said.voice in hosts
    cue = _CUE["asks"] if asks and may else 0.0
    cue += _CUE["host"] if said.voice in hosts else 0.0
    turns_to = _TURNS_TO.get(primary(language))
    cue += _CUE["turns_to"] if may and turns_to and turns_to.search(said.text) else 0.0
    return cue + (_CUE["short"] if len(said.words) < _SHORT_WORDS and not asks else 0.0)


def _best(made: Sequence[Unit], count: int, whole: Span[Ms], apart_ms: int) -> list[int]:
    """The first unit of each stretch of the best cut."""
    n = len(made)
    worth = _alike(made)
    starts = np.array([unit.start for unit in made] + [whole.end])
    cue = np.array([unit.cue for unit in made])
    mean = float(worth[np.arange(n - 1), np.arange(1, n)].mean()) if n > 1 else 1.0
    worth = worth + np.where(np.arange(n) > 0, cue * max(mean, 1e-9), 0.0)[:, None]
    worth[starts[None, 1:] - starts[:-1, None] < apart_ms] = -np.inf
    best = worth[0].copy()
    came: list[npt.NDArray[np.intp]] = []
    for _ in range(count - 1):
        # Stretch number k + 1 begins at `i` and ends with `j`; up to k of them end with `i - 1`.
        through = np.full((n, n), -np.inf)
        through[1:] = best[:-1, None] + worth[1:]
        came.append(np.argmax(through, axis=0))
        best = through.max(axis=0)
    at, begins = n - 1, []
    for row in reversed(came):
        if not np.isfinite(best[n - 1]):
            return [0]
        begins.append(int(row[at]))
        at = begins[-1] - 1
    return [0, *reversed(begins)]


def _alike(made: Sequence[Unit]) -> npt.NDArray[np.float64]:
    """For each pair i <= j, how alike units i to j are; nothing below the diagonal."""
    n = len(made)
    df = Counter(stem for unit in made for stem in unit.stems)
    place = {stem: i for i, stem in enumerate(df)}
    vectors = np.zeros((n, len(place)), np.float32)
    for i, unit in enumerate(made):
        for stem, times in unit.stems.items():
            vectors[i, place[stem]] = times * math.log(1 + n / (df[stem] + 0.5))
    totals = np.zeros((n + 1, n + 1))
    totals[1:, 1:] = (vectors @ vectors.T).cumsum(0).cumsum(1)
    words = np.concatenate([[0.0], np.cumsum([max(1, unit.words) for unit in made])])
    first, last = np.arange(n)[:, None], np.arange(1, n + 1)[None, :]
    inner = totals[last, last] - totals[first, last] - totals[last, first] + totals[first, first]
    length = np.maximum(words[last] - words[first], 1.0)
    alike = np.where(last > first, inner / length, -np.inf)
    return np.asarray(alike, np.float64)
