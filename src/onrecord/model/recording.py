"""Sound and picture: the recording, its loudness, and the files made from it."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.model.time import PubMs


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording as taken in: path from the episode folder, sha256, length, and what it holds."""

    path: str
    digest: str
    duration_ms: int
    has_picture: bool = False
    channels: int = 1
    rate_hz: int = 48_000


@dataclass(frozen=True, slots=True)
class Loudness:
    """EBU R 128: integrated loudness (LUFS), true peak (dBTP), loudness range (LU)."""

    integrated_lufs: float
    true_peak_dbtp: float
    range_lu: float = 0.0


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A media file as delivered: its path under public/, MIME type, exact size and length."""

    path: str
    mime: str
    size_bytes: int
    duration: PubMs
