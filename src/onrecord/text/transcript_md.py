"""A transcript as Markdown to and from the turns of a cut, for people who read, quote and paste.

    **Ilva Tare** [0:09] Good evening.

    **Srdjan Cvijić** [0:12] Good evening, and thank you.

One paragraph a turn. Whatever was said is shown word for word: signs that mean something to Markdown are
escaped. Times are to the second, so a turn is read back to its second (`normal`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from onrecord.model.edition import Caption
from onrecord.model.time import PubMs, Span, read_clock, short_clock
from onrecord.text.caption import fitted, normal_voice

_SIGN = re.compile(r"([\\`*_\[\]<>&#~|!$^{}])")
_ESCAPED = re.compile(r"\\([\\`*_\[\]<>&#~|!$^{}])")
_TURN = re.compile(r"(?:\*\*((?:\\.|[^\\*])+)\*\* )?\[((?:\d+:)?\d{1,2}:\d\d)\] (.*)")


def read(text: str) -> tuple[Caption, ...]:
    """Read the turns; a paragraph without a time is passed over, the end of each is the next one's start."""
    found = [m.groups() for row in text.split("\n") if (m := _TURN.fullmatch(row.strip("\r")))]
    turns = []
    for name, clock, words in found:
        at = read_clock(clock)
        if at is not None:
            turns.append(Caption(Span(PubMs(at), PubMs(at)), _plain(name or ""), _plain(words)))
    return normal(turns)


def write(captions: Iterable[Caption]) -> str:
    """Write one paragraph a turn; reading it gives the `normal` turns."""
    rows = []
    for turn in normal(captions):
        name = f"**{escaped(turn.voice)}** " if turn.voice else ""
        rows.append(f"{name}[{short_clock(turn.span.start)}] {escaped(turn.text)}\n")
    return "\n".join(rows)


def normal(captions: Iterable[Caption]) -> tuple[Caption, ...]:
    """What Markdown carries: turns in one line, from the second that each begins to the next one's."""
    turns = []
    for voice, group in groupby((c for c in fitted(captions) if c.text), key=lambda c: c.voice):
        turn = list(group)
        start = turn[0].span.start // 1000 * 1000
        turns.append((start, voice, normal_voice(" ".join(c.text for c in turn))))
    ends = [
        max(start, after) for (start, _, _), (after, _, _) in zip(turns, turns[1:] + turns[-1:], strict=True)
    ]
    return tuple(
        Caption(Span(PubMs(start), PubMs(end)), voice, words)
        for (start, voice, words), end in zip(turns, ends, strict=True)
        if words
    )


def escaped(text: str) -> str:
    """Words in which nothing means anything to Markdown."""
    return _SIGN.sub(r"\\\1", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
