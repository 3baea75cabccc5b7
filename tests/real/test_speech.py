"""Real speech through the real engine: no more words lost than by the engine alone."""

from __future__ import annotations

import json
import multiprocessing
import re
import signal
import time
import wave
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from onrecord.engines import listen, whisper
from onrecord.make.step import Work
from onrecord.steps import recognise, transcribe

if TYPE_CHECKING:
    import numpy.typing as npt

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

NAMES = {
    "p01_e01": "Maya, Liam Verbeek, Singletrack Sessions",
    "p05_e02": "Nora, Rich Clarida, Long Horizon Notes",
    "p08_e02": "Renee Montague-Park, Public Hour",
}
"""What an episode's file bills: people and programme, as the step is given them."""


def said(transcript: str) -> str:
    """What is said in a fixture's transcript: no headings, times or names of speakers."""
    rows = (row.strip() for row in transcript.splitlines())
    rows = (row for row in rows if row and not row.startswith(("#", "Host:", "Guest:")))
    return " ".join(re.sub(r"^[^:]{1,40}: ", "", row) for row in rows if not re.fullmatch(r"\[[\d:]+\]", row))


def prepare(folder: Path, recording: Path) -> npt.NDArray[np.float32]:
    """Take a recording in: sound.wav, silences.json, facts.json; returns its samples."""
    from faster_whisper.audio import decode_audio

    samples: npt.NDArray[np.float32] = decode_audio(str(recording), sampling_rate=16_000)
    with wave.open(str(folder / "sound.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(16_000)
        wav.writeframes((samples * 32767).astype("<i2").tobytes())
    level = np.sqrt(np.mean(samples[: len(samples) // 320 * 320].reshape(-1, 320) ** 2, axis=1))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], level < 0.01, [False]]).astype(np.int8))) * 20
    silences = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 200]
    (folder / "silences.json").write_text(json.dumps(silences))
    (folder / "facts.json").write_text("{}")
    return samples


def work(folder: Path, params: dict[str, Any], *needs: str) -> Work:
    (folder / "scratch").mkdir(exist_ok=True)
    return Work(
        folder, tuple(folder / n for n in needs), folder / "scratch", params, print
    )  # a process of its own cannot be given a lambda


def test_pieces_at_silences_lose_no_words_against_the_engine_alone(
    tmp_path: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import jiwer
    from whisper_normalizer.english import EnglishTextNormalizer

    normal = EnglishTextNormalizer()
    data = shared / "data/audio/podcast_scraper_v3_tts"
    engine = whisper.recogniser("base")
    truth, ours, alone = [], [], []
    for name, names in NAMES.items():
        folder = tmp_path / name
        folder.mkdir()
        samples = prepare(folder, data / f"audio/v3/{name}.mp3")
        truth.append(normal(said((data / f"transcripts/v3/{name}.txt").read_text())))
        params = {"recogniser": "base", "language": "en", "prompt": names}
        facts = recognise.do(work(folder, params, "sound.wav", "silences.json", "facts.json"))
        words = json.loads((folder / "scratch/words.json").read_text())["words"]
        assert facts["words"] == len(words) > 100
        assert all(a < b for a, b, _, _ in words)
        assert all(x[1] <= y[0] for x, y in pairwise(words))
        assert words[-1][1] <= len(samples) * 1000 // 16_000
        ours.append(normal(" ".join(text for _, _, text, _ in words)))
        found, _ = engine.model.transcribe(
            samples,
            language="en",
            beam_size=5,
            vad_filter=True,
            word_timestamps=True,
            condition_on_previous_text=False,
        )
        alone.append(normal(" ".join(part.text for part in found)))
        with capsys.disabled():
            rates = f"ours {jiwer.wer(truth[-1], ours[-1]):.2%}, alone {jiwer.wer(truth[-1], alone[-1]):.2%}"
            print(f"\n{name}: word error rate {rates}; gaps {facts['gaps']}", end="")  # noqa: T201

        (folder / "words.json").write_bytes((folder / "scratch/words.json").read_bytes())
        made = transcribe.do(work(folder, {"language": "en", "people": []}, "words.json"))
        assert made["captions"] > 20
    with capsys.disabled():
        print(f"\nall: ours {jiwer.wer(truth, ours):.2%}, alone {jiwer.wer(truth, alone):.2%}")  # noqa: T201
    assert jiwer.wer(truth, ours) <= jiwer.wer(truth, alone)


def test_the_engine_interrupted_ends_with_the_same_bytes(tmp_path: Path, shared: Path) -> None:
    prepare(tmp_path, shared / "data/audio/podcast_scraper_v3_tts/audio/v3/p08_e02.mp3")
    params = {"recogniser": "base", "language": "", "prompt": "Renee Montague-Park"}
    given = work(tmp_path, params, "sound.wav", "silences.json")
    pieces = recognise.do(given)["pieces"]
    undisturbed = (tmp_path / "scratch/words.json").read_bytes()
    journal = tmp_path / "scratch/journal.jsonl"
    heard = journal.read_bytes()

    (tmp_path / "scratch/words.json").unlink()
    journal.unlink()
    process = multiprocessing.get_context("spawn").Process(target=recognise.do, args=(given,))
    process.start()
    while not journal.exists() or len(journal.read_bytes().splitlines()) < 4:
        time.sleep(0.05)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    left = journal.read_bytes()
    assert left
    assert heard.startswith(left)
    assert len(left.splitlines()) <= pieces
    recognise.do(given)
    assert (tmp_path / "scratch/words.json").read_bytes() == undisturbed


def test_a_silence_has_no_words_and_no_speech() -> None:
    samples = np.zeros(16_000 * 35, np.float32)
    assert listen.voiced(samples) == ()
    assert whisper.recogniser("base").recognise(samples[: 16_000 * 30], None, "").words == ()
