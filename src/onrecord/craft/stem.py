"""Words to their stems, so that "migrations" finds "migration": one stem for all spellings of a word.

A word is folded first (craft/fold.py: no case, no marks, one script) and stemmed then. So two spellings that
fold to one word have one stem whatever the stemmer makes of them; Serbian in either script, with its marks
or without, is the plainest case. The price is small: most of these stemmers drop the marks themselves.

The stemmers are Snowball's. Languages that it has only in another script than Latin (Russian, Greek, Hindi)
are folded before it could see them, so there, and wherever Snowball has none, a word is its own stem.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from onrecord.craft.fold import fold
from onrecord.model.language import family

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LISTED = """
    ca=catalan cs=czech da=danish de=german en=english es=spanish et=estonian eu=basque fi=finnish fr=french
    ga=irish hu=hungarian id=indonesian it=italian lt=lithuanian nl=dutch no=norwegian pl=polish pt=portuguese
    ro=romanian sr=serbian sv=swedish tr=turkish
"""
STEMMERS: Final[Mapping[str, str]] = {
    code: name for code, _, name in (pair.partition("=") for pair in _LISTED.split())
}
"""Snowball's name of the stemmer of each language family (model/language.py `family`)."""


def stem(word: str, language: str) -> str:
    """The stem of one word, folded; the folded word itself where its language has no stemmer.

    Args:
        word: one word without spaces, in any spelling.
        language: BCP 47.

    >>> stem("Migrations", "en-GB"), stem("Vučića", "sr-Latn"), stem("ВУЧИЋА", "sr"), stem("Vucica", "hr")
    ('migrat', 'vucic', 'vucic', 'vucic')
    >>> stem("Serbisë", "sq")
    'serbise'
    """
    return _stem(fold(word), family(language))


@lru_cache(maxsize=262_144)
def _stem(folded: str, language: str) -> str:
    stemmed = _stemmer(language)(folded) if language in STEMMERS else folded
    return fold(stemmed)  # a few stemmers give marks back


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # noqa: PLC0415 - only where words are stemmed

    found: Callable[[str], str] = snowballstemmer.stemmer(STEMMERS[language]).stemWord
    return found
