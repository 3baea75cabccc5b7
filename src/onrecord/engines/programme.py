"""Play a cut as listeners will hear it: intro, kept stretches, outro, each at its gain, all limited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from onrecord.craft.splice import splice
from onrecord.engines.media import BUS_HZ, listen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from onrecord.craft.limiter import Limiter

    Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Part:
    """A file, the stretches of it that are played (ms on its own clock), and its gain."""

    path: Path
    about: str
    kept: tuple[tuple[int, int], ...]
    gain_db: float

    @property
    def length_ms(self) -> int:
        """How long it plays."""
        return sum(end - start for start, end in self.kept)


def play(parts: Sequence[Part], limiter: Limiter, *, channels: int, gain_db: float) -> Iterator[Sound]:
    """The programme's sound at 44.1 kHz, pieces of shape (samples, channels).

    Args:
        parts: What is played, in order.
        limiter: A new one, for 44.1 kHz; afterwards it knows how far it went down.
        channels: 1 or 2.
        gain_db: Gain on top of each part's own.
    """
    for part in parts:
        gain = np.float32(10 ** ((part.gain_db + gain_db) / 20))
        for piece in splice(listen(part.path, part.about, channels=channels), part.kept, BUS_HZ):
            yield limiter.push(piece * gain)
    yield limiter.flush()
