"""How near a run of words must be to a name before anybody listens: rules of likeness for craft/suspect.py.

The less there is to go by, the nearer it must be: a first name alone, a name of few letters, a part of a
name without the rest beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from onrecord.craft.sounding import alike, letters, sound

EYE, _EAR, _BOTH = 0.5, 0.74, 0.7
_SHORTEST = 4
"""A form with fewer letters is like too many words; only its accents are restored."""
_SHORT, _SHORT_EYE = 6, 0.6
"""A form with fewer letters than six must sound the same."""
_BACKED_BOTH = 0.62
"""With the rest of the name beside it, less likeness is asked for."""
_EACH = 0.5
"""How like each word of a name its own word must be, so that one right word does not carry a wrong one."""


def near(eye: float, ear: float, count: int, *, backed: bool, whole: bool) -> bool:
    """Whether two texts are alike enough, given how many letters the name has and what else speaks for it."""
    if count < _SHORTEST or eye == 1.0:
        return False
    both = (eye + ear) / 2
    if backed:
        return min(eye, ear) >= EYE and both >= _BACKED_BOTH
    if count < _SHORT and not whole:
        return ear == 1.0 and eye >= _SHORT_EYE
    return eye >= EYE and ear >= (EYE if whole else _EAR) and both >= _BOTH


def alike_throughout(cores: Sequence[str], put: Sequence[str]) -> bool:
    """Whether each word of a run is somewhat like its own word of the name, where there are as many."""
    pairs = zip(cores, put, strict=True) if len(cores) == len(put) else ()
    return all(sum(alike(heard, wanted)) / 2 >= _EACH for heard, wanted in pairs)


def nearer_within(cores: Sequence[str], wanted: str, eye: float) -> bool:
    """Whether a part of a run is nearer to the name than the whole: then the rest is no part of the miss."""
    parts = (cores[i:k] for i in range(len(cores)) for k in range(i + 1, len(cores) + 1))
    bare = letters(wanted)
    return any(Levenshtein.normalized_similarity(letters("".join(p)), bare) > eye for p in parts)


def bent(heard: str, wanted: str) -> bool:
    """Whether one is the other with an ending of up to three letters that sounds."""
    longer, shorter = (heard, wanted) if len(heard) > len(wanted) else (wanted, heard)
    few = 0 < len(longer) - len(shorter) <= 3
    return few and longer.startswith(shorter) and sound(longer) != sound(shorter)
