"""Three-way merge of transcripts: what a person touched stays, the rest may improve, conflicts are shown.

Three transcripts are laid side by side: the *base*, a proposal; *mine*, the file that a person made of it;
and the *new* proposal. What differs between base and mine is what the person touched, and it stands in the
result exactly as written: words put in, changed (if only in a capital or a mark) or taken out, names of
voices, cuts and times of captions. Everything else is as the new proposal has it, times included.

    merge(b, b, n) = n        nobody touched anything
    merge(b, m, b) = m        nothing new was heard
    merge(b, m, m) = m        both say the same

It is done in three rooms, in this order:

    merge_voices.py   one set of names, so that a name given to `Speaker 2` holds where it is `Speaker 1` now
    merge_words.py    the words, without captions: hunks against the base, clusters of hunks, conflicts
    merge_cues.py     words back into captions, with their voices and times

Where the person and the new proposal changed the same words differently, nothing is chosen: the person's
words stand, and the other reading is a `Conflict` that names the caption it lies in. A voice counts as
touched where its name was changed, and in every caption in which the person touched a word: whoever mends a
word there has read the name in front of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from onrecord.craft.merge_cues import Laid, lay
from onrecord.craft.merge_voices import Three, with_one_set_of_names
from onrecord.craft.merge_words import Heard, Kept, merge_words, tokens
from onrecord.model.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another reading of what a person wrote.

    `cue` is the number of the caption of the result that it lies in; `heard` is what the new proposal has
    there, empty where it has no words; of a `voice`, `heard` is those words and `voice` whose they were
    heard to be.
    """

    cue: int
    kind: Literal["words", "voice"]
    heard: str
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """The result; caption k of it begins in the person's caption number `mine[k]` (None: in none)."""

    transcript: Transcript
    mine: tuple[int | None, ...]
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Transcript, mine: Transcript, new: Transcript, *, by_person: bool = False) -> Merged:
    """Merge a person's transcript with a new proposal.

    Args:
        base: the proposal that the person's file was made from.
        mine: the person's file.
        new: the new proposal, on the same clock.
        by_person: the new proposal is another person's corrected copy of the base: its names and numbers of
            voices are meant as they stand, and the captions of `mine` are told where they begin.

    Returns:
        The merged transcript; its captions do not overlap, if those of the three do not.
    """
    base, mine, new = (_plain(t) for t in (base, mine, new))
    language = new.language if mine.language == base.language else mine.language
    if new.cues in (base.cues, mine.cues):
        return Merged(Transcript(language, mine.cues), tuple(range(len(mine.cues))))
    if mine.cues == base.cues and not by_person:
        return Merged(Transcript(language, new.cues), (None,) * len(new.cues))
    three = with_one_set_of_names(base, mine, new, by_person=by_person)
    rows = [tokens(t) for t in (three.base, three.mine, three.new)]
    words, heard = merge_words(*([token.text for token in row] for row in rows))
    laid, ruled = lay(three, words)
    conflicts = sorted([*_of_words(laid, heard), *_of_voices(three, laid, words, ruled)], key=lambda c: c.cue)
    begins = [
        next((w.mine for w in words[one.first : one.last + 1] if w.mine is not None), None) for one in laid
    ]
    return Merged(
        Transcript(language, tuple(one.cue for one in laid)),
        tuple(None if m is None else rows[1][m].cue for m in begins),
        tuple(conflicts) if laid else (),
    )


def _plain(transcript: Transcript) -> Transcript:
    return replace(transcript, cues=tuple(replace(c, place=None) for c in transcript.cues))


def _of_words(laid: Sequence[Laid], heard: Sequence[Heard]) -> Iterator[Conflict]:
    ends = [one.last for one in laid]
    for other in heard:
        yield Conflict(min(bisect_left(ends, other.at), len(laid) - 1), "words", other.text)


def _of_voices(
    three: Three, laid: Sequence[Laid], words: Sequence[Kept], ruled: Sequence[int]
) -> Iterator[Conflict]:
    """One conflict for the words of a caption that were heard in another voice."""
    new = tokens(three.new)
    ends = [one.last for one in laid]
    found: dict[tuple[int, str], list[str]] = {}
    for i in ruled:
        at = words[i].new
        if at is not None:
            voice = three.new.cues[new[at].cue].voice
            found.setdefault((bisect_left(ends, i), voice), []).append(words[i].text)
    for (k, voice), said in found.items():
        yield Conflict(k, "voice", " ".join(said), voice)
