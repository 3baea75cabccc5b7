"""A recording of tones for the scripted recogniser: phrases of seconds, silences between."""

from __future__ import annotations

import json
import random
import wave
from pathlib import Path

import numpy as np

_RATE_HZ = 16_000


def write(folder: Path, length_s: int, seed: int = 7) -> tuple[Path, Path, Path]:
    """Write sound.wav, silences.json and facts.json; their paths, as recognise needs them."""
    dice = random.Random(seed)  # noqa: S311 - tones, the same each time
    silences: list[tuple[int, int]] = []
    at_ms = 0
    with wave.open(str(folder / "sound.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(_RATE_HZ)
        while at_ms < length_s * 1000:
            tone_ms, rest_ms, pitch_hz = (
                dice.randrange(2000, 6000),
                dice.randrange(300, 1200),
                dice.randrange(100, 800),
            )
            # A stretch without any silence, longer than a piece may be.
            tone_ms = 47_000 if len(silences) == 12 else tone_ms
            t = np.arange(tone_ms * _RATE_HZ // 1000) / _RATE_HZ
            tone = 8000 * np.sin(2 * np.pi * pitch_hz * t) * (1 + 0.3 * np.sin(2 * np.pi * t))
            wav.writeframes(tone.astype("<i2").tobytes() + bytes(rest_ms * _RATE_HZ // 1000 * 2))
            silences.append((at_ms + tone_ms, at_ms + tone_ms + rest_ms))
            at_ms += tone_ms + rest_ms
    (folder / "silences.json").write_text(json.dumps(silences))
    (folder / "facts.json").write_text("{}")
    return folder / "sound.wav", folder / "silences.json", folder / "facts.json"
