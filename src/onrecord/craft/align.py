"""A corrected transcript back onto the recognised words: who mends a word keeps all other times.

A person corrects the text of a caption and thinks of no times. But quotes, clips and the page's
"hear it from here" live by the time of each word. So the corrected words are laid beside the
recognised ones, and each run of words is one of four:

    the same on both sides      keeps its time, to the millisecond (capitals and marks may differ)
    replaced by others          shares, in order, the time of what it replaced
    added                       finds its time in the silence between its neighbours, inside its caption
    deleted                     leaves a silence

"The same" means: part of a common subsequence of the two rows of words, found in two steps. Three words
in a row that occur once on each side are *anchors* (patience diff): they tie the texts together where
nothing was changed, which is nearly everywhere, and keep a "the" from being tied to another "the" far
away. Between anchors, Hirschberg's algorithm finds the longest one in linear space, each row of its table
computed in one stroke by NumPy: cell (i, j) is the largest of the cell above, the cell above and left
plus one where the words are equal, and all cells to its left; and "all to the left" is a running maximum.
Without a single anchor an hour of speech (9,000 words against 9,000) takes under a second and no more
memory than a few rows.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from onrecord.craft.serbian import to_latin
from onrecord.model.language import parts
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Word

_ANCHOR_WORDS = 3
_MANY = 20_000
"""From so many pairs of words on numpy earns what loading it costs; between anchors there are mostly few."""

Pairs = list[tuple[int, int]]


def align(heard: Sequence[Word], cues: Sequence[Cue]) -> tuple[tuple[Word, ...], ...]:
    """Give every word of a transcript its time.

    Args:
        heard: The recognised words, in order of time.
        cues: The captions as they now stand, in order of time, on the same clock.

    Returns:
        For each caption its words (of a script without spaces: its letters): the transcript's texts, in
        order, monotone in time. A word that stands as it was heard has exactly the span and the sureness
        it had; others are 1.0 sure, because a person wrote them. An added word for which the speech leaves
        no room has an empty span.

    >>> heard = [Word(Span(Ms(0), Ms(200)), "Hallo"), Word(Span(Ms(200), Ms(600)), "Goran.")]
    >>> [[(w.text, w.span.start, w.span.end) for w in row] for row in
    ...  align(heard, [Cue(Span(Ms(0), Ms(833)), "", "Hello, Goran.")])]
    [[('Hello,', 0, 200), ('Goran.', 200, 600)]]
    """
    written = [(text, c) for c, cue in enumerate(cues) for text in parts(cue.text)]
    heard = [part for word in heard for part in _parts(word)]
    pairs = match([fold(w.text) for w in heard], [fold(text) for text, _ in written])
    words: list[Word] = []
    at, heard_at = 0, 0
    for i, j in [*pairs, (len(heard), len(written))]:
        if at < j:
            before = words[-1].span.end if words else Ms(0)
            words += _touched(written[at:j], heard[heard_at:i], before, heard[i : i + 1], cues)
        if j < len(written):
            words.append(Word(heard[i].span, written[j][0], heard[i].sure))
        at, heard_at = j + 1, i + 1
    rows: list[list[Word]] = [[] for _ in cues]
    for word, (_, c) in zip(words, written, strict=True):
        rows[c].append(word)
    return tuple(tuple(row) for row in rows)


def _parts(word: Word) -> list[Word]:
    """A word as `parts` has it, each with its share of the time."""
    texts = [word.text] if word.text.isascii() else parts(word.text)
    if len(texts) < 2:
        return [word]
    return [replace(part, sure=word.sure) for part in _share(texts, word.span)]


def fold(text: str) -> str:
    """A word without what a corrector may change and still mean the same sound: capitals, marks, quotes.

    The script of Serbian is no more than that. But who writes `što` for `sto` has changed the word.

    >>> fold("“Well,"), fold("Don’t"), fold("ŠTA?!"), fold("Шта"), fold("—")
    ('well', "don't", 'šta', 'šta', '—')
    """
    plain = to_latin(unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    bare = plain.strip("".join(c for c in set(plain) if unicodedata.category(c)[0] in "PZ"))
    return bare or plain


def match(a: Sequence[str], b: Sequence[str]) -> Pairs:
    """A common subsequence of two rows of words, the longest between anchors, as pairs of places that rise.

    >>> match("it was the best of times".split(), "it is the best times".split())
    [(0, 0), (2, 2), (3, 3), (5, 4)]
    """
    numbers = {word: n for n, word in enumerate(dict.fromkeys([*a, *b]))}
    x, y = [numbers[w] for w in a], [numbers[w] for w in b]
    pairs: Pairs = []
    at_x = at_y = 0
    for i, j in [*_anchors(a, b), (len(a), len(b))]:
        pairs += [(at_x + p, at_y + q) for p, q in _common(x[at_x:i], y[at_y:j])]
        if i < len(a):
            pairs.append((i, j))
        at_x, at_y = i + 1, j + 1
    return pairs


def _anchors(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Words that begin a run unique on both sides, as many as rise together (patience diff)."""

    def runs(row: Sequence[str]) -> list[tuple[str, ...]]:
        return [tuple(row[i : i + _ANCHOR_WORDS]) for i in range(len(row) - _ANCHOR_WORDS + 1)]

    of_a, of_b = runs(a), runs(b)
    count_a, count_b = Counter(of_a), Counter(of_b)
    place = {run: i for i, run in enumerate(of_b) if count_b[run] == 1}
    both = [(i, place[run]) for i, run in enumerate(of_a) if count_a[run] == 1 and run in place]
    # The longest rising row of places: `ends[k]` closes the best row of length k + 1 found so far.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(both):
        k = bisect_left(ends, j)
        ends[k : k + 1] = [j]
        last[k : k + 1] = [n]
        before.append(last[k - 1] if k else -1)
    chain = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(both[at])
        at = before[at]
    return reversed(chain)


def _common(x: list[int], y: list[int]) -> Pairs:
    """The longest common subsequence of two rows of numbers (Hirschberg)."""
    head = _same(x, y)
    tail = _same(x[head:][::-1], y[head:][::-1])
    middle_x, middle_y = x[head : len(x) - tail], y[head : len(y) - tail]
    pairs: Pairs = [(i, i) for i in range(head)]
    if len(middle_x) == 1 or len(middle_y) == 1:
        found = next(((i, middle_y.index(w)) for i, w in enumerate(middle_x) if w in middle_y), None)
        pairs += [(head + found[0], head + found[1])] if found else []
    elif middle_x and middle_y:
        half = len(middle_x) // 2
        forth = _lengths(middle_x[:half], middle_y)
        back = _lengths(middle_x[half:][::-1], middle_y[::-1])[::-1]
        both = [a + b for a, b in zip(forth, back, strict=True)]
        split = both.index(max(both))
        pairs += [(head + i, head + j) for i, j in _common(middle_x[:half], middle_y[:split])]
        pairs += [(head + half + i, head + split + j) for i, j in _common(middle_x[half:], middle_y[split:])]
    pairs += [(len(x) - tail + i, len(y) - tail + i) for i in range(tail)]
    return pairs


def _same(x: list[int], y: list[int]) -> int:
    """How many words two rows have in common at their start."""
    return next((n for n, (a, b) in enumerate(zip(x, y, strict=False)) if a != b), min(len(x), len(y)))


def _lengths(x: list[int], y: list[int]) -> list[int]:
    """For every prefix of `y`, the length of its longest common subsequence with `x`."""
    if len(x) * len(y) >= _MANY:
        return _many_lengths(x, y)
    row = [0] * (len(y) + 1)
    for word in x:
        before = longest = 0
        for n, other in enumerate(y, 1):
            longest = max(longest, row[n], before + (other == word))
            before, row[n] = row[n], longest
    return row


def _many_lengths(x: list[int], y: list[int]) -> list[int]:
    import numpy as np  # noqa: PLC0415 - it takes a tenth of a second to load, and is rarely needed

    row, to = np.zeros(len(y) + 1, np.int32), np.array(y, np.int32)
    for word in x:
        np.maximum(row[1:], row[:-1] + (to == word), out=row[1:])
        np.maximum.accumulate(row, out=row)
    found: list[int] = row.tolist()
    return found


def _touched(
    written: Sequence[tuple[str, int]],
    replaced: Sequence[Word],
    before: Ms,
    following: Sequence[Word],
    cues: Sequence[Cue],
) -> list[Word]:
    """Words a person wrote: in the time of what they replaced, or in the silence where they were added."""
    texts = [text for text, _ in written]
    if len(texts) == len(replaced):
        return [Word(old.span, text) for old, text in zip(replaced, texts, strict=True)]
    if replaced:
        return _share(texts, Span(max(before, replaced[0].span.start), replaced[-1].span.end))
    words: list[Word] = []
    last = following[0].span.start if following else None
    for c in sorted({c for _, c in written}):
        own = [text for text, of in written if of == c]
        start = max(before, cues[c].span.start)
        end = max(start, cues[c].span.end)
        if last is not None:
            start, end = min(start, last), min(end, last)
        start = max(start, before)
        words += _share(own, Span(start, max(start, end)))
        before = words[-1].span.end
    return words


def _share(texts: Sequence[str], span: Span[Ms]) -> list[Word]:
    """Several words in one stretch of time, by their lengths."""
    total = sum(len(text) for text in texts)
    words, said, at = [], 0, span.start
    for text in texts:
        said += len(text)
        end = Ms(span.start + span.length_ms * said // total)
        words.append(Word(Span(at, end), text))
        at = end
    return words
