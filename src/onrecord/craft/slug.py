"""A title or a name as part of an address: small letters, digits and single hyphens, in any script's place.

Only `a-z`, `0-9` and `-` leave this function, so a slug is safe as a folder, in an address and in a shell.
Letters of Latin, Greek and Cyrillic alphabets are written as their readers write them without the keys;
what has no such spelling here is dropped, and a text of which nothing is left gets a name from its digest.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

LONGEST_BYTES = 80


def _table(pairs: str) -> dict[str, str]:
    """Letters and their spellings from `đ=dj ъ=`."""
    return dict(pair.split("=") for pair in pairs.split())


_LATIN = _table("đ=dj ł=l ø=o ß=ss æ=ae œ=oe ð=d þ=th ı=i ħ=h")
_CYRILLIC = _table("""
    а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch
    ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya ё=yo ґ=g є=ye і=i ї=yi ў=u ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz ѓ=gj ѕ=dz ќ=kj
""")
# Serbian and Macedonian are spelled as in their own Latin alphabets; only they have these letters.
_SOUTH_SLAVIC = frozenset("ђјљњћџѓѕќ")
_SOUTHERN = _table("ж=z х=h ц=c ч=c ш=s")
_GREEK = _table("""
    α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o
""")
_SPELLED = {**_LATIN, **_CYRILLIC, **_GREEK, "&": " and ", "’": "", "'": "", "ʼ": ""}
_RESERVED = re.compile(r"con|prn|aux|nul|clock|conin|conout|(?:com|lpt)[0-9]")


def slug(text: str) -> str:
    """Make the address's part of a title or a name.

    Returns:
        `[a-z0-9]+(-[a-z0-9]+)*`, at most 80 bytes, never empty and never a name that Windows keeps for a
        device (those get `-1`). Different texts may give the same slug: who needs them distinct adds to it.

    >>> slug("Who are the Russians in Serbia, and what do they believe?")
    'who-are-the-russians-in-serbia-and-what-do-they-believe'
    >>> slug("Срђан Цвијић"), slug("Łódź & Straße"), slug("NUL")
    ('srdjan-cvijic', 'lodz-and-strasse', 'nul-1')
    """
    # Composed first: й and ї are letters of their own, and would else fall apart into и, і and a mark.
    composed = unicodedata.normalize("NFKC", text).lower()
    spelling = {**_SPELLED, **_SOUTHERN} if _SOUTH_SLAVIC.intersection(composed) else _SPELLED
    spelled = "".join(spelling.get(char, char) for char in unicodedata.normalize("NFC", composed))
    # What is still not ASCII loses its marks (é, š, ǆ, ά), and may then be a letter of the tables.
    bare = (char for char in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(char))
    ascii_only = "".join(_SPELLED.get(char, char) for char in bare)
    name = "-".join(re.findall(r"[a-z0-9]+", ascii_only))
    if len(name) > LONGEST_BYTES:
        # At a hyphen if there is one not too far back.
        cut = name.rfind("-", LONGEST_BYTES // 2, LONGEST_BYTES + 1)
        name = name[: cut if cut > 0 else LONGEST_BYTES].strip("-")
    if not name:
        return "x" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name}-1" if _RESERVED.fullmatch(name) else name
