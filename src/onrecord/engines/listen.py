"""Where somebody speaks: Silero's voice detector as faster-whisper brings it, else loudness alone."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from onrecord.engines.recogniser import RATE_HZ, Samples
from onrecord.model.time import Ms, Span

_FRAME = RATE_HZ // 50  # 20 ms
_JOIN_MS = 300  # a pause this short lies inside speech


def voiced(samples: Samples) -> tuple[Span[Ms], ...]:
    """Spans of speech in a piece of sound, from its start, in order and apart.

    The voice detector tells speech from music and noise; loudness (12 dB above the piece's quiet
    tenth, at least -50 dBFS) does not, but it needs nothing installed.
    """
    if len(samples) < _FRAME:
        return ()
    if find_spec("faster_whisper") is None or find_spec("onnxruntime") is None:
        return _loud(samples)
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(threshold=0.5, min_silence_duration_ms=_JOIN_MS, speech_pad_ms=0)
    found = get_speech_timestamps(samples, options)
    return tuple(
        Span(Ms(s["start"] * 1000 // RATE_HZ), Ms(min(s["end"], len(samples)) * 1000 // RATE_HZ))
        for s in found
    )


def _loud(samples: Samples) -> tuple[Span[Ms], ...]:
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    level_db = 10 * np.log10(np.mean(frames**2, axis=1, dtype=np.float64) + 1e-12)
    loud = np.flatnonzero(level_db > max(float(np.quantile(level_db, 0.1)) + 12, -50.0)) * 20
    spans: list[Span[Ms]] = []
    for at in loud.tolist():
        if spans and at - spans[-1].end <= _JOIN_MS:
            spans[-1] = Span(spans[-1].start, Ms(at + 20))
        else:
            spans.append(Span(Ms(at), Ms(at + 20)))
    return tuple(spans)
