"""Words to stems: what of a text counts when a question is looked for, in any language.

A question and its answer seldom share a word letter by letter: who asks about *enlargement* hears of
countries that *enlarge*. So words are compared by their stems. Four things happen, in this order:

    sounds go       what stands in brackets, [laughter] or {vocalsound}, was not said
    empty words go  the, of, and; and the words with which anybody asks anything: what, think, discuss.
                    English has a list; in other languages the idf of the series does most of this work
    the stem        Snowball's rules for the language; a language without rules keeps its words whole
    folding         last, because the rules need the marks: ß, č, и (craft/fold.py)

Scripts without spaces have no words to stem: each pair of neighbouring letters stands for a word there,
as search engines have done for Chinese for decades.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import snowballstemmer

from onrecord.craft.fold import fold
from onrecord.craft.serbian import to_latin
from onrecord.model.language import UNSPACED_LETTERS, family, primary

_ALGORITHMS = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "eo": "esperanto",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "no": "norwegian",
    "fa": "persian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
    "cs": "czech",
    "sk": "slovak",
}
_KNOWN = {code: name for code, name in _ALGORITHMS.items() if name in snowballstemmer.algorithms()}

_NOT_SAID = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
_WORD = re.compile(r"[^\W_]+(?:['’\u0300-\u036f\u0900-\u0dff\u0600-\u06ff]+[^\W_]*)*")
_UNSPACED_RUN = re.compile(f"{UNSPACED_LETTERS}+|(?:(?!{UNSPACED_LETTERS}).)+")
_CLITIC = re.compile(r"['’](?:s|re|ve|ll|d|m|t)?\Z|n['’]t\Z")


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMPTY = {
    "en": _listed("""
        a about above after again all also am an and any are aren as at be because been before being below
        between both but by can cannot could couldn did didn do does doesn doing don down during each few for
        from further had hadn has hasn have haven having he her here hers herself him himself his how i if in
        into is isn it its itself let me might more most mustn my myself no nor not of off on once only or
        other ought our ours ourselves out over own same shan she should shouldn so some such than that the
        their theirs them themselves then there these they this those through to too under until up us very
        was wasn we were weren what when where which while who whom whose why will with won would wouldn you
        your yours yourself yourselves yeah yes yep ok okay uh um hmm mm mhm ah oh er huh hm gonna wanna kind
        sort like just really actually basically well know mean think thing things get got go going say says
        said one lot bit right sure maybe quite ca n
    """),
}
_ASKING = {
    "en": _listed("""
        summarize summarise summary discuss discussed discussion describe explain tell talk talked
        mention mentioned mentioning opinion opinions view views thought thoughts attitude attitudes
        according regarding towards toward concerning conclude concluded conclusion meeting group team
        member members people speaker speakers participants question questions topic please give
    """),
}
"""Words with which anybody asks anything; they say nothing of where the answer lies."""


def stems(text: str, language: str) -> list[str]:
    """The stems of a text in its order, without empty words; a word may repeat.

    >>> stems("How do they view the enlargement of the Union? [laughter]", "en")
    ['view', 'enlarg', 'union']
    >>> stems("Проширење Уније", "sr") == stems("proširenje Unije", "sr-Latn")
    True
    >>> stems("東京都", "ja")
    ['東京', '京都']
    """
    stem = _stemmer(language)
    return [found for word in words_of(text) if (found := stem(word))]


def asked_stems(text: str, language: str) -> list[str]:
    """The stems of a question: those of its text without the words that any question has.

    Where nothing else is left, they stay.

    >>> asked_stems("Summarize the discussion about speech overlap", "en")
    ['speech', 'overlap']
    """
    asking = _asking(primary(language))
    all_stems = stems(text, language)
    return [stem for stem in all_stems if stem not in asking] or all_stems


def words_of(text: str) -> list[str]:
    """Words in small letters without their marks; letters by twos where a script has no spaces."""
    found: list[str] = []
    for word in _WORD.findall(_NOT_SAID.sub(" ", text).casefold()):
        if word.isascii():
            found.append(word)
            continue
        for run in _UNSPACED_RUN.findall(word):
            found += _pairs(run) if re.match(UNSPACED_LETTERS, run) else [run]
    return found


def stemmed(language: str) -> bool:
    """Whether Snowball has rules for a language."""
    return family(language) in _KNOWN


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Callable[[str], str]:
    """From a word to its stem, empty for an empty word; each word is worked out once."""
    name = _KNOWN.get(family(language))
    rules = snowballstemmer.stemmer(name).stemWord if name else None
    empty = _EMPTY.get(primary(language), frozenset())

    @lru_cache(maxsize=200_000)
    def stem(word: str) -> str:
        bare = _CLITIC.sub("", word)
        if not bare or bare in empty:
            return ""
        latin = to_latin(bare) if family(language) == "sr" else bare
        return fold(rules(latin) if rules else latin)

    return stem


@lru_cache(maxsize=64)
def _asking(first: str) -> frozenset[str]:
    return frozenset(found for word in _ASKING.get(first, ()) if (found := _stemmer(first)(word)))
