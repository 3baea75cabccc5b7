"""Turns to captions: where the words break, and how long each caption stands.

A caption (cue) has one voice, at most two lines of 42 characters, stands 0.83 to 7 seconds and asks
for no more than 20 characters a second: what Netflix and the BBC ask of captions. Filling lines
greedily keeps the lengths and breaks the sense ("the | house"), and leaves crumbs of one word. So the
captions of a turn are chosen together, as a paragraph is broken into lines (Knuth and Plass): every
way to cut the turn has a price, and dynamic programming over the break points finds the cheapest.

    best[j] = min over i of  best[i] + price of the caption with words i..j      (j - i is small)

The price of one caption:
    where it ends       0 after a sentence, more after a comma, before a conjunction, elsewhere;
                        most between an article and its noun or inside a name
    too short, too fast by how much it misses 0.83 s and 20 characters a second, silence after it included
    a pause inside      longer than a second: captions should not stand over a silence
    a second sentence   unless both are short: one sentence a caption reads best
    one more caption    a constant, so that captions fill up

Length in characters and seconds is no price but a condition; a word too long for a line gets a caption
of its own. The same prices choose where a caption breaks into two lines.

Then the times. A caption starts with its first word and ends with its last. One that is too short to
read may stand on into the silence after it, up to the next caption; then it may come earlier, into the
silence before; and as a last resort it takes the tail of the caption before if that one can spare it.
It never delays the next: whoever jumps to a caption hears its first word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from math import inf
from unicodedata import east_asian_width

from onrecord.craft.sentence import edge
from onrecord.craft.turn import Said
from onrecord.model.language import joined, primary, spaced
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Word

LINE_CHARACTERS = 42
LINES = 2
SHORTEST_MS = 833
LONGEST_MS = 7000
CHARACTERS_A_SECOND = 20
LEAD_IN_MS = 500
"""How much earlier than its first word a caption may appear."""

_ONE_MORE = 20.0
_END_PRICE = {"sentence": 0.0, "clause": 10.0, "none": 60.0}
_BEFORE_LINK_PRICE = 25.0
_TORN_PRICE = 150.0
_JOINED_SENTENCES_PRICE = 25.0
_PAUSE_MS = 1000
_EASY_MS = 1500

# By language: words that lean on the next one, and words that begin a new thought.
_LEANING = {
    "en": "a an the my your his her its our their this that these those of to in on at by for from with",
    "de": "ein eine einen einem einer der die das den dem des mein sein ihr zu in an auf von mit für im",
    "fr": "un une des le la les du de à au aux mon ma mes son sa ses notre nos ce cette ces en dans par pour",
    "es": "un una unos unas el la los las de del a al mi su sus nuestro este esta en con por para",
    "it": "un uno una il lo la i gli le di del della a al alla in nel con per mio suo questo questa",
    "pt": "um uma o a os as de do da em no na com por para meu seu este esta",
    "sq": "një i e të së në me për nga ky kjo",
}
_LINKS = {
    "en": "and but or so because that which who when where while if although than as then nor yet after",
    "de": "und aber oder weil dass daß wenn als während obwohl denn sondern damit ob wo",
    "fr": "et mais ou parce que qui quand où donc car si lorsque puisque comme",
    "es": "y e pero o u porque que quien cuando donde si aunque como mientras",
    "it": "e ma o perché che chi quando dove se mentre come anche",
    "pt": "e mas ou porque que quem quando onde se embora como",
    "sq": "dhe por ose sepse që kur ku nëse si",
}


def cues(turns: Iterable[Said], language: str = "") -> tuple[Cue, ...]:
    """Cut turns into captions; every word stands in exactly one, in order.

    Args:
        turns: In order of time; the words of each must not overlap.
        language: BCP 47, of the turns that name none of their own; articles and conjunctions are known
            for en, de, fr, es, it, pt and sq.

    Returns:
        Captions in order, none overlapping, `voice` and `language` being the turn's.
    """
    senses: dict[str, _Sense] = {}
    cut: list[tuple[Said, tuple[Word, ...]]] = []
    for turn, after in pairwise([*turns, None]):
        if turn is None:
            break
        until = after.words[0].span.start if after else Ms(turn.span.end + LONGEST_MS)
        sense = senses.setdefault(turn.language, _Sense(primary(turn.language or language)))
        cut += [(turn, words) for words in _cut(turn.words, until, sense)]
    spans = _times([words for _, words in cut])
    return tuple(
        Cue(
            span,
            turn.voice,
            "\n".join(senses[turn.language].lines(words)),
            language=turn.language,
        )
        for (turn, words), span in zip(cut, spans, strict=True)
    )


def known_languages() -> frozenset[str]:
    """The languages whose articles and conjunctions are known; in others marks and pauses decide alone."""
    return frozenset(_LEANING) & frozenset(_LINKS)


class _Sense:
    """What it costs to break between two words of a language."""

    def __init__(self, language: str) -> None:
        self._leaning = frozenset(_LEANING.get(language, "").split())
        self._links = frozenset(_LINKS.get(language, "").split())
        self._names = language != "de"  # where every noun has a capital, two capitals are no name

    def price(self, before: Word, after: Word) -> float:
        """The price of a break between two words that follow each other."""
        kind = edge(before, after)
        paused = min(1.0, max(0, after.span.start - before.span.end) / _PAUSE_MS)
        if kind != "none":
            return _END_PRICE[kind] * (1 - paused / 2)
        price = _END_PRICE["none"]
        if before.text.casefold() in self._leaning:
            price = _TORN_PRICE
        elif self._names and before.text[:1].isupper() and after.text[:1].isupper():
            price = _TORN_PRICE * 0.7
        elif after.text.casefold() in self._links:
            price = _BEFORE_LINK_PRICE
        return price * (1 - paused / 2)

    def lines(self, words: Sequence[Word]) -> list[str]:
        """Break a caption's words into lines: where the sense allows, about equally long."""
        whole = _characters(words)
        if whole <= LINE_CHARACTERS or len(words) == 1:
            return [joined(w.text for w in words)]
        best, chosen = inf, 1
        for i in range(1, len(words)):
            first = _characters(words[:i])
            second = whole - first - spaced(words[i - 1].text, words[i].text)
            over = max(0, first - LINE_CHARACTERS) + max(0, second - LINE_CHARACTERS)
            price = over * 1000 + abs(first - second) * 2 + self.price(words[i - 1], words[i])
            if price < best:
                best, chosen = price, i
        return [joined(w.text for w in words[:chosen]), joined(w.text for w in words[chosen:])]


def _cut(words: Sequence[Word], until: Ms, sense: _Sense) -> list[tuple[Word, ...]]:
    """Cut one turn: the cheapest breaks by dynamic programming from its end to its start."""
    count = len(words)
    breaks = [sense.price(a, b) for a, b in pairwise(words)] + [0.0]
    best = [inf] * count + [0.0]
    following = [count] * count
    for i in reversed(range(count)):
        pauses = joined = 0.0
        for j in range(i + 1, count + 1):
            if j - i > 1:
                if not _fits(words, i, j):
                    break
                pause_ms = words[j - 1].span.start - words[j - 2].span.end
                pauses += max(0, pause_ms - _PAUSE_MS) / 20
                joined += _JOINED_SENTENCES_PRICE if breaks[j - 2] < _END_PRICE["clause"] / 2 else 0
            next_start = words[j].span.start if j < count else until
            price = best[j] + _ONE_MORE + breaks[j - 1] + pauses + joined + _hurry(words, i, j, next_start)
            if price < best[i]:
                best[i], following[i] = price, j
    cut, at = [], 0
    while at < count:
        cut.append(tuple(words[at : following[at]]))
        at = following[at]
    return cut


def _fits(words: Sequence[Word], i: int, j: int) -> bool:
    """Whether words i..j stand in two lines and seven seconds; a single word always does."""
    if words[j - 1].span.end - words[i].span.start > LONGEST_MS:
        return False
    if _characters(words[i:j]) > LINES * LINE_CHARACTERS + 1:
        return False
    line, used = 1, _width(words[i].text)
    if used > LINE_CHARACTERS:
        return False
    for before, word in pairwise(words[i:j]):
        length = _width(word.text)
        needed = spaced(before.text, word.text) + length
        if used + needed > LINE_CHARACTERS:
            line, used = line + 1, length
            if line > LINES or length > LINE_CHARACTERS:
                return False
        else:
            used += needed
    return True


def _characters(words: Sequence[Word]) -> int:
    """How many characters wide words are in one line."""
    between = sum(spaced(before.text, after.text) for before, after in pairwise(words))
    return sum(_width(w.text) for w in words) + between


@lru_cache(maxsize=65536)
def _width(text: str) -> int:
    """How wide a word is: a Chinese or Japanese letter is as wide as two, and takes as long to read."""
    if text.isascii():
        return len(text)
    return len(text) + sum(east_asian_width(c) in "WF" for c in text)


def _hurry(words: Sequence[Word], i: int, j: int, next_start: Ms) -> float:
    """The price of a caption that cannot stand long enough to be read."""
    characters = _characters(words[i:j])
    start, end = words[i].span.start, words[j - 1].span.end
    stands_ms = max(next_start, end) - start
    flicker = max(0, SHORTEST_MS - stands_ms) / 4 + max(0, _EASY_MS - stands_ms) / 30
    return max(0, _needed_ms(characters) - stands_ms) / 8 + flicker


def _needed_ms(characters: int) -> int:
    return min(LONGEST_MS, max(SHORTEST_MS, -(-characters * 1000 // CHARACTERS_A_SECOND)))


def _times(cut: Sequence[Sequence[Word]]) -> list[Span[Ms]]:
    """When each caption stands; see the essay."""
    spans: list[Span[Ms]] = []
    for i, words in enumerate(cut):
        start, end = int(words[0].span.start), int(words[-1].span.end)
        needed_ms = _needed_ms(_characters(words))
        limit = int(cut[i + 1][0].span.start) if i + 1 < len(cut) else start + LONGEST_MS
        end = max(start, min(max(end, start + needed_ms), limit, start + LONGEST_MS))
        floor = int(spans[-1].end) if spans else 0
        if end - start < needed_ms:
            start = max(floor, end - needed_ms, start - LEAD_IN_MS)
        if end - start < SHORTEST_MS and spans and floor == start:
            spare_ms = _spare_ms(spans[-1], cut[i - 1])
            borrowed_ms = min(SHORTEST_MS - (end - start), LEAD_IN_MS, spare_ms)
            start -= borrowed_ms
            spans[-1] = replace(spans[-1], end=Ms(start))
        spans.append(Span(Ms(start), Ms(end)))
    return spans


def _spare_ms(span: Span[Ms], words: Sequence[Word]) -> int:
    """How much shorter a caption may stand and still be read, its last word begun."""
    characters = _characters(words)
    return max(0, min(span.length_ms - _needed_ms(characters), span.end - words[-1].span.start - 1))
