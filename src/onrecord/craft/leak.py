"""Words that are off the record, found again wherever they stand.

A passage is known by its words, but most of its words are said elsewhere in the conversation too. So what
is looked for is what occurs *only* off the record:

    runs        four words in a row and twelve letters at least, which nobody says on the record. A passage
                of forty words gives some thirty of them; one is enough to be sure
    rare words  words of five letters and more that are said off the record only. They betray a passage
                where its words stand in another order: an index, a cloud of words. Three of them are taken
                for a leak, and half of all there are

Words are compared folded (craft/fold.py), so neither case nor accents nor the Serbian alphabet hide one;
numbers are left out, so that times between words do not part them.

A passage that is too short for a run, or says nothing that is not said elsewhere, cannot be found by its
words; then the sound alone is compared, and the check says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from onrecord.craft.fold import fold
from onrecord.model.language import parts

RUN_WORDS = 4
RUN_LETTERS = 12
RARE_LETTERS = 5
RARE_WORDS = 3
_APART = "\n"
"""Stands between texts that do not follow each other, and matches no word."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of scripts that are written without spaces; only then the slow parting of words is needed."""

Run = tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text as they are compared.

    >>> words("“Šta?” 3:12 <i>Don’t</i>")
    ['sta', 'i', "don't", 'i']
    """
    folded = fold(text)
    apart = parts(folded) if _UNSPACED.search(folded) else (folded,)
    return [w for part in apart for w in re.findall(r"[\w']+", part) if not w.isnumeric()]


def stream(texts: Iterable[str]) -> list[str]:
    """The words of several texts, kept apart."""
    found: list[str] = []
    for text in texts:
        found += words(text)
        found.append(_APART)
    return found


@dataclass(frozen=True, slots=True)
class Needles:
    """What betrays a passage: its runs, its rare words, and its long words as they are written."""

    runs: frozenset[Run]
    rare: frozenset[str]
    written: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.runs)

    @property
    def wanted(self) -> int:
        """How many rare words are taken for a leak; 0 where there are too few."""
        return max(RARE_WORDS, -(-len(self.rare) // 2)) if len(self.rare) >= RARE_WORDS else 0


def needles(off: Iterable[str], on: Iterable[str]) -> Needles:
    """What is said off the record only.

    Args:
        off: texts that are off the record, each in one piece.
        on: texts that are on the record.

    >>> found = needles(["the minister promised us a zeppelin"], ["The minister promised a ship."])
    >>> sorted(" ".join(run) for run in found.runs), sorted(found.rare)
    (['minister promised us a', 'promised us a zeppelin', 'the minister promised us'], ['zeppelin'])
    """
    gone_texts = tuple(off)
    gone, said = stream(gone_texts), stream(on)
    runs = set(_runs(gone))
    known = set(said)
    lengths = {len(run) for run in runs}
    spoken = {tuple(said[i : i + n]) for n in lengths for i in range(len(said) - n + 1)}
    rare = {w for w in gone if w not in known and len(w) >= RARE_LETTERS}
    spelled = {w for text in gone_texts for w in re.findall(r"\w{4,}", text) if not w.isnumeric()}
    return Needles(frozenset(runs - spoken), frozenset(rare), tuple(sorted(spelled)))


def _runs(said: Sequence[str]) -> Iterator[Run]:
    """From each word the shortest run that is long enough, within one text."""
    for i in range(len(said)):
        letters = 0
        for j in range(i, len(said)):
            if said[j] == _APART:
                break
            letters += len(said[j])
            if j - i + 1 >= RUN_WORDS and letters >= RUN_LETTERS:
                yield tuple(said[i : j + 1])
                break


def search(text: Sequence[str], wanted: Needles) -> tuple[Run, ...]:
    """The runs of a passage that stand in a text, in its order; or its rare words, each by itself, sorted.

    Args:
        text: words (see `words`).
        wanted: what betrays the passage.
    """
    lengths = {len(run) for run in wanted.runs}
    firsts = {run[0] for run in wanted.runs}
    found = [
        run
        for i, word in enumerate(text)
        if word in firsts
        for n in lengths
        if (run := tuple(text[i : i + n])) in wanted.runs
    ]
    if found:
        return tuple(dict.fromkeys(found))
    rare = sorted(wanted.rare.intersection(text)) if wanted.wanted else []
    return tuple((w,) for w in rare) if wanted.wanted and len(rare) >= wanted.wanted else ()


def unexplained(found: Iterable[Run], on: Sequence[str]) -> tuple[Run, ...]:
    """What was found, without what is said on the record elsewhere.

    Args:
        found: runs, or rare words.
        on: the words of texts that are on the record (see `stream`).
    """
    spoken = f" {' '.join(on)} "
    return tuple(run for run in found if f" {' '.join(run)} " not in spoken)


def raw(data: bytes, wanted: Needles, around: int = 600) -> tuple[Run, ...]:
    """The same in bytes of any format, in UTF-8 or UTF-16: a long word leads to what stands around it.

    Args:
        data: a file's content, or a part of it.
        wanted: what betrays the passage.
        around: how many bytes before and after are read with it.
    """
    found: dict[Run, None] = {}
    low = data.lower()  # letters of ASCII; others are looked for as they are written, and in small
    spelled = {form for w in wanted.written for form in (w.lower(), _lower_ascii(w))}
    for coding in ("utf-8", "utf-16-le", "utf-16-be"):
        for word in spelled:
            needle = word.encode(coding)
            at = low.find(needle)
            while at >= 0 and len(found) < len(wanted.runs):
                start = max(at % 2, at - around // 2 * 2)  # in UTF-16 a letter begins at each second byte
                piece = data[start : at + around].decode(coding, "replace")
                found |= dict.fromkeys(search(words(piece), Needles(wanted.runs, frozenset())))
                at = low.find(needle, at + around // 2)
    return tuple(found)


def _lower_ascii(word: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in word)
