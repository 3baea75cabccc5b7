"""Clock times read back as they were written, and a cut's timeline keeps what it promises."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st
from tests import strategies as own

from onrecord.model.time import Ms, PubMs, Span, read_clock, short_clock, write_clock
from onrecord.model.timeline import Timeline

Cut = tuple[Timeline, Span[Ms], tuple[Span[Ms], ...]]
TIMELINES = own.timelines()
MOMENTS = range(-2, 45)
"""Every moment that a drawn timeline could speak of, and some around it."""


@given(st.integers(0, 1000 * 3600 * 1000 - 1), st.booleans())
def test_a_clock_time_reads_back(at_ms: int, always_ms: bool) -> None:
    written = write_clock(at_ms, always_ms=always_ms)
    assert read_clock(written) == at_ms
    assert read_clock(written.replace(".", ",")) == at_ms
    assert read_clock(f" {written} ") == at_ms


@given(st.integers(0, 1000 * 3600 * 1000 - 1))
def test_the_short_clock_drops_the_fraction_and_nothing_else(at_ms: int) -> None:
    assert read_clock(short_clock(at_ms)) == at_ms // 1000 * 1000


@given(st.text(max_size=14) | st.from_regex(r"[0-9:.,]{1,12}", fullmatch=True))
def test_what_reads_as_a_time_is_that_time(text: str) -> None:
    at_ms = read_clock(text)
    if at_ms is not None:
        assert read_clock(write_clock(at_ms)) == at_ms
        seconds = text.strip().replace(",", ".").split(":")
        assert at_ms == round(sum(float(part) * 60**i for i, part in enumerate(reversed(seconds))) * 1000)


@given(TIMELINES)
def test_publishing_keeps_the_order_of_moments(cut: Cut) -> None:
    line, *_ = cut
    published = [at for t in MOMENTS if (at := line.publish(Ms(t))) is not None]
    assert all(a < b for a, b in pairwise(published))


@given(TIMELINES)
def test_a_published_moment_leads_back_to_the_recording(cut: Cut) -> None:
    line, *_ = cut
    for t in MOMENTS:
        at = line.publish(Ms(t))
        if at is not None:
            assert line.record(at) == t
    heard = [line.record(PubMs(p)) for p in range(-1, line.length + 2)]
    for p, t_or_none in enumerate(heard, -1):
        if t_or_none is not None:
            assert line.publish(t_or_none) == p
    silent = line.intro_ms + line.outro_ms
    assert heard.count(None) == silent + 3  # the moment before, and two after


@given(TIMELINES)
def test_the_length_is_intro_what_is_kept_and_outro(cut: Cut) -> None:
    line, within, removed = cut
    kept = sum(1 for t in range(within.start, within.end) if not any(Ms(t) in gone for gone in removed))
    assert line.length == line.intro_ms + kept + line.outro_ms


@given(TIMELINES)
def test_clamping_agrees_with_publishing_and_keeps_the_order(cut: Cut) -> None:
    line, *_ = cut
    clamped = [line.clamp(Ms(t)) for t in MOMENTS]
    assert all(a <= b for a, b in pairwise(clamped))
    for t, at in zip(MOMENTS, clamped, strict=True):
        if (published := line.publish(Ms(t))) is not None:
            assert at == published
        assert 0 <= at <= line.length - line.outro_ms
        if not line.kept or t < line.kept[0].start:
            assert at == 0


@given(TIMELINES)
def test_a_moment_off_the_record_clamps_to_the_next_that_is_heard(cut: Cut) -> None:
    line, *_ = cut
    for t in MOMENTS:
        after = next((k.start for k in line.kept if k.start >= t), None)
        if after is not None and line.publish(Ms(t)) is None and t >= line.kept[0].start:
            assert line.clamp(Ms(t)) == line.publish(after)


@given(TIMELINES)
def test_what_is_kept_and_what_is_removed_make_up_the_cut(cut: Cut) -> None:
    line, within, removed = cut
    for t in range(within.start, within.end):
        assert (line.publish(Ms(t)) is None) == any(Ms(t) in gone for gone in removed)
    assert all(line.publish(Ms(t)) is None for t in MOMENTS if Ms(t) not in within)
    assert all(a.end < b.start for a, b in pairwise(line.kept))
    assert all(line.kept)


@given(TIMELINES, st.integers(0, 40), st.integers(0, 40))
def test_a_stretch_is_published_from_its_first_kept_moment_to_its_last(cut: Cut, a: int, b: int) -> None:
    line, *_ = cut
    span = Span(Ms(min(a, b)), Ms(max(a, b)))
    heard = [at for t in range(span.start, span.end) if (at := line.publish(Ms(t))) is not None]
    whole = line.publish_span(span)
    assert (whole is None) == (not heard)
    if whole is not None:
        assert (whole.start, whole.end) == (heard[0], heard[-1] + 1)
        # Stretches that touch in the recording and are kept touch in the cut: nothing else is heard between.
        assert whole.length_ms == len(heard)
        assert sum(part.length_ms for part in line.parts(span)) == len(heard)


@given(own.spans(), own.spans())
def test_what_two_spans_share_lies_in_both(a: Span[Ms], b: Span[Ms]) -> None:
    shared = a & b
    assert shared == (b & a)
    hull = a | b
    if shared is not None:
        assert (shared & a, shared & b, shared & hull) == (shared, shared, shared)
    assume(shared is None)
    assert a.end <= b.start or b.end <= a.start
