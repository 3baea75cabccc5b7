"""Encode AAC and put it into MP4 files: bare, or with tags, cover and chapters, ready to be streamed."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING, Self

import numpy as np

from onrecord.engines.media import open_media, sound_of
from onrecord.model.problem import UserError
from onrecord.text.id3 import Label, language_code

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from av.container import OutputContainer
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

_FAST_START = {"movflags": "faststart"}
"""The index stands at the file's beginning, so that a player can begin before it has all of it."""


class M4aWriter:
    """Writes sound to an MP4 file as AAC; a context manager, complete after a clean exit."""

    def __init__(self, path: Path, *, rate_hz: int, channels: int, bitrate_kbps: int) -> None:
        """Open the file; the figures are those of the sound that will be pushed."""
        import av

        self._layout = "mono" if channels == 1 else "stereo"
        self._rate_hz, self._samples = rate_hz, 0
        self._container = av.open(str(path), "w", format="mp4")
        self._stream = self._container.add_stream("aac", rate=rate_hz, layout=self._layout)
        self._stream.bit_rate = bitrate_kbps * 1000

    def push(self, sound: Sound) -> None:
        """Encode a piece, shape (samples, channels), full scale at 1."""
        import av

        if len(sound) == 0:
            return
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(sound.T, np.float32), format="fltp", layout=self._layout
        )
        frame.sample_rate = self._rate_hz
        frame.pts, frame.time_base = self._samples, Fraction(1, self._rate_hz)
        self._samples += len(sound)
        self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()


def label(sound: Path, target: Path, words: Label, about: str) -> None:
    """Copy an M4A file's sound, not encoded anew, into one with tags, cover and chapters."""
    import av

    with (
        open_media(sound, about) as source,
        av.open(str(target), "w", format="mp4", container_options=_FAST_START) as container,
    ):
        stream = sound_of(source, about)
        copy = container.add_stream_from_template(stream)
        tags = {
            "title": words.title,
            "artist": words.artist,
            "album": words.album,
            "date": words.date,
            "genre": words.genre,
            "comment": words.comment,
        }
        container.metadata.update({k: v for k, v in tags.items() if v})
        if code := language_code(words.language):
            copy.metadata["language"] = code
        container.set_chapters(
            [
                {
                    "id": number,
                    "start": start_ms,
                    "end": end_ms,
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for number, (start_ms, end_ms, title) in enumerate(words.chapters)
            ]
        )
        if words.cover:
            _add_cover(container, words.cover)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                container.mux(packet)


def _add_cover(container: OutputContainer, cover: bytes) -> None:
    """Attach a JPEG or PNG picture."""
    import av
    from av.stream import Disposition

    # The two demuxers of single pictures; the bytes are given, so no other file can be opened.
    kind = "png_pipe" if cover.startswith(b"\x89PNG") else "jpeg_pipe"
    with av.open(io.BytesIO(cover), "r", format=kind) as picture:
        copy = container.add_stream_from_template(picture.streams.video[0])
        copy.disposition = Disposition.attached_pic
        packet = next(p for p in picture.demux(video=0) if p.dts is not None)
        packet.stream = copy
        container.mux(packet)


def check_cover(cover: bytes, about: str) -> None:
    """See that a cover is a picture that players show.

    Raises:
        UserError: It is neither JPEG nor PNG, or cannot be decoded.
    """
    import av

    from onrecord.engines.media import refuse

    kind = "png_pipe" if cover.startswith(b"\x89PNG") else "jpeg_pipe"
    try:
        with av.open(io.BytesIO(cover), "r", format=kind) as picture:
            next(picture.decode(video=0))
    except (av.FFmpegError, StopIteration, ValueError, IndexError) as error:
        if isinstance(error, UserError):
            raise
        raise refuse(about, "is no JPEG or PNG picture", "save the cover as JPEG") from None
