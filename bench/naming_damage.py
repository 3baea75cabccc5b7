"""Ways in which a recogniser and a diariser spoil a conversation, each by itself, for bench/naming.py."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.naming_cases import Case

from onrecord.craft.naming import Billed

_HEARD = (
    ("ck", "k"), ("ph", "f"), ("c", "k"), ("k", "c"), ("y", "i"), ("i", "y"), ("ie", "y"), ("th", "t"),
    ("z", "s"),
    ("v", "w"), ("w", "v"), ("ll", "l"), ("nn", "n"), ("ss", "s"), ("j", "y"), ("x", "ks"), ("ee", "i"),
    ("oo", "u"),
    ("a", "e"), ("o", "a"), ("e", "a"), ("u", "o"), ("er", "or"), ("ow", "au"), ("sch", "sh"),
)  # fmt: skip
_ADVERT = (
    "This episode is supported by people who know that storage should be simple. Try it for free today.",
    "Are you still doing your accounts by hand? Thousands of small teams have moved on. Conditions apply.",
)


def misheard(case: Case, dice: random.Random) -> Case:
    """Each billed name is spelled as it might sound, one way for a whole conversation, four times in five."""
    said = " ".join(text for _, text in case.turns)
    heard = {
        part: _mishear(part, dice)
        for b in case.billed
        for part in b.name.split()
        if len(part) > 2 and part in said
    }
    turns = []
    for voice, text in case.turns:
        for part, wrong in heard.items():
            if dice.random() < 0.8:
                text = re.sub(rf"\b{re.escape(part)}\b", wrong, text)  # noqa: PLW2901 - one part after another
        turns.append((voice, text))
    return replace(case, turns=tuple(turns))


def _mishear(part: str, dice: random.Random) -> str:
    fits = [(a, b) for a, b in _HEARD if a in part[1:].lower()]
    if not fits:
        return part
    wrong, right = dice.choice(fits)
    at = part.lower().index(wrong, 1)
    return part[:at] + right + part[at + len(wrong) :]


def late(case: Case, dice: random.Random) -> Case:
    """Every third change of voice comes one to four words too early or too late."""
    turns = [(voice, text.split()) for voice, text in case.turns]
    for (_, one), (_, other) in pairwise(turns):
        count = dice.randint(1, 4)
        kind = dice.random()
        if kind < 1 / 6 and len(one) > count:
            other[:0], one[-count:] = one[-count:], []
        elif kind < 1 / 3 and len(other) > count:
            one.extend(other[:count])
            del other[:count]
    return replace(case, turns=tuple((voice, " ".join(words)) for voice, words in turns if words))


def swallowed(case: Case, dice: random.Random) -> Case:
    """Half of the turns of at most three words are lost in the turn before."""
    turns: list[tuple[str, str]] = []
    for voice, text in case.turns:
        lost = turns and len(text.split()) <= 3 and dice.random() < 0.5
        turns.append((turns[-1][0] if lost else voice, text))
    joined = [(v, " ".join(t for _, t in group)) for v, group in groupby(turns, key=lambda turn: turn[0])]
    return replace(case, turns=tuple(joined))


def split(case: Case, dice: random.Random) -> Case:
    """The voice with the most words becomes two: from the middle on, three in four of its turns."""
    words: dict[str, int] = {}
    for voice, text in case.turns:
        words[voice] = words.get(voice, 0) + len(text.split())
    most = max(words, key=lambda voice: words[voice])
    half = len(case.turns) // 2
    turns = tuple(
        ("Speaker 99" if voice == most and i > half and dice.random() < 0.75 else voice, text)
        for i, (voice, text) in enumerate(case.turns)
    )
    return replace(case, turns=turns, truth={**case.truth, "Speaker 99": case.truth[most]})


def stranger(case: Case, dice: random.Random) -> Case:
    """An advertisement's voice is heard in two places."""
    turns = list(case.turns)
    for text in _ADVERT:
        turns.insert(dice.randint(1, len(turns) - 1), ("Speaker 98", text))
    return replace(case, turns=tuple(turns), truth={**case.truth, "Speaker 98": ""})


def unbilled(case: Case, dice: random.Random) -> Case:
    """Somebody who speaks is not billed."""
    gone = dice.choice(case.billed)
    billed = tuple(b for b in case.billed if b != gone)
    return replace(case, billed=billed, truth={v: "" if p == gone.id else p for v, p in case.truth.items()})


def absent(case: Case, dice: random.Random) -> Case:
    """Somebody is billed who never speaks."""
    name = dice.choice(
        ["Ngozi Adeyemi", "Ilva Tare", "Srdjan Cvijić", "Petra Hollander", "Kenji Watanabe", "Maeve Quill"]
    )
    return replace(case, billed=(*case.billed, Billed("absent", name, role=dice.choice(case.billed).role)))


DAMAGES: Mapping[str, Callable[[Case, random.Random], Case]] = {
    "names misheard": misheard,
    "changes of voice off": late,
    "short turns lost": swallowed,
    "a voice in two": split,
    "an advertisement": stranger,
    "somebody not billed": unbilled,
    "somebody absent": absent,
}
"""By name."""
