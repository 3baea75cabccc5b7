"""A text as the terms by which it is looked for: words without case, marks, script and endings.

A term holds letters and figures alone, so it means nothing to the query language of any index: whatever
somebody types, quotes, brackets, NEAR or a NUL, only its words are left.

Letters of scripts without spaces are a term each, as they are words elsewhere (model/language.py `parts`).
An apostrophe parts words: Vučić's and l'acqua are found by Vučić and acqua.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from onrecord.craft.fold import fold
from onrecord.craft.stem import stem
from onrecord.model.language import UNSPACED_LETTERS

_WORD = re.compile(rf"{UNSPACED_LETTERS}|(?:(?!{UNSPACED_LETTERS})[^\W_])+")
_SPACED_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(UNSPACED_LETTERS)
_ASCII_WORDS = "".join(c if (c := chr(code)).isalnum() else " " for code in range(128))
_MARKS = frozenset(("Mn", "Mc", "Me", "Cf"))
LONGEST_TERM: Final = 64
"""A longer one is no word."""


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text with their places: start, end, folded word.

    >>> [(text, folded) for text in ["Vučić's l'acqua"] for _, _, folded in words(text)][:2]
    [("Vučić's l'acqua", 'vucic'), ("Vučić's l'acqua", 's')]
    """
    for start, end in _places(text):
        folded = _folded(text[start:end])
        if folded:
            yield start, end, folded


def counted(text: str) -> Counter[str]:
    """How often each folded word is in a text.

    >>> dict(counted("Wells, Vučić's wells"))
    {'wells': 2, 'vucic': 1, 's': 1}
    """
    found = Counter(map(_folded, _as_written(text)))
    found.pop("", None)
    return found


def terms(text: str, language: str) -> list[str]:
    """The terms of a text in one language (BCP 47), in order.

    >>> terms("The migrations: 1999's?", "en"), terms("日本NATO", "ja")
    (['the', 'migrat', '1999', 's'], ['日', '本', 'nato'])
    """
    return [term for _, _, term in placed(text, language)]


def placed(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """The terms of a text with the places of their words: start, end, term."""
    for start, end in _places(text):
        found = _term(text[start:end], language)
        if found:
            yield start, end, found


@lru_cache(maxsize=16_384)
def _folded(word: str) -> str:
    return _bare(fold(word))[:LONGEST_TERM]


@lru_cache(maxsize=262_144)
def _term(word: str, language: str) -> str:
    folded = _folded(word)
    return stem(folded, language) or folded


def readings(word: str, languages: Iterable[str]) -> tuple[str, ...]:
    """What a folded word may be indexed as, in any of the languages; in a steady order.

    >>> readings("migrations", ["en", "sq"])
    ('migrat', 'migrations')
    """
    return tuple(dict.fromkeys(stem(word, language) or word for language in languages)) or (word,)


def _as_written(text: str) -> list[str]:
    """The words at `_places`; looking for no places is what makes it quick."""
    if text.isascii():
        return text.translate(_ASCII_WORDS).split()
    if _marked(text):
        return [text[start:end] for start, end in _places(text)]
    return (_WORD if _UNSPACED.search(text) else _SPACED_WORD).findall(text)


def _marked(text: str) -> bool:
    return not text.isascii() and any(unicodedata.category(c) in _MARKS for c in set(text))


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where words stand; a mark (an accent of its own, a vowel sign) belongs to the letter before it."""
    if not _marked(text):
        yield from (match.span() for match in _WORD.finditer(text))
        return
    start = end = -1
    for i, char in enumerate(text):
        letter = char.isalnum()
        if start >= 0 and not letter and unicodedata.category(char) in _MARKS:
            end = i + 1
            continue
        alone = letter and _WORD.fullmatch(char + "a") is None  # a letter of a script without spaces
        if start >= 0 and (not letter or alone or _WORD.fullmatch(text[start] + "a") is None):
            yield start, end
            start = -1
        if letter:
            start, end = (i if start < 0 else start), i + 1
    if start >= 0:
        yield start, end


def _bare(folded: str) -> str:
    """What folding may leave beside letters and figures goes."""
    return folded if folded.isalnum() else "".join(c for c in folded if c.isalnum())
