"""The conversation drawn as a picture (SVG): who speaks when, and the questions on it; for pages.

A pure function of an edition, on the published clock. It has a title and a description that say in words what
is drawn, and no colour carries a meaning alone: voices have rows of their own, questions their numbers.
"""

from __future__ import annotations

from html import escape

from onrecord.craft.card import asked
from onrecord.model.edition import Edition, PublishedQuestion
from onrecord.model.time import PubMs, Span, short_clock

_WIDTH, _LABEL, _ROW = 800, 160, 22
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:currentColor}"
    ".said{fill:currentColor;opacity:.75}.answer{fill:currentColor;opacity:.35}.asked{fill:currentColor}"
)


def svg(edition: Edition) -> str:
    """Draw an edition; empty where nothing is said in it."""
    length = edition.timeline.length if edition.timeline else PubMs(0)
    if not edition.captions or not length:
        return ""
    voices: dict[str, list[Span[PubMs]]] = {}
    for caption in edition.captions:
        voices.setdefault(caption.voice, []).append(caption.span)
    questions = [q for q in asked(edition) if q.asked is not None or q.answers]
    rows: list[str] = []
    for voice, spans in voices.items():
        rows.append(_label(len(rows), voice or "?"))
        rows[-1] += "".join(_bar(len(rows) - 1, span, length, "said") for span in _joined(spans))
    for number, question in enumerate(questions, 1):
        rows.append(_question(len(rows), number, question, length))
    height = (len(rows) + 1) * _ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-labelledby="map-title map-desc"><title id="map-title">{_text(_title(edition))}</title>'
        f'<desc id="map-desc">{_text(describe(edition))}</desc><style>{_STYLE}</style>'
        f"{''.join(rows)}{_scale(len(rows), length)}</svg>\n"
    )


def describe(edition: Edition) -> str:
    """What is drawn, in words: who speaks for how long, and where each question is dealt with."""
    spoken: dict[str, int] = {}
    for caption in edition.captions:
        spoken[caption.voice] = spoken.get(caption.voice, 0) + caption.span.length_ms
    said = [f"{voice or 'somebody'} speaks for {short_clock(ms)}" for voice, ms in spoken.items()]
    told = []
    for number, question in enumerate((q for q in asked(edition) if q.asked is not None or q.answers), 1):
        at = f" is asked at {short_clock(question.asked)}" if question.asked is not None else ""
        by = ", ".join(f"{a.by.name} ({short_clock(a.at.start)})" for a in question.answers)
        answered = f" and answered by {by}" if at and by else f" is answered by {by}" if by else ""
        told.append(f"{number}: {question.text}{at}{answered}")
    return ". ".join([*said, *told]) + "."


def _title(edition: Edition) -> str:
    return f"Who speaks when in {edition.episode.title}"


def _question(row: int, number: int, question: PublishedQuestion, length: PubMs) -> str:
    drawn = [_label(row, f"{number}. {question.text}")]
    drawn += [_bar(row, answer.at, length, "answer") for answer in question.answers]
    if question.asked is not None:
        x = _x(question.asked, length)
        drawn.append(f'<text class="asked" x="{x:.1f}" y="{row * _ROW + 16}">?</text>')
    return "".join(drawn)


def _label(row: int, text: str) -> str:
    short = text if len(text) <= 22 else text[:21].rstrip() + "…"
    return f'<text x="0" y="{row * _ROW + 16}">{_text(short)}</text>'


def _bar(row: int, span: Span[PubMs], length: PubMs, kind: str) -> str:
    x, end = _x(span.start, length), _x(span.end, length)
    width = max(1.0, end - x)
    return f'<rect class="{kind}" x="{x:.1f}" y="{row * _ROW + 4}" width="{width:.1f}" height="{_ROW - 8}"/>'


def _x(at: PubMs, length: PubMs) -> float:
    return _LABEL + (_WIDTH - _LABEL) * min(at, length) / length


def _scale(row: int, length: PubMs) -> str:
    y = row * _ROW + 16
    ends = f'<text x="{_WIDTH}" y="{y}" text-anchor="end">{short_clock(length)}</text>'
    return f'<text x="{_LABEL}" y="{y}">0:00</text>{ends}'


def _joined(spans: list[Span[PubMs]]) -> list[Span[PubMs]]:
    """Spans with gaps of less than a second closed: fewer bars, the same picture."""
    found: list[Span[PubMs]] = []
    for span in sorted(spans):
        if found and span.start - found[-1].end < 1000:
            found[-1] |= span
        else:
            found.append(span)
    return found


def _text(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))
