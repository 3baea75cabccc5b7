"""Measure loudness with FFmpeg's filters: the K weighting of a stream, and the whole of a finished file.

While a recording is read, its sound runs through the K weighting (two `biquad` filters in double
precision) and the power of every 100 ms is kept: FFmpeg's `ebur128` filter gives these powers only as
means over 400 ms, rounded, and for one mix of the channels. A finished file is judged by `ebur128`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft.loudness import BLOCK_MS, Levels, k_weighting
from onrecord.engines.media import open_media, sound_of
from onrecord.model.recording import Loudness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from av.filter import Graph
    from numpy.typing import NDArray

    from onrecord.engines.child import Tell

    Sound = NDArray[np.float32]

QUIETEST_LUFS = -99.0
"""What stands for the loudness of silence, which has none."""


class Meter:
    """Takes a stream and keeps its power and peak for every 100 ms (see `Levels`)."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        """Make a meter for one stream of one or two channels."""
        self._rate_hz, self._channels = rate_hz, channels
        self._block = rate_hz * BLOCK_MS // 1000
        self._graph = _k_graph(rate_hz, channels)
        self._energy = _Blocks(self._block, _energy)
        self._peak = _Blocks(self._block, _peak)
        self._samples = 0

    def push(self, sound: Sound) -> None:
        """Take a piece, shape (samples, channels)."""
        import av

        if len(sound) == 0:
            return
        self._samples += len(sound)
        planes = np.ascontiguousarray(sound.T)
        self._peak.push(planes)
        layout = "mono" if self._channels == 1 else "stereo"
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
        frame.sample_rate = self._rate_hz
        self._graph.push(frame)
        self._drain()

    def levels(self) -> Levels:
        """What was measured; the meter is used up."""
        self._graph.push(None)
        self._drain()
        energy, peak = self._energy.rest(3), self._peak.rest(1)
        sizes = np.full(len(energy), self._block, np.float64)
        if self._samples % self._block and len(sizes):
            sizes[-1] = self._samples % self._block
        return Levels(energy / sizes[:, None], peak[:, 0], self._samples * 1000 // self._rate_hz)

    def _drain(self) -> None:
        import av

        while True:
            try:
                self._energy.push(self._graph.pull().to_ndarray())
            except (av.BlockingIOError, av.EOFError):
                return


class _Blocks:
    """Gathers planes of samples, shape (channels, samples), into a row of figures a block."""

    def __init__(self, size: int, figures: Callable[[NDArray[Any]], NDArray[np.float64]]) -> None:
        self._size, self._figures = size, figures
        self._left: NDArray[Any] | None = None
        # Bytes in one place: a hundred thousand small arrays would take ten times their content.
        self._done = bytearray()

    def push(self, planes: NDArray[Any]) -> None:
        if self._left is not None:
            planes = np.concatenate([self._left, planes], axis=1)
        whole = planes.shape[1] // self._size
        if whole:
            blocks = planes[:, : whole * self._size].reshape(len(planes), whole, self._size)
            self._done += self._figures(blocks).tobytes()
        self._left = planes[:, whole * self._size :]

    def rest(self, columns: int) -> NDArray[np.float64]:
        if self._left is not None and self._left.shape[1]:
            self._done += self._figures(self._left[:, None, :]).tobytes()
        return np.frombuffer(self._done, np.float64).reshape(-1, columns)


def _energy(blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of squares of left, right and mid, for each block."""
    own = np.einsum("cbs,cbs->bc", blocks, blocks)
    if len(blocks) == 1:
        return np.repeat(own, 3, axis=1)
    both = np.einsum("bs,bs->b", blocks[0], blocks[1])
    return np.column_stack([own, (own.sum(axis=1) + 2 * both) / 4])


def _peak(blocks: Sound) -> NDArray[np.float64]:
    return np.asarray(np.maximum(blocks.max(axis=(0, 2)), -blocks.min(axis=(0, 2))), np.float64)[:, None]


def _k_graph(rate_hz: int, channels: int) -> Graph:
    import av.filter

    graph = av.filter.Graph()
    last = graph.add_abuffer(
        sample_rate=rate_hz,
        format="fltp",
        layout="mono" if channels == 1 else "stereo",
        time_base=Fraction(1, rate_hz),
    )
    names = ("b0", "b1", "b2", "a0", "a1", "a2")
    for stage in k_weighting(rate_hz):
        options = ":".join(f"{name}={value!r}" for name, value in zip(names, stage, strict=True))
        step = graph.add("biquad", f"{options}:precision=f64")
        last.link_to(step)
        last = step
    sink = graph.add("abuffersink")
    last.link_to(sink)
    graph.configure()
    return graph


def judge(path: Path, about: str, tell: Tell | None = None) -> Loudness:
    """The loudness and true peak of a finished file, by FFmpeg's `ebur128` filter.

    Silence has -99 LUFS and -99 dBTP.
    """
    import av
    import av.filter

    said: dict[str, str] = {}
    with open_media(path, about) as container:
        stream = sound_of(container, about)
        graph = av.filter.Graph()
        source = graph.add_abuffer(template=stream)
        meter = graph.add("ebur128", "peak=true:metadata=1:framelog=quiet")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        total = float((container.duration or 0) / 1_000_000)
        for frame in container.decode(stream):
            graph.push(frame)
            said = _pull(graph) or said
            if tell is not None:
                tell(frame.time or 0, total, "measuring the result")
        graph.push(None)
        said = _pull(graph) or said
    peaks = [float(v) for k, v in said.items() if k.startswith("lavfi.r128.true_peaks_ch")]
    peak = max(peaks, default=0.0)
    return Loudness(
        integrated_lufs=max(_figure(said, "I"), QUIETEST_LUFS),
        true_peak_dbtp=round(20 * float(np.log10(peak)), 3) if peak > 1e-5 else QUIETEST_LUFS,
        range_lu=max(_figure(said, "LRA"), 0.0),
    )


def _figure(said: dict[str, str], name: str) -> float:
    value = float(said.get(f"lavfi.r128.{name}", "nan"))
    return value if np.isfinite(value) and value > -70.0 else QUIETEST_LUFS


def _pull(graph: Graph) -> dict[str, str]:
    """Take all that the filter gives; the last metadata count."""
    import av

    said: dict[str, str] = {}
    while True:
        try:
            said = dict(graph.pull().metadata) or said
        except (av.BlockingIOError, av.EOFError):
            return said
