"""Laws of loudness, limiting and splicing: what is computed from figures is what a meter would find."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onrecord.craft.limiter import Limiter, true_peaks
from onrecord.craft.loudness import integrated_lufs
from onrecord.craft.splice import splice, stretches
from onrecord.engines.loudness import Meter

RATE_HZ = 44_100
seeds = st.integers(0, 2**32 - 1)


def talk(seed: int, length_ms: int, channels: int = 1) -> np.ndarray:
    """Noise whose level steps every 200 ms, by up to 25 dB."""
    dice = np.random.default_rng(seed)
    samples = length_ms * RATE_HZ // 1000
    steps = dice.uniform(-40, -15, samples // 8820 + 1)
    gain = np.repeat(10 ** (steps / 20), 8820)[:samples, None]
    return (dice.standard_normal((samples, channels)) * gain).astype(np.float32)


def measured(sound: np.ndarray) -> Meter:
    meter = Meter(RATE_HZ, sound.shape[1])
    for at in range(0, len(sound), 30_000):
        meter.push(sound[at : at + 30_000])
    return meter


@st.composite
def cuts(draw: st.DrawFn, length_ms: int) -> list[tuple[int, int]]:
    points = draw(st.lists(st.integers(0, length_ms), min_size=2, max_size=8, unique=True))
    points = sorted(points)[: len(points) // 2 * 2]
    kept = [(a, b) for a, b in zip(points[::2], points[1::2], strict=True) if b - a >= 400]
    return kept or [(0, length_ms)]


@settings(max_examples=25, deadline=None)
@given(seed=seeds, kept=cuts(20_000), stereo=st.booleans())
def test_gating_on_blocks_is_measuring_the_cut(seed: int, kept: list[tuple[int, int]], stereo: bool) -> None:
    sound = talk(seed, 20_000, 2 if stereo else 1)
    assume(sum(end - start for start, end in kept) >= 5_000)
    channels = 2 if stereo else 1
    computed = integrated_lufs(measured(sound).levels().heard(channels, kept))
    joined = np.concatenate([sound[a : a + n] for a, n in stretches(kept, RATE_HZ)])
    assert abs(computed - integrated_lufs(measured(joined).levels().heard(channels))) <= 0.1


@settings(max_examples=25, deadline=None)
@given(seed=seeds, gain_db=st.floats(-20, 40), stereo=st.booleans(), piece=st.integers(300, 70_000))
def test_the_limiter_never_exceeds_its_ceiling(seed: int, gain_db: float, stereo: bool, piece: int) -> None:
    sound = talk(seed, 3_000, 2 if stereo else 1) * np.float32(10 ** (gain_db / 20))
    ceiling = 0.7
    limiter = Limiter(ceiling, RATE_HZ)
    pieces = [limiter.push(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    out = np.concatenate([*pieces, limiter.flush()])
    assert len(out) == len(sound)
    assert np.abs(out).max() <= ceiling
    # Between the samples the gain moves a little under the interpolation.
    assert true_peaks(out, 44).max() <= ceiling * 1.006


@settings(max_examples=25, deadline=None)
@given(seed=seeds, piece=st.integers(300, 70_000))
def test_the_limiter_leaves_alone_what_is_below_its_ceiling(seed: int, piece: int) -> None:
    sound = talk(seed, 2_000, 2)
    sound *= np.float32(0.699 / true_peaks(sound, 44).max())
    limiter = Limiter(0.7, RATE_HZ)
    pieces = [limiter.push(sound[at : at + piece]) for at in range(0, len(sound), piece)]
    assert np.array_equal(np.concatenate([*pieces, limiter.flush()]), sound)
    assert limiter.lowest_gain == 1.0


@settings(max_examples=25, deadline=None)
@given(kept=cuts(5_000), pieces=st.tuples(st.integers(700, 9_999), st.integers(700, 9_999)))
def test_a_splice_does_not_depend_on_the_pieces_and_keeps_nothing_else(
    kept: list[tuple[int, int]], pieces: tuple[int, int]
) -> None:
    sound = np.ones((5_000 * 441 // 10, 1), np.float32)
    wanted = np.zeros(len(sound), bool)
    for start, count in stretches(kept, RATE_HZ):
        wanted[start : start + count] = True
    sound[~wanted] = 1000.0
    one, other = (
        np.concatenate(list(splice((sound[i : i + n] for i in range(0, len(sound), n)), kept, RATE_HZ)))
        for n in pieces
    )
    assert np.array_equal(one, other)
    assert len(one) == round(sum(b - a for a, b in kept) * RATE_HZ / 1000)
    assert one.max() <= 1.0
    # No click: no step larger than the fade's own.
    assert np.abs(np.diff(one[:, 0], prepend=0, append=0)).max() < 0.01


def test_the_k_weighting_reads_a_full_scale_tone_as_the_standard_says() -> None:
    t = np.arange(10 * RATE_HZ) / RATE_HZ
    tone = np.sin(2 * np.pi * 997 * t).astype(np.float32)[:, None]
    # BS.1770-5: a 997 Hz sine at 0 dBFS in one front channel reads -3.01 LKFS.
    assert abs(integrated_lufs(measured(tone).levels().heard(1)) + 3.01) < 0.02


def test_a_tone_between_the_samples_has_its_true_peak_found() -> None:
    # A quarter of the sampling rate at 45 degrees: the samples are at 0.707, the wave reaches 1.
    tone = np.sin(np.pi / 2 * np.arange(4410) + np.pi / 4).astype(np.float32)[:, None]
    assert np.abs(tone).max() < 0.71
    assert abs(true_peaks(tone, 44)[5:-5].max() - 1) < 0.03
