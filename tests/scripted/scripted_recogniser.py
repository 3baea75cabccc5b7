"""A recogniser for tests that hears tones: the same words for the same sound; it notes what it heard.

It comes in by the door that other packages use: put this folder on the path.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onrecord.engines.recogniser import RATE_HZ, Heard, Samples
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

_SOUNDS = ["good", "evening", "and", "welcome", "to", "the", "debrief.", "Who", "decides?", "Nobody."]


def recogniser(model: str) -> Scripted:
    """Load it; `model` says how many milliseconds it thinks about a second of sound."""
    return Scripted(int(model or 0))


@dataclass(frozen=True, slots=True)
class Scripted:
    """One word for each second of tone; some it hears only the second time, some never."""

    thinks_ms: int
    engine: str = "scripted 1"
    weights: str = "none"

    def recognise(self, samples: Samples, language: str | None, prompt: str, *, again: bool = False) -> Heard:
        """Hear tones."""
        del prompt
        length_ms = len(samples) * 1000 // RATE_HZ
        digest = hashlib.sha256(samples.tobytes()).hexdigest()
        if log := os.environ.get("SCRIPTED_LOG"):
            with Path(log).open("a") as file:
                file.write(json.dumps([digest, length_ms, again]) + "\n")
        time.sleep(self.thinks_ms * length_ms / 1_000_000)
        frame = RATE_HZ // 10
        loud = np.abs(samples[: len(samples) // frame * frame]).reshape(-1, frame).max(axis=1) > 0.05
        words = []
        for i in np.flatnonzero(loud[::10]).tolist():
            heard = np.abs(samples[i * RATE_HZ : (i + 1) * RATE_HZ])
            # The pitch of the tone decides what is said, and whether it is heard at all.
            turns = int(np.count_nonzero(np.diff(np.signbit(samples[i * RATE_HZ : (i + 1) * RATE_HZ]))))
            if turns > 1400 or (turns > 1200 and not again):
                continue
            end = min(length_ms, i * 1000 + 900)
            text = _SOUNDS[turns % len(_SOUNDS)]
            words.append(Word(Span(Ms(i * 1000), Ms(end)), text, round(0.5 + float(heard.max()) / 2, 3)))
        return Heard(tuple(words), language or "en")
