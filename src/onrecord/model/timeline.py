"""The timeline of a named cut: the only crossing between the recording's clock and a published one.

A cut keeps some stretches of the recording, in order, and may put an intro file before them and an
outro file after them:

    recording   |--a--|######|xx|#########|--b--|          # kept, x off the record, a/b trimmed
    published         |intro|######|#########|outro|
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import cast

from onrecord.model.time import Ms, PubMs, Span


@dataclass(frozen=True, slots=True)
class Timeline:
    """Which stretches of the recording a cut keeps, and where each lands on the cut's own clock.

    `kept` is ordered and disjoint (touching neighbours are joined by `lay`); `intro_ms` and
    `outro_ms` are the lengths of files played before and after, 0 where there are none.
    """

    cut: str
    kept: tuple[Span[Ms], ...]
    intro_ms: int = 0
    outro_ms: int = 0
    _starts: tuple[Ms, ...] = field(init=False, repr=False, compare=False)
    _offsets: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """Where each stretch begins, on the recording's clock and on the cut's."""

    def __post_init__(self) -> None:
        offsets = accumulate((s.length_ms for s in self.kept), initial=self.intro_ms)
        object.__setattr__(self, "_starts", tuple(s.start for s in self.kept))
        object.__setattr__(self, "_offsets", tuple(offsets)[:-1])

    @property
    def length(self) -> PubMs:
        """How long the published cut is: intro, what is kept, outro."""
        return PubMs(self.intro_ms + sum(s.length_ms for s in self.kept) + self.outro_ms)

    def publish(self, at: Ms) -> PubMs | None:
        """The published time of a moment; None if the moment is not in the cut."""
        i = bisect_right(self._starts, at) - 1
        if i < 0 or at not in self.kept[i]:
            return None
        return PubMs(self._offsets[i] + at - self.kept[i].start)

    def clamp(self, at: Ms) -> PubMs:
        """The published time of a moment or, if it is not in the cut, of the next one that is.

        Before the first kept moment that is 0, so that what is said to begin before the cut
        begins with it (intro included); after the last one it is the end of what is kept.
        """
        i = bisect_right(self._starts, at) - 1
        if i < 0:
            return PubMs(0)
        within = min(at - self.kept[i].start, self.kept[i].length_ms)
        return PubMs(self._offsets[i] + within)

    def record(self, at: PubMs) -> Ms | None:
        """The recording's time of a published moment; None inside the intro or the outro."""
        i = bisect_right(self._offsets, at) - 1
        if i < 0 or at >= self._offsets[i] + self.kept[i].length_ms:
            return None
        return Ms(self.kept[i].start + at - self._offsets[i])

    def whole(self, span: Span[Ms]) -> Span[PubMs] | None:
        """Where a stretch is heard in the cut; None unless all of it is kept, in one piece."""
        i = bisect_right(self._starts, span.start) - 1
        if i < 0 or not span or span.end > self.kept[i].end:
            return None
        moved = self._offsets[i] - self._starts[i]
        return (
            Span(PubMs(span.start + moved), PubMs(span.end + moved)) if moved else cast("Span[PubMs]", span)
        )

    def publish_span(self, span: Span[Ms]) -> Span[PubMs] | None:
        """Where a stretch is heard in the cut, as one stretch; None if nothing of it is kept."""
        parts = self.parts(span)
        if not parts:
            return None
        # Parts are kept by construction, so clamping moves neither end.
        last = self.clamp(Ms(parts[-1].end - 1))
        return Span(self.clamp(parts[0].start), PubMs(last + 1))

    def parts(self, span: Span[Ms]) -> tuple[Span[Ms], ...]:
        """What the cut keeps of a stretch, on the recording's clock."""
        return tuple(p for p in (k & span for k in self.kept) if p)


def lay(
    cut: str,
    within: Span[Ms],
    removed: Iterable[Span[Ms]] = (),
    *,
    intro_ms: int = 0,
    outro_ms: int = 0,
) -> Timeline:
    """Lay out a cut: what is `within` its start and end, without the `removed` passages.

    >>> t = lay("programme", Span(Ms(1000), Ms(9000)), [Span(Ms(4000), Ms(5000))])
    >>> t.length, t.publish(Ms(6000)), t.publish(Ms(4500)), t.clamp(Ms(0))
    (7000, 4000, None, 0)
    """
    kept: list[Span[Ms]] = []
    at = within.start
    for gone in sorted(g for g in removed if g):  # one without length removes nothing, and parts nothing
        if gone.start > at:
            kept.append(Span(at, min(gone.start, within.end)))
        at = max(at, gone.end)
        if at >= within.end:
            break
    if at < within.end:
        kept.append(Span(at, within.end))
    return Timeline(cut, tuple(s for s in kept if s), intro_ms, outro_ms)
