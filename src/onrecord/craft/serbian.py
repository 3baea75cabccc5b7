"""Serbian in either script: Cyrillic to Latin without a loss, Latin to Cyrillic but for what no rule knows.

Each Cyrillic letter is one Latin letter or a pair: љ lj, њ nj, џ dž. So the way to Latin is a table. On
the way back a pair is one letter, except where a prefix happens to end in its first half: in-jekcija,
nad-živeti, tan-jug. Those words are few, and they are listed by their beginnings. Words that hold a letter
that Serbian has not (q, w, x, y), and names in capitals and small letters mixed (eBay), are foreign and
stay in Latin, as Serbian newspapers leave them.
"""

from __future__ import annotations

import re
import unicodedata

from onrecord.model.language import family, primary, script

_PAIRS = {"љ": "lj", "њ": "nj", "џ": "dž"}
_SINGLE = dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš", strict=True))
_TO_LATIN = {**_SINGLE, **_PAIRS}
_TO_CYRILLIC = {latin: letter for letter, latin in _TO_LATIN.items()}

_APART = {
    "nj": ("injekc", "injekt", "injunkt", "konjug", "konjunk", "tanjug", "vanjezi", "vanjevrop", "enjamb"),
    "dž": (
        *("nadžanr", "nadživ", "nadžnj", "nadžup", "odžal", "odživ", "odžvak"),
        *("podžanr", "podžeg", "podžiž", "podžup", "predživ"),
    ),
}
"""Beginnings of words in which two letters only look like a pair."""

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_FOREIGN = re.compile(r"[qwxy]", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_PIECE = re.compile("nj|dž|lj|.", re.IGNORECASE | re.DOTALL)
_ALWAYS_LATIN = frozenset(("hr", "bs"))


def in_script(text: str, language: str) -> str:
    """Words in the script that a tag asks for: `sr-Latn`, `sr-Cyrl`; `sr` alone leaves them as they are.

    Croatian and Bosnian are in Latin unless their tag says otherwise; other languages stay as they are.

    >>> in_script("Добро вече", "sr-Latn"), in_script("Ljubav", "sr-Cyrl"), in_script("Вучић", "sr")
    ('Dobro veče', 'Љубав', 'Вучић')
    """
    if family(language) != "sr":
        return text
    wanted = script(language) or ("Latn" if primary(language) in _ALWAYS_LATIN else "")
    if wanted == "Latn":
        return to_latin(text)
    return to_cyrillic(text) if wanted == "Cyrl" else text


def to_latin(text: str) -> str:
    """Serbian Cyrillic as Latin; what is not Cyrillic stays.

    >>> to_latin("Његош и ЊЕГОШ, Џорџ, Ђорђе")
    'Njegoš i NJEGOŠ, Džordž, Đorđe'
    """
    if not _CYRILLIC.search(text):
        return text
    letters = unicodedata.normalize("NFC", text)
    out: list[str] = []
    for i, letter in enumerate(letters):
        latin = _TO_LATIN.get(letter.lower())
        if latin is None:
            out.append(letter)
        elif not letter.isupper():
            out.append(latin)
        elif len(latin) == 1 or _among_capitals(letters, i):
            out.append(latin.upper())
        else:
            out.append(latin.capitalize())
    return "".join(out)


def _among_capitals(letters: str, i: int) -> bool:
    """Whether a capital stands in a word of capitals: ЊЕГОШ, but not Његош."""
    after, before = letters[i + 1 : i + 2], letters[i - 1 : i] if i else ""
    return after.isupper() or (not after.isalpha() and before.isupper())


def to_cyrillic(text: str) -> str:
    """Serbian Latin as Cyrillic; foreign words stay.

    >>> to_cyrillic("Njegoš, injekcija i nadživeti: New York, ali NATO")
    'Његош, инјекција и надживети: New York, али НАТО'
    """
    return _LATIN_WORD.sub(lambda word: _word(unicodedata.normalize("NFC", word[0])), text)


def _word(word: str) -> str:
    pieces = _PIECE.findall(word)
    mixed = not word.isupper() and any(c.isupper() for piece in pieces[1:] for c in piece)
    if mixed or _FOREIGN.search(word):
        return word
    small = word.lower()
    apart = {pair for pair, begins in _APART.items() if small.startswith(tuple(begins))}
    out: list[str] = []
    for piece in pieces:
        for part in piece if piece.lower() in apart else (piece,):
            letter = _TO_CYRILLIC.get(part.lower())
            if letter is None:
                return word
            out.append(letter.upper() if part[0].isupper() else letter)
    return "".join(out)
