"""Where somebody speaks and where the voice changes, by pyannote's segmentation 3.0 on ONNX Runtime.

The network hears 10 seconds at a time and says for every frame of 17 ms which of seven things is so: nobody
speaks; one of three voices does; two of the three do. The model travels with the package (models/README.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onrecord.craft.hearing import Heard, frames_in
from onrecord.engines import onnx
from onrecord.engines.voiceprint import Sound, Tell
from onrecord.model.time import Ms, Span

if TYPE_CHECKING:
    import onnxruntime

MODEL = "segmentation.onnx"
SHA256 = "507475adc8a775a4dde7518080736aa05de7195bba26536c0c1d156492b00a2d"

_CHUNK_MS = 10_000
_GRID_MS, _GRID_FRAMES = 135, 8  # the shortest time that is both whole milliseconds and whole frames
_HOP_MS = 37 * _GRID_MS
_BATCH = 4

_VOICES = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.float32)
"""Which of three voices speak in each class but the first, in which nobody does."""


def load() -> Segmentation:
    """Load the network.

    Raises:
        UserError: The model is not the file that it should be.
    """
    return Segmentation(onnx.session(MODEL, SHA256))


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The network, loaded."""

    session: onnxruntime.InferenceSession

    def hear(self, sound: Sound, tell: Tell) -> Heard:
        """What is heard in chunks of 10 s, half over each other; the last ends where the recording does."""
        starts = _starts(sound.length_ms)
        local, both = [], []
        for at in range(0, len(starts), _BATCH):
            tell(at, len(starts))
            batch = [sound.read(Span(Ms(a), Ms(a + _CHUNK_MS))) for a in starts[at : at + _BATCH]]
            (logs,) = self.session.run(None, {"sound": np.stack(batch)[:, None, :]})
            chances = np.exp(np.asarray(logs, np.float32))[..., 1:]
            local.append(chances @ _VOICES)
            both.append(chances[..., 3:].sum(axis=-1))
        first = np.array([a // _GRID_MS * _GRID_FRAMES for a in starts], np.intp)
        return Heard(first, np.concatenate(local), np.concatenate(both), frames_in(sound.length_ms))


def _starts(length_ms: int) -> list[int]:
    """Where chunks begin, in milliseconds on the grid.

    >>> _starts(9_000), _starts(16_000)
    ([0], [0, 4995, 6075])
    """
    last = max(0, -(-(length_ms - _CHUNK_MS) // _GRID_MS) * _GRID_MS)
    return [*range(0, last, _HOP_MS), last]
