"""Parakeet TDT 0.6B v3, run by onnx-asr: 25 European languages, faster and surer than Whisper base."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from onrecord.craft.word import mend
from onrecord.engines import weights as weights_of
from onrecord.engines.recogniser import RATE_HZ, Heard, Samples
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

if TYPE_CHECKING:
    from onnx_asr.adapters import TimestampedResultsAsrAdapter

_MODEL = "nemo-parakeet-tdt-0.6b-v3"
_LARGE = "encoder-model.int8.onnx"
_PINNED = weights_of.Pinned(
    "istupakov/parakeet-tdt-0.6b-v3-onnx",
    "8f23f0c03c8761650bdb5b40aaf3e40d2c15f1ce",
    "6139d2fa7e1b086097b277c7149725edbab89cc7c7ae64b23c741be4055aff09",
    large=_LARGE,
    files=("config.json", "vocab.txt", _LARGE, "decoder_joint-model.int8.onnx"),
)
LANGUAGES = frozenset(
    (
        *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "it"),
        *("lt", "lv", "mt", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk"),
    )
)
"""What its weights know, as its makers say."""

_TOKEN_MS = 240
"""How long a word's last token is taken to sound: Parakeet tells when a token begins, in steps of 80 ms."""


def recogniser(model: str) -> Parakeet:
    """Load Parakeet.

    Args:
        model: Empty, or the path of a folder with the int8 weights.

    Raises:
        UserError: onnx-asr is not installed, or the weights cannot be had.
    """
    if find_spec("onnx_asr") is None:
        says = "onnx-asr is not installed, which runs Parakeet"
        hint = "pip install 'onrecord[parakeet]', or choose another recogniser"
        raise UserError((Problem(Place("series.yaml"), says, hint),))
    found = weights_of.at_path(model, _LARGE) if model else weights_of.from_hub(_PINNED)
    if found is None:
        says = "Parakeet's weights are not on this machine and the model hub cannot be reached"
        hint = f"go online once, or write parakeet:/path/to/a/folder/with/{_LARGE} as the recogniser"
        raise UserError((Problem(Place("series.yaml"), says, hint),))
    import onnx_asr

    loaded = onnx_asr.load_model(_MODEL, found.folder, quantization="int8").with_timestamps()
    return Parakeet(loaded, f"onnx-asr {version('onnx-asr')}, {_MODEL}, int8", found.told)


def heeds_names(model: str) -> bool:
    """Parakeet takes no prompt."""
    del model
    return False


@dataclass(frozen=True, slots=True)
class Parakeet:
    """Parakeet with its weights loaded."""

    model: TimestampedResultsAsrAdapter
    engine: str
    weights: str

    def recognise(self, samples: Samples, language: str | None, prompt: str, *, again: bool = False) -> Heard:
        """Hear one piece. Parakeet finds the language itself, takes no prompt and has one way to listen."""
        del prompt, again
        found = self.model.recognize(samples, sample_rate=RATE_HZ)
        words = join(found.tokens or (), found.timestamps or (), found.logprobs or ())
        within = Span(Ms(0), Ms(len(samples) * 1000 // RATE_HZ))
        return Heard(mend(words, within), (language or "").partition("-")[0].lower())


def join(tokens: Sequence[str], starts_s: Sequence[float], logprobs: Sequence[float]) -> tuple[Word, ...]:
    """Join tokens to words: a word begins at a token with a space before it, and marks belong to it.

    Args:
        tokens: Pieces of words; a space at the front stands before a new word.
        starts_s: When each token begins, in seconds; as many as tokens.
        logprobs: The natural logarithm of each token's probability; as many as tokens, or none.

    Returns:
        Words that end where the next begins or soon after their last sounding token; a word is as sure as
        its least sure token.

    >>> [(w.text, w.span.start, w.span.end) for w in join(
    ...     [" Gu", "ten", " Abend", ".", " Ja"], [0.08, 0.24, 0.4, 0.72, 2.0], [])]
    [('Guten', 80, 400), ('Abend.', 400, 640), ('Ja', 2000, 2240)]
    """
    parts: list[list[int]] = []
    for i, token in enumerate(tokens):
        if parts and not token.startswith(" "):
            parts[-1].append(i)
        else:
            parts.append([i])
    words: list[Word] = []
    for n, part in enumerate(parts):
        text = "".join(tokens[i] for i in part).strip()
        sounding = [i for i in part if any(c.isalnum() for c in tokens[i])] or part[:1]
        start_ms = round(starts_s[part[0]] * 1000)
        end_ms = round(starts_s[sounding[-1]] * 1000) + _TOKEN_MS
        if n + 1 < len(parts):
            end_ms = min(end_ms, round(starts_s[parts[n + 1][0]] * 1000))
        sure = round(math.exp(min(logprobs[i] for i in part)), 3) if logprobs else 1.0
        if text:
            words.append(Word(Span(Ms(start_ms), Ms(max(start_ms, end_ms))), text, sure))
    return tuple(words)
