"""A recogniser that hears words as tones, writes some of them wrongly, and can say which reading is likelier.

Each word of the script is a tone of its own pitch: what is said, and what the recogniser writes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from onrecord.engines.recogniser import RATE_HZ, Heard, Samples
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

SCRIPT = (
    ("With", "With"),
    ("me", "me"),
    ("is", "is"),
    ("Goran", "Goran"),
    ("Petek,", "Petak,"),
    ("who", "who"),
    ("wears", "wears"),
    ("a", "a"),
    ("Patek.", "Patek."),
    ("Good", "Good"),
)
"""What is said, and what is written."""
SAID = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3, 4)
"""With me is Goran Petek, who wears a Patek. Good Goran Petek,"""

_FIRST_HZ, _STEP_HZ, _TONE_MS, _REST_MS = 200, 60, 700, 200
_APART = 1.5


def write(path: Path) -> None:
    """A recording of what is said."""
    import wave

    t = np.arange(_TONE_MS * RATE_HZ // 1000) / RATE_HZ
    rest = np.zeros(_REST_MS * RATE_HZ // 1000)
    parts = [np.concatenate([rest, np.sin(2 * np.pi * (_FIRST_HZ + _STEP_HZ * n) * t)]) for n in SAID]
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE_HZ)
        wav.writeframes((np.concatenate([*parts, rest]) * 8000).astype("<i2").tobytes())


def recogniser(model: str) -> Scripted:
    """Load it."""
    del model
    return Scripted()


@dataclass(frozen=True, slots=True)
class Scripted:
    """Hears tones."""

    engine: str = "witness 1"
    weights: str = "none"

    def recognise(self, samples: Samples, language: str | None, prompt: str, *, again: bool = False) -> Heard:
        """Write down the tones, some of them wrongly."""
        del prompt, again
        _note("heard", len(samples))
        words = tuple(
            Word(span, SCRIPT[n][1], 0.6 if SCRIPT[n][0] == SCRIPT[n][1] else 0.3)
            for span, n in _tones(samples)
        )
        return Heard(words, language or "en")

    def likelihood(
        self, samples: Samples, language: str | None, texts: Sequence[str], expecting: str = ""
    ) -> tuple[float, ...]:
        """A text loses a nat and a half for every word that is not what the tone said."""
        del language
        _note("asked", [*texts, expecting])
        said = [SCRIPT[n][0] for _, n in _tones(samples)]
        return tuple(-_APART * sum(a != b for a, b in zip(said, t.split(), strict=True)) for t in texts)


def _note(what: str, told: object) -> None:
    if log := os.environ.get("SCRIPTED_LOG"):
        with Path(log).open("a") as file:
            file.write(json.dumps([what, told]) + "\n")


def _tones(samples: npt.NDArray[np.float32]) -> list[tuple[Span[Ms], int]]:
    """Each stretch of sound with the number of its tone."""
    frame = RATE_HZ // 100
    loud = np.abs(samples[: len(samples) // frame * frame]).reshape(-1, frame).max(axis=1) > 0.05
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8))).tolist()
    found = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        turns = np.count_nonzero(np.diff(np.signbit(samples[start * frame : end * frame])))
        pitch_hz = turns / 2 / ((end - start) / 100)
        n = round((pitch_hz - _FIRST_HZ) / _STEP_HZ)
        if 0 <= n < len(SCRIPT) and end - start > 10:
            found.append((Span(Ms(start * 10), Ms(end * 10)), n))
    return found
