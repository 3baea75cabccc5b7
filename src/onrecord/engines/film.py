"""Make a web video of a cut: H.264 and the mastered sound in an MP4 file that can be streamed.

The picture of a recording that nothing was cut from is copied as it stands, if browsers show it. As soon
as there is an edit, all of it is encoded anew. One could encode only the groups of pictures that an edit
touches and copy the rest, but then two encoders' streams, with two sets of parameters, must pass for one,
and a player that takes the first set for the whole shows garbage; and a copied group keeps the frames
before its cut in the file, where anybody can take them out again. What was removed must be gone.

A frame belongs to a stretch if it begins in it. So no frame of what was removed is shown, not for
an instant: where a stretch begins between two frames, the last frame before stays until the next begins.
During an intro the first frame stands, during an outro the last.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.engines.media import open_media, picture_of, refuse, sound_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from onrecord.engines.child import Tell

_FAST_START = {"movflags": "faststart"}
_CLOCK_HZ = 90_000
_MOST_WIDTH, _MOST_HEIGHT = 1920, 1080
_SHOWN_EVERYWHERE = ("yuv420p", "yuvj420p")
_STILL_EVERY_S = 1.0
_X264 = {"preset": "veryfast", "crf": "23", "profile": "high", "forced-idr": "1"}
_KEY_FRAME_EVERY_S = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """Which stretches are shown (ms of the recording), and the stills before and after them."""

    kept: tuple[tuple[int, int], ...]
    intro_ms: int = 0
    outro_ms: int = 0

    @property
    def length_ms(self) -> int:
        """How long the film is."""
        return self.intro_ms + sum(end - start for start, end in self.kept) + self.outro_ms


@dataclass(frozen=True, slots=True)
class Film:
    """What was made."""

    width: int
    height: int
    copied: bool
    frames: int


def make(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Make the film that `steps.film` asks for; runs in the child process (see `child`)."""
    kept = tuple((start, end) for start, end in request["kept"])
    target = Path(request["target"])
    film = make_film(
        Path(request["recording"]),
        Path(request["sound"]),
        target,
        Shape(kept, request["intro_ms"], request["outro_ms"]),
        about=request["about"],
        whole=len(kept) == 1 and kept[0][0] == 0 and kept[0][1] >= request["recording_ms"],
        tell=tell,
    )
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    made = {"file": target.name, "mime": "video/mp4", "size_bytes": target.stat().st_size, "sha256": digest}
    return made | asdict(film)


def make_film(
    recording: Path, sound: Path, target: Path, shape: Shape, *, about: str, whole: bool, tell: Tell
) -> Film:
    """Join the picture of a recording, cut to its shape, with the mastered sound of the same cut.

    Args:
        recording: The recording.
        sound: The cut's mastered sound (M4A).
        target: The file to write.
        shape: What is shown.
        about: The recording's name in problems.
        whole: The shape keeps all of the recording.
        tell: Hears of progress.

    Raises:
        UserError: The recording has no picture, or none that can be decoded.
    """
    import av

    with (
        open_media(recording, about) as source,
        open_media(sound, sound.name) as voice,
        av.open(str(target), "w", format="mp4", container_options=_FAST_START) as container,
    ):
        picture = picture_of(source)
        if picture is None:
            raise refuse(about, "has no picture", "only a video recording gives a film")
        copied = whole and not shape.intro_ms and not shape.outro_ms and _may_be_copied(source, picture)
        # A generator adds its stream before its first packet, so that the header knows both.
        packets = (_copy if copied else _encode)(source, picture, container, shape, about)
        first = next(packets, None)
        if first is None:
            raise refuse(about, "has no picture that can be decoded in this cut")
        stream = container.streams.video[0]
        size = stream.codec_context or picture.codec_context
        width, height = size.width, size.height
        sounds = _Sounds(voice, container)
        frames = 0
        for packet in _chain(first, packets):
            frames += 1
            at_s = float(packet.dts * packet.time_base) if packet.dts is not None else 0.0
            sounds.until(at_s)
            container.mux(packet)
            tell(at_s, shape.length_ms / 1000, "making the film")
        sounds.until(float("inf"))
        return Film(width, height, copied=copied, frames=frames)


def _may_be_copied(source: InputContainer, picture: VideoStream) -> bool:
    """Whether every browser shows the picture as it stands, and its file tells the time of every frame."""
    context = picture.codec_context
    return (
        source.format.name.startswith(("mov", "matroska"))
        and context.name == "h264"
        and context.pix_fmt in _SHOWN_EVERYWHERE
        and context.width <= _MOST_WIDTH
        and context.height <= _MOST_HEIGHT
    )


def _chain(first: Packet[Any], rest: Iterator[Packet[Any]]) -> Iterator[Packet[Any]]:
    yield first
    yield from rest


class _Sounds:
    """Feeds the sound in beside the picture, so that neither runs ahead in the file."""

    def __init__(self, voice: InputContainer, container: OutputContainer) -> None:
        stream = sound_of(voice, "")
        self._container, self._copy = container, container.add_stream_from_template(stream)
        self._packets = (p for p in voice.demux(stream) if p.dts is not None)
        self._next = next(self._packets, None)

    def until(self, at_s: float) -> None:
        while self._next is not None and float((self._next.dts or 0) * self._next.time_base) <= at_s:
            self._next.stream = self._copy
            self._container.mux(self._next)
            self._next = next(self._packets, None)


def _copy(
    source: InputContainer, picture: VideoStream, container: OutputContainer, shape: Shape, about: str
) -> Iterator[Packet[Any]]:
    """The picture's packets as they are, moved to where the recording's clock begins."""
    del shape, about
    copy = container.add_stream_from_template(picture)
    for packet in source.demux(picture):
        if packet.dts is None:
            continue
        # The demuxer's units; the container's start is in microseconds.
        shift = round((source.start_time or 0) / 1_000_000 / float(packet.time_base))
        packet.dts -= shift
        if packet.pts is not None:
            packet.pts -= shift
        packet.stream = copy
        yield packet


def _encode(
    source: InputContainer, picture: VideoStream, container: OutputContainer, shape: Shape, about: str
) -> Iterator[Packet[Any]]:
    """The frames of the kept stretches, at most 1080 lines high, encoded with a key frame at each edit."""
    from av.video.frame import PictureType

    picture.thread_type = "AUTO"
    stream: Any = None
    fit = Fit(picture.codec_context.sample_aspect_ratio)
    before = -1
    for at_ms, edit, frame in _shown(source, picture, shape, about):
        fitted = fit(frame)
        if stream is None:
            rate = picture.average_rate or picture.guessed_rate or Fraction(25)
            stream = container.add_stream("libx264", rate=round(rate) or 25, options=_X264)
            stream.width, stream.height, stream.pix_fmt = fitted.width, fitted.height, "yuv420p"
            stream.codec_context.time_base = Fraction(1, _CLOCK_HZ)
            stream.codec_context.gop_size = _KEY_FRAME_EVERY_S * max(1, round(rate))
        # Times must grow: two frames in one tick of the clock would be an error.
        before = max(before + 1, round(at_ms * _CLOCK_HZ / 1000))
        fitted.pts, fitted.time_base = before, Fraction(1, _CLOCK_HZ)
        fitted.pict_type = PictureType.I if edit else PictureType.NONE
        yield from stream.encode(fitted)
    if stream is not None:
        yield from stream.encode(None)


def _shown(
    source: InputContainer, picture: VideoStream, shape: Shape, about: str
) -> Iterator[tuple[float, bool, VideoFrame]]:
    """(published ms, whether an edit lies just before, frame), stills included."""
    begins = [shape.intro_ms]
    for start, end in shape.kept:
        begins.append(begins[-1] + end - start)
    which, last = 0, -1
    latest: VideoFrame | None = None
    for at_ms, frame in _frames(source, picture):
        while which < len(shape.kept) and at_ms >= shape.kept[which][1]:
            which += 1
        if which == len(shape.kept):
            break
        start = shape.kept[which][0]
        if at_ms < start:
            continue
        if latest is None:
            yield from _still(frame, 0, max(shape.intro_ms, 1))
        published = begins[which] + at_ms - start
        if latest is not None or shape.intro_ms:
            yield published, which != last, frame
        last, latest = which, frame
    if latest is None:
        raise refuse(about, "has no picture in this cut")
    if shape.outro_ms:
        yield from _still(latest, begins[-1], shape.length_ms)


def _still(frame: VideoFrame, from_ms: float, to_ms: float) -> Iterator[tuple[float, bool, VideoFrame]]:
    """A frame that stands, once a second, so that a player can seek in it."""
    at_ms = from_ms
    while at_ms < to_ms:
        yield at_ms, at_ms == from_ms, frame
        at_ms += _STILL_EVERY_S * 1000


def _frames(source: InputContainer, picture: VideoStream) -> Iterator[tuple[float, VideoFrame]]:
    """(ms of the recording's clock, frame); what cannot be decoded is left out."""
    import av

    start_s = (source.start_time or 0) / 1_000_000
    packets = source.demux(picture)
    while True:
        try:
            frames = next(packets).decode()
        except (StopIteration, av.EOFError):
            return
        except (av.FFmpegError, ValueError):
            continue
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                yield (float(frame.pts * frame.time_base) - start_s) * 1000, frame


class Fit:
    """Turns frames upright, makes their pixels square and their size fit for the web."""

    def __init__(self, pixel: Fraction | None) -> None:
        self._pixel = pixel or Fraction(1)
        """How much wider than high a pixel is."""
        self._shape: tuple[Any, ...] | None = None
        self._graph: Any = None
        self._size: tuple[int, int] | None = None

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        """The same picture as players without any knowledge of the recording show it."""
        shape = (frame.width, frame.height, frame.format.name, frame.rotation)
        if shape != self._shape:
            self._graph, self._shape = self._build(frame), shape
        self._graph.push(frame)
        fitted: VideoFrame = self._graph.pull()
        # A stream that changes its size on the way keeps the size it began with.
        self._size = self._size or (fitted.width, fitted.height)
        return fitted

    def _build(self, frame: VideoFrame) -> Any:
        import av.filter

        graph = av.filter.Graph()
        size, kind = f"{frame.width}x{frame.height}", frame.format.name
        pixel = f"pixel_aspect={self._pixel.numerator}/{self._pixel.denominator}"
        last: Any = graph.add("buffer", f"video_size={size}:pix_fmt={kind}:time_base=1/{_CLOCK_HZ}:{pixel}")
        turns = {90: ["transpose=cclock"], -90: ["transpose=clock"], 180: ["hflip", "vflip"]}
        turns[-180] = turns[180]
        steps = list(turns.get(round(frame.rotation), []))
        if self._size is None:
            fit = f"min(1,min({_MOST_WIDTH}/(iw*sar),{_MOST_HEIGHT}/ih))"
            steps.append(f"scale=w='2*max(1,round(iw*sar*{fit}/2))':h='2*max(1,round(ih*{fit}/2))'")
        else:
            steps.append(f"scale={self._size[0]}:{self._size[1]}")
        steps += ["setsar=1", "format=yuv420p"]
        for step in steps:
            name, _, options = step.partition("=")
            one = graph.add(name, options)
            last.link_to(one)
            last = one
        sink = graph.add("buffersink")
        last.link_to(sink)
        graph.configure()
        return graph
