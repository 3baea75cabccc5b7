"""One set of names for three transcripts: who was named keeps the name, whatever number he has now.

A new recognition may number the voices otherwise: who was `Speaker 2` is `Speaker 1` now. So voices are
matched by the words they share: a voice of the base and one of the new proposal are partners if each has
most of the other's words. Then, for every pair of partners:

    the person renamed it (most of its words bear another name)   the person's name, in all three
    both are numbers                                              the number that the person's file shows
    otherwise                                                     the new name, in all three

A number of the new proposal that would now be somebody else's becomes the next free one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count

from onrecord.craft.align import fold, match
from onrecord.craft.merge_words import tokens
from onrecord.model.transcript import Transcript

_NUMBERED = re.compile(r"Speaker \d+")

Shared = Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Three:
    """The three transcripts of a merge, their voices in one set of names."""

    base: Transcript
    mine: Transcript
    new: Transcript


def with_one_set_of_names(
    base: Transcript, mine: Transcript, new: Transcript, *, by_person: bool = False
) -> Three:
    """Give voices that are one person's one name in all three transcripts.

    Args:
        base: what both others come from.
        mine: the person's file.
        new: the new proposal.
        by_person: the new one is a person's work, too, in which a number is not just a number.

    >>> from onrecord.model.time import Ms, Span
    >>> from onrecord.model.transcript import Cue
    >>> def said(voice): return Transcript("", (Cue(Span(Ms(0), Ms(9)), voice, "Well yes"),))
    >>> names = with_one_set_of_names(said("Speaker 2"), said("Ada"), said("Speaker 1"))
    >>> names.base == names.mine == names.new == said("Ada")
    True
    """
    there, back = _shared(base, new), _shared(new, base)
    given = _shared(base, mine)
    partners = {b: n for b, voices in there.items() if (n := _most(voices)) and _most(back[n]) == b}
    named = {b: m for b, voices in given.items() if (m := _most(voices)) and m != b}
    taken = set(named.values())
    of_base, of_mine, of_new = dict(named), dict[str, str](), dict[str, str]()
    for b, n in partners.items():
        if b in named:
            of_new[n] = named[b]
        elif n != b and n not in taken and (by_person or not are_numbers(b, n)):
            of_base[b] = of_mine[b] = n
        else:
            of_new[n] = b
    if not by_person:
        _renumber(new, of_new, {cue.voice for cue in mine.cues})
    return Three(_renamed(base, of_base), _renamed(mine, of_mine), _renamed(new, of_new))


def are_numbers(*voices: str) -> bool:
    """Are these voices without names?"""
    return all(_NUMBERED.fullmatch(voice) for voice in voices)


def _renumber(new: Transcript, of_new: dict[str, str], mine: set[str]) -> None:
    """Numbers without a partner keep away from those that are somebody's."""
    names = set(of_new.values()) | mine
    for voice in dict.fromkeys(cue.voice for cue in new.cues):
        if voice not in of_new and voice in names and are_numbers(voice) and of_new:
            of_new[voice] = next(name for n in count(1) if (name := f"Speaker {n}") not in names)
        names.add(of_new.get(voice, voice))


def _shared(one: Transcript, other: Transcript) -> Shared:
    """For each voice of one transcript, how many of its words which voice of the other says."""
    a, b = tokens(one), tokens(other)
    found: dict[str, Counter[str]] = {cue.voice: Counter() for cue in one.cues}
    for i, j in match([fold(t.text) for t in a], [fold(t.text) for t in b]):
        found[one.cues[a[i].cue].voice][other.cues[b[j].cue].voice] += 1
    return found


def _most(voices: Counter[str]) -> str:
    """The voice with more than half of the words; empty where none has."""
    for voice, words in voices.most_common(1):
        if 2 * words > voices.total():
            return voice
    return ""


def _renamed(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    cues = (replace(cue, voice=names.get(cue.voice, cue.voice)) for cue in transcript.cues)
    return replace(transcript, cues=tuple(cues))
