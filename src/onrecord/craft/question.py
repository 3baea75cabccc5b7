"""What somebody types, as a question to the archive: its words in every reading, its phrases, their weights.

    How do they view "Aleksandar Vučić"?

has the words view, aleksandar, vucic, and one phrase. A word weighs as much as it is rare
(inverse document frequency over the windows of the archive); what nearly every window holds weighs next
to nothing and is not even looked for. That needs no list of stop words. But the words with which a question
is put (how did you, was denken sie) are rarer in answers than they are empty, so those of a few languages are
left out where anything else remains. A phrase must stand as it is, whatever its words weigh.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from onrecord.craft.terms import readings, words
from onrecord.model.language import family

MOST_WORDS: Final = 48
"""Of a longer question only the rarest words are looked for."""
_MOST_READ: Final = 2000
_FAINT: Final = 0.3
"""A word that weighs less than this share of the heaviest one is not looked for."""
_ENOUGH: Final = 200
"""In fewer windows it means little that a word is missing."""
_COMMON: Final = 1.0
"""Of a question of such words alone (the, and, of) only the three heaviest are looked for."""

_PUTTING: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(text.split())
    for language, text in {
        "en": """
            how what why when who whom whose where which is are was were be been do does did have has had
            can could will would should i you he she it we they me him her us them my your his its our their
            the a an this that these those of to in on at for from with by about as and or but not so if
            there any some s t re ve ll d m think say said tell people
        """,
        "de": """
            wie was warum wann wer wen wem wo welche ist sind war waren hat haben kann wird werden ich du er
            sie es wir ihr man der die das den dem ein eine einen von zu in im auf an fur mit uber und oder
            denken sagen
        """,
        "fr": """
            comment quoi que qu qui pourquoi quand ou quel quelle est sont etait a ont peut je tu il elle on
            nous vous ils elles le la les l un une des de du d a au en dans sur pour avec et pense dit
        """,
        "es": """
            como que quien por cuando donde cual es son era fue ha han puede yo tu el ella nosotros ellos se
            la los las un una de del a en con para sobre y o piensa dice
        """,
        "it": """
            come che cosa chi perche quando dove quale e sono era ha hanno puo io tu lui lei noi voi loro si
            il lo la i gli le l un una di del della a in su per con ed o pensa dice
        """,
        "sr": """
            kako sta sto zasto kada ko koga gde koji koja je su bio bila li ja ti on ona mi vi oni se da na
            u o za od do sa i ili misli kaze
        """,
    }.items()
}
"""The words with which a question is put, folded, by language family."""

_QUOTED = re.compile('"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»')


@dataclass(frozen=True, slots=True)
class Question:
    """The distinct words of a question, folded, each with the terms it may be indexed as; and its phrases."""

    words: tuple[tuple[str, ...], ...]
    phrases: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is looked for: the weight of each term, of the whole question, and the phrases.

    Every reading of a word has the word's weight.
    """

    weights: Mapping[str, float]
    whole: float
    phrases: tuple[tuple[tuple[str, ...], ...], ...]


def read_question(text: str, languages: Sequence[str]) -> Question:
    """Read a question; `languages` are those of the archive.

    >>> read_question('How do they view "the War"?', ["en"])
    Question(words=(('view',), ('war',)), phrases=((('the',), ('war',)),))
    """
    shown = text[: _MOST_READ * 10]
    phrases = []
    for match in _QUOTED.finditer(shown):
        phrase = _words(next(filter(None, match.groups()), ""), languages)
        if len(phrase) > 1:
            phrases.append(tuple(phrase[:MOST_WORDS]))
    found = _words(shown, languages, bare=True)[:_MOST_READ] or _words(shown, languages)[:_MOST_READ]
    return Question(tuple(dict.fromkeys(found)), tuple(phrases[:4]))


def _words(text: str, languages: Iterable[str], *, bare: bool = False) -> list[tuple[str, ...]]:
    known = tuple(languages)
    putting = frozenset().union(*(_PUTTING.get(family(tag), frozenset()) for tag in known)) if bare else ()
    return [readings(word, known) for _, _, word in words(text) if word not in putting]


def weigh(question: Question, held_by: Callable[[str], int], windows: int) -> Weighed:
    """Weigh the words of a question.

    Args:
        question: as it was read.
        held_by: how many windows hold a term.
        windows: how many there are.
    """
    weighed = []
    heaviest = 0.0
    for word in question.words:
        held = sum(held_by(term) for term in word)
        weight = log(1 + (max(0, windows - held) + 0.5) / (held + 0.5))
        if held or windows >= _ENOUGH:  # a word that nobody said makes the little words count for less
            heaviest = max(heaviest, weight)
        if held:
            weighed.append((weight, word))
    weighed.sort(key=lambda pair: -pair[0])
    kept = [(weight, word) for weight, word in weighed[:MOST_WORDS] if weight >= _FAINT * heaviest]
    if heaviest < _COMMON:
        kept = kept[:3]
    weights = {term: weight for weight, word in reversed(kept) for term in word}
    return Weighed(weights, sum(weight for weight, _ in kept), question.phrases)
