"""A transcript as colleagues read it, and back: turns in paragraphs, and paragraphs in captions again.

A document has neither captions nor word times, and its paragraphs are what people make of them: split,
joined, with names changed and lines put in. So only two things are taken from it, the row of words and who
says them, and the words are laid on those of the transcript as it was exported. A word that is the same,
or stands where another stood, is in that one's caption; words put in go with their neighbours; a whole turn
put in is a caption of its own, in the silence there or in a share of the caption before it.

What only differs in its *typographic form* is not touched: writing programs turn straight quotes into
curly ones, two hyphens into a dash and three stops into an ellipsis by themselves, and nobody means
anything by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from onrecord.craft.align import fold, match
from onrecord.craft.merge_cues import lines
from onrecord.craft.merge_words import Token, tokens
from onrecord.model.time import Ms, Span, write_clock
from onrecord.model.transcript import Cue, Transcript

HEADING = "Transcript"
NO_NAME = "(no name)"
_TIME = re.compile(r"\s*\[\s*((?:\d{1,3}:)?\d{1,2}:\d\d)\s*\]\s*")
_NAME = re.compile(r"((?:[A-ZÀ-ÖØ-ÞĀ-Ž\u0400-\u042F][^\s:]*\s+){1,3}[^\s:]+)\s*:\s")
_ANY_NAME = re.compile(r"([^:]{1,80}?)\s*:(?:\s|$)")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_FORMS = str.maketrans(
    {**dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("–—", "-"), "…": "..."}
)
_SHORTEST_MS = 300
"""A silence shorter than this has no room for a turn."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A turn as it stands in the document."""

    time: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Who remarked what, in which paragraph, after so many characters of it."""

    by: str
    text: str
    paragraph: int = 0
    character: int = 0


@dataclass(frozen=True, slots=True)
class Corrected:
    """The transcript with a document's words and names, and remarks with the time that they lie at."""

    transcript: Transcript
    remarks: tuple[tuple[Ms, str], ...]


def paragraphs(transcript: Transcript) -> tuple[Paragraph, ...]:
    """A paragraph for each turn."""
    return tuple(
        Paragraph(write_clock(t.span.start // 1000 * 1000), t.voice or NO_NAME, t.text)
        for t in transcript.turns
    )


def correct(
    exported: Transcript, texts: Sequence[str], remarks: Sequence[Remark] = (), names: Collection[str] = ()
) -> Corrected:
    """Lay a document's words on the transcript that it was made of.

    Args:
        exported: the transcript as it was exported.
        texts: the document's paragraphs, without what was deleted and with what was inserted.
        remarks: the comments in it.
        names: names that may stand before a turn, beside those of the transcript.

    Returns:
        The transcript in the document's words; the same one where nobody changed anything.
    """
    said = list(_words(exported, texts, {*names, *(cue.voice for cue in exported.cues)} - {""}))
    own = tokens(exported)
    cue_of = _captions(own, said)
    words = [_Placed(w.voice, w.text, c, w.turn) for w, c in zip(said, cue_of, strict=True)]
    transcript = Transcript(exported.language, _lay(exported.cues, own, words))
    told = []
    for remark in remarks:
        place = (remark.paragraph, remark.character)
        at = next((k for k, w in enumerate(said) if (w.paragraph, w.character) >= place), len(said) - 1)
        number = next((c for c in cue_of[at::-1] if c is not None), 0) if said else 0
        start = exported.cues[number].span.start if exported.cues else Ms(0)
        text = " ".join(remark.text.split())
        told.append((start, f"{remark.by or 'somebody'} remarks: {text}"))
    return Corrected(transcript, tuple(told))


@dataclass(frozen=True, slots=True)
class _Said:
    """A word of the document: its end within its paragraph, and the number of its turn."""

    voice: str
    text: str
    turn: int
    paragraph: int
    character: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word with the number of its caption, None where a turn was put in."""

    voice: str
    text: str
    cue: int | None
    turn: int


def _words(exported: Transcript, texts: Sequence[str], names: Collection[str]) -> Iterator[_Said]:
    """The words of the document with their voices."""
    voices: Mapping[str, str] = {p.time: p.name for p in reversed(paragraphs(exported))}
    voice, turn = "", 0
    for number in range(_first(texts), len(texts)):
        text = _UNSEEN.sub("", texts[number])
        begin = 0
        if time := _TIME.match(text):
            begin = time.end()
            name = _name(text[begin:], names, any_name=True)
            if name:
                voice, begin = name[0], begin + name[1]
            else:
                voice = voices.get(time[1].rjust(8, "0") if time[1].count(":") == 2 else time[1], voice)
            turn += 1
        elif name := _name(text, names, any_name=False):
            voice, begin = name
            turn += 1
        for word in re.finditer(r"\S+", text[begin:]):
            yield _Said("" if voice == NO_NAME else voice, word[0], turn, number, begin + word.end())


def _first(texts: Sequence[str]) -> int:
    """Where the transcript begins: after its heading, else at the first time."""
    timed = next((n for n, text in enumerate(texts) if _TIME.match(text)), len(texts))
    return next((n + 1 for n, text in enumerate(texts[:timed]) if text.strip() == HEADING), timed)


def _name(text: str, names: Collection[str], *, any_name: bool) -> tuple[str, int] | None:
    """The name before a turn, and where its words begin."""
    begins = len(text) - len(text.lstrip())
    for name in sorted({*names, NO_NAME}, key=len, reverse=True):
        if text.startswith(name, begins) and text[begins + len(name) :].lstrip().startswith(":"):
            return name, text.index(":", begins + len(name)) + 1
    found = (_ANY_NAME if any_name else _NAME).match(text, begins)
    return (" ".join(found[1].split()), found.end()) if found else None


def _captions(own: Sequence[Token], said: Sequence[_Said]) -> list[int | None]:
    """For each word of the document the caption that it stands in."""
    found: list[int | None] = []
    at_own = at_said = 0
    for i, j in [*match([_key(t.text) for t in own], [_key(w.text) for w in said]), (len(own), len(said))]:
        gone, come = own[at_own:i], said[at_said:j]
        for k, word in enumerate(come):
            if gone:
                found.append(gone[k * len(gone) // len(come)].cue)
            elif found and said[len(found) - 1].turn == word.turn:
                found.append(found[-1])
            else:
                found.append(own[i].cue if j < len(said) and said[j].turn == word.turn else None)
        if j < len(said):
            found.append(own[i].cue)
        at_own, at_said = i + 1, j + 1
    return found


def _lay(cues: Sequence[Cue], own: Sequence[Token], words: Sequence[_Placed]) -> tuple[Cue, ...]:
    """Words in captions: whole ones as they were, others in a share of their time."""
    groups = [
        list(g) for _, g in groupby(words, key=lambda w: (w.cue, w.voice, w.turn if w.cue is None else 0))
    ]
    length = dict.fromkeys(range(len(cues)), 0)
    for word in words:
        if word.cue is not None:
            length[word.cue] += len(word.text)
    done = dict.fromkeys(range(len(cues)), 0)
    rows = [[t for t in own if t.cue == c] for c in range(len(cues))]
    laid: list[Cue | None] = []
    for group in groups:
        number = group[0].cue
        if number is None:
            laid.append(None)
            continue
        span, total = cues[number].span, length[number]
        begin, done[number] = done[number], done[number] + sum(len(w.text) for w in group)
        start, end = (Ms(span.start + span.length_ms * part // total) for part in (begin, done[number]))
        text = _text(cues[number], rows[number], [w.text for w in group])
        laid.append(replace(cues[number], span=Span(start, end), voice=group[0].voice, text=text, place=None))
    return tuple(_with_new_turns(laid, groups))


def _text(cue: Cue, row: Sequence[Token], texts: Sequence[str]) -> str:
    """A caption's text in the document's words, in the typographic form that it had where that is all."""
    pairs = {j: i for i, j in match([_key(t.text) for t in row], [_key(t) for t in texts])}
    kept = [
        row[pairs[j]].text if j in pairs and _form(row[pairs[j]].text) == _form(text) else text
        for j, text in enumerate(texts)
    ]
    if kept == [t.text for t in row]:
        return cue.text
    return lines(kept, [j in pairs and row[pairs[j]].begins_line for j in range(len(kept))])


def _key(text: str) -> str:
    return fold(_form(text))


def _form(text: str) -> str:
    return text.translate(_FORMS).replace("--", "-")


def _with_new_turns(laid: Sequence[Cue | None], groups: Sequence[Sequence[_Placed]]) -> list[Cue]:
    """Turns that were put in, in the silence where they stand or a share of the caption before (or after)."""
    out: list[Cue] = []
    rest = list(laid)
    for k, cue in enumerate(laid):
        if cue is not None:
            out.append(rest[k] or cue)
            continue
        text = lines([w.text for w in groups[k]], [False] * len(groups[k]))
        after = next((n for n in range(k + 1, len(rest)) if rest[n] is not None), None)
        follower = None if after is None else rest[after]
        begin = out[-1].span.end if out else Ms(0)
        end = follower.span.start if follower else Ms(begin + 60 * len(text))
        if end - begin < _SHORTEST_MS and out:
            before = out[-1]
            middle = before.span.length_ms * len(before.text) // (len(before.text) + len(text))
            begin = Ms(before.span.start + middle)
            out[-1] = replace(before, span=Span(before.span.start, begin))
        elif end - begin < _SHORTEST_MS and follower and after is not None:
            share = follower.span.length_ms * len(text) // (len(follower.text) + len(text))
            end = Ms(follower.span.start + share)
            rest[after] = replace(follower, span=Span(end, follower.span.end))
        out.append(Cue(Span(begin, Ms(max(begin, end))), groups[k][0].voice, text))
    return out
