"""Open media files that strangers made, and give their sound as one unbroken stream on the recording's clock.

FFmpeg guesses a file's format from its content, and some formats are lists of other files and addresses:
a text file named `talk.mp3` can make it open `/etc/passwd` or a host on the net. So a file is opened only
by the demuxers named here, none of which opens a second file, and only through the `file:` protocol.

The clock: the recording begins where the earliest of its streams begins. Sound that begins later, and holes
in it, are filled with silence; overlaps are trimmed; a jump of more than ten minutes or backwards by more
than a second (joined files) is no time but a seam, and what follows is laid on directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.model.problem import Place, Problem, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    Sound = NDArray[np.float32]
    """Shape (samples, channels), full scale at 1."""

DEMUXERS = (
    "aac",
    "ac3",
    "aiff",
    "amr",
    "ape",
    "asf",
    "au",
    "avi",
    "caf",
    "eac3",
    "flac",
    "flv",
    "matroska",
    "mov",
    "mp3",
    "mpeg",
    "mpegts",
    "mxf",
    "ogg",
    "tta",
    "w64",
    "wav",
    "wv",
)
"""What may be opened, by FFmpeg's names: files that hold their sound and picture themselves."""

BUS_HZ = 44_100
"""The rate at which sound is measured and mastered: the one that every podcast player knows."""

_HINT = "put the recording there as WAV, FLAC, MP3, M4A, Opus, MP4, MOV, MKV or WebM"
_LONGEST_S = 24 * 3600
_HOLE_S, _SEAM_AHEAD_S, _SEAM_BACK_S = 0.05, 600.0, 1.0
_RATES_HZ = range(4_000, 768_001)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says it holds; `duration_ms` is what its header says, 0 where it says nothing."""

    format: str
    duration_ms: int
    has_picture: bool
    channels: int
    rate_hz: int
    sound_codec: str
    picture_codec: str
    width: int
    height: int
    streams: int


def refuse(about: str, says: str, hint: str = _HINT) -> UserError:
    """The error for a file that cannot be used."""
    return UserError((Problem(Place(about), says, hint),))


def open_media(path: Path, about: str) -> InputContainer:
    """Open a media file with a listed demuxer, whatever its extension.

    Raises:
        UserError: It is missing, empty, or no media file that Onrecord reads.
    """
    import av

    try:
        if path.stat().st_size == 0:
            raise refuse(about, "is empty", "was it copied to the end?")
        return av.open(
            f"file:{path.absolute()}",
            "r",
            container_options={"format_whitelist": ",".join(DEMUXERS), "protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except FileNotFoundError:
        raise refuse(about, "is not there") from None
    except PermissionError:
        raise refuse(about, "may not be read", "check the file's permissions") from None
    except (av.FFmpegError, OSError, ValueError, MemoryError) as error:
        if isinstance(error, UserError):
            raise
        raise refuse(about, "is no sound or video file that Onrecord can read") from None


def sound_of(container: InputContainer, about: str) -> AudioStream:
    """The sound to use: the stream that FFmpeg thinks best.

    Raises:
        UserError: There is none, or nothing can decode it.
    """
    streams = [s for s in container.streams.audio if s.codec_context is not None]
    if not streams:
        raise refuse(about, "has no sound", "put the recording with its sound there")
    best = container.streams.best("audio")
    stream = next((s for s in streams if best is not None and s.index == best.index), streams[0])
    if stream.rate not in _RATES_HZ:
        raise refuse(about, f"has sound at {stream.rate or 0} samples a second, which cannot be right")
    return stream


def picture_of(container: InputContainer) -> VideoStream | None:
    """The moving picture, if there is one; a cover is none."""
    from av.stream import Disposition

    for stream in container.streams.video:
        if stream.codec_context is not None and not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def facts(container: InputContainer, about: str) -> Facts:
    """What an open file says it holds."""
    sound, picture = sound_of(container, about), picture_of(container)
    return Facts(
        format=container.format.name,
        duration_ms=round((container.duration or 0) / 1000),
        has_picture=picture is not None,
        channels=sound.codec_context.channels,
        rate_hz=sound.rate,
        sound_codec=sound.codec_context.name,
        picture_codec=picture.codec_context.name if picture else "",
        width=picture.codec_context.width if picture else 0,
        height=picture.codec_context.height if picture else 0,
        streams=len(container.streams),
    )


@dataclass(slots=True)
class Damage:
    """What was wrong with a stream but did not stop it."""

    unreadable_packets: int = 0
    holes: int = 0
    seams: int = 0


def listen(
    path: Path, about: str, *, channels: int, rate_hz: int = BUS_HZ, damage: Damage | None = None
) -> Iterator[Sound]:
    """Decode a file's sound as a stream of pieces of a second or less, on the recording's clock.

    Args:
        path: The file.
        about: Its name in problems.
        channels: 1 or 2; more channels are mixed down, one is doubled.
        rate_hz: The rate wanted.
        damage: Counts what was wrong.

    Raises:
        UserError: It cannot be opened or has no sound that can be decoded.
    """
    damage = damage if damage is not None else Damage()
    with open_media(path, about) as container:
        stream = sound_of(container, about)
        mixer = _Mixer(rate_hz, channels)
        start_s = (container.start_time or 0) / 1_000_000
        heard = False
        for frame in _frames(container, stream, damage):
            for piece in mixer.take(frame, start_s, damage):
                heard = True
                yield piece
            if mixer.at_s > _LONGEST_S:
                raise refuse(about, "is longer than 24 hours", "cut it into several episodes")
        for piece in mixer.flush():
            heard = True
            yield piece
        if not heard:
            raise refuse(about, "holds no sound that can be decoded", "was it copied to the end?")


def _frames(container: InputContainer, stream: AudioStream, damage: Damage) -> Iterator[AudioFrame]:
    """Decode packet by packet; a packet that cannot be decoded is counted and left out."""
    import av

    packets = container.demux(stream)
    while True:
        try:
            frames = next(packets).decode()
        except (StopIteration, av.EOFError):
            return
        except (av.FFmpegError, ValueError):
            damage.unreadable_packets += 1
            if damage.unreadable_packets > 100_000:
                return
            continue
        yield from (f for f in frames if f.samples > 0)


class _Mixer:
    """Brings frames of any format to one rate and one or two channels, and lays them on the clock."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self.at_s = 0.0
        self._shift_s = 0.0
        self._shape: tuple[str, str, int] | None = None
        self._resampler: Any = None
        self._wide = False
        """Whether one channel is made of several: then two are asked for, and their mean is taken."""

    def take(self, frame: AudioFrame, start_s: float, damage: Damage) -> Iterator[Sound]:
        """Lay one frame on; gives what is ready."""
        if frame.sample_rate not in _RATES_HZ:
            damage.unreadable_packets += 1
            return
        skip = 0
        if frame.pts is not None and frame.time_base is not None:
            ahead_s = float(frame.pts * frame.time_base) - start_s + self._shift_s - self.at_s
            if ahead_s > _SEAM_AHEAD_S or ahead_s < -_SEAM_BACK_S:
                damage.seams += 1
                self._shift_s -= ahead_s
            elif ahead_s > _HOLE_S:
                damage.holes += 1
                yield from self.flush()
                yield from self._silence(ahead_s)
            elif ahead_s < -_HOLE_S:
                damage.holes += 1
                skip = min(round(-ahead_s * frame.sample_rate), frame.samples)
        self._wide = self.channels == 1 and frame.layout.nb_channels > 1
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:
            yield from self.flush()
            self._shape = shape
        self.at_s += (frame.samples - skip) / frame.sample_rate
        frame.pts = None
        if skip < frame.samples:
            pieces = self._resample(frame)
            # Overlaps are rare and short: the overlap is cut from what the frame becomes.
            drop = round(skip * self.rate_hz / frame.sample_rate)
            for piece in pieces:
                if drop < len(piece):
                    yield piece[drop:]
                drop = max(0, drop - len(piece))

    def flush(self) -> Iterator[Sound]:
        """What the resampler still holds."""
        if self._resampler is not None:
            for piece in self._resampler.resample(None):
                yield self._samples(piece)
            self._resampler = None
        self._shape = None

    def _resample(self, frame: AudioFrame) -> list[Sound]:
        import av

        if self._resampler is None:
            self._resampler = self._new_resampler()
        try:
            return [self._samples(p) for p in self._resampler.resample(frame)]
        except (av.FFmpegError, ValueError):
            # A layout that nothing is known of (eight microphones, say): the mean of all channels.
            self._resampler = self._new_resampler()
            return [self._samples(p) for p in self._resampler.resample(_mean(frame))]

    def _new_resampler(self) -> AudioResampler:
        import av

        layout = "stereo" if self.channels == 2 or self._wide else "mono"
        return av.AudioResampler("flt", layout, self.rate_hz, frame_size=self.rate_hz // 2)

    def _samples(self, frame: AudioFrame) -> Sound:
        sound = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
        if sound.shape[1] > self.channels:
            sound = sound.mean(axis=1, keepdims=True)
        # Files of float samples may hold anything; nothing sane is beyond +24 dBFS.
        return np.asarray(np.clip(np.nan_to_num(sound, copy=False, posinf=0, neginf=0), -16, 16), np.float32)

    def _silence(self, length_s: float) -> Iterator[Sound]:
        left = round(length_s * self.rate_hz)
        self.at_s += left / self.rate_hz
        while left > 0:
            size = min(left, self.rate_hz)
            yield np.zeros((size, self.channels), np.float32)
            left -= size


def _mean(frame: AudioFrame) -> AudioFrame:
    """All channels mixed to one with equal weight."""
    import av

    planes = frame.to_ndarray()
    if not frame.format.is_planar:
        planes = planes.reshape(frame.samples, -1).T
    sound: NDArray[Any] = planes.astype(np.float32)
    if planes.dtype.kind == "u":
        sound = (sound - 128) / 128
    elif planes.dtype.kind == "i":
        sound /= 2.0 ** (8 * planes.dtype.itemsize - 1)
    mixed = av.AudioFrame.from_ndarray(sound.mean(axis=0, keepdims=True), format="flt", layout="mono")
    mixed.sample_rate = frame.sample_rate
    return mixed
