"""Sounds and pictures that the tests make: noise that behaves like talk, tones, counted frames."""

from __future__ import annotations

import json
import shutil
import subprocess
import wave
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from onrecord.make.step import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

RATE_HZ = 44_100


def talk(length_ms: int, *, seed: int = 1, level_db: float = -24.0, rate_hz: int = RATE_HZ) -> np.ndarray:
    """Mono noise in syllables and pauses, two voices 6 dB apart."""
    dice = np.random.default_rng(seed)
    count = length_ms * rate_hz // 1000
    gain = np.zeros(count)
    at, voice = 0, 0
    while at < count:
        for _ in range(int(dice.integers(8, 30))):
            size = int(dice.uniform(0.08, 0.25) * rate_hz)
            gain[at : at + size] = 10 ** ((level_db + dice.uniform(-8, 4) - 6 * voice) / 20)
            at += int(size * dice.uniform(1.0, 1.4))
        at += int(dice.uniform(0.3, 0.9) * rate_hz)
        voice = 1 - voice
    smooth = np.convolve(gain, np.ones(200) / 200, mode="same")
    # Speech has most of its power below 4 kHz.
    noise = np.convolve(dice.standard_normal(count), np.hanning(26)[1:-1] / 3, mode="same")
    return np.asarray(smooth * noise + 1e-5 * dice.standard_normal(count))


def write_wav(path: Path, sound: np.ndarray, rate_hz: int = RATE_HZ) -> Path:
    """Write samples, shape (samples,) or (samples, channels), full scale at 1."""
    planes = sound.reshape(len(sound), -1)
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((planes.shape[1], 2, rate_hz, 0, "NONE", ""))
        file.writeframes((np.clip(planes, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def work(
    folder: Path,
    needs: Sequence[Path],
    params: dict[str, Any],
    tell: Callable[[float, float, str], None] = lambda *_: None,
) -> Work:
    """What a step is given."""
    scratch = folder / "made"
    scratch.mkdir(exist_ok=True)
    return Work(root=folder, needs=tuple(needs), scratch=scratch, params=params, tell=tell)


def meter(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak, by the system's ffmpeg: a meter that is not ours."""
    tool = shutil.which("ffmpeg")
    assert tool is not None
    command = [tool, "-hide_banner", "-nostats", "-i", str(path), "-map", "0:a"]
    command += ["-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:") :]
    figure = {
        line.split(":")[0].strip(): line.split(":")[1].split() for line in summary.splitlines() if ":" in line
    }
    return float(figure["I"][0]), float(figure["Peak"][0])


def probe(path: Path, *show: str) -> dict[str, Any]:
    """What the system's ffprobe says of a file."""
    tool = shutil.which("ffprobe")
    assert tool is not None
    command = [tool, "-v", "error", "-of", "json", *show, str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def decode(path: Path, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A file's sound in mono, by the system's ffmpeg."""
    tool = shutil.which("ffmpeg")
    assert tool is not None
    command = [tool, "-v", "error", "-i", str(path), "-map", "0:a", "-ac", "1", "-ar", str(rate_hz)]
    raw = subprocess.run([*command, "-f", "f32le", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32)


def number_of(frame: np.ndarray) -> int:
    """The number that a counted frame shows in its twelve blocks (black 0, white 1)."""
    height, width = frame.shape[:2]
    centres = [(width * (2 * i + 1)) // 24 for i in range(12)]
    return sum(1 << i for i, x in enumerate(centres) if frame[height // 2, x].mean() > 128)


def counted_video(
    path: Path, length_ms: int, *, fps: int = 25, codec: str = "libx264", beeps_ms: Sequence[int] = ()
) -> Path:
    """A video whose frames show their number as twelve blocks, with a beep at given moments."""
    import av

    width, height = 240, 80
    sound = 0.02 * np.random.default_rng(4).standard_normal(length_ms * 48)
    for at_ms in beeps_ms:
        sound[at_ms * 48 : at_ms * 48 + 4800] += 0.5 * np.sin(2 * np.pi * 1000 * np.arange(4800) / 48_000)
    with av.open(str(path), "w") as container:
        picture: Any = container.add_stream(codec, rate=fps)
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        picture.codec_context.gop_size = 2 * fps
        voice = container.add_stream("aac", rate=48_000, layout="mono")
        for number in range(length_ms * fps // 1000):
            bits = [255 * (number >> i & 1) for i in range(12)]
            row = np.repeat(np.array(bits, np.uint8), width // 12)
            image = np.ascontiguousarray(np.broadcast_to(row[None, :, None], (height, width, 3)))
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        for at in range(0, len(sound), 1024):
            piece = av.AudioFrame.from_ndarray(
                sound[None, at : at + 1024].astype(np.float32), format="fltp", layout="mono"
            )
            piece.sample_rate, piece.pts, piece.time_base = 48_000, at, Fraction(1, 48_000)
            container.mux(voice.encode(piece))
        container.mux(voice.encode(None))
    return path
