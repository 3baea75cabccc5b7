"""Which language is spoken where: what the files say of it, and what is found from the sound.

A recogniser that is told the wrong language does not fail, it translates: Serbian heard as English comes
out as English sentences that nobody said. So where an episode does not say its one language, the language
is found before any word is. The recording is cut at silences into windows of some seconds, and for each
the engine tells how likely which language is. Taken one by one these are no use: a cough is Welsh, a "hm"
Latin, and Serbian is Croatian, Bosnian and Serbian in turn. Three things make them steady:

    one speech is one      Serbian, Croatian and Bosnian count as one language, whose chances add up; it
                           gets the name that the episode's files give it
    only what is listed    where the files list the languages, no other is possible
    switching has a price  the cheapest path through all windows is taken (Viterbi): each window costs
                           what it doubts of the language it is given, by how long somebody speaks in
                           it, and each change costs as much as some seconds of clear speech

A window may hold the end of one language and the beginning of another. So around each change the sound
between the longest silences is listened to again, bit by bit: the change is at that silence before which
the bits together are surest of the one language, and after it of the other.

With the prices below, a stretch inside of another language must hold five seconds of clear speech where
the files list its language, and nine where they do not; a doubtful one must be longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import log

from onrecord.craft.turn import Said
from onrecord.model.episode import AUTO, Episode, Series
from onrecord.model.language import family
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

WINDOW_MS = (4_000, 10_000)
"""How long a window is: cut at the longest silence between these."""

_LISTED_CHANGE, _ANY_CHANGE = 2.25, 4.0
_LEAST_CHANCE = 0.01
_CLEAR_MS = 5_000
"""This much speech counts once; more, in one window, in proportion."""

_DEAD = frozenset(("la", "sa"))
"""Nobody speaks them, and Whisper hears the first in many a mumble."""

_SHORTEST_PART_WORDS = 3

_TRIED = 4
"""How many silences are tried around each change of language."""

_SHORTEST_BIT_MS = 800
_SHORT_PRICE = 1.0
"""What a change at no silence costs: as much as a second of clear speech. One bit of it may be misheard."""

_LONG_SILENCE_MS = 700
"""Of silences that are longer, the nearest is as good as the longest."""

Languages = Sequence[tuple[Span[Ms], str]]


def stated(episode: Episode, series: Series) -> str:
    """The episode's main language as its files say it; empty where it is to be found out."""
    if episode.language == AUTO:
        return ""
    return episode.language or next(iter(episode.languages), "") or series.language


def listed(episode: Episode, series: Series) -> tuple[str, ...]:
    """The languages that may be spoken, as the files say; none where any may be, or where only one is.

    An episode that states its one language overrules the list of its series.
    """
    several = episode.languages or (series.languages if episode.language in ("", AUTO) else ())
    if several and (main := stated(episode, series)):
        several = (main, *several)
    one_each = {family(language): language for language in reversed(several)}
    found = tuple(language for language in dict.fromkeys(several) if one_each[family(language)] == language)
    return found if len(found) > 1 else ()


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of sound: for how long somebody speaks in it, and how likely each language is."""

    span: Span[Ms]
    speech_ms: int
    chances: Mapping[str, float]
    """By the engine's code of the language; those that are left out are very unlikely."""


def stretches(
    windows: Sequence[Window], main: str = "", possible: Sequence[str] = ()
) -> tuple[tuple[Span[Ms], str], ...]:
    """Find where which language is spoken.

    Args:
        windows: In order of time, touching.
        main: What the episode says its language is, BCP 47; empty where it says nothing.
        possible: The languages that may be spoken; none where any may be.

    Returns:
        Stretches of one language each, in order, which cover the windows; none where nobody speaks, or
        nothing can be told. A language is named as `possible` or `main` says, else by the engine's code.
    """
    names = _names(windows, main, possible)
    allowed = {family(p) for p in possible}
    sure = [_by_family(w.chances, allowed) for w in windows]
    # Where nearly all that was heard is ruled out, what is left of the chances is noise.
    counts = [w.speech_ms / _CLEAR_MS * min(1.0, sum(s.values())) for w, s in zip(windows, sure, strict=True)]
    likely = {one for chances in sure for one in chances} or ({family(main)} if main else set())
    states = sorted(allowed or likely)
    if not states or not any(w.speech_ms for w in windows):
        return ()
    path = _cheapest(counts, sure, states, _LISTED_CHANGE if allowed else _ANY_CHANGE)
    found = []
    for state, group in groupby(zip(path, windows, strict=True), key=lambda pair: pair[0]):
        inside = [window.span for _, window in group]
        found.append((Span(inside[0].start, inside[-1].end), names.get(state, state)))
    return tuple(found)


def _by_family(chances: Mapping[str, float], allowed: set[str]) -> dict[str, float]:
    """Chances of what may be spoken, those of languages that are one speech added up."""
    added: dict[str, float] = {}
    for code, chance in chances.items():
        one = family(code)
        if one in allowed or (not allowed and code not in _DEAD):
            added[one] = added.get(one, 0.0) + chance
    return added


def _names(windows: Sequence[Window], main: str, possible: Sequence[str]) -> dict[str, str]:
    """What each family is called: as the files say, else by the member that was heard most."""
    heard: dict[str, float] = {}
    for window in windows:
        for code, chance in window.chances.items():
            heard[code] = heard.get(code, 0.0) + chance * window.speech_ms
    names: dict[str, str] = {}
    for code in sorted(heard, key=lambda code: (-heard[code], code)):
        names.setdefault(family(code), code)
    return {**names, **{family(one): one for one in [main, *reversed(possible)] if one}}


def _cheapest(
    counts: Sequence[float], sure: Sequence[Mapping[str, float]], states: Sequence[str], change: float
) -> list[str]:
    """The cheapest language for each window (Viterbi)."""
    best = dict.fromkeys(states, 0.0)
    came_from: list[dict[str, str]] = []
    for count, chances in zip(counts, sure, strict=True):
        cheapest = min(states, key=best.__getitem__)
        total = sum(chances.values())
        came: dict[str, str] = {}
        following: dict[str, float] = {}
        for state in states:
            stays = best[state] <= best[cheapest] + change
            came[state] = state if stays else cheapest
            doubt = -log(max(chances.get(state, 0.0) / total, _LEAST_CHANCE)) if total else 0.0
            following[state] = best[came[state]] + (0.0 if stays else change) + count * doubt
        came_from.append(came)
        best = following
    at = min(states, key=best.__getitem__)
    path = []
    for came in reversed(came_from):
        path.append(at)
        at = came[at]
    return path[::-1]


def places(found: Languages, windows: Sequence[Window], silences: Iterable[Span[Ms]]) -> tuple[Span[Ms], ...]:
    """The bits of sound around each change of language, to be listened to again.

    Args:
        found: What `stretches` found in the windows.
        windows: In order of time.
        silences: The recording's silences, in any order.

    Returns:
        Spans in order of time; those around one change touch, and lie nearer to it than to any other.
    """
    ordered = sorted(silences)
    spans: list[Span[Ms]] = []
    for change, near in _changes(found):
        left = max(near.start, *(w.span.start for w in windows if w.span.start < change))
        right = min(near.end, *(w.span.end for w in windows if w.span.end > change))
        within = Span(Ms(left + _SHORTEST_BIT_MS), Ms(max(left + _SHORTEST_BIT_MS, right - _SHORTEST_BIT_MS)))
        middles = [(min(_LONG_SILENCE_MS, s.length_ms), _middle(s)) for s in ordered if _middle(s) in within]
        best = sorted(middles, key=lambda one: (-one[0], abs(one[1] - change)))[:_TRIED]
        cuts = sorted({left, change, right, *(at for _, at in best)})
        spans += [Span(a, b) for a, b in pairwise(cuts)]
    return tuple(spans)


def settled(
    found: Languages, bits: Sequence[Window], silences: Iterable[Span[Ms]]
) -> tuple[tuple[Span[Ms], str], ...]:
    """The stretches with each change at the place that what was heard around it speaks for.

    Args:
        found: What `stretches` found.
        bits: What was heard in `places`, in the same order.
        silences: The recording's silences; two words after a short one say little against a long one.
    """
    lasts = {_middle(silence): min(_LONG_SILENCE_MS, silence.length_ms) for silence in silences}
    moved: dict[Ms, Ms] = {}
    for (change, near), ((_, one), (_, other)) in zip(_changes(found), pairwise(found), strict=True):
        around = [bit for bit in bits if bit.span.start >= near.start and bit.span.end <= near.end]
        first = [_doubt(bit, one, other) for bit in around]
        then = [_doubt(bit, other, one) for bit in around]
        tried: list[tuple[float, int, Ms]] = []
        for i in range(1, len(around)):
            at = around[i].span.start
            short = _SHORT_PRICE * (1 - lasts.get(at, 0) / _LONG_SILENCE_MS)
            tried.append((sum(first[:i]) + sum(then[i:]) + short, abs(at - change), at))
        moved[change] = min(tried)[2] if tried else change
    return tuple(
        (Span(moved.get(span.start, span.start), moved.get(span.end, span.end)), language)
        for span, language in found
    )


def _changes(found: Languages) -> list[tuple[Ms, Span[Ms]]]:
    """Each change, and the sound that is nearer to it than to any other change."""
    if not found:
        return []
    middles = [found[0][0].start, *(_middle(span) for span, _ in found[1:-1]), found[-1][0].end]
    return [(span.end, Span(middles[i], middles[i + 1])) for i, (span, _) in enumerate(found[:-1])]


def _doubt(window: Window, one: str, other: str) -> float:
    """How little a stretch sounds like the one of two languages, by how long somebody speaks in it."""
    chances = _by_family(window.chances, {family(one), family(other)})
    both = sum(chances.values())
    chance = max(chances.get(family(one), 0.0) / both, _LEAST_CHANCE) if both else 1.0
    return -log(chance) * window.speech_ms / _CLEAR_MS * min(1.0, both)


def _middle(span: Span[Ms]) -> Ms:
    return Ms((span.start + span.end) // 2)


def mostly(languages: Languages) -> str:
    """The language in which there is most; empty where none is known.

    >>> mostly([(Span(Ms(0), Ms(9)), "en"), (Span(Ms(9), Ms(30)), "sr"), (Span(Ms(30), Ms(39)), "en")])
    'sr'
    """
    lasts: dict[str, int] = {}
    for span, language in languages:
        lasts[language] = lasts.get(language, 0) + span.length_ms
    return max(lasts, key=lasts.__getitem__, default="")


def language_of(span: Span[Ms], languages: Languages) -> str:
    """The language in which most of a span lies, else the nearest one's; empty where none is known.

    >>> known = [(Span(Ms(0), Ms(5000)), "en"), (Span(Ms(5000), Ms(9000)), "sr")]
    >>> language_of(Span(Ms(4000), Ms(7000)), known), language_of(Span(Ms(9500), Ms(9600)), known)
    ('sr', 'sr')
    """

    def fits(entry: tuple[Span[Ms], str]) -> tuple[int, int]:
        other = entry[0]
        both = min(span.end, other.end) - max(span.start, other.start)
        return max(0, both), min(0, both)

    return max(languages, key=fits)[1] if languages else ""


def apart(turns: Iterable[Said], languages: Languages, main: str) -> tuple[Said, ...]:
    """Cut turns where the language changes, and name the language of each part.

    A word or two at the edge of a turn stay with the rest of it: a change of language is heard to the
    silence, a change of voice to the word.

    Args:
        turns: In order of time.
        languages: Where which language is spoken; none where nobody looked.
        main: The transcript's language; a part in it names none.

    Returns:
        Turns whose words, one after another, are the turns' words.
    """
    if not languages:
        return tuple(turns)
    parts: list[Said] = []
    for turn in turns:
        for language, words in _runs(turn.words, languages):
            other = "" if family(language) == family(main) else language
            if parts and parts[-1].voice == turn.voice and parts[-1].language == other:
                parts[-1] = replace(parts[-1], words=(*parts[-1].words, *words))
            else:
                parts.append(replace(turn, words=words, language=other))
    return tuple(parts)


def _runs(words: Sequence[Word], languages: Languages) -> list[tuple[str, tuple[Word, ...]]]:
    """Runs of words of one language in a turn, those of a word or two given to their neighbour."""
    runs = [
        (language, tuple(group))
        for language, group in groupby(words, key=lambda word: language_of(word.span, languages))
    ]
    for at, into in ((0, 1), (-1, -2)):
        if len(runs) > 1 and len(runs[at][1]) < _SHORTEST_PART_WORDS:
            joined = (*runs[at][1], *runs[into][1]) if at == 0 else (*runs[into][1], *runs[at][1])
            runs[into] = (runs[into][0], joined)
            del runs[at]
    return runs
