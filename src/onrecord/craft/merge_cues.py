"""Merged words into captions: the new cuts and times, but for captions that a person cut or timed.

A caption of the person's is *held* if its span or its cut differs from the base's. Every word of the result
has a home: the held caption it stands in, else its caption of the new proposal; a word that only the person
has goes with its neighbour in the person's caption. Words of one home and one voice that follow each other
are a caption. A home that falls apart shares its time among its parts, by their lengths in characters. In
the end held captions keep their times to the millisecond, and the others give way to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from onrecord.craft.align import fold, match
from onrecord.craft.cue import LINE_CHARACTERS, LINES
from onrecord.craft.merge_voices import Three
from onrecord.craft.merge_words import Kept, Token, tokens
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue

Home = tuple[bool, int]
"""(of the person's file?, number of the caption)"""


@dataclass(frozen=True, slots=True)
class Laid:
    """A caption of the result, and where its first and last word stand in the row of words."""

    cue: Cue
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a word of the result belongs; `ruled`: its voice is the person's against another reading."""

    home: Home
    voice: str
    ruled: bool = False


def held(base: Sequence[Cue], mine: Sequence[Cue], pairs: Sequence[tuple[Token, Token]]) -> frozenset[int]:
    """The captions of the person's file that do not stand as they were cut and timed, by number.

    Args:
        base: the captions of the base.
        mine: those of the person's file.
        pairs: words of both that are the same.
    """
    comes_from: dict[int, set[int]] = {}
    goes_to: dict[int, set[int]] = {}
    for was, now in pairs:
        comes_from.setdefault(now.cue, set()).add(was.cue)
        goes_to.setdefault(was.cue, set()).add(now.cue)
    spans = {cue.span: b for b, cue in enumerate(base)}
    found = []
    for m, cue in enumerate(mine):
        b = spans.get(cue.span)
        if b is None or comes_from.get(m, {b}) != {b} or goes_to.get(b, {m}) != {m}:
            found.append(m)
    return frozenset(found)


def lay(three: Three, words: Sequence[Kept]) -> tuple[tuple[Laid, ...], tuple[int, ...]]:
    """Lay merged words in captions.

    Args:
        three: the three transcripts, their voices in one set of names.
        words: the merged words; at least the numbers of the captions are looked up by them.

    Returns:
        The captions in order, and the words (by number) whose voice was heard otherwise.
    """
    rows = {"base": tokens(three.base), "mine": tokens(three.mine), "new": tokens(three.new)}
    pairs = match([fold(t.text) for t in rows["base"]], [fold(t.text) for t in rows["mine"]])
    fixed = held(three.base.cues, three.mine.cues, [(rows["base"][i], rows["mine"][j]) for i, j in pairs])
    read = {rows["mine"][w.mine].cue for w in words if w.own and w.mine is not None} | fixed
    spots = _joined(list(_spots(three, words, rows, fixed, read)), words, rows["new"], fixed)
    groups = [
        (home, [i for i, _ in group])
        for (home, _), group in groupby(enumerate(spots), key=lambda pair: (pair[1].home, pair[1].voice))
    ]
    spans = _shared_spans(three, groups, words)
    texts = [_text(three, words, rows, home, group) for home, group in groups]
    is_fixed = [home[0] and home[1] in fixed for home, _ in groups]
    parts = Counter(home for home, _ in groups)
    whole = [not home[0] and parts[home] == 1 for home, _ in groups]
    cues = [
        replace(_model(three, words[group[0]], rows, home), span=span, voice=spots[group[0]].voice, text=text)
        for span, (home, group), text in zip(spans, groups, texts, strict=True)
    ]
    timed = _give_way(cues, is_fixed, whole)
    laid = [Laid(cue, group[0], group[-1]) for cue, (_, group) in zip(timed, groups, strict=True)]
    return tuple(laid), tuple(i for i, spot in enumerate(spots) if spot.ruled)


def _spots(
    three: Three,
    words: Sequence[Kept],
    rows: dict[str, tuple[Token, ...]],
    fixed: frozenset[int],
    read: set[int] | frozenset[int],
) -> Iterator[_Spot]:
    """A first home and a voice for every word; `read` are captions in which the person mended something."""
    last: tuple[int, Home] | None = None
    for i, word in enumerate(words):
        mine = None if word.mine is None else rows["mine"][word.mine].cue
        new = None if word.new is None else rows["new"][word.new].cue
        was = "" if word.base is None else three.base.cues[rows["base"][word.base].cue].voice
        heard = "" if new is None else three.new.cues[new].voice
        if mine is None:
            assert new is not None  # noqa: S101 - a word stands in one of the two files
            yield _Spot((False, new), heard)
            continue
        voice = three.mine.cues[mine].voice
        if new is not None and mine not in read and voice == was:
            voice = heard
        if mine in fixed:
            home = (True, mine)
        elif new is not None:
            home = (False, new)
        elif last and last[0] == mine:
            home = last[1]
        else:
            home = _next_home(words, i + 1, rows, mine)
        last = (mine, home)
        ruled = new is not None and heard not in (voice, was)
        yield _Spot(home, voice, ruled)


def _next_home(words: Sequence[Kept], at: int, rows: dict[str, tuple[Token, ...]], mine: int) -> Home:
    """The home of the next word in the person's caption that has one; else that caption itself."""
    for word in islice(words, at, None):
        if word.mine is None or rows["mine"][word.mine].cue != mine:
            break
        if word.new is not None:
            return (False, rows["new"][word.new].cue)
    return (True, mine)


def _joined(
    spots: list[_Spot], words: Sequence[Kept], new: Sequence[Token], fixed: frozenset[int]
) -> list[_Spot]:
    """Words that were only newly heard go with their neighbour where the person cut or named that one."""

    def join(i: int, at: int) -> None:
        word, other = words[i], words[at]
        if word.mine is not None or word.new is None or other.new is None:
            return
        near = spots[at]
        if new[word.new].cue == new[other.new].cue and (
            (near.home[0] and near.home[1] in fixed) or near.ruled
        ):
            spots[i] = replace(near, ruled=False) if not near.ruled else near

    for i in range(1, len(spots)):
        join(i, i - 1)
    for i in reversed(range(len(spots) - 1)):
        join(i, i + 1)
    for i in range(1, len(spots) - 1):
        before, after = spots[i - 1], spots[i + 1]
        if words[i].mine is None and before.home == after.home and before.home[0] and before.home[1] in fixed:
            spots[i] = replace(before, ruled=False)
    return spots


def _shared_spans(
    three: Three, groups: Sequence[tuple[Home, list[int]]], words: Sequence[Kept]
) -> list[Span[Ms]]:
    """The time of each group: its home's, or its share of it."""
    totals: dict[Home, int] = {}
    for home, group in groups:
        totals[home] = totals.get(home, 0) + sum(len(words[i].text) for i in group)
    said = dict.fromkeys(totals, 0)
    spans = []
    for home, group in groups:
        whole = (three.mine if home[0] else three.new).cues[home[1]].span
        start = whole.start + whole.length_ms * said[home] // totals[home]
        said[home] += sum(len(words[i].text) for i in group)
        spans.append(Span(Ms(start), Ms(whole.start + whole.length_ms * said[home] // totals[home])))
    return spans


def _text(
    three: Three,
    words: Sequence[Kept],
    rows: dict[str, tuple[Token, ...]],
    home: Home,
    group: list[int],
) -> str:
    """A caption's text: as it stands in a file where it is the same words, else in lines anew."""
    texts = [words[i].text for i in group]
    cues = [] if home[0] else [three.new.cues[home[1]]]
    first = words[group[0]]
    if first.mine is not None:
        mine = three.mine.cues[rows["mine"][first.mine].cue]
        is_whole = [words[i].mine for i in group] == list(range(first.mine, first.mine + len(group)))
        if is_whole and _row(mine) == texts:
            was = None if first.base is None else three.base.cues[rows["base"][first.base].cue].text
            if was != mine.text:
                return mine.text  # at least its lines are the person's
            cues.append(mine)
    for cue in cues:
        if _row(cue) == texts:
            return cue.text
    return lines(texts, [_begins(words[i], rows) for i in group])


def _model(three: Three, word: Kept, rows: dict[str, tuple[Token, ...]], home: Home) -> Cue:
    """The caption whose other properties are kept: the home's, or the person's where he changed one."""
    cue = (three.mine if home[0] else three.new).cues[home[1]]
    if word.mine is None or word.base is None:
        return cue
    mine = three.mine.cues[rows["mine"][word.mine].cue]
    base = three.base.cues[rows["base"][word.base].cue]
    same = replace(mine, span=base.span, voice=base.voice, text=base.text) == base
    return cue if same else mine


def _row(cue: Cue) -> list[str]:
    return cue.text.split()


def _begins(word: Kept, rows: dict[str, tuple[Token, ...]]) -> bool:
    if word.mine is not None and (word.own or word.new is None):
        return rows["mine"][word.mine].begins_line
    return word.new is not None and rows["new"][word.new].begins_line


def lines(texts: list[str], begins: list[bool]) -> str:
    """Words in lines where they were, or in two that are about as long, if that does not fit any more."""
    text = "".join(
        ("\n" if begin and k else " ") + t for k, (t, begin) in enumerate(zip(texts, begins, strict=True))
    )
    rows = text.strip().split("\n")
    if len(rows) <= LINES and max(len(row) for row in rows) <= LINE_CHARACTERS:
        return "\n".join(row.strip() for row in rows)
    flat = " ".join(texts)
    if len(flat) <= LINE_CHARACTERS:
        return flat
    middle = min(
        (k for k, c in enumerate(flat) if c == " "), key=lambda k: abs(2 * k - len(flat)), default=None
    )
    return flat if middle is None else f"{flat[:middle]}\n{flat[middle + 1 :]}"


def _give_way(cues: list[Cue], fixed: list[bool], whole: list[bool]) -> list[Cue]:
    """Captions in order, none over the next: those that are not fixed give way."""
    limits: list[Ms | None] = [None] * len(cues)
    limit: Ms | None = None
    for k in reversed(range(len(cues))):
        limits[k] = limit
        if fixed[k]:
            limit = cues[k].span.start if limit is None else min(limit, cues[k].span.start)
    out: list[Cue] = []
    for k, cue in enumerate(cues):
        if fixed[k]:
            out.append(cue)
            continue
        start, end = cue.span.start, cue.span.end
        if out:
            as_given = whole[k] and whole[k - 1] and out[-1].span == cues[k - 1].span
            start = max(start, out[-1].span.start if as_given else out[-1].span.end)
        end = max(start, end)
        if (limit := limits[k]) is not None:
            start, end = min(start, limit), min(end, limit)
        span = Span(start, end)
        if not span and cue.span and out and not fixed[k - 1]:
            before = out[-1].span
            middle = Ms(before.start + before.length_ms * len(out[-1].text) // len(out[-1].text + cue.text))
            out[-1] = replace(out[-1], span=Span(before.start, middle))
            span = Span(middle, max(before.end, end))
        out.append(replace(cue, span=span))
    return out
