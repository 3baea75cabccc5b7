"""Listen to a published file and look at it: is anything in it that is off the record?

These functions run in the child process (see `child`), for the file may be anybody's by now. Three things:

    words     tags, chapter titles and captions inside the file, given back as text
    sound     every window of each passage, compared with every moment of the file (craft/likeness.py). A
              window that is found counts only if the recording does not have the same sound on the record at
              the very place where the file has it: a jingle played twice is no leak
    picture   around each join, the file's frames against the recording's: a leak is a frame that is not the
              one that belongs there, and is one of the passage

For the programme's own files there is the *join* too: what was said before the passage must end, and what was
said after it begin, at one and the same moment of the file.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.craft.likeness import ALIKE, RATE_HZ, Match, alike, find, place, windows
from onrecord.engines.media import listen, open_media, picture_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from av.container import InputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from onrecord.engines.child import Tell

    Sound = NDArray[np.float32]
    Small = NDArray[np.int16]

_AROUND_MS = 3_000
_GAP_MS = 80
_SIDE_MS = 1_000
_FRAMES_MS = 2_000
_MOST_FRAMES_MS = 30_000
_WIDTH, _HEIGHT = 48, 27
_OTHER, _SAME_RATIO, _FEW = 10.0, 3.0, 2
_MOST_TEXT_BYTES = 8 << 20


def look(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Compare one published file with the recording.

    The request: `file` and `recording` (paths), `about` (the file's name), `sound` (where the recording's
    sound is read: the copy for the recogniser, or the recording), `passages` and `kept` ([[start_ms, end_ms],
    ...] on the recording's clock), `intro_ms`, `own` (whether it is a file of the programme as it is now).

    Returns:
        `texts`; `found` ([[recording_ms, file_ms, alike], ...]); `gaps` ([[file_ms, gap_ms], ...]); `frames`
        (how many are of a passage); `compared` and `seen` (windows and frames that could be compared).
    """
    file, about = Path(request["file"]), request["about"]
    passages, kept = request["passages"], request["kept"]
    said: dict[str, Any] = {"texts": _texts(file, about), "found": [], "gaps": [], "compared": 0}
    with open_media(file, about) as container:
        has_sound, has_picture = bool(container.streams.audio), picture_of(container) is not None
    source = Path(request["sound"])
    if has_sound and passages:
        cut = _stretches(source, [*passages, *_sides(kept)])
        off, sides = cut[: len(passages)], cut[len(passages) :]
        wanted = windows([(p[0], sound) for p, sound in zip(passages, off, strict=True)])
        near = _Near(_joins(kept, request["intro_ms"]) if request["own"] else [])
        said["compared"] = len(wanted)
        if wanted:
            heard = near.listening(listen(file, about, channels=1, rate_hz=RATE_HZ), tell)
            matches = find(wanted, heard)
            played = _played(source, request, matches, wanted)
            said["found"] = [[wanted[m.window].start_ms, m.at_ms, round(m.alike, 3)] for m in played]
            said["gaps"] = near.gaps(sides)
    said["frames"], said["seen"] = (
        _frames(request, tell) if has_picture and request["has_picture"] else (0, 0)
    )
    return said


def _texts(file: Path, about: str) -> list[str]:
    """All words inside a media file that are no sound: tags, chapters, captions."""
    with open_media(file, about) as container:
        tags = [container.metadata, *(s.metadata for s in container.streams)]
        tags += [chapter.get("metadata", {}) for chapter in container.chapters()]
        texts = [value for tag in tags for value in tag.values()]
        streams = [s for s in container.streams if s.type not in ("audio", "video", "attachment")]
        size = 0
        for packet in container.demux(streams) if streams else ():
            data = bytes(packet)
            size += len(data)
            if size > _MOST_TEXT_BYTES:
                break
            texts.append(data.decode("utf-8", "replace"))
    return [text for text in texts if text]


def _sides(kept: Sequence[Sequence[int]]) -> list[list[int]]:
    """The last second before each join and the first after it, on the recording's clock, by turns."""
    found = []
    for (a, b), (c, d) in pairwise(kept):
        found += [[max(a, b - _SIDE_MS), b], [c, min(d, c + _SIDE_MS)]]
    return found


def _joins(kept: Sequence[Sequence[int]], intro_ms: int) -> list[int]:
    """Where the joins are on the published clock."""
    at, found = intro_ms, []
    for start, end in kept[:-1]:
        at += end - start
        found.append(at)
    return found


def _stretches(source: Path, spans: Sequence[Sequence[int]]) -> list[Sound]:
    """The sound of stretches of the recording, at `RATE_HZ`; they may overlap."""
    found: list[list[Sound]] = [[] for _ in spans]
    ends = [(a * RATE_HZ // 1000, b * RATE_HZ // 1000) for a, b in spans]
    last = max((b for _, b in ends), default=0)
    at = 0
    for piece in listen(source, source.name, channels=1, rate_hz=RATE_HZ):
        mono = piece[:, 0]
        for i, (a, b) in enumerate(ends):
            if a < at + len(mono) and b > at:
                found[i].append(mono[max(0, a - at) : max(0, b - at)].copy())
        at += len(mono)
        if at >= last:
            break
    return [np.concatenate(parts) if parts else np.zeros(0, np.float32) for parts in found]


class _Near:
    """Keeps the sound around each join while a file is heard once."""

    def __init__(self, joins: Sequence[int]) -> None:
        self._joins = joins
        self._kept: list[list[Sound]] = [[] for _ in joins]

    def listening(self, pieces: Iterable[Sound], tell: Tell) -> Iterator[Sound]:
        """The same pieces, in mono."""
        at = 0
        reach = _AROUND_MS * RATE_HZ // 1000
        for piece in pieces:
            mono = piece[:, 0]
            for i, join in enumerate(self._joins):
                a, b = max(0, join * RATE_HZ // 1000 - reach), join * RATE_HZ // 1000 + reach
                if a < at + len(mono) and b > at:
                    self._kept[i].append(mono[max(0, a - at) : max(0, b - at)].copy())
            at += len(mono)
            tell(at / RATE_HZ, 0, "comparing the sound")
            yield mono

    def gaps(self, sides: Sequence[Sound]) -> list[list[int]]:
        """Joins at which something lies between, or is missing; where both sides can be heard."""
        found = []
        for i, join in enumerate(self._joins):
            around = np.concatenate(self._kept[i]) if self._kept[i] else np.zeros(0, np.float32)
            before, after = sides[2 * i], sides[2 * i + 1]
            end, sure = place(before, around)
            start, sure_too = place(after, around)
            gap_ms = (start - end - len(before)) * 1000 // RATE_HZ
            if min(sure, sure_too) >= ALIKE and abs(gap_ms) > _GAP_MS:
                found.append([join, gap_ms])
        return found


def _played(
    source: Path, request: dict[str, Any], matches: Sequence[Match], wanted: Sequence[Any]
) -> list[Match]:
    """The matches that the recording itself does not explain: it has another sound there on the record."""
    belongs = [_belongs(m.at_ms, len(wanted[m.window].sound), request) for m in matches]
    spans = [[max(0, b[0] - 100), b[1] + 100] for b in belongs if b is not None]
    sounds = iter(_stretches(source, spans) if spans else [])
    found = []
    gone = _stretches(source, [_span(wanted[m.window]) for m in matches]) if matches else []
    for match, b, own in zip(matches, belongs, gone, strict=True):
        if b is not None and alike(own, next(sounds)) >= ALIKE:
            continue
        found.append(match)
    return found


def _span(window: Any) -> list[int]:
    start: int = window.start_ms
    return [start, start + len(window.sound) * 1000 // RATE_HZ]


def _belongs(at_ms: int, samples: int, request: dict[str, Any]) -> list[int] | None:
    """The stretch of the recording that belongs at a moment of the programme; None outside of it."""
    length = samples * 1000 // RATE_HZ
    left = at_ms - request["intro_ms"]
    for start, end in request["kept"]:
        if 0 <= left + length // 2 < end - start:
            return [start + left, start + left + length]
        left -= end - start
    return None


def _frames(request: dict[str, Any], tell: Tell) -> tuple[int, int]:
    """How many frames around the joins are of a passage, and how many were looked at."""
    kept, recording = request["kept"], Path(request["recording"])
    gone = [
        frame
        for start, end in request["passages"]
        for a, b in {(start, min(end, start + _MOST_FRAMES_MS)), (max(start, end - _MOST_FRAMES_MS), end)}
        for _, frame in _small(recording, request["about"], a, b)
    ]
    wrong = seen = 0
    if not gone or not request["own"]:
        return 0, 0
    for number, join in enumerate(_joins(kept, request["intro_ms"])):
        tell(number, len(kept), "comparing the picture")
        a, b = kept[number], kept[number + 1]
        before = _small(recording, request["about"], max(a[0], a[1] - _FRAMES_MS), a[1])
        after = _small(recording, request["about"], b[0], min(b[1], b[0] + _FRAMES_MS))
        own = [*((at - a[1], f) for at, f in before), *((at - b[0], f) for at, f in after)]
        shown = _small(Path(request["file"]), request["about"], max(0, join - _FRAMES_MS), join + _FRAMES_MS)
        for at, frame in shown:
            seen += 1
            away = min((_apart(frame, f) for t, f in own if abs(t - (at - join)) <= 80), default=0.0)
            if away > _OTHER and min(_apart(frame, f) for f in gone) * _SAME_RATIO < away:
                wrong += 1
    return (wrong if wrong >= _FEW else 0), seen


def _apart(one: Small, other: Small) -> float:
    """How far two small pictures are apart: the mean difference of their points, 0 to 255."""
    return float(np.abs(one - other).mean())


def _small(path: Path, about: str, start_ms: int, end_ms: int) -> list[tuple[int, Small]]:
    """The frames of a stretch, small and grey, with their times in ms."""
    found: list[tuple[int, Small]] = []
    with open_media(path, about) as container:
        stream = picture_of(container)
        if stream is None:
            return []
        zero_s = (container.start_time or 0) / 1_000_000
        for at_s, frame in _decoded(container, stream, start_ms / 1000 + zero_s):
            at_ms = round((at_s - zero_s) * 1000)
            if at_ms >= end_ms:
                break
            if at_ms >= start_ms:
                grey = frame.reformat(_WIDTH, _HEIGHT, "gray").to_ndarray()
                found.append((at_ms, grey.astype(np.int16)))
    return found


def _decoded(container: InputContainer, stream: VideoStream, from_s: float) -> Iterator[tuple[float, Any]]:
    container.seek(max(0, int((from_s - 0.5) * 1_000_000)), backward=True)
    for frame in container.decode(stream):
        if frame.time is not None:
            yield frame.time, frame
