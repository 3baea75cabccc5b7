"""The conversation drawn in the terminal: who speaks when, and the questions on it.

Each column of the drawing is a slice of time. A voice has a row: how high its block is in a column says how
much of that slice it speaks. Below, each question has a row: `?` where it is asked, a line where it is
answered.

        0:00           5:00          10:00          15:00
    Ilva Tare      █▃  ▂      █        ▃       █
    Maxim S.         ▇██▆███  ▁▅███▇      ▂▂
    q1             ? ━━━━━━━
    q2                        ? ━━━━━━
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.model.language import one_line
from onrecord.model.ledger import Ledger
from onrecord.model.time import Ms, Span, short_clock
from onrecord.model.transcript import Transcript

WIDTH = 80
_LABEL = 16
_BLOCKS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Speaks:
    """A voice with the spans in which it speaks."""

    voice: str
    spans: tuple[Span[Ms], ...]

    @property
    def length_ms(self) -> int:
        """How long it speaks in all."""
        return sum(span.length_ms for span in self.spans)


def speakers(transcript: Transcript) -> tuple[Speaks, ...]:
    """The voices of a transcript in the order in which they first speak."""
    found: dict[str, list[Span[Ms]]] = {}
    for cue in transcript.cues:
        found.setdefault(cue.voice, []).append(cue.span)
    return tuple(Speaks(voice, tuple(spans)) for voice, spans in found.items())


def whole(transcript: Transcript, ledger: Ledger) -> Span[Ms]:
    """From 0 to the end of whatever comes last."""
    ends = [cue.span.end for cue in transcript.cues]
    ends += [a.span.end for q in ledger.questions for a in q.answers]
    return Span(Ms(0), max(ends, default=Ms(0)))


def draw(transcript: Transcript, ledger: Ledger, width: int = WIDTH) -> str:
    """Draw a conversation.

    Args:
        transcript: on the recording's clock.
        ledger: its questions, on the same clock.
        width: in columns, of which the names take sixteen.

    Returns:
        Lines of at most `width` characters; empty where nothing is said.
    """
    span = whole(transcript, ledger)
    if not span:
        return ""
    columns = max(8, width - _LABEL)
    rows = [_row("", _scale(span, columns))]
    for one in speakers(transcript):
        blocks = "".join(_BLOCKS[round(8 * share)] for share in _shares(one.spans, span, columns))
        rows.append(_row(one.voice or "(none)", blocks))
    for question in ledger.questions:
        line = [" "] * columns
        for answer in question.answers:
            first, last = _column(answer.span.start, span, columns), _column(answer.span.end, span, columns)
            line[first : last + 1] = "━" * (last + 1 - first)
        if question.asked is not None:
            line[_column(question.asked, span, columns)] = "?"
        drawn = "".join(line)
        rows.append(_row(question.id, drawn if drawn.strip() else f"({_absent(question.found)})"))
    rows += [f"  {question.id}  {one_line(question.text)}"[:width].rstrip() for question in ledger.questions]
    return "\n".join(rows) + "\n"


def _absent(found: str) -> str:
    return "not found" if found == "no" else found


def _row(label: str, drawn: str) -> str:
    short = label if len(label) < _LABEL else label[: _LABEL - 2] + "…"
    return f"{short:<{_LABEL}}{drawn}".rstrip()


def _column(at: Ms, span: Span[Ms], columns: int) -> int:
    return min(columns - 1, max(0, (at - span.start) * columns // max(1, span.length_ms)))


def _shares(spans: Sequence[Span[Ms]], whole: Span[Ms], columns: int) -> list[float]:
    """How much of each slice of time is spoken."""
    slice_ms = whole.length_ms / columns
    shares = [0.0] * columns
    for span in spans:
        for column in range(_column(span.start, whole, columns), _column(span.end, whole, columns) + 1):
            start = whole.start + column * slice_ms
            inside = min(span.end, start + slice_ms) - max(span.start, start)
            shares[column] += max(0.0, inside) / slice_ms
    return [min(1.0, share) for share in shares]


def _scale(span: Span[Ms], columns: int) -> str:
    """Clock times above the drawing, at round minutes, as many as have room."""
    steps_ms = [n * 60_000 for n in (1, 2, 5, 10, 15, 30, 60, 120)]
    step_ms = next((s for s in steps_ms if columns * s // span.length_ms >= 10), steps_ms[-1])
    line = ""
    for at in range(span.start, span.end, step_ms):
        column = _column(Ms(at), span, columns)
        text = short_clock(at)
        if column >= len(line) and column + len(text) <= columns:
            line = f"{line:<{column}}{text} "
    return line
