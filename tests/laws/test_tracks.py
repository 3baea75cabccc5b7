"""Laws of tracks: a track is laid where it belongs, and bleed never names the wrong person."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.craft.silence import HOP_MS, levels_db, silences
from onrecord.craft.tracks import lay_track, on_recording, voices


def conversation(seed: int, hops: int, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Amplitudes of each voice every 10 ms, and who speaks (-1: nobody)."""
    dice = np.random.default_rng(seed)
    amplitude, truth = np.zeros((people, hops)), np.full(hops, -1)
    at = person = 0
    while at < hops:
        length = int(dice.integers(150, 1200))
        for syllable in range(at, min(hops, at + length), 18):
            amplitude[person, syllable : syllable + int(dice.integers(8, 16))] = dice.uniform(0.1, 1)
        truth[at : at + length] = person
        at += length + int(dice.integers(30, 100))
        person = (person + int(dice.integers(1, people))) % people if people > 1 else 0
    return amplitude, truth


def heard(amplitude: np.ndarray, own: int, bleed: float, gain: float, noise: np.ndarray) -> np.ndarray:
    """What one microphone hears."""
    others = np.delete(amplitude, own, axis=0).sum(axis=0)
    return np.asarray(((amplitude[own] + bleed * others) * 0.3 * gain) ** 2 + noise)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    offset=st.integers(-6000, 6000),
    people=st.integers(2, 3),
    bleed_db=st.floats(-30, -10),
    gain_db=st.floats(-18, 6),
    drift_ppm=st.floats(-80, 80),
)
def test_a_track_is_laid_within_20_ms_whatever_its_offset_bleed_gain_and_drift(
    seed: int, offset: int, people: int, bleed_db: float, gain_db: float, drift_ppm: float
) -> None:
    hops = 30_000
    dice = np.random.default_rng(seed)
    amplitude, _ = conversation(seed, hops, people)
    recording = levels_db((amplitude.sum(axis=0) * 0.3) ** 2 + 1e-6 * dice.random(hops))
    power = heard(amplitude, 0, 10 ** (bleed_db / 20), 10 ** (gain_db / 20), 1e-6 * dice.random(hops))
    at = np.rint(offset + np.arange(hops) * (1 + drift_ppm / 1e6)).astype(int)
    inside = (at >= 0) & (at < hops)
    track = np.full(hops, 1e-7)
    track[inside] = power[at[inside]]
    laid = lay_track(recording, levels_db(track))
    assert laid.trusted
    for moment in (0, hops):
        found_ms = laid.offset_ms + moment * HOP_MS * (1 + laid.drift_ppm / 1e6)
        true_ms = (offset + moment * (1 + drift_ppm / 1e6)) * HOP_MS
        # Where the track has sound of its own on both sides; at the rim the line is only prolonged.
        assert abs(found_ms - true_ms) <= 20


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    people=st.integers(2, 4),
    bleed_db=st.floats(-30, -10),
    gains_db=st.lists(st.floats(-12, 6), min_size=4, max_size=4),
    silent=st.booleans(),
)
def test_bleed_does_not_name_the_wrong_person(
    seed: int, people: int, bleed_db: float, gains_db: list[float], silent: bool
) -> None:
    hops = 24_000
    dice = np.random.default_rng(seed)
    amplitude, truth = conversation(seed, hops, people)
    if silent:
        # One more, who never says a word and hears all the others.
        amplitude = np.vstack([amplitude, np.zeros(hops)])
    tracks = {
        f"p{i}": [
            levels_db(
                heard(
                    amplitude,
                    i,
                    10 ** (bleed_db / 20),
                    10 ** (gains_db[i % 4] / 20),
                    1e-7 * dice.random(hops),
                )
            )
        ]
        for i in range(len(amplitude))
    }
    named = np.full(hops, -1)
    spans = voices(tracks, hops)
    for start_ms, end_ms, person in spans:
        named[start_ms // HOP_MS : end_ms // HOP_MS] = int(person[1:])
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    both = (truth >= 0) & (named >= 0)
    assert both.sum() > 0.95 * (truth >= 0).sum()
    assert (named[both] != truth[both]).mean() < 0.01


def test_a_track_of_another_conversation_is_not_trusted() -> None:
    dice = np.random.default_rng(1)
    one, _ = conversation(1, 30_000, 2)
    other, _ = conversation(2, 30_000, 2)
    noise = 1e-6 * dice.random(30_000)
    recording = levels_db((one.sum(axis=0) * 0.3) ** 2 + noise)
    assert lay_track(recording, levels_db((one[0] * 0.3) ** 2 + noise)).trusted
    assert not lay_track(recording, levels_db((other[0] * 0.3) ** 2 + noise)).trusted
    assert not lay_track(recording, levels_db(np.zeros(30_000))).trusted


def test_several_files_of_one_person_lie_where_they_were_made() -> None:
    amplitude, truth = conversation(5, 20_000, 2)
    recording = levels_db((amplitude.sum(axis=0) * 0.3) ** 2 + 1e-6)
    parts = []
    for begins, ends in ((0, 9_000), (11_000, 20_000)):
        part = levels_db((amplitude[0, begins:ends] * 0.3) ** 2 + 1e-6)
        laid = lay_track(recording, part)
        assert abs(laid.offset_ms - begins * HOP_MS) <= 20
        parts.append(on_recording(part, laid, 20_000))
    other = [levels_db((amplitude[1] * 0.3) ** 2 + 1e-6)]
    spans = voices({"ilva": parts, "srdjan": other}, 20_000)
    named = np.full(20_000, -1)
    for start_ms, end_ms, person in spans:
        named[start_ms // HOP_MS : end_ms // HOP_MS] = ["ilva", "srdjan"].index(person)
    covered = np.r_[0:9_000, 11_000:20_000]
    both = (truth[covered] >= 0) & (named[covered] >= 0)
    assert (named[covered][both] == truth[covered][both]).mean() > 0.99


def test_silences_are_found_between_words_but_not_in_a_steady_tone() -> None:
    talk = np.full(1000, -25.0, np.float32)
    talk[200:250], talk[600:620] = -70, -70
    assert silences(talk) == [(2000, 2500)]
    assert silences(np.full(500, -12.0, np.float32)) == []
    assert silences(np.full(500, -90.0, np.float32)) == [(0, 5000)]
