"""Where a transcript names the people of a billing: first names, surnames, nicknames, and names misheard.

Text is folded first (Latin letters without diacritics; Serbian, Russian, Ukrainian and Macedonian Cyrillic
written in Latin), so that `Срђан`, `Srđan` and `Srdjan` are one. A recogniser writes a name as it sounds, so
a word may also be a part of a name if it is spelled nearly like it, or sounds alike: `Yesper Cox` is Jesper
Cockx.

What keeps strangers out:

    Adam Smith        where Adam Stacoviak is billed: a first name with another surname is somebody else
    will, mark, rich  a word that the transcript also writes small is one only beside another part or set off
    Mary, Marie       a word that is near to one part and is itself a part of another name is that other
    Adam              of two billed Adams is either; both are kept, and neither is sure
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from onrecord.craft.naming_letters import alike, plain, sound
from onrecord.craft.naming_nicknames import NICKNAMES

_PARTICLES = frozenset(
    word
    for few in ("van von de der den da di del della du la le el al bin ibn ben the dr mr mrs ms prof",)
    for word in few.split()
)
_TITLES = frozenset(
    word
    for few in (
        "mister madam miss sir doctor professor president senator minister ambassador general captain",
        "judge governor herr herrn frau kollege kollegin doktor monsieur madame docteur professeur",
        "ministre senor senora don dona signor signora dottor dottoressa gospodin gospodine gospodja",
        "gospodjo profesor profesore zoti zonja",
    )
    for word in few.split()
)
_WORD = re.compile(r"\w+(?:'\w+)?")
_NEAR = 80.0  # of 100; below it, a word is not a misheard part of a name
_SHORT = 0.85  # how sure a short form of a first name is
_BESIDE = 50.0  # the same for a word that stands beside a part that fits


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: from `start` to `end`, whose it may be (places in the billing), how sure (0..1)."""

    start: int
    end: int
    who: tuple[int, ...]
    sure: float
    set_off: bool = False


_MONTHS = frozenset(
    [
        *("january", "february", "march", "april", "june", "july"),
        *("august", "september", "october", "november", "december"),
    ]
)
"""English months: written with a capital, and one is nearly Helen Marsh."""


class Names:
    """The names of a billing, ready to be found in the turns of one conversation."""

    def __init__(self, spellings: Sequence[Sequence[str]], texts: Sequence[str]) -> None:
        """Of each person all spellings of the name, and the folded turns of the conversation."""
        self._parts: dict[str, tuple[int, ...]] = {}
        self._given = {part for names in spellings for name in names for part in _parts(name)[:1]}
        self._alone = {i for i, names in enumerate(spellings) if all(len(_parts(n)) < 2 for n in names)}
        for i, names in enumerate(spellings):
            for part in {p for name in names for p in _parts(name)}:
                self._parts[part] = (*self._parts.get(part, ()), i)
        written = Counter(m.group() for text in texts for m in _WORD.finditer(text))
        small = {word for word in written if word[0].islower()}
        self._cased = sum(written[w] for w in written if w[0].isupper()) > 0.02 * written.total()
        self._small = {w for w in small if self._cased}
        self._known = dict(self._learn(written))

    def _learn(self, written: Iterable[str]) -> Iterable[tuple[str, tuple[tuple[int, ...], float]]]:
        """What each written word may be: whose part, and how alike."""
        sounds = {part: sound(part) for part in self._parts}
        for word in written:
            low = _bare(word)
            if low in self._parts:
                yield word, (self._parts[low], 1.0)
            elif word[0].isupper() and (short := self._short(low)) and low not in self._small:
                yield word, (short, _SHORT)
            elif word[0].isupper() and len(low) >= 4 and low not in self._small and low not in _MONTHS:
                near = {}
                heard = sound(low)
                for part, who in self._parts.items():
                    if len(part) >= 4 and abs(len(part) - len(low)) <= 3:
                        ratio = max(fuzz.ratio(low, part), fuzz.ratio(heard, sounds[part]))
                        if ratio >= _NEAR:
                            near[part] = (ratio, who)
                if near:
                    best = max(ratio for ratio, _ in near.values())
                    who = tuple(sorted({i for ratio, w in near.values() if ratio == best for i in w}))
                    yield word, (who, best / 100 - 0.1)

    def _short(self, low: str) -> tuple[int, ...]:
        """Whose first name a word may be short for: Max of Maxim, Bob of Robert."""
        long = NICKNAMES.get(low, frozenset())
        given = (g for g in self._given if g in long or (3 <= len(low) < len(g) and g.startswith(low)))
        return tuple(sorted({i for g in given for i in self._parts[g]}))

    def find(self, text: str) -> list[Mention]:
        """The names in one folded turn, in order; none overlap."""
        words = list(_WORD.finditer(text))
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention, after = self._at(text, words, at) if words[at].group() in self._known else (None, at + 1)
            if mention is not None:
                found.append(mention)
            at = after
        return found

    def _at(self, text: str, words: list[re.Match[str]], at: int) -> tuple[Mention | None, int]:
        first = words[at]
        who, sure = self._known[first.group()]
        last, parts, after = first, 1, at + 1
        while after < len(words) and _beside(text, last, words[after]):
            word = words[after]
            low = _bare(word.group())
            if low in _PARTICLES and not self._is_name(word.group()):
                if after + 1 >= len(words) or not self._shared(who, words[after + 1]):
                    break
            elif shared := self._shared(who, word):
                who, parts, last = shared, parts + 1, word
            else:
                break
            after += 1
        if parts > 1:
            return Mention(first.start(), last.end(), who, 1.0, set_off=True), after
        return self._single(text, words, at, who, sure), at + 1

    def _single(
        self, text: str, words: list[re.Match[str]], at: int, who: tuple[int, ...], sure: float
    ) -> Mention | None:
        """One part of a name alone; None if it belongs to a stranger or is a word like any other."""
        word = words[at]
        if self._cased and not word.group()[0].isupper():
            return None
        before = words[at - 1] if at and _beside(text, words[at - 1], word) else None
        after = words[at + 1] if at + 1 < len(words) and _beside(text, word, words[at + 1]) else None
        lone = set(who) <= self._alone  # billed with one name only: a surname may follow
        if not lone and after is not None and self._is_surname(text, after) and "'" not in word.group():
            return None
        if before is not None and self._is_strangers(word, before) and not _opens(text, before):
            return None
        set_off = text[word.end() : word.end() + 1] in {",", "?", "!", "."} or word.end() == len(text)
        if _bare(word.group()) in self._small and _opens(text, word) and not set_off:
            return None
        return Mention(word.start(), word.end(), who, sure)

    def _shared(self, who: tuple[int, ...], word: re.Match[str]) -> tuple[int, ...]:
        """Whose both parts are; the second may be misheard further, as the first has said whose it is."""
        known, _ = self._known.get(word.group(), ((), 0.0))
        both = tuple(i for i in who if i in known)
        if both or not word.group()[0].isupper():
            return both
        low = _bare(word.group())
        near = {i: alike(low, part) for part, owners in self._parts.items() for i in owners if i in who}
        best = max(near.values(), default=0.0)
        return tuple(i for i, ratio in near.items() if ratio == best and ratio >= _BESIDE)

    def _is_strangers(self, surname: re.Match[str], before: re.Match[str]) -> bool:
        """Whether another first name stands before a surname of ours (and no title)."""
        low = _bare(before.group())
        ours = _bare(surname.group()) in self._given or low in _TITLES or low in _PARTICLES
        return not ours and self._is_name(before.group())

    def _is_name(self, word: str) -> bool:
        """Whether a word is written like a name: a capital, and never small in this conversation."""
        like = word[0].isupper() and len(word) > 1 and not word.startswith("I'")
        return self._cased and like and _bare(word) not in self._small

    def _is_surname(self, text: str, word: re.Match[str]) -> bool:
        return self._is_name(word.group()) and "'" not in word.group() and not _opens(text, word)


def _parts(name: str) -> list[str]:
    words = [_bare(m.group()) for m in _WORD.finditer(plain(name))]
    named = [w for w in words if w not in _PARTICLES and len(w) > 1]
    return named or words


def _bare(word: str) -> str:
    return word.casefold().removesuffix("'s")


def _beside(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether nothing but a space, a hyphen or an initial's stop lies between two words."""
    between = text[one.end() : other.start()]
    return between in {" ", "-", ""} or (between == ". " and len(one.group()) <= 3)


def _opens(text: str, word: re.Match[str]) -> bool:
    """Whether a sentence begins with the word."""
    before = text[: word.start()].rstrip(" \"'(")
    return not before or before[-1] in ".?!:…-—"
