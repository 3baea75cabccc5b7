"""What a person should look at in a transcript, in order of worth: few places, each with a reason.

A list of all words that a recogniser was unsure of is decoration: it is long, and most of it is right. What
costs a programme its name is short: a person called `Speaker 2`, a sentence that is missing, a name or a
figure that is wrong. So these are listed, worst kind first, and within a kind worst first:

    voice      a voice without a name, the one that says most first
    gap        somebody speaks and no words stand there, the longest first
    word       a name or a number that was hardly heard and not put right, one entry for each spelling
    overlap    two people talk at once: words of one may stand in the turn of the other
    language   where the language changes, because a recogniser may hear a change that nobody made
    repair     a name that was put right: not a doubt, but nothing is done in silence

A word that a person wrote is no doubt (`craft.align` gives it the sureness 1), a name that a person
corrected is neither near nor put right any more, and a clause that a person or a merge lost is a gap: what
is looked at is the transcript as it stands, laid on the words as heard.

*Gaps.* A detector of voices hears more than words: breaths, a laugh, "mhm", the tail of a word whose time
ends too early. Speech without words is told from 0.6 s on (of the speech itself, pauses not counted), which
finds nearly every clause of three words and more. In a studio that gives a false alarm or none in ten
minutes, where people laugh and murmur some in every minute; so gaps shorter than 1.2 s come after the
doubtful words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from onrecord.craft.align import align
from onrecord.craft.sentence import edge
from onrecord.craft.sounding import letters
from onrecord.craft.voice import is_anonymous
from onrecord.model.time import Ms, Span, short_clock
from onrecord.model.transcript import Heard, Transcript, Word

Kind = Literal["voice", "gap", "word", "overlap", "language", "repair"]
KINDS: tuple[Kind, ...] = ("voice", "gap", "word", "overlap", "language", "repair")

GAP_MS = 600
_LONG_MS = 1200
_ROUND_MS = 60
"""The time of a word may end so much early or begin so much late."""
_HARDLY = 0.5
"""A name or number that is less sure is listed."""
_OVERLAP_MS = 1000
_SAME_MS = 5000
"""Two stretches of overlap this near are one place to listen to."""

_MARKS = "\"'“”„«»()[].,;:!?…–—"
_NUMBERS = {
    "en": (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
        "thousand million billion percent half third quarter"
    ),
    "de": (
        "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig "
        "sechzig siebzig achtzig neunzig hundert tausend million millionen milliarde milliarden prozent "
        "hälfte drittel"
    ),
    "fr": (
        "deux trois quatre cinq six sept huit neuf dix onze douze vingt trente quarante cinquante "
        "soixante cent mille million millions milliard milliards pourcent moitié tiers quart"
    ),
    "es": (
        "dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta "
        "sesenta setenta ochenta noventa cien mil millón millones mitad tercio"
    ),
    "it": (
        "due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta quaranta cinquanta "
        "sessanta cento mille mila milione milioni miliardo miliardi metà terzo"
    ),
    "sr": (
        "dva tri četiri pet šest sedam osam devet deset dvadeset trideset četrdeset pedeset sto hiljada "
        "hiljade milion miliona milijardi procenat posto pola два три четири пет шест седам осам девет "
        "десет сто"
    ),
    "sq": (
        "dy tre katër pesë gjashtë shtatë tetë nëntë dhjetë njëzet tridhjetë qind mijë milion milionë gjysma"
    ),
}
_ALSO = {"hr": "sr", "bs": "sr", "sh": "sr", "cnr": "sr"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place to look at: its kind, where it is, what is doubtful, and what to do."""

    kind: Kind
    span: Span[Ms]
    says: str
    hint: str


def doubts(transcript: Transcript, heard: Heard) -> tuple[Doubt, ...]:
    """Everything that a person should look at, in order of worth.

    Args:
        transcript: As it stands, on the recording's clock.
        heard: What the steps heard.

    Returns:
        Doubts, those of most worth first.
    """
    rows = align(heard.words, transcript.cues)
    words = [word for row in rows for word in row]
    missing = tuple(_gaps(heard, words))
    return (
        *voices(transcript),
        *(gap for gap in missing if gap.span.length_ms >= _LONG_MS),
        *_words(words, heard, transcript.language),
        *(gap for gap in missing if gap.span.length_ms < _LONG_MS),
        *_overlaps(heard.overlap),
        *_languages(transcript),
        *_repairs(heard.repairs, words),
    )


def voices(transcript: Transcript) -> Iterator[Doubt]:
    """The voices without a name, the one that says most first."""
    unnamed: dict[str, list[Span[Ms]]] = {}
    for turn in transcript.turns:
        if turn.voice and is_anonymous(turn.voice):
            unnamed.setdefault(turn.voice, []).append(turn.span)
    for voice, spans in sorted(unnamed.items(), key=lambda pair: -sum(s.length_ms for s in pair[1])):
        said = short_clock(sum(s.length_ms for s in spans))
        turns = f"{len(spans)} turn{'' if len(spans) == 1 else 's'}"
        says = f"{voice} has no name ({turns}, {said} in all, first at {short_clock(spans[0].start)})"
        yield Doubt("voice", spans[0], says, f'name it: onrecord name EPISODE "{voice}" "Full Name"')


def gaps(speech: Sequence[Span[Ms]], words: Sequence[Word]) -> tuple[Span[Ms], ...]:
    """Stretches in which somebody speaks and no word stands, from 0.6 s of speech on, in order.

    >>> words = [Word(Span(Ms(0), Ms(900)), "so"), Word(Span(Ms(2400), Ms(3000)), "on")]
    >>> gaps([Span(Ms(0), Ms(3000))], words)
    (Span(start=960, end=2340),)
    """
    holes: list[Span[Ms]] = []
    end = Ms(0)
    for word in sorted((w for w in words if w.span), key=lambda w: w.span):
        if word.span.start - end > 2 * _ROUND_MS:
            holes.append(Span(Ms(end + (_ROUND_MS if end else 0)), Ms(word.span.start - _ROUND_MS)))
        end = max(end, word.span.end)
    last = max((span.end for span in speech), default=Ms(0))
    if last > end + _ROUND_MS:
        holes.append(Span(Ms(end + (_ROUND_MS if end else 0)), last))
    found = []
    for hole in holes:
        spoken = [part for span in speech if (part := span & hole)]
        if sum(part.length_ms for part in spoken) >= GAP_MS:
            found.append(Span(spoken[0].start, spoken[-1].end))
    return tuple(found)


def _gaps(heard: Heard, words: Sequence[Word]) -> Iterator[Doubt]:
    found = gaps(heard.speech, words)
    # What the recogniser itself missed stays a gap until words stand there.
    missed = [g for g in heard.gaps if not any(g & f for f in found) and not any(g & w.span for w in words)]
    for gap in sorted([*found, *missed], key=lambda g: -g.length_ms):
        lasts = f"{short_clock(gap.start)} for {gap.length_ms / 1000:.1f} s"
        says = f"somebody speaks from {lasts}, but no words stand there"
        yield Doubt("gap", gap, says, "listen there, and write what is said")


def _words(words: Sequence[Word], heard: Heard, language: str) -> Iterator[Doubt]:
    left: dict[tuple[str, str], list[Span[Ms]]] = {}
    for span, was, put in heard.near:
        if _stands(was, span, words):
            left.setdefault((was, _bare(put)), []).append(span)
    for (was, might), spans in left.items():
        says = f"{was} might be {might} (at {short_clock(spans[0].start)}{_more(spans)})"
        yield Doubt("word", spans[0], says, f'if so: onrecord fix EPISODE "{was}" "{might}"')
    told = {was for _, was, _ in heard.near}
    put_right = [span for span, _, put in heard.repairs if _stands(put, span, words)]
    spellings: dict[str, list[Word]] = {}
    primary = language.partition("-")[0].lower()
    numbers = frozenset(_NUMBERS.get(_ALSO.get(primary, primary), "").split())
    # Whatever is written small somewhere is a word of the language.
    small = {word.text.strip(_MARKS) for word in words}
    for before, word in pairwise([None, *words]):
        if word is None or word.sure >= _HARDLY or any(word.span & span for span in put_right):
            continue
        bare = word.text.strip(_MARKS)
        if (
            bare
            and bare not in told
            and (
                _is_number(bare, numbers)
                or (bare.lower() not in small and _is_name(bare, before, word, primary))
            )
        ):
            spellings.setdefault(bare, []).append(word)
    for bare, places in sorted(spellings.items(), key=lambda pair: min(w.sure for w in pair[1])):
        worst = min(places, key=lambda w: w.sure)
        at = f"{short_clock(worst.span.start)}{_more(places)}"
        says = f"{bare} was hardly heard ({worst.sure:.0%}, at {at})"
        yield Doubt("word", worst.span, says, "listen; if it is wrong: onrecord fix EPISODE OLD NEW")


def _stands(text: str, span: Span[Ms], words: Sequence[Word]) -> bool:
    """Whether a text stands at its place still: nobody has corrected it since, or cut it out."""
    return letters(text) in letters("".join(word.text for word in words if word.span & span))


def _more(places: Sequence[object]) -> str:
    return f", and {len(places) - 1} more" if len(places) > 1 else ""


def _bare(put: str) -> str:
    """What was put, without the marks and the possessive that its place gave it."""
    return re.sub(r"['’]s$", "", put.strip(_MARKS))


def _is_number(bare: str, numbers: frozenset[str]) -> bool:
    return any(c.isdigit() for c in bare) or bare.casefold() in numbers


def _is_name(bare: str, before: Word | None, word: Word, language: str) -> bool:
    """A capital inside a sentence; in German, where every noun has one, only of an unusual kind."""
    if len(bare) < 2 or not bare[0].isupper() or before is None or edge(before, word) == "sentence":
        return False
    if language == "en" and re.fullmatch(r"I(?:['’].*)?", bare):
        return False
    return language != "de" or not bare[1:].islower()


def _languages(transcript: Transcript) -> Iterator[Doubt]:
    for before, turn in pairwise(transcript.turns):
        one = _language(before.cues[-1].language, transcript)
        other = _language(turn.cues[0].language, transcript)
        if one != other:
            says = f"the language changes from {one} to {other} at {short_clock(turn.span.start)}"
            yield Doubt("language", turn.span, says, "listen whether it does")


def _language(own: str, transcript: Transcript) -> str:
    return own or transcript.language or "unknown"


def _overlaps(overlap: Iterable[Span[Ms]]) -> Iterator[Doubt]:
    places: list[Span[Ms]] = []
    for span in sorted(overlap):
        if places and span.start - places[-1].end <= _SAME_MS:
            places[-1] |= span
        else:
            places.append(span)
    for place in sorted((p for p in places if p.length_ms >= _OVERLAP_MS), key=lambda p: -p.length_ms):
        says = f"two people talk at once from {short_clock(place.start)} for {place.length_ms / 1000:.0f} s"
        yield Doubt("overlap", place, says, "look whether each word stands with the right name")


def _repairs(repairs: Iterable[tuple[Span[Ms], str, str]], words: Sequence[Word]) -> Iterator[Doubt]:
    alike: dict[tuple[str, str], list[Span[Ms]]] = {}
    for span, was, put in repairs:
        if not _stands(put, span, words):
            continue
        alike.setdefault((was, _bare(put)), []).append(span)
    for (was, put), spans in alike.items():
        says = f"{was} was put right as {put} (at {short_clock(spans[0].start)}{_more(spans)})"
        yield Doubt("repair", spans[0], says, f'if that is wrong: onrecord fix EPISODE "{put}" "{was}"')
