"""How alike two spellings are, to the eye and to the ear, in Latin, Cyrillic or Greek letters.

A recogniser that has never met a name writes what it heard in spelling of its own: Samorukov becomes
*Sammo Rukov*, Cvijić *Tsviyich*, Montague-Park *Montague Park*. Two foldings make such spellings comparable:

    letters   no capitals, accents, marks or spaces; Cyrillic and Greek in Latin letters
              Cvijić, Cvijic, Цвијић → cvijic            Montague-Park → montaguepark
    sound     what is left of a word across a bad telephone line: classes of consonants, vowels as one
              sign, nothing doubled, silent letters gone
              Verbeek, Verbeag, Ferbeck → FARPAK         Cvijić, Tsviyich → SFAS

Sound is a rough tool on purpose. Languages spell one sound in many ways and one letter has many sounds;
so hard and soft consonants (b and p, d and t, g and k), hisses (s, z, sh, ch, č, ž, ts) and all vowels
are one class each. It may call different names alike, so it never decides alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

_PLAIN = str.maketrans(
    {
        "đ": "dj", "ł": "l", "ø": "o", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h",
        # Cyrillic as Serbian and Russian are written in Latin letters, without the accents
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "dj", "е": "e", "є": "ie", "ж": "z",
        "з": "z", "и": "i", "і": "i", "ї": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n",
        "њ": "nj", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "h",
        "ц": "c", "ч": "c", "џ": "dz", "ш": "s", "щ": "s", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "ju",
        "я": "ja", "ѓ": "g", "ќ": "k", "ѕ": "dz",
        # Greek
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
        "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t",
        "υ": "y", "φ": "f", "χ": "h", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip

# Letters with an accent that changes what is heard, before accents go: each to a hiss, or to a "y".
_ACCENTED = str.maketrans(
    {"ć": "š", "č": "š", "ç": "š", "ž": "š", "ш": "š", "ч": "š", "ћ": "š", "ж": "š", "ц": "š"}
)

_HEARD: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"tsch|tch|sch|sh|ch|cz|sz|rz|ts|tz|dz|dj|zh|š", "S"),
        (r"cc(?=[eiy])", "S"),
        (r"ph", "F"),
        (r"qu|ck|q", "K"),
        (r"x", "KS"),
        (r"gh(?=[^aeiou]|$)", ""),
        (r"c(?=[eiyvj])|c$", "S"),
        (r"g(?=[eiy])|j(?=[aeou])", "J"),
        (r"[bp]", "P"),
        (r"[fvw]", "F"),
        (r"[dt]h?", "T"),
        (r"[gkc]", "K"),
        (r"[sz]", "S"),
        (r"[aeiouyj]+", "A"),
        (r"h", ""),
    )
)
_SOFT = re.compile(r"J")


@lru_cache(maxsize=65536)
def letters(text: str) -> str:
    """A text's bare letters and digits, in Latin where its script is Cyrillic or Greek.

    >>> letters("Цвијић"), letters("Cvijić,"), letters("Montague-Park"), letters("Đurić")
    ('cvijic', 'cvijic', 'montaguepark', 'djuric')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN)).casefold().translate(_PLAIN)
    return "".join(c for c in plain if c.isalnum())


@lru_cache(maxsize=65536)
def sound(text: str) -> str:
    """A text as it is heard across a bad line: classes of consonants, one sign for all vowels.

    >>> sound("Verbeek"), sound("Verbeag"), sound("Cvijić"), sound("Tsviyich")
    ('FARPAK', 'FARPAK', 'SFAS', 'SFAS')
    """
    bare = unicodedata.normalize("NFC", text.casefold()).translate(_ACCENTED)
    key = "".join("š" if c == "š" else letters(c) for c in bare)
    for pattern, heard in _HEARD:
        key = pattern.sub(heard, key)
    # A soft g or j is a "y" to some and a hiss to others; both fold to the vowel, the weakest claim.
    key = re.sub(r"A+", "A", _SOFT.sub("A", key))
    return re.sub(r"(.)\1+", r"\1", key).upper()


def alike(a: str, b: str) -> tuple[float, float]:
    """How alike two texts are, 0 to 1: to the eye (letters), and to the ear (sound).

    >>> alike("Samarukov", "Samorukov")
    (0.8888888888888888, 1.0)
    """
    return (
        Levenshtein.normalized_similarity(letters(a), letters(b)),
        Levenshtein.normalized_similarity(sound(a), sound(b)),
    )
