"""Quotes to propose: which whole sentences of an answer say best what it says.

A quote is a run of whole sentences of one turn, twelve to sixty words: verbatim by construction, for the
words are never touched, only chosen. All such runs of an answer are candidates. Each is measured
by what can be counted (features, below), a linear model with a few learnt weights (quote_weights.py) gives
it a worth, and the best are taken, as long as they do not overlap.

The weights are a ridge regression on meetings whose questions people had answered in their own words
(bench/ledger_quotes_fit.py): a candidate was worth as much as it shared content words with that answer. Only
differences between candidates of one question count, so features and target are centred by question. Measured
like that, a quote can hardly be too long; readers think otherwise, and dislike one that begins with "And". So
both cost a little more than was learnt, as much as costs next to nothing by that measure.

    shares      idf of the question's stems in it, of all of the question's
    dense       the same, by the root of its own idf: what it says besides does not count for it
    around      the same of the sentences before and after it, in its turn
    typical     cosine with the whole answer: what the answer dwells on is what it says
    telling     mean idf of its words; `full`: how many of its words are not empty
    length      log of its words
    weak        it opens with a word that leans on what was said before: and, but, it, that, yeah
    asks        it asks
    fillers     uh, you know
    late        where it stands in the answer, 0 to 1; `first`: it opens the turn
    long_turn   log of the words of its turn
    named       the question names the person who says it
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from onrecord.craft.content import asked_stems, stems, words_of
from onrecord.craft.quote_weights import FILLERS, LONG_COSTS, WEAK, WEAK_COSTS, WEIGHTS
from onrecord.craft.sentence import CLOSERS, ENDS, sentences
from onrecord.craft.talk import Talk
from onrecord.craft.turn import Said
from onrecord.model.language import joined, primary
from onrecord.model.ledger import Quote
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

LEAST_WORDS, MOST_WORDS = 12, 60
PER_ANSWER = 3

FEATURES = tuple(WEIGHTS)
_WEAK, _LENGTH, _LONG = FEATURES.index("weak"), FEATURES.index("length"), math.log(30)

Idf = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """Whole sentences of one turn: the turn's number in the talk it was taken from, and the words."""

    turn: int
    voice: str
    words: tuple[Word, ...]

    @property
    def span(self) -> Span[Ms]:
        """From its first word to the end of the last."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    @property
    def text(self) -> str:
        """Its words, as they stand."""
        return joined(word.text for word in self.words)


def propose(
    turns: Talk,
    question: str,
    language: str,
    idf: Idf,
    *,
    most: int = PER_ANSWER,
    taken: Collection[Span[Ms]] = (),
) -> tuple[Quote, ...]:
    """Propose quotes of an answer, the best first.

    Args:
        turns: the answer's turns of one voice (or of several, where it does not matter whose).
        question: as announced.
        language: BCP 47.
        idf: by stem, from `idf_of`; a stem that it lacks counts as a rare one.
        most: how many.
        taken: spans that no proposal may touch, such as quotes that stand already.

    Returns:
        At most `most` quotes, of 12 to 60 words each, none approved.
    """
    found: list[Run] = []
    held = list(taken)
    for run in ranked(turns, question, language, idf):
        if len(found) == most:
            break
        if run.span and not any(run.span & span for span in held):
            found.append(run)
            held.append(run.span)
    return tuple(Quote(run.voice, run.span, run.text) for run in found)


def ranked(turns: Talk, question: str, language: str, idf: Idf) -> list[Run]:
    """All candidates, the worthiest first; the earlier of two that are worth the same."""
    candidates, rows = measured(turns, question, language, idf)
    worth = [_worth(row) for row in rows]
    return [candidates[i] for i in sorted(range(len(worth)), key=lambda i: (-worth[i], i))]


def _worth(row: Sequence[float]) -> float:
    learnt = sum(weight * x for weight, x in zip(WEIGHTS.values(), row, strict=True))
    return learnt - WEAK_COSTS * row[_WEAK] - LONG_COSTS * max(0.0, row[_LENGTH] - _LONG)


def runs(said: Said) -> Iterator[tuple[int, int]]:
    """The word ranges `[start, end)` of a turn's candidates: whole sentences, the last ended by a mark."""
    ends = [0]
    for sentence in sentences(said.words):
        ends.append(ends[-1] + len(sentence))
    counts = [0]
    for word in said.words:
        counts.append(counts[-1] + len(word.text.split()))
    for i, start in enumerate(ends[:-1]):
        for end in ends[i + 1 :]:
            length = counts[end] - counts[start]
            if length > MOST_WORDS:
                break
            if length >= LEAST_WORDS and said.words[end - 1].text.rstrip(CLOSERS)[-1:] in ENDS:
                yield start, end


def idf_of(talk: Talk, language: str) -> dict[str, float]:
    """How telling each stem is within a talk, by the sentences that have it."""
    told = [set(stems(_text(s), language)) for said in talk for s in sentences(said.words)]
    counts = Counter(stem for found in told for stem in found)
    return {stem: math.log(1 + len(told) / (n + 0.5)) for stem, n in counts.items()}


def measured(
    turns: Talk, question: str, language: str, idf: Idf
) -> tuple[list[Run], list[tuple[float, ...]]]:
    """The candidates and their features, in the order of `FEATURES`."""
    rare = max(idf.values(), default=1.0)
    told = _Told(frozenset(asked_stems(question, language)), language, idf, rare)
    asked_words = set(words_of(question))
    centre = Counter(stem for said in turns for stem in stems(said.text, language))
    total = max(1, sum(len(said.words) for said in turns))
    found: list[Run] = []
    rows: list[tuple[float, ...]] = []
    before = 0
    for number, said in enumerate(turns):
        by_word = [stems(word.text, language) for word in said.words]
        named = float(bool(asked_words & set(words_of(said.voice)) - {"the", "a"}))
        for start, end in runs(said):
            found.append(Run(number, said.voice, said.words[start:end]))
            place = ((before + start) / total, float(start == 0), math.log(len(said.words)), named)
            around = by_word[max(0, start - MOST_WORDS) : start] + by_word[end : end + MOST_WORDS]
            rows.append(told.features(said.words[start:end], by_word[start:end], around, centre, place))
        before += len(said.words)
    return found, rows


@dataclass(frozen=True, slots=True)
class _Told:
    """What the features of all candidates of a question share."""

    asked: frozenset[str]
    language: str
    idf: Idf
    rare: float

    def features(
        self,
        words: Sequence[Word],
        by_word: Sequence[Sequence[str]],
        around: Sequence[Sequence[str]],
        centre: Mapping[str, int],
        place: tuple[float, float, float, float],
    ) -> tuple[float, ...]:
        own = Counter(stem for found in by_word for stem in found)
        mass = sum(map(self._weight, own)) or 1.0
        asked = sum(map(self._weight, self.asked)) or 1.0
        shared = sum(map(self._weight, self.asked & own.keys()))
        near = sum(map(self._weight, self.asked & {stem for found in around for stem in found}))
        count = sum(len(word.text.split()) for word in words)
        spoken = words_of(_text(words)) or [""]
        first = primary(self.language)
        late, opens, long_turn, named = place
        return (
            shared / asked,
            shared / math.sqrt(mass),
            near / asked,
            self._cosine(own, centre),
            mass / max(1, len(own)),
            sum(own.values()) / max(1, count),
            math.log(count),
            float(spoken[0] in WEAK.get(first, frozenset())),
            float(words[-1].text.rstrip(CLOSERS)[-1:] in "?？؟"),
            sum(word in FILLERS.get(first, frozenset()) for word in spoken) / len(spoken),
            late,
            opens,
            long_turn,
            named,
        )

    def _weight(self, stem: str) -> float:
        return self.idf.get(stem, self.rare)

    def _cosine(self, own: Mapping[str, int], centre: Mapping[str, int]) -> float:
        dot = sum(self._weight(s) ** 2 * n * centre.get(s, 0) for s, n in own.items())
        one = math.sqrt(sum((self._weight(s) * n) ** 2 for s, n in own.items()))
        other = math.sqrt(sum((self._weight(s) * n) ** 2 for s, n in centre.items()))
        return dot / (one * other) if one and other else 0.0


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)
