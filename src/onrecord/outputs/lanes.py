"""The picture of a conversation: a lane for each voice, filled while it speaks, and the questions above.

It is one SVG and asks for no script. Places are per cent of the length, so it is as wide as it may be and
its letters keep their size. The questions are links to where they are asked; those that would lie closer
than a finger's breadth take turns on up to four rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from onrecord.craft.paragraph import Spoken
from onrecord.model.edition import PublishedQuestion
from onrecord.model.people import Person
from onrecord.model.time import PubMs, short_clock
from onrecord.outputs.frame import length, seconds
from onrecord.outputs.turns import Voices

# In em of the picture's own letters.
_ROW, _LANE, _TOP = 2.25, 3.0, 0.5
_NARROWEST_PER_CENT = 9.0
_MOST_ROWS = 4
# Breaths are not silence: a lane is unbroken where one voice goes on within this time.
_BREATH_MS = 1000


@dataclass(frozen=True, slots=True)
class Lane:
    """A voice, how long it speaks, and when: pairs of a start and an end."""

    voice: str
    person: Person | None
    spoken_ms: int
    spans: tuple[tuple[int, int], ...]


def lanes(turns: Sequence[Spoken], first: Person | None) -> tuple[Lane, ...]:
    """A lane for each voice, the host's first, then as they come."""
    spans: dict[str, list[tuple[int, int]]] = {}
    people: dict[str, Person | None] = {}
    for turn in turns:
        people.setdefault(turn.voice, turn.person)
        mine = spans.setdefault(turn.voice, [])
        if mine and turn.span.start - mine[-1][1] <= _BREATH_MS:
            mine[-1] = (mine[-1][0], max(mine[-1][1], turn.span.end))
        else:
            mine.append((turn.span.start, turn.span.end))
    found = [
        Lane(voice, people[voice], sum(end - start for start, end in mine), tuple(mine))
        for voice, mine in spans.items()
    ]
    return tuple(sorted(found, key=lambda lane: lane.person is None or lane.person != first))


def picture(
    rows: Sequence[Lane],
    questions: Sequence[PublishedQuestion],
    whole: PubMs,
    voice: Voices,
    moment: Callable[[PubMs], str],
) -> str:
    """The picture as HTML; empty where nobody speaks.

    Args:
        rows: What `lanes` gives.
        questions: In their order on the page; the numbers in the picture are theirs.
        whole: The length of the cut.
        voice: The class of a person's colour.
        moment: The link to a moment of the page.
    """
    if not rows or not whole:
        return ""
    asked = _rows([(n, q) for n, q in enumerate(questions, 1) if q.asked is not None], whole)
    top = _TOP + _ROW * (1 + max((row for _, _, row in asked), default=-1))
    height = top + _LANE * len(rows)
    size = f'height="{height:g}em" data-length="{seconds(whole)}"'
    drawn = [f'<svg class="lanes" role="group" aria-label="Who speaks when" {size}>\n']
    drawn += (_lane(lane, top + _LANE * i, whole, voice(lane.person)) for i, lane in enumerate(rows))
    drawn += (_question(n, q, row, whole, height, moment) for n, q, row in asked)
    return "".join([*drawn, "</svg>\n"])


def _lane(lane: Lane, y: float, whole: PubMs, colour: str) -> str:
    # A path in seconds is a third of the bytes of as many rectangles.
    long_s = max(1, round(whole / 1000))
    filled = "".join(_box(round(start / 1000), round(end / 1000)) for start, end in lane.spans)
    name = escape(lane.voice or "Unknown voice")
    return (
        f'<g class="{colour}"><text y="{y + 1:g}em">{name} <tspan>{length(lane.spoken_ms)}</tspan></text>\n'
        f'<svg y="{y + 1.5:g}em" width="100%" height=".7em" viewBox="0 0 {long_s} 1" aria-hidden="true" '
        f'preserveAspectRatio="none"><path class="lane" d="{_box(0, long_s)}"/>'
        f'<path class="said" d="{filled}"/></svg></g>\n'
    )


def _box(start_s: int, end_s: int) -> str:
    wide = max(1, end_s - start_s)
    return f"M{start_s} 0h{wide}v1h-{wide}z"


def _rows(
    asked: Sequence[tuple[int, PublishedQuestion]], whole: PubMs
) -> list[tuple[int, PublishedQuestion, int]]:
    """Each question with its row: the lowest on which there is room, else the one with the most."""
    ends = [-100.0] * _MOST_ROWS
    found = []
    for n, question in sorted(asked, key=lambda pair: pair[1].asked or 0):
        at = 100 * (question.asked or 0) / whole
        free = (row for row in range(_MOST_ROWS) if at - ends[row] >= _NARROWEST_PER_CENT)
        row = next(free, min(range(_MOST_ROWS), key=lambda r: ends[r]))
        ends[row] = at
        found.append((n, question, row))
    return found


def _question(
    n: int,
    question: PublishedQuestion,
    row: int,
    whole: PubMs,
    height: float,
    moment: Callable[[PubMs], str],
) -> str:
    at = question.asked or PubMs(0)
    x = f"{min(100.0, 100 * at / whole):.2f}%"
    y = _TOP + _ROW * row + 0.9
    label = f"{question.text} {short_clock(at)}"
    return (
        f'<a href="{escape(moment(at))}" data-t="{seconds(at)}"><title>{escape(label)}</title>'
        f'<line x1="{x}" x2="{x}" y1="{y + 0.9:g}em" y2="{height:g}em"/>'
        f'<circle cx="{x}" cy="{y:g}em" r="1em"/>'
        f'<text x="{x}" y="{y + 0.35:g}em">{n}</text></a>\n'
    )
