"""Read a recording and its tracks once, and write down all that later steps need to know of their sound.

These functions run in the child process (see `child`); `steps.take_in` says what they leave.
One pass over the sound feeds the copy for the recogniser, the loudness meter, the waveform and the level
that shows silences. Nothing is held but figures, so a recording of four hours costs little more memory
than one of four minutes.
"""

from __future__ import annotations

import hashlib
import json
import wave
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from onrecord.craft.loudness import integrated_lufs
from onrecord.craft.silence import HOP_MS, levels_db, silences
from onrecord.craft.tracks import lay_track, on_recording
from onrecord.craft.tracks import voices as whose_voice
from onrecord.engines.loudness import Meter
from onrecord.engines.media import BUS_HZ, Damage, facts, listen, open_media, refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from onrecord.engines.child import Tell

    Sound = NDArray[np.float32]

_SPEECH_HZ = 16_000
_PEAKS_HOP_MS = 100
_SHORTEST_MS = 100


def recording(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """The one pass over the recording: `sound.wav`, `levels.npz`, `waveform.json`, `silences.json`, facts."""
    file, about, out = Path(request["file"]), request["about"], Path(request["out"])
    with open_media(file, about) as container:
        said = facts(container, about)
    channels = 1 if said.channels == 1 else 2
    meter, peaks, curve, damage = Meter(BUS_HZ, channels), _Peaks(), _Curve(), Damage()
    samples = 0
    with _SpeechFile(out / "sound.wav") as speech:
        for piece in listen(file, about, channels=channels, damage=damage):
            samples += len(piece)
            meter.push(piece)
            mono = piece.mean(axis=1)
            peaks.push(mono)
            curve.push(mono)
            speech.push(mono)
            tell(samples / BUS_HZ, said.duration_ms / 1000, "reading the recording")
    levels, heard = meter.levels(), curve.levels()
    if levels.duration_ms < _SHORTEST_MS:
        raise refuse(about, f"is {levels.duration_ms} ms long, too short to be a recording")
    np.savez(out / "levels.npz", power=levels.power, peak=levels.peak, duration_ms=levels.duration_ms)
    np.save(out / "curve.npy", heard)
    _write(out / "waveform.json", {"hop_ms": _PEAKS_HOP_MS, "peaks": peaks.rest()})
    _write(out / "silences.json", [[a, min(b, levels.duration_ms)] for a, b in silences(heard)])
    loudness = integrated_lufs(levels.heard(channels))
    result = asdict(said) | {
        "path": about,
        "digest": _sha256(file),
        "size_bytes": file.stat().st_size,
        "duration_ms": levels.duration_ms,
        "loudness_lufs": round(loudness, 2) if np.isfinite(loudness) else None,
        "warnings": _warnings(damage, said.duration_ms, levels.duration_ms, silent=not np.isfinite(loudness)),
    }
    _write(out / "facts.json", result)
    return result


def track(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Read one person's track, lay it on the recording, and leave its levels on the recording's clock."""
    file, about, out = Path(request["file"]), request["path"], Path(request["out"])
    curve = _Curve(_SPEECH_HZ)
    samples = 0
    with open_media(file, about) as container:
        expected_s = facts(container, about).duration_ms / 1000
    for piece in listen(file, about, channels=1, rate_hz=_SPEECH_HZ):
        samples += len(piece)
        curve.push(piece[:, 0])
        tell(samples / _SPEECH_HZ, expected_s, f"laying {about} on the recording")
    levels, whole = curve.levels(), np.load(out / "curve.npy")
    laid = lay_track(whole, levels)
    target = out / f"curve-{hashlib.sha256(about.encode()).hexdigest()[:16]}.npy"
    np.save(target, on_recording(levels, laid, len(whole)))
    return {
        "person": request["person"],
        "path": about,
        "offset_ms": laid.offset_ms,
        "drift_ppm": laid.drift_ppm,
        "sure": laid.sure,
        "trusted": laid.trusted,
        "curve": str(target),
    }


def voices(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Whose voice is where, from the tracks that are surely laid: `voices.json`."""
    del tell
    laid, out = request["tracks"], Path(request["out"])
    people: dict[str, list[NDArray[np.float32]]] = {}
    for found in laid:
        if found["trusted"]:
            people.setdefault(found["person"], []).append(np.load(found["curve"]))
    length = len(next(iter(people.values()))[0]) if people else 0
    tracks = [{k: t[k] for k in ("person", "path", "offset_ms", "drift_ppm", "sure")} for t in laid]
    spans = [list(span) for span in whose_voice(people, length)]
    _write(out / "voices.json", {"tracks": tracks, "voices": spans})
    return {"tracks": tracks}


def _warnings(damage: Damage, said_ms: int, found_ms: int, *, silent: bool) -> list[str]:
    """What a person should know of a file that could be read all the same."""
    warnings = []
    if silent:
        warnings.append("the recording is silent")
    if damage.unreadable_packets:
        warnings.append(f"{damage.unreadable_packets} pieces of the sound are damaged and were left out")
    if said_ms - found_ms > max(2_000, said_ms // 100):
        warnings.append(f"the file says it lasts {said_ms / 1000:.0f} s but ends at {found_ms / 1000:.0f} s")
    return warnings


class _Peaks:
    """The lowest and highest sample of every 100 ms, as a waveform is drawn."""

    def __init__(self) -> None:
        self._pieces, self._size = _Pieces(BUS_HZ * _PEAKS_HOP_MS // 1000), 0
        # Bytes in one place: a hundred thousand small arrays would take ten times their content.
        self._rows = bytearray()

    def push(self, mono: Sound) -> None:
        blocks = self._pieces.whole(mono)
        self._add(blocks)

    def rest(self) -> list[int]:
        self._add(self._pieces.left[None])
        return [int(v) for v in np.frombuffer(self._rows, np.int8)]

    def _add(self, blocks: Sound) -> None:
        if blocks.size:
            ends = np.stack([blocks.min(axis=1), blocks.max(axis=1)], axis=1)
            self._rows += np.clip(np.rint(ends * 127), -128, 127).astype(np.int8).tobytes()


class _Curve:
    """The level of every 10 ms in dBFS."""

    def __init__(self, rate_hz: int = BUS_HZ) -> None:
        self._pieces = _Pieces(rate_hz * HOP_MS // 1000)
        self._rows = bytearray()

    def push(self, mono: Sound) -> None:
        blocks = self._pieces.whole(mono)
        if blocks.size:
            squares = np.einsum("bs,bs->b", blocks, blocks, dtype=np.float64)
            self._rows += levels_db(squares / blocks.shape[1]).tobytes()

    def levels(self) -> NDArray[np.float32]:
        return np.frombuffer(self._rows, np.float32)


class _Pieces:
    """Cuts a stream into blocks of equal size."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.left: Sound = np.zeros(0, np.float32)

    def whole(self, mono: Sound) -> Sound:
        """Blocks that are complete, shape (blocks, size)."""
        both = np.concatenate([self.left, mono])
        count = len(both) // self._size
        self.left = both[count * self._size :]
        return both[: count * self._size].reshape(count, self._size)


class _SpeechFile:
    """Writes the copy for the recogniser: 16 kHz, mono, 16 bit."""

    def __init__(self, path: Path) -> None:
        import av

        self._resampler = av.AudioResampler("s16", "mono", _SPEECH_HZ, frame_size=_SPEECH_HZ)
        self._wave = wave.open(str(path), "wb")  # noqa: SIM115 - closed at the end of the context
        self._wave.setparams((1, 2, _SPEECH_HZ, 0, "NONE", ""))

    def push(self, mono: Sound) -> None:
        import av

        frame = av.AudioFrame.from_ndarray(mono[None], format="flt", layout="mono")
        frame.sample_rate = BUS_HZ
        for ready in self._resampler.resample(frame):
            self._wave.writeframesraw(ready.to_ndarray().tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None:
            for ready in self._resampler.resample(None):
                self._wave.writeframesraw(ready.to_ndarray().tobytes())
        self._wave.close()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
