"""One form of a text for comparing and finding: no case, no marks, one script.

"Srđan Cvijić", "Срђан Цвијић" and "Srdjan Cvijic" are one name, and who looks for one means all. So every
comparison that people would make without thinking goes through this one function:

    compatibility    ligatures, wide and composed letters fall apart (NFKD), and accents go; the vowel
                     signs of Hindi or Thai are letters, and stay
    case             case folding, which also makes ß ss
    Latin            letters that do not fall apart are written without their strokes: đ ł ø æ ı
    Cyrillic, Greek  letter by letter into Latin, always in the same way, so that the beginning of a word
                     folds to the beginning of the folded word
    dj               is đ on a typewriter, so it folds to d as đ does

The table follows Serbian, whose two alphabets are both in daily use: ж is ž, and so z. Russian, Ukrainian,
Bulgarian and Macedonian follow the scholars' transliteration without its marks, which is not how English
papers spell them (`Zelenskyy`): such spellings belong into `also:` in people.yaml.

Folding merges what a person would tell apart (Đurić and Durić). Where that matters, the exact form is
compared first, and a folded one counts only if it leads to one place (craft/register.py).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def _table(pairs: str) -> dict[int, str]:
    return str.maketrans(dict(pair.split("=") for pair in pairs.split()))


SPELLED = {
    **_table("đ=d ð=d ł=l ø=o æ=ae œ=oe ı=i ħ=h þ=th ŧ=t ŋ=ng ə=e ’=' ‘=' ʼ=' ʹ=' ´=' `='"),
    **_table("""
        а=a б=b в=v г=g д=d ђ=d е=e ж=z з=z и=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=c
        у=u ф=f х=h ц=c ч=c џ=dz ш=s щ=sc ъ=a ы=y ь= э=e ю=ju я=ja є=e і=i ґ=g ѕ=dz ѣ=e
    """),
    **_table("""
        α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch
        ψ=ps ω=o
    """),
}
COMPOSED = _table("ѓ=gj ќ=kj Ѓ=gj Ќ=kj")
"""Macedonian letters that would fall apart into others and a mark."""

_TYPEWRITTEN = re.compile("dj+")
# Classes of combining marks that only shade a letter: overlays, Hebrew and Arabic points, accents.
SHADES = frozenset((1, *range(10, 37), *range(200, 241)))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A text as it is compared and looked for; folding twice is folding once. Spaces and marks stay.

    >>> {fold(name) for name in ("Srđan Cvijić", "СРЂАН ЦВИЈИЋ", "Srdjan Cvijic")}
    {'srdan cvijic'}
    >>> fold("Straße, Łódź, Ærø, Tiranë, Shkodër, İzmir"), fold("Търново"), fold("Μητσοτάκης")
    ('strasse, lodz, aero, tirane, shkoder, izmir', 'tarnovo', 'mitsotakis')
    """
    if text.isascii():
        return _TYPEWRITTEN.sub("d", text.lower()).replace("`", "'")
    whole = unicodedata.normalize("NFC", text).translate(COMPOSED)
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", whole).casefold())
    bare = "".join(c for c in apart if unicodedata.combining(c) not in SHADES and not _unseen(c))
    latin = bare.translate(SPELLED)
    return _TYPEWRITTEN.sub("d", unicodedata.normalize("NFC", latin))


def _unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf"
