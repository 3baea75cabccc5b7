"""Code that keeps the two clocks apart: the type checker accepts it."""

from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import Timeline


def heard_at(line: Timeline, said: Ms) -> PubMs:
    return line.clamp(said)


def within(line: Timeline, span: Span[Ms]) -> Span[PubMs] | None:
    return line.publish_span(span)


def back(line: Timeline, at: PubMs) -> Ms | None:
    return line.record(at)


def lands_in(span: Span[PubMs], at: PubMs) -> bool:
    return span.start <= at < span.end
