"""What was said: words in time, spoken in turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from onrecord.model.language import joined, one_line
from onrecord.model.problem import Place
from onrecord.model.time import Ms, Span


@dataclass(frozen=True, slots=True)
class Word:
    """A word as heard: its span, its text (with its punctuation, no spaces) and how sure, 0 to 1."""

    span: Span[Ms]
    text: str
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Words(Sequence[Word]):
    """A row of words in columns, in order of time; each becomes a `Word` when somebody asks for it.

    Nobody looks at most of an hour's words one by one, and making nine thousand objects takes ten times as
    long as reading their file. Where `texts` are, there as many `starts`, `ends` and `sures` are.
    """

    starts: tuple[Ms, ...] = ()
    ends: tuple[Ms, ...] = ()
    texts: tuple[str, ...] = ()
    sures: tuple[float, ...] = ()

    @staticmethod
    def of(words: Sequence[Word]) -> Words:
        """The same words, in columns."""
        if isinstance(words, Words):
            return words
        return Words(
            tuple(w.span.start for w in words),
            tuple(w.span.end for w in words),
            tuple(w.text for w in words),
            tuple(w.sure for w in words),
        )

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Word]:
        for start, end, text, sure in zip(self.starts, self.ends, self.texts, self.sures, strict=True):
            yield Word(Span(start, end), text, sure)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> Words: ...
    def __getitem__(self, at: int | slice) -> Word | Words:
        if isinstance(at, slice):
            return Words(self.starts[at], self.ends[at], self.texts[at], self.sures[at])
        return Word(Span(self.starts[at], self.ends[at]), self.texts[at], self.sures[at])


@dataclass(frozen=True, slots=True)
class Heard:
    """What the steps heard: words, and what is told of the sound apart from them.

    `repairs` and `near` are (where, as heard, as put or as it might be).
    """

    words: Sequence[Word] = ()
    gaps: tuple[Span[Ms], ...] = ()
    speech: tuple[Span[Ms], ...] = ()
    overlap: tuple[Span[Ms], ...] = ()
    repairs: tuple[tuple[Span[Ms], str, str], ...] = ()
    near: tuple[tuple[Span[Ms], str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: a span, one voice and up to two lines of text (with a line break between).

    `voice` is a name as written (`Speaker 1` while nobody has named it), empty where none is known.
    """

    span: Span[Ms]
    voice: str
    text: str
    place: Place | None = None
    language: str = ""
    """BCP 47, where it is another one than the transcript's."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one voice says until another speaks: its span, its text in one line, and its cues."""

    span: Span[Ms]
    voice: str
    cues: tuple[Cue, ...]

    @property
    def text(self) -> str:
        """The words of the turn in one line."""
        return joined(one_line(c.text) for c in self.cues)

    @property
    def language(self) -> str:
        """The language in which most of it is said; empty: the transcript's."""
        said: dict[str, int] = {}
        for cue in self.cues:
            said[cue.language] = said.get(cue.language, 0) + len(cue.text)
        return max(said, key=said.__getitem__)

    @property
    def place(self) -> Place | None:
        """Where the turn begins in transcript.vtt."""
        return self.cues[0].place


@dataclass(frozen=True, slots=True)
class Transcript:
    """All cues of an episode in order, and the language (BCP 47) they are in."""

    language: str
    cues: tuple[Cue, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The cues gathered into turns: a new turn begins where the voice changes."""
        groups: list[list[Cue]] = []
        for cue in self.cues:
            if groups and groups[-1][-1].voice == cue.voice:
                groups[-1].append(cue)
            else:
                groups.append([cue])
        return tuple(
            Turn(Span(g[0].span.start, max(c.span.end for c in g)), g[0].voice, tuple(g)) for g in groups
        )
