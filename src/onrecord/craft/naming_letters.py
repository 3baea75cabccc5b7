"""Letters as naming compares them: Latin without diacritics, capitals kept, and how a word about sounds.

Unlike `craft.fold`, which forgets capitals, this keeps them: a name is told from a word by its capital.
Serbian, Russian, Ukrainian and Macedonian Cyrillic are written in Latin as people there spell names.
"""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz

_CYRILLIC = dict(
    pair.split("=")
    for few in (
        "а=a б=b в=v г=g д=d ђ=dj е=e ё=e ж=z з=z и=i й=j ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s",
        "т=t ћ=c у=u ф=f х=h ц=c ч=c џ=dz ш=s щ=s ъ= ы=i ь= э=e ю=ju я=ja і=i ї=i є=e ґ=g ѓ=gj ќ=kj ѕ=dz",
    )
    for pair in few.split()
)
_LETTERS = str.maketrans(
    {
        **{a: b for c, d in _CYRILLIC.items() for a, b in ((c, d), (c.upper(), d.capitalize()))},
        "đ": "dj",
        "Đ": "Dj",
        "ß": "ss",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "æ": "ae",
        "Æ": "Ae",
        "ı": "i",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
    }
)
_SOUNDS = (
    ("sch", "s"), ("tch", "c"), ("ch", "k"), ("sh", "s"), ("ph", "f"), ("th", "t"), ("gh", "g"),
    ("ck", "k"), ("cs", "ks"),
    ("x", "ks"), ("qu", "kv"), ("q", "k"), ("w", "v"), ("z", "s"), ("y", "i"), ("j", "i"), ("ee", "i"),
    ("oe", "o"),
    ("ue", "u"), ("ae", "e"), ("ou", "u"), ("c", "k"),
)  # fmt: skip


def plain(text: str) -> str:
    """Text in Latin letters without diacritics, capitals kept.

    >>> plain("Срђан Цвијић, Gögge")
    'Srdjan Cvijic, Gogge'
    """
    latin = text.translate(_LETTERS)
    if latin.isascii():
        return latin
    return "".join(c for c in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(c))


def sound(word: str) -> str:
    """About how a folded word sounds: one letter where several spellings sound alike, none doubled.

    >>> sound("jesper") == sound("yesper"), sound("cockx") == sound("koks")
    (True, True)
    """
    for spelling, letter in _SOUNDS:
        word = word.replace(spelling, letter)
    word = word[:1] + word[1:].replace("h", "")
    return "".join(c for i, c in enumerate(word) if i == 0 or word[i - 1] != c)


def alike(one: str, other: str) -> float:
    """How alike two folded words are, 0 to 100, by spelling or by sound, whichever is kinder."""
    return max(fuzz.ratio(one, other), fuzz.ratio(sound(one), sound(other)))
