"""Near-misses of names become what the episode's files spell, where the sound says the same.

The text finds suspects (craft/suspect.py); the sound decides. A recogniser that can say how likely a text
is, given the sound, reads the stretch around a suspect twice: as it was written, and with the name in
place. The difference of the two is the *gain* of the name. The odds of the words around are in both
readings and cancel out, but a misspelling elsewhere in the stretch would make its like more likely, so the
stretch ends at the next suspect on either side.

    gain = log P(... Liam Verbeek, trail builder ... | sound) - log P(... Liam Verbeag, ... | sound)

A name that a recogniser has never met has poor odds before any sound is heard, and what it did write was,
of all texts, the likeliest it found. So it is told the name first, for both readings alike, as something
that may be said; a word that was meant as it stands keeps its lead even then:

                                       told nothing    told the name
    Clarita    is it Clarida, billed?      -3.2            +5.9
    Petrovich  is it Petrović, billed?     -5.4            +5.2
    March      is it Marsh, billed?        -8.2            -6.8      a month was meant

Where the rest of the name stands beside it, the name need only not lose; elsewhere it must win clearly, and
by far where nothing else of the name is said in the whole recording: Greenwich may be a town. All
places of one misspelling are judged together, by their mean. Where nobody can say what the sound was, the
spelling must be nearer.

A repair keeps its place in time, its marks, its possessive, and is no surer than the words were that it
replaces, nor than the two are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from onrecord.craft.suspect import Suspect
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

_BEFORE_MS, _AFTER_MS, _MARGIN_MS = 5000, 3000, 300
_CLEARLY, _BY_FAR = 2.0, 6.0
_AGAINST = 5.0
"""So far behind, the sound speaks against a name, and nobody need look."""
_ALONE_EYE = 0.8
"""How near a spelling must be where nobody can say what the sound was (and it must sound the same)."""


def trial(words: Sequence[Word], one: Suspect, others: Sequence[Suspect]) -> tuple[Span[Ms], str, str]:
    """What to hear again for a suspect: the stretch around it, the text as written, and with the name."""
    at = words[one.start].span | words[one.end - 1].span
    first, last = one.start, one.end
    taken = {i for other in others if other is not one for i in range(other.start, other.end)}
    while first > 0 and first - 1 not in taken and words[first - 1].span.start >= at.start - _BEFORE_MS:
        first -= 1
    while last < len(words) and last not in taken and words[last].span.end <= at.end + _AFTER_MS:
        last += 1
    start = max(0, words[first].span.start - _MARGIN_MS, words[first - 1].span.end if first else 0)
    end = words[last - 1].span.end + _MARGIN_MS
    if last < len(words):
        end = min(end, words[last].span.start)
    before = [w.text for w in words[first : one.start]]
    written = [w.text for w in words[one.start : one.end]]
    after = [w.text for w in words[one.end : last]]
    stretch = Span(Ms(min(start, at.start)), Ms(max(end, at.end)))
    return stretch, " ".join([*before, *written, *after]), " ".join([*before, *one.put, *after])


def heard_so(found: Sequence[Suspect], gains: Mapping[int, float] | None) -> tuple[Suspect, ...]:
    """Which suspects are repairs.

    Args:
        found: Suspects of one recording.
        gains: For the suspects that were compared with the sound, by their first word, how much likelier
            the name is than what was written, in nats; None where the recogniser cannot tell.

    Returns:
        Those to put right, in the order given.
    """
    if gains is None:
        return tuple(s for s in found if s.plain or (s.ear == 1.0 and s.eye >= _ALONE_EYE))
    leads = _leads(found, gains)
    return tuple(s for s in found if s.plain or leads.get(s.kind, -1.0) >= 0)


def may_be(found: Sequence[Suspect], gains: Mapping[int, float] | None) -> tuple[Suspect, ...]:
    """Which suspects are left to a person: no repairs, and the sound is not clearly against them."""
    leads = _leads(found, gains or {})
    repairs = heard_so(found, gains)
    return tuple(s for s in found if s not in repairs and leads.get(s.kind, 0.0) >= -_AGAINST)


def _leads(found: Sequence[Suspect], gains: Mapping[int, float]) -> dict[tuple[str, str], float]:
    """By how much the name is ahead of what it needs, by kind."""
    of_kind: dict[tuple[str, str], list[float]] = {}
    for one in found:
        if one.start in gains:
            of_kind.setdefault(one.kind, []).append(gains[one.start] - lead(one))
    return {kind: sum(several) / len(several) for kind, several in of_kind.items()}


def lead(one: Suspect) -> float:
    """By how many nats a name must be likelier than what was written."""
    return 0.0 if one.backed else _BY_FAR if one.alone else _CLEARLY


def repair(words: Sequence[Word], repairs: Iterable[Suspect]) -> tuple[Word, ...]:
    """The words with the names in place; all other words are untouched.

    >>> from onrecord.craft.suspect import Name, suspects
    >>> heard = [Word(Span(Ms(0), Ms(400)), "Liam", 0.9), Word(Span(Ms(400), Ms(900)), "Verbeag,", 0.5)]
    >>> [(w.text, w.sure) for w in repair(heard, suspects(heard, [Name("Liam Verbeek")]))]
    [('Liam', 0.9), ('Verbeek,', 0.5)]
    """
    made: list[Word] = []
    at = 0
    for one in sorted(repairs, key=lambda s: s.start):
        old = words[one.start : one.end]
        made += words[at : one.start]
        sure = round(min(*(w.sure for w in old), one.both), 3)
        if len(old) == len(one.put):
            made += [Word(w.span, text, sure) for w, text in zip(old, one.put, strict=True)]
        else:
            made += _spread(one.put, old[0].span | old[-1].span, sure)
        at = one.end
    return (*made, *words[at:])


def _spread(texts: Sequence[str], span: Span[Ms], sure: float) -> list[Word]:
    """Several words in one stretch of time, by their lengths."""
    total = sum(len(text) for text in texts)
    edges = [span.start + span.length_ms * sum(len(t) for t in texts[:i]) // total for i in range(len(texts))]
    return [
        Word(Span(Ms(a), Ms(b)), text, sure)
        for text, (a, b) in zip(texts, pairwise([*edges, span.end]), strict=True)
    ]
