"""How much a question is about each place of a conversation: BM25 over windows of several sizes.

BM25 is the oldest rule of thumb of search that nothing cheap has beaten: a stem of the question counts by
how rare it is in the series (idf), and the second time it is heard in a window it adds less than the
first. What is new here is only the window. An answer has no words in common with the question for whole
sentences, so each place is judged by what is heard around it: in 40, in 100 and in 250 words, of which the
short window is exact and the long one steady. Each row of scores is made comparable (its mean taken off,
divided by its spread), because only where a question scores *above its own average* says where it lies: a
question of common words scores high everywhere.

The idf comes from the whole series where it is known. In one conversation alone, what the conversation is
about would look like an empty word.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from onrecord.craft.content import asked_stems
from onrecord.craft.portion import Portion

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

WINDOWS_WORDS = (40, 100, 250)
_SATURATION = 1.2
_LENGTH = 0.6
_MEANT_WORDS = 100


@dataclass(frozen=True, slots=True)
class Idf:
    """In how many portions of a series each stem is heard, and how many portions there are."""

    portions: int = 0
    heard: Mapping[str, int] | None = None

    def __call__(self, stem: str) -> float:
        """How much a stem tells: more, the fewer portions hold it; above 0 for every stem."""
        n = (self.heard or {}).get(stem, 0)
        return math.log(1 + (max(self.portions, n) - n + 0.5) / (n + 0.5))

    def __add__(self, other: Idf) -> Idf:
        """The idf of two series together."""
        both = Counter(self.heard or {})
        both.update(other.heard or {})
        return Idf(self.portions + other.portions, both)


def idf_of(portions: Iterable[Portion]) -> Idf:
    """The idf of all that was said in these portions.

    >>> from onrecord.craft.portion import Portion
    >>> from onrecord.model.time import Ms, Span
    >>> told = [Portion(0, Span(Ms(0), Ms(1)), 2, stems, "", opens=True) for stems in (("a", "b"), ("a",))]
    >>> idf = idf_of(told)
    >>> idf("c") > idf("b") > idf("a") > 0
    True
    """
    heard: Counter[str] = Counter()
    count = 0
    for portion in portions:
        heard.update(set(portion.stems))
        count += 1
    return Idf(count, heard)


@dataclass(frozen=True, eq=False, slots=True)
class Heard:
    """A conversation by its stems: the portions that hold each, a portion as often as it holds it.

    `at_words` says how many words stand before each portion, and in the end how many there are.
    """

    portions: tuple[Portion, ...]
    holding: Mapping[str, Places]
    idf: Idf
    at_words: Array
    words: Array

    def __len__(self) -> int:
        return len(self.portions)

    def before(self, stems: Sequence[str]) -> Array:
        """How often each stem was heard before each portion, and in the end at all: a column a stem."""
        n = len(self)
        table = np.zeros((n + 1, len(stems)))
        for column, stem in enumerate(stems):
            table[1:, column] = np.bincount(self.holding[stem], minlength=n)
        out: Array = np.cumsum(table, axis=0)
        return out

    def around(self, size_words: float) -> tuple[Places, Places]:
        """For each portion the first and the end of the portions within a window around it."""
        n, at = len(self), self.at_words
        middle = (at[:-1] + at[1:]) / 2
        own = np.arange(n)
        first = np.searchsorted(at, middle - size_words / 2, side="right") - 1
        end = np.searchsorted(at, middle + size_words / 2, side="left")
        return np.clip(first, 0, own), np.clip(end, own + 1, n)

    def after(self, size_words: float) -> tuple[Places, Places]:
        """For each portion those from it on, so many words."""
        own = np.arange(len(self))
        end = np.searchsorted(self.at_words, self.at_words[:-1] + size_words, side="left")
        return own, np.clip(end, own + 1, len(self))

    def ahead(self, size_words: float) -> tuple[Places, Places]:
        """For each portion those before it, so many words; none before the first."""
        own = np.arange(len(self))
        first = np.searchsorted(self.at_words, self.at_words[:-1] - size_words, side="right") - 1
        return np.clip(first, 0, own), own


def hear(portions: Sequence[Portion], idf: Idf | None = None) -> Heard:
    """Count a conversation; without an idf of the series its own is taken."""
    holding: dict[str, list[int]] = {}
    for i, portion in enumerate(portions):
        for stem in portion.stems:
            holding.setdefault(stem, []).append(i)
    words = np.array([portion.words for portion in portions], float)
    at_words = np.concatenate(([0.0], np.cumsum(words)))
    known = idf if idf is not None and idf.portions else idf_of(portions)
    places = {stem: np.array(found, np.intp) for stem, found in holding.items()}
    return Heard(tuple(portions), places, known, at_words, words)


Sought = Mapping[str, float]
"""What is looked for: stems and what each weighs."""


def sought(text: str, language: str, idf: Idf) -> dict[str, float]:
    """A question as weighed stems; one that it names twice weighs double."""
    return {stem: idf(stem) * times for stem, times in Counter(asked_stems(text, language)).items()}


def bm25(heard: Heard, window: tuple[Places, Places], stems: Sought) -> Array:
    """The BM25 score of each window (the `first` and `end` of each portion's) for what is sought."""
    first, end = window
    known = [stem for stem in stems if stem in heard.holding]
    if not known:
        return np.zeros(len(heard))
    before = heard.before(known)
    often = before[end] - before[first]
    length = heard.at_words[end] - heard.at_words[first]
    relative = length / max(1.0, float(length.mean()))
    damped = _SATURATION * (1 - _LENGTH + _LENGTH * relative)[:, None]
    scores: Array = (often * (_SATURATION + 1) / (often + damped + 1e-9)) @ np.array(
        [stems[stem] for stem in known]
    )
    return scores


def standard(scores: Array, words: Array) -> Array:
    """Scores with their mean taken off and divided by their spread; all 0 where they are all alike."""
    if not len(scores):
        return scores
    apart = scores - np.average(scores, weights=words)
    spread = math.sqrt(float(np.average(apart**2, weights=words)))
    out: Array = apart / spread if spread > 1e-6 else np.zeros_like(apart)
    return out


def relevance(heard: Heard, stems: Sought) -> Array:
    """How much each portion is about what is sought: a row for each size of window, made comparable."""
    return np.array([standard(bm25(heard, heard.around(size), stems), heard.words) for size in WINDOWS_WORDS])


Alike = Callable[[Sequence[str], Sequence[str]], Array]
"""Questions and texts to how alike they are in meaning (cosine): a row a question, a column a text.

Optional everywhere: engines/meaning.py has what makes one."""


def meant(heard: Heard, questions: Sequence[str], alike: Alike) -> Array:
    """How much what is heard around each portion means what is asked, made comparable: a row a question."""
    rows = alike(questions, [portion.text for portion in heard.portions])
    first, end = heard.around(_MEANT_WORDS)
    summed = np.concatenate((np.zeros((len(rows), 1)), np.cumsum(rows * heard.words, axis=1)), axis=1)
    around = (summed[:, end] - summed[:, first]) / (heard.at_words[end] - heard.at_words[first])
    return np.array([standard(row, heard.words) for row in around]).reshape(rows.shape)
