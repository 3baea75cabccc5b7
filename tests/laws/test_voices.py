"""Laws of telling voices apart: from chunks to stretches, from vectors to voices, and to who speaks when."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.craft import alike, hearing, voices
from onrecord.craft.hearing import Heard
from onrecord.model.time import Ms, Span

SIZE = 24  # frames of a chunk in these tests; a hop is half of it
FRAME_MS = hearing.FRAME_SAMPLES * 1000 / hearing.RATE_HZ


@st.composite
def heard(draw: st.DrawFn) -> tuple[Heard, int]:
    """What was heard in some chunks, and the recording's length."""
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    count = draw(st.integers(1, 6))
    first = np.arange(count, dtype=np.intp) * (SIZE // 2)
    frames = int(first[-1]) + draw(st.integers(1, SIZE + 3))
    classes = dice.dirichlet([draw(st.sampled_from([0.02, 0.3]))] * 7, (count, SIZE)).astype(np.float32)
    local = np.stack(
        [classes[..., [1, 4, 5]], classes[..., [2, 4, 6]], classes[..., [3, 5, 6]]], axis=-2
    ).sum(axis=-1)
    length_ms = int(frames * FRAME_MS)
    return Heard(first, local, classes[..., 4:].sum(axis=-1), frames), length_ms


@given(heard())
def test_stretches_are_the_speech_cut_in_pieces(case: tuple[Heard, int]) -> None:
    what, length_ms = case
    speech, cut = hearing.speech(what, length_ms), hearing.stretches(what, length_ms)
    for spans in (speech, cut):
        assert all(0 <= s.start < s.end <= length_ms for s in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
    assert sum(s.length_ms for s in speech) == sum(s.length_ms for s in cut)
    assert all(any(s.start <= c.start and c.end <= s.end for s in speech) for c in cut)


@given(heard())
def test_every_frame_is_asked_of_one_chunk_that_holds_it(case: tuple[Heard, int]) -> None:
    what, _ = case
    own = what.own()
    assert [frame for begins, ends in own for frame in range(begins, ends)] == list(range(what.frames))
    for first, (begins, ends) in list(zip(what.first.tolist(), own, strict=True))[:-1]:
        assert first <= begins <= ends <= first + SIZE


def test_a_change_of_voice_lies_in_the_pause_between() -> None:
    local = np.zeros((1, SIZE, 3), np.float32)
    local[0, :9, 0] = local[0, 13:, 2] = 0.9
    what = Heard(np.zeros(1, np.intp), local, np.zeros((1, SIZE), np.float32), SIZE)
    first, second = hearing.stretches(what, 10_000)
    assert first.end == second.start == hearing.moment(11, 10_000)


@given(st.integers(0, 10**6), st.integers(0, 10**7))
def test_a_frame_is_found_where_it_begins(frame: int, length_ms: int) -> None:
    at = hearing.moment(frame, length_ms)
    assert 0 <= at <= length_ms
    if frame > 0 and at < length_ms:
        assert abs(hearing.frame_at(at) - frame) <= 1


spans_of_speech = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 9000)), max_size=8)


def laid(gaps_and_lengths: list[tuple[int, int]]) -> list[Span[Ms]]:
    """Spans one after another, from pauses and lengths."""
    made, at = [], 0
    for pause, length in gaps_and_lengths:
        made.append(Span(Ms(at + pause), Ms(at + pause + length)))
        at += pause + length
    return made


@given(spans_of_speech)
def test_windows_cover_each_stretch(rows: list[tuple[int, int]]) -> None:
    stretches = laid(rows)
    for stretch, cut in zip(stretches, voices.windows(stretches), strict=True):
        assert cut[0].start == stretch.start
        assert cut[-1].end == stretch.end
        assert all(b.start - a.start <= voices.HOP_MS for a, b in pairwise(cut))
        assert all(w.length_ms == min(voices.WINDOW_MS, stretch.length_ms) for w in cut)


@given(spans_of_speech, st.integers(1, 4), st.integers(0, 2**32))
def test_all_speech_is_told_once_and_nothing_else_but_short_pauses(
    rows: list[tuple[int, int]], people: int, seed: int
) -> None:
    stretches = laid(rows)
    cut = voices.windows(stretches)
    like = np.random.default_rng(seed).uniform(-1, 1, (sum(map(len, cut)), people))
    told = voices.told(stretches, cut, like)
    assert all(a.end <= b.start for (a, _), (b, _) in pairwise(told))
    spoken = {ms for s in stretches for ms in range(s.start, s.end, 50)}
    assert all(any(span.start <= ms < span.end for span, _ in told) for ms in spoken)
    assert sum(span.length_ms for span, _ in told) <= (
        sum(s.length_ms for s in stretches) + 1000 * max(0, len(stretches) - 1)
    )
    for (a, one), (b, other) in pairwise(told):
        assert one != other or b.start - a.end > 1000


def test_a_window_alone_does_not_change_the_voice_but_several_do() -> None:
    stretch = [Span(Ms(0), Ms(12_000))]
    cut = voices.windows(stretch)
    like = np.tile([0.6, 0.4], (len(cut[0]), 1))
    like[7] = [0.45, 0.5]
    assert [who for _, who in voices.told(stretch, cut, like)] == [0]
    like[7:] = [0.3, 0.6]
    assert [who for _, who in voices.told(stretch, cut, like)] == [0, 1]


@given(heard(), st.integers(1, 3), st.integers(0, 2**32))
def test_a_second_voice_is_added_and_nothing_taken_away(
    case: tuple[Heard, int], people: int, seed: int
) -> None:
    what, length_ms = case
    stretches = hearing.stretches(what, length_ms)
    cut = voices.windows(stretches)
    like = np.random.default_rng(seed).uniform(-1, 1, (sum(map(len, cut)), people))
    alone = voices.told(stretches, cut, like)
    both = voices.doubled(what, alone, length_ms)
    assert set(alone) <= set(both)
    assert {who for _, who in both} <= {who for _, who in alone}
    for span, who in set(both) - set(alone):
        assert span.length_ms >= 100
        at = hearing.moment(hearing.frame_at(span.start) + 1, length_ms)
        assert all(one != who for other, one in alone if other.start <= at < other.end)


def test_who_speaks_over_another_is_told_by_what_he_says_alone() -> None:
    size = 120
    local = np.zeros((1, size, 3), np.float32)
    local[0, :80, 1] = local[0, 50:, 0] = 0.9  # one until 80, the other from 50 on
    both = np.zeros((1, size), np.float32)
    both[0, 50:80] = 0.9
    what = Heard(np.zeros(1, np.intp), local, both, size)
    end = hearing.moment(size, 9_000)
    change = hearing.moment(65, 9_000)
    told = ((Span(Ms(0), change), 0), (Span(change, end), 1))
    found = voices.doubled(what, told, 9_000)
    assert voices.overlaps(found) == (Span(hearing.moment(50, 9_000), hearing.moment(80, 9_000)),)


def crowd(seed: int, people: int, windows: int) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of a second and a half as people have them (alike about .65), and whose each is."""
    dice = np.random.default_rng(seed)
    means = dice.standard_normal((people, 192))
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    whose = np.repeat(np.arange(people), windows)
    dice.shuffle(whose)
    noise = dice.standard_normal((len(whose), 192)) / np.sqrt(192)
    return alike.unit(means[whose] + 0.73 * noise), whose


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.integers(1, 5), st.integers(12, 60), st.integers(0, 5))
def test_people_are_counted_and_told_apart(seed: int, people: int, windows: int, billed: int) -> None:
    vectors, whose = crowd(seed, people, windows)
    means = alike.voices_of(vectors, [1500] * len(vectors), hop_ms=750, billed=billed)
    assert len(means) == people
    found = np.argmax(vectors @ means.T, axis=1)
    assert all(len(set(found[whose == one])) == 1 for one in range(people))


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 30), st.integers(1, 6))
def test_a_count_that_a_person_gave_decides(seed: int, people: int, windows: int, count: int) -> None:
    vectors, _ = crowd(seed, people, windows)
    means = alike.voices_of(vectors, [1500] * len(vectors), hop_ms=750, count=count)
    assert len(means) == min(count, len(vectors))


def test_no_window_is_no_voice() -> None:
    assert len(alike.voices_of(np.zeros((0, 192), np.float32), [], hop_ms=750)) == 0
    assert voices.told([], [], np.zeros((0, 0))) == ()
    nothing = Heard(np.zeros(1, np.intp), np.zeros((1, 4, 3), np.float32), np.zeros((1, 4), np.float32), 4)
    assert voices.doubled(nothing, (), 60) == ()
    assert hearing.stretches(nothing, 60) == ()


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500), st.integers(0, 5)), max_size=10))
def test_voices_are_numbered_as_they_come_and_overlaps_are_where_two_are(
    rows: list[tuple[int, int, int]],
) -> None:
    spans = tuple((Span(Ms(a), Ms(a + n)), who) for a, n, who in rows)
    means = np.arange(12, dtype=np.float32).reshape(6, 2)
    numbered, kept = voices.numbered(spans, means)
    order = list(dict.fromkeys(who for _, who in numbered))
    assert order == list(range(len(kept)))
    assert {(s, tuple(means[who])) for s, who in spans} == {(s, tuple(kept[who])) for s, who in numbered}
    at = [sum(s.start <= ms < s.end for s, _ in spans) for ms in range(1001)]
    over = voices.overlaps(spans)
    assert [n >= 2 for n in at] == [any(s.start <= ms < s.end for s in over) for ms in range(1001)]
