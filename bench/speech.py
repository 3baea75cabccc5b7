"""What our steps cost over the speech engine alone: CPU seconds in one run, as ratios.

    python bench/speech.py [RECORDING] [MODEL]

Three measurements of the same recording: the engine on the whole file (as its own documentation shows
it), the engine on our pieces without anything of ours, and our step with its journal, its voice detector
and its second hearing. Then what comes after, for as many words as an hour of speech has.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from onrecord.craft.align import align
from onrecord.craft.cue import cues
from onrecord.craft.turn import turns
from onrecord.engines import whisper
from onrecord.make.step import Work
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word
from onrecord.steps import recognise

HOUR_WORDS = 9000

DEMO = Path(__file__).parents[1] / "demo/series/episodes/2026-11-11-night-ferry/recording.mp3"


def cpu_s(what: Callable[[], object]) -> float:
    """Run something; the CPU seconds of all its threads."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    what()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def take_in(recording: str, folder: Path) -> np.ndarray:
    """sound.wav and silences.json, as the step needs them; the samples."""
    from faster_whisper.audio import decode_audio  # noqa: PLC0415 - only with the extra `speech`

    samples: np.ndarray = decode_audio(recording, sampling_rate=16_000)
    with wave.open(str(folder / "sound.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(16_000)
        wav.writeframes((samples * 32767).astype("<i2").tobytes())
    level = np.sqrt(np.mean(samples[: len(samples) // 320 * 320].reshape(-1, 320) ** 2, axis=1))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], level < 0.01, [False]]).astype(np.int8))) * 20
    silences = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 200]
    (folder / "silences.json").write_text(json.dumps(silences))
    (folder / "scratch").mkdir()
    return samples


def speech(recording: str, model: str, folder: Path) -> None:
    """Print what recognition costs."""
    samples = take_in(recording, folder)
    engine = whisper.recogniser(model)
    engine.recognise(samples[:160_000], "en", "")  # warm up

    def alone() -> None:
        found, _ = engine.model.transcribe(
            samples,
            language="en",
            beam_size=5,
            vad_filter=True,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        print(f"engine alone: {sum(len(part.words or ()) for part in found)} words", end=", ")

    def ours() -> None:
        needs = (folder / "sound.wav", folder / "silences.json")
        params = {"recogniser": model, "language": "en", "prompt": ""}
        facts = recognise.do(Work(folder, needs, folder / "scratch", params, lambda *_: None))
        print(f"our step: {facts['words']} words in {facts['pieces']} pieces", end=", ")

    def same_pieces() -> None:
        lines = (folder / "scratch/journal.jsonl").read_text().splitlines()[1:]
        spans = [json.loads(line)["record"]["piece"] for line in lines]
        found = [engine.recognise(samples[a * 16 : b * 16], "en", "") for a, b in spans]
        print(f"engine on our pieces: {sum(len(heard.words) for heard in found)} words", end=", ")

    seconds = len(samples) / 16_000
    costs = {}
    for what in (alone, ours, same_pieces):
        costs[what] = cpu_s(what)
        print(f"{costs[what]:.1f} CPU s for {seconds:.0f} s of sound")
    print(f"ratio of our step to the engine on the same pieces {costs[ours] / costs[same_pieces]:.3f}")
    print(f"ratio of our step to the engine alone {costs[ours] / costs[alone]:.3f}")


def after() -> None:
    """Print what turns, captions and alignment cost for an hour."""
    texts = ["well,", "the", "agreement", "was", "signed", "in", "March.", "Really?", "Yes", "and"]
    words = [
        Word(Span(Ms(i * 400), Ms(i * 400 + 350)), texts[i * i % 97 % len(texts)]) for i in range(HOUR_WORDS)
    ]
    voices = [(Span(Ms(i * 17_000), Ms(i * 17_000 + 17_000)), f"person-{i % 3}") for i in range(212)]
    made = cues(turns(words, voices), "en")
    both_s = cpu_s(lambda: cues(turns(words, voices), "en"))
    print(f"turns and captions of {HOUR_WORDS} words: {both_s:.2f} CPU s")
    print(f"the same aligned with its words: {cpu_s(lambda: align(words, made)):.2f} CPU s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        speech(
            sys.argv[1] if len(sys.argv) > 1 else str(DEMO),
            sys.argv[2] if len(sys.argv) > 2 else "base",
            Path(folder),
        )
    after()
