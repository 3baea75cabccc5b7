"""Encode MP3 with LAME in a process of its own, and write the frame that tells players the exact length.

LAME holds Python's interpreter while it encodes, so it gets its own process: raw samples go in through a
pipe, frames of constant bit rate go to a file. An encoder delays the sound by some samples and fills the
last frame up; players that read the *Info* frame (nearly all) play exactly what was put in.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, cast

import numpy as np

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

    Sound = NDArray[np.float32]

FRAME_SAMPLES = 1152
ENCODER_DELAY_SAMPLES = 576
_DECODER_DELAY_SAMPLES = 529
_BITRATES_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_HZ = (44_100, 48_000, 32_000)
_QUALITY = 5


class Mp3Writer:
    """Writes sound to an MP3 file; a context manager, complete after a clean exit."""

    def __init__(self, path: Path, *, rate_hz: int, channels: int, bitrate_kbps: int) -> None:
        """Start LAME.

        Args:
            path: The file to write.
            rate_hz: 32000, 44100 or 48000.
            channels: 1 or 2.
            bitrate_kbps: A bit rate of MPEG-1 layer III.
        """
        self._path, self._rate_hz, self._channels, self._bitrate = path, rate_hz, channels, bitrate_kbps
        self._samples = 0
        self._make_up = np.float32(1 / _taken_off(bitrate_kbps))
        self._info = info_frame(0, 0, 0, rate_hz=rate_hz, channels=channels, bitrate_kbps=bitrate_kbps)
        arguments = [str(path), str(rate_hz), str(channels), str(bitrate_kbps), str(len(self._info))]
        self._lame = subprocess.Popen(  # noqa: S603 - our own interpreter and our own figures
            [sys.executable, "-P", "-m", "onrecord.engines.mp3", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )
        self._pipe = cast("IO[bytes]", self._lame.stdin)

    def push(self, sound: Sound) -> None:
        """Encode a piece, shape (samples, channels), full scale at 1."""
        self._samples += len(sound)
        self._pipe.write(np.rint(np.clip(sound * self._make_up, -1, 1) * 32767).astype("<i2").tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._lame.kill()
            self._lame.wait()
            return
        self._pipe.close()
        if self._lame.wait() != 0:
            raise RuntimeError("the MP3 encoder stopped before its end")
        size = self._path.stat().st_size
        with self._path.open("r+b") as file:
            info = info_frame(
                self._samples,
                size - len(self._info),
                _frames(size - len(self._info), self._bitrate, self._rate_hz),
                rate_hz=self._rate_hz,
                channels=self._channels,
                bitrate_kbps=self._bitrate,
            )
            file.write(info)


def _taken_off(bitrate_kbps: int) -> float:
    """The factor by which LAME itself turns the sound down at a constant bit rate (measured; 0.45 dB)."""
    return 0.95 if bitrate_kbps <= 160 else {192: 0.97, 224: 0.98}.get(bitrate_kbps, 1.0)


def _frames(size_bytes: int, bitrate_kbps: int, rate_hz: int) -> int:
    """How many frames of constant bit rate fill so many bytes (they differ by a padding byte)."""
    return round(size_bytes / (FRAME_SAMPLES / 8 * bitrate_kbps * 1000 / rate_hz))


def info_frame(
    samples: int, sound_bytes: int, frames: int, *, rate_hz: int, channels: int, bitrate_kbps: int
) -> bytes:
    """The silent first frame of a constant bit rate file: its length and what an encoder added.

    Layout: MPEG header, side information, `Info`, flags, frames, bytes, seek table, quality, then LAME's
    extension, whose field of three bytes holds delay and padding in samples (12 bits each).
    """
    size = int(FRAME_SAMPLES / 8 * bitrate_kbps * 1000 / rate_hz)
    padding = min(max(frames * FRAME_SAMPLES - ENCODER_DELAY_SAMPLES - samples, 0), 4095)
    mode = 0xC0 if channels == 1 else 0x40
    rates = _BITRATES_KBPS.index(bitrate_kbps) << 4 | _RATES_HZ.index(rate_hz) << 2
    side_information = bytes(17 if channels == 1 else 32)
    seek_table = bytes(i * 256 // 100 for i in range(100))
    lame = b"".join(
        (
            b"LAME3.100",
            bytes([0x01, rate_hz // 200 if bitrate_kbps < 100 else 0]),
            bytes(8),  # no replay gain
            bytes([0, min(bitrate_kbps, 255)]),
            (ENCODER_DELAY_SAMPLES << 12 | padding).to_bytes(3, "big"),
            bytes(4),
            (sound_bytes + size).to_bytes(4, "big"),
            bytes(2),  # the sound's own checksum, left out
        )
    )
    body = b"".join(
        (
            bytes([0xFF, 0xFB, rates, mode]),
            side_information,
            b"Info",
            (0b1111).to_bytes(4, "big"),
            frames.to_bytes(4, "big"),
            (sound_bytes + size).to_bytes(4, "big"),
            seek_table,
            (100 - 10 * _QUALITY).to_bytes(4, "big"),
            lame,
        )
    )
    return (body + _crc16(body).to_bytes(2, "big")).ljust(size, b"\0")


def _crc16(data: bytes) -> int:
    """CRC-16/ARC, as in LAME's extension.

    >>> hex(_crc16(b"123456789"))
    '0xbb3d'
    """
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
    return crc


def main(path: str, rate_hz: str, channels: str, bitrate_kbps: str, reserved_bytes: str) -> None:
    """The encoder's process: raw 16-bit samples on stdin, frames to the file after the reserved place."""
    import lameenc

    lame = lameenc.Encoder()
    lame.silence()
    lame.set_in_sample_rate(int(rate_hz))
    lame.set_channels(int(channels))
    lame.set_out_sample_rate(int(rate_hz))  # or LAME lowers it at low bit rates
    lame.set_bit_rate(int(bitrate_kbps))
    lame.set_quality(_QUALITY)
    size = 4096 * 2 * int(channels)
    with Path(path).open("wb") as file:
        file.write(bytes(int(reserved_bytes)))
        while samples := sys.stdin.buffer.read(size * 16):
            file.write(lame.encode(samples))
        file.write(lame.flush())


if __name__ == "__main__":
    main(*sys.argv[1:])
