"""What an engine that tells voices apart is: it hears where somebody speaks, and what a voice is like."""

from __future__ import annotations

import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from onrecord.craft.hearing import Heard
from onrecord.engines.recogniser import RATE_HZ, Samples
from onrecord.model.time import Ms, Span

Tell = Callable[[float, float], None]
"""`tell(done, total)`: how far the work has come, and the place where it may be stopped."""


class Sound:
    """A sound.wav (16 kHz, mono, 16 bit) of which one stretch at a time is held in memory."""

    def __init__(self, path: Path) -> None:
        self._wav = wave.open(str(path), "rb")  # noqa: SIM115 - closed by `__exit__`
        if (self._wav.getframerate(), self._wav.getnchannels(), self._wav.getsampwidth()) != (RATE_HZ, 1, 2):
            self._wav.close()
            raise ValueError(f"{path.name} is not 16 kHz, mono, 16 bit")
        self.length_ms = self._wav.getnframes() * 1000 // RATE_HZ

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wav.close()

    def read(self, span: Span[Ms]) -> Samples:
        """The samples of a stretch; what lies outside the recording is silence."""
        begins, ends = span.start * RATE_HZ // 1000, span.end * RATE_HZ // 1000
        first = min(max(begins, 0), self._wav.getnframes())
        self._wav.setpos(first)
        heard = np.frombuffer(self._wav.readframes(max(0, ends - first)), "<i2").astype(np.float32)
        samples = np.zeros(ends - begins, np.float32)
        samples[first - begins : first - begins + len(heard)] = heard / np.float32(32768)
        return samples


class VoicePrinter(Protocol):
    """An engine that tells voices apart, with its weights loaded; the same sound gives the same figures."""

    @property
    def engine(self) -> str:
        """The engine with its version, as a receipt tells it."""
        ...

    @property
    def weights(self) -> str:
        """The sha256 of the weights: only vectors of the same weights can be compared."""
        ...

    def hear(self, sound: Sound, tell: Tell) -> Heard:
        """Where somebody speaks, and which of up to three voices, chunk by chunk."""
        ...

    def vectors(self, sound: Sound, spans: Sequence[Span[Ms]], tell: Tell) -> NDArray[np.float32]:
        """What the voice in each span is like: shape (spans, size), each of unit length.

        Args:
            sound: The recording.
            spans: Stretches of speech in order of their starts, a few seconds at most each.
            tell: Called now and then.
        """
        ...
