"""A title or a name as part of an address: small letters, digits and single hyphens, in any script's place.

`slug` makes a readable one, which other texts may share. `own_slug` is for what has an address by its name
alone, as a tag or an organisation has: names that are not spellings of each other get addresses of their own.

Only `a-z`, `0-9` and `-` leave this function, so a slug is safe as a folder, in an address and in a shell.
Letters of Latin, Greek and Cyrillic alphabets are written as their readers write them without the keys;
what has no such spelling here is dropped, and a text of which nothing is left gets a name from its digest.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
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
# What a plain name may not be, because names with a digest are: devices, and what ends like a digest.
_TAKEN = re.compile(rf"(?:{_RESERVED.pattern})|(?:.*-)?[0-9a-f]{{8}}")
_TELLING = frozenset("#@%*")


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
    name = _cut(_spelled(text))
    if not name:
        return "x" + _digest(text)
    return f"{name}-1" if _RESERVED.fullmatch(name) else name


@lru_cache(maxsize=4096)
def own_slug(name: str) -> str:
    """Make the address's part of what is known by its name alone: an organisation, a tag.

    Two names share one only where readers take them for one: case, accents, apostrophes, dashes and the
    alphabets of Serbian make no difference. Where the slug leaves out what matters (a sign as in C++, a
    letter that it cannot spell, the end of a long name), a digest of the whole name follows it. It depends
    on nothing but the name, so a page can link there without knowing who else is there.

    Returns:
        As `slug`, but up to 89 bytes; empty for a name of nothing but spaces.

    >>> own_slug("Université de Genève"), own_slug("universite de geneve")
    ('universite-de-geneve', 'universite-de-geneve')
    >>> own_slug("C"), own_slug("C++"), own_slug("c#")
    ('c', 'c-cedb1bac', 'c-951a4d36')
    """
    whole = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    if not whole:
        return ""
    spelled = _spelled(whole)
    if spelled and _cut(spelled) == spelled and not _TAKEN.fullmatch(spelled) and not _leaves_out(whole):
        return spelled
    return f"{_cut(spelled) or 'x'}-{_digest(whole)}"


def _leaves_out(text: str) -> bool:
    """Whether the slug of a text in small letters lacks something that tells it from another."""
    for char in unicodedata.normalize("NFKC", text):
        bare = [c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)]
        if _SPELLED.get(char) or all(_SPELLED.get(c) or (c.isascii() and c.isalnum()) for c in bare):
            continue
        if char.isalnum() or char in _TELLING or unicodedata.category(char) in ("Sm", "Sc", "So"):
            return True
    return False


def _spelled(text: str) -> str:
    """The whole slug, before it is shortened; empty where nothing of the text can be spelled."""
    # Composed first: й and ї are letters of their own, and would else fall apart into и, і and a mark.
    composed = unicodedata.normalize("NFKC", text).lower()
    spelling = {**_SPELLED, **_SOUTHERN} if _SOUTH_SLAVIC.intersection(composed) else _SPELLED
    spelled = "".join(spelling.get(char, char) for char in unicodedata.normalize("NFC", composed))
    # What is still not ASCII loses its marks (é, š, ǆ, ά), and may then be a letter of the tables.
    bare = (char for char in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(char))
    ascii_only = "".join(_SPELLED.get(char, char) for char in bare)
    return "-".join(re.findall(r"[a-z0-9]+", ascii_only))


def _cut(name: str) -> str:
    """As much of it as an address may hold, up to a hyphen if there is one not too far back."""
    if len(name) <= LONGEST_BYTES:
        return name
    cut = name.rfind("-", LONGEST_BYTES // 2, LONGEST_BYTES + 1)
    return name[: cut if cut > 0 else LONGEST_BYTES].strip("-")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
