"""Three rows of words become one: what a person touched stands, the rest is as it was newly heard.

Both rows, the person's and the new one, are compared with the base. What differs is a list of *hunks*, each
a stretch of the base and what stands in its place; a hunk as long as what it replaces is taken word
by word. Hunks of the two sides that share a word of the base, or an insertion at the same place, form a
*cluster*. A cluster of one side alone is that side's change and is taken. In a cluster of both, the
person's words stand; and if what was newly heard differs from both the base and the person's words by more
than capitals and marks, that is a conflict, to be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from onrecord.craft.align import fold, match
from onrecord.model.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a transcript, the number of its caption, and whether a line begins with it."""

    text: str
    cue: int
    begins_line: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A word of the result, and which words of the three rows it stands for (None: of none).

    `own` says that the person wrote it, or touched it.
    """

    text: str
    base: int | None
    mine: int | None
    new: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What was newly heard where the person's words stand: before the word of the result numbered `at`."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class _Hunk:
    """`[start, end)` of the base is `put` words on one side."""

    start: int
    end: int
    put: int
    mine: bool

    @property
    def grows(self) -> int:
        return self.put - (self.end - self.start)


def tokens(transcript: Transcript) -> tuple[Token, ...]:
    """All words of a transcript in order."""
    found = []
    for c, cue in enumerate(transcript.cues):
        for n, line in enumerate(cue.text.split("\n")):
            found += [Token(text, c, bool(n and not i)) for i, text in enumerate(line.split())]
    return tuple(found)


def merge_words(
    base: Sequence[str], mine: Sequence[str], new: Sequence[str]
) -> tuple[tuple[Kept, ...], tuple[Heard, ...]]:
    """Merge three rows of words.

    Args:
        base: what both others come from.
        mine: the person's words.
        new: the newly heard ones.

    Returns:
        The words of the result in order, and what was heard otherwise, by place.

    >>> kept, heard = merge_words("he saw Samurukov there".split(), "he saw Samorukov there".split(),
    ...                           "we saw Samuel here".split())
    >>> [word.text for word in kept], heard
    (['we', 'saw', 'Samorukov', 'here'], (Heard(at=2, text='Samuel'),))
    """
    kept: list[Kept] = []
    heard: list[Heard] = []
    b = m = n = 0
    hunks = sorted(
        [*_hunks(base, mine, is_mine=True), *_hunks(base, new, is_mine=False)],
        key=lambda h: (h.start, h.end),
    )
    for start, end, of_mine, of_new in _clusters(hunks):
        same = start - b
        kept += [Kept(mine[m + k], b + k, m + k, n + k, own=False) for k in range(same)]
        b, m, n = end, m + same, n + same
        m_end = m + end - start + sum(h.grows for h in of_mine)
        n_end = n + end - start + sum(h.grows for h in of_new)
        rows = range(start, end), range(m, m_end), range(n, n_end)
        if of_mine:
            other = new[n:n_end]
            if of_new and _is_other(base[start:end], mine[m:m_end], other):
                heard.append(Heard(len(kept), " ".join(other)))
            kept += [_kept(mine[m + k], k, m_end - m, rows, own=True) for k in range(m_end - m)]
        else:
            kept += [_kept(new[n + k], k, n_end - n, rows, own=False) for k in range(n_end - n)]
        m, n = m_end, n_end
    kept += [Kept(mine[m + k], b + k, m + k, n + k, own=False) for k in range(len(base) - b)]
    return tuple(kept), tuple(heard)


def _kept(text: str, k: int, length: int, rows: tuple[range, range, range], *, own: bool) -> Kept:
    """The k-th of `length` words, with its counterparts: one for one, or by how far along it stands."""
    base, mine, new = (row[k * len(row) // length] if row else None for row in rows)
    return Kept(text, base, mine, new, own)


def _is_other(base: Sequence[str], mine: Sequence[str], new: Sequence[str]) -> bool:
    """Is what was newly heard a reading of its own?"""
    plain = [fold(text) for text in new]
    return plain not in ([fold(text) for text in base], [fold(text) for text in mine])


def _hunks(base: Sequence[str], other: Sequence[str], *, is_mine: bool) -> Iterator[_Hunk]:
    pairs = match([fold(text) for text in base], [fold(text) for text in other])
    at_base = at_other = 0
    for i, j in [*pairs, (len(base), len(other))]:
        put = j - at_other
        if put == i - at_base:
            yield from (_Hunk(k, k + 1, 1, is_mine) for k in range(at_base, i))
        else:
            yield _Hunk(at_base, i, put, is_mine)
        if i < len(base) and base[i] != other[j]:
            yield _Hunk(i, i + 1, 1, is_mine)
        at_base, at_other = i + 1, j + 1


def _clusters(hunks: Sequence[_Hunk]) -> Iterator[tuple[int, int, list[_Hunk], list[_Hunk]]]:
    """Hunks that meet, with the stretch of the base they cover: (start, end, the person's, the new ones)."""
    group: list[_Hunk] = []
    end = -1
    inserts = False  # whether something is put in at the very end of the group
    for hunk in [*hunks, None]:
        if hunk and group:
            empty = hunk.start == hunk.end
            if hunk.start < end or (hunk.start == end and (empty or inserts)):
                inserts = (inserts or empty) and hunk.end == end
                end = max(end, hunk.end)
                group.append(hunk)
                continue
        if group:
            yield group[0].start, end, [h for h in group if h.mine], [h for h in group if not h.mine]
        if hunk:
            group, end, inserts = [hunk], hunk.end, hunk.start == hunk.end
