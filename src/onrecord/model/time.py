"""Time is integer milliseconds on one of two clocks that the type checker keeps apart.

`Ms` is the recording's clock: every file in an episode's folder uses it.
`PubMs` is the published clock of one cut: what a listener's player shows.
Only `Timeline` (model/timeline.py) crosses between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, NewType, TypeVar

Ms = NewType("Ms", int)
PubMs = NewType("PubMs", int)

Clock = TypeVar("Clock", Ms, PubMs)


@dataclass(frozen=True, slots=True, order=True)
class Span(Generic[Clock]):
    """A half-open stretch of time `[start, end)` on one clock, in milliseconds.

    >>> Span(Ms(1000), Ms(3000)).length_ms
    2000
    >>> Ms(3000) in Span(Ms(1000), Ms(3000))
    False
    """

    start: Clock
    end: Clock

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span ends before it starts: {self.start} > {self.end}")

    @property
    def length_ms(self) -> int:
        """Its length in milliseconds."""
        return self.end - self.start

    def __contains__(self, at: Clock) -> bool:
        return self.start <= at < self.end

    def __bool__(self) -> bool:
        return self.end > self.start

    def __and__(self, other: Span[Clock]) -> Span[Clock] | None:
        """What two spans share, or None where they share no millisecond.

        >>> Span(Ms(0), Ms(5)) & Span(Ms(3), Ms(9))
        Span(start=3, end=5)
        >>> Span(Ms(0), Ms(5)) & Span(Ms(5), Ms(9)) is None
        True
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def __or__(self, other: Span[Clock]) -> Span[Clock]:
        """The hull: the shortest span that holds both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


_CLOCK = re.compile(r"(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,2}):(?P<s>\d{2})(?:[.,](?P<frac>\d{1,3}))?")


def read_clock(text: str) -> int | None:
    """Read `01:02:03.400`, `1:02:03` or `02:03` as milliseconds; None if it is no clock time.

    >>> read_clock("00:03:12.400")
    192400
    >>> read_clock("3:12"), read_clock("00:61:00"), read_clock("noon")
    (192000, None, None)
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None or not text.isascii():
        return None
    hours, minutes, seconds = int(match["h"] or 0), int(match["m"]), int(match["s"])
    if minutes > 59 or seconds > 59:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((match["frac"] or "").ljust(3, "0"))


def write_clock(at_ms: int, *, always_ms: bool = False) -> str:
    """Write milliseconds as `HH:MM:SS` or `HH:MM:SS.mmm`; the fraction only where there is one.

    >>> write_clock(192400), write_clock(192000), write_clock(192000, always_ms=True)
    ('00:03:12.400', '00:03:12', '00:03:12.000')
    """
    seconds, ms = divmod(at_ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    whole = f"{hours:02d}:{minutes:02d}:{seconds:02d}"
    return f"{whole}.{ms:03d}" if ms or always_ms else whole


def short_clock(at_ms: int) -> str:
    """Write milliseconds as people say them: `3:12`, `1:03:12`; fractions are dropped.

    >>> short_clock(192400), short_clock(3792000)
    ('3:12', '1:03:12')
    """
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
