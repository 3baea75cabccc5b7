"""Whisper, run by faster-whisper: int8 on the processor, float16 on a graphics card; 99 languages.

The same sound gives the same words on the same kind of machine. A graphics card counts otherwise than a
processor and may hear a word otherwise, so the receipt says which it was, and a recording that was begun on
the one is not gone on with on the other but begun anew (`steps/recognise.py` compares the engine).

Names to expect make Whisper spell them right, and make the small models lose and invent: with base, on
three minutes of speech, the guest's name was right every time, the work took twice as long, and "I'm sorry"
stood where somebody spoke. So tiny and base get no names. A larger model gets them for the first hearing, in
one try; what it doubts in that, by Whisper's own two thresholds, counts as not heard, and the second hearing
goes without.
"""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from onrecord.craft.word import mend
from onrecord.engines import weights as weights_of
from onrecord.engines.recogniser import RATE_HZ, Heard, Samples
from onrecord.model.language import UNSPACED, primary
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_BASE_BYTES = 200_000_000
"""A model.bin of base is smaller than this, one of small larger."""

_TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_LEAST_LOGPROB = -1.0
_MOST_REPETITION = 2.4
"""Below the one, or packed better than the other, Whisper itself takes a text for invented."""

_PROMPT_CHARACTERS = 400
"""As much of the prompt as Whisper gets; it would keep the end of a longer one, where the names are not."""

_FRAMES_A_SECOND = 100
_LIKELIEST = 12
"""How many languages are told of a piece of sound; all others are very unlikely."""

_ALSO_CALLED = {"nb": "no", "sh": "sr", "cnr": "sr", "fil": "tl", "iw": "he", "jv": "jw", "cmn": "zh"}
"""Tags of BCP 47 that Whisper has under another name."""

_FRAMES = 3000
"""How many frames of 10 ms Whisper's window has."""
_MOST_TOKENS = 200
_LEAST_ODDS = 1e-9


def recogniser(model: str) -> Whisper:
    """Load Whisper.

    Args:
        model: `base` (also where empty), `small`, `large-v3-turbo` ... (see engines/weights.py), or a path.

    Raises:
        UserError: faster-whisper is not installed, or the weights cannot be had.
    """
    if find_spec("faster_whisper") is None:
        hint = "pip install 'onrecord[speech]', or put a transcript.vtt into the episode's folder"
        raise UserError((Problem(Place("series.yaml"), "faster-whisper is not installed", hint),))
    found = weights_of.whisper(model or "base")
    import ctranslate2  # type: ignore[import-untyped] # no stubs are published

    loaded, told = _load(found.folder)
    versions = f"faster-whisper {version('faster-whisper')}, ctranslate2 {ctranslate2.__version__}, {told}"
    return Whisper(loaded, versions, found.told, heeds_names(str(found.folder)))


def heeds_names(model: str) -> bool:
    """Whether a model gets names to expect: not tiny and base, by name, or by size where it is a path."""
    weights = Path(model) / "model.bin"
    if weights.is_file():
        return weights.stat().st_size > _BASE_BYTES
    return model.partition(".")[0] not in ("", "tiny", "base")


@dataclass(frozen=True, slots=True)
class Whisper:
    """Whisper with its weights loaded."""

    model: WhisperModel
    engine: str
    weights: str
    heeds_names: bool

    def recognise(self, samples: Samples, language: str | None, prompt: str, *, again: bool = False) -> Heard:
        """Hear one piece; `again` hears everything, not only what the voice detector lets through."""
        import ctranslate2

        names = _clipped(prompt) if self.heeds_names and not again else None
        # Where Whisper doubts, it draws lots among several readings: with the same seed, the same lot.
        ctranslate2.set_random_seed(len(samples))
        found, info = self.model.transcribe(
            samples,
            task="transcribe",  # its other task is to translate into English
            language=_primary(language, self.model.supported_languages),
            beam_size=5,
            word_timestamps=True,
            condition_on_previous_text=False,
            vad_filter=not again,
            initial_prompt=names,
            temperature=0.0 if names else _TEMPERATURES,
            no_speech_threshold=None if again else 0.6,
        )
        glued = info.language not in UNSPACED
        words: list[Word] = []
        for part in found:
            doubted = part.avg_logprob < _LEAST_LOGPROB or part.compression_ratio > _MOST_REPETITION
            for word in () if doubted and names else part.words or ():
                text = word.word.strip()
                if not text:
                    continue
                start, end = Ms(round(word.start * 1000)), Ms(round(word.end * 1000))
                # A token without a space before it goes on with the word: "long" "-term", "3" ".5".
                if glued and words and not word.word.startswith(" "):
                    old = words[-1]
                    span = Span(old.span.start, max(old.span.end, end))
                    words[-1] = Word(span, old.text + text, min(old.sure, round(word.probability, 3)))
                else:
                    words.append(Word(Span(start, max(start, end)), text, round(word.probability, 3)))
        return Heard(mend(words, Span(Ms(0), Ms(len(samples) * 1000 // RATE_HZ))), info.language)

    def discern(self, samples: Samples) -> Mapping[str, float]:
        """How likely each language is, in some seconds of sound; see `Discerning`.

        Whisper fills a piece up with silence to 30 s. For the language that is no help: with as much as
        there is, the chances are the same to a few hundredths, in a quarter of the time.
        """
        import numpy as np

        features = self.model.feature_extractor(samples)
        frames = max(_FRAMES_A_SECOND, len(samples) * _FRAMES_A_SECOND // RATE_HZ)
        encoded = self.model.encode(np.ascontiguousarray(features[..., :frames]))
        chances = self.model.model.detect_language(encoded)[0]
        return {token.strip("<|>"): round(float(chance), 4) for token, chance in chances[:_LIKELIEST]}

    def likelihood(
        self, samples: Samples, language: str | None, texts: Sequence[str], expecting: str = ""
    ) -> tuple[float, ...]:
        """How likely each text is, given the sound: forced through the decoder, its tokens' odds summed.

        Here even base may be told a name: it writes nothing, so it can neither lose nor invent a word.
        """
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer

        spoken = _primary(language, self.model.supported_languages) or "en"
        many = self.model.model.is_multilingual
        tokenizer = Tokenizer(self.model.hf_tokenizer, many, task="transcribe", language=spoken)
        encoded = self.model.encode(pad_or_trim(self.model.feature_extractor(samples)))
        frames = min(_FRAMES, len(samples) * 100 // RATE_HZ)
        before = list(tokenizer.sot_sequence)
        if expecting:
            said_before = tokenizer.encode(f" {expecting.strip(' .')}.")[:_MOST_TOKENS]
            before = [tokenizer.sot_prev, *said_before, *before]
        found = []
        for text in texts:
            tokens = tokenizer.encode(" " + text.strip())[:_MOST_TOKENS]
            (told,) = self.model.model.align(encoded, before, [tokens], frames)
            found.append(sum(math.log(max(p, _LEAST_ODDS)) for p in told.text_token_probs))
        return tuple(found)


def _load(folder: Path) -> tuple[WhisperModel, str]:
    """The model, on a graphics card where one works; and where and in what numbers it counts."""
    import ctranslate2
    from faster_whisper import WhisperModel

    told = "int8"
    if ctranslate2.get_cuda_device_count() > 0:
        able = ctranslate2.get_supported_compute_types("cuda")
        numbers = next((each for each in ("float16", "int8") if each in able), "float32")
        # A card may be there without the libraries (cuBLAS, cuDNN), which are missed at the first sum only.
        with contextlib.suppress(RuntimeError):
            model = WhisperModel(str(folder), device="cuda", compute_type=numbers, local_files_only=True)
            _try(model)
            return model, f"{numbers} on cuda"
        told = "int8, as the graphics card could not be used"
    model = WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=_threads(), local_files_only=True
    )
    return model, told


def _try(model: WhisperModel) -> None:
    """Let a model look at half a minute of silence."""
    model.encode(model.feature_extractor(np.zeros(30 * RATE_HZ, np.float32))[:, :3000])


def _threads() -> int:
    """As many as this process may have processors (`taskset`, a container), not as the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _clipped(prompt: str) -> str | None:
    """A prompt as a sentence, cut after a comma if it is too long."""
    if len(prompt) > _PROMPT_CHARACTERS:
        prompt = prompt[:_PROMPT_CHARACTERS].rpartition(",")[0]
    return f"{prompt.strip(' .')}." if prompt.strip(" .") else None


def _primary(language: str | None, known: list[str]) -> str | None:
    """Whisper's own name of a language: the first part of BCP 47; None, to find out, where it has none."""
    first = primary(language or "")
    name = _ALSO_CALLED.get(first, first)
    return name if name in known else None
