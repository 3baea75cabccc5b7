"""Another language through the real engine: written as it is said, found where it is, never translated."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.conftest import lacking

from onrecord.engines import whisper
from onrecord.engines.recogniser import RATE_HZ
from onrecord.make.step import Work
from onrecord.steps import recognise, transcribe
from onrecord.text import vtt

if TYPE_CHECKING:
    import numpy.typing as npt

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

# Synthetic speech: espeak-ng reads what we wrote. It proves the way that a language takes, not how well it
# is heard.
SAID = {
    "en-gb": (
        "Good evening, and welcome to the programme. Today we speak about the elections, about the river, "
        "and about the people who live there. Our guest has studied this question for many years. "
        "Where did you begin, and what did you find in the villages below the mountains?"
    ),
    "de": (
        "Guten Abend, meine Damen und Herren. Wir sprechen heute über die Zukunft des Landes. Die Menschen "
        "in den Dörfern haben kein Wasser mehr. Die Regierung hat lange nichts getan, und niemand hat sie "
        "gefragt. Das ist meine Antwort auf diese Frage."
    ),
}


def speak(voice: str, text: str, folder: Path) -> npt.NDArray[np.float32]:
    """What espeak-ng says, mono at 16 kHz."""
    from faster_whisper.audio import decode_audio

    if not shutil.which("espeak-ng"):
        lacking("espeak-ng")
    file = folder / f"{voice}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "140", "-w", str(file), text], check=True)
    samples: npt.NDArray[np.float32] = decode_audio(str(file), sampling_rate=RATE_HZ)
    return samples


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def test_german_is_written_in_german_and_the_control_would_translate_it(tmp_path: Path) -> None:
    engine = whisper.recogniser("base")
    samples = speak("de", SAID["de"], tmp_path)[: RATE_HZ * 28]
    for language in (None, "de"):
        heard = engine.recognise(samples, language, "")
        found = words_of(" ".join(w.text for w in heard.words))
        assert heard.language == "de"
        assert len(found & words_of(SAID["de"])) > 15
        assert not found & {"the", "and", "people", "today"}
    # The control: the same engine, asked for the other task, does put it into English.
    parts, _ = engine.model.transcribe(samples, task="translate", language="de")
    assert words_of(" ".join(part.text for part in parts)) & {"the", "and", "people", "today"}


def test_a_conversation_in_two_languages_is_heard_in_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    english, german = (speak(voice, SAID[voice], tmp_path) for voice in SAID)
    pause = np.zeros(RATE_HZ * 8 // 10, np.float32)
    samples = np.concatenate([english, pause, german, pause, english])
    with wave.open(str(tmp_path / "sound.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE_HZ)
        wav.writeframes((samples * 32767).astype("<i2").tobytes())
    level = np.sqrt(np.mean(samples[: len(samples) // 320 * 320].reshape(-1, 320) ** 2, axis=1))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], level < 0.01, [False]]).astype(np.int8))) * 20
    silences = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 200]
    (tmp_path / "silences.json").write_text(json.dumps(silences))
    first_ms, second_ms = (len(part) * 1000 // RATE_HZ for part in (english, german))
    for given in ({"language": "", "languages": []}, {"language": "en", "languages": ["en", "de"]}):
        folder = tmp_path / ("found" if not given["language"] else "listed")
        folder.mkdir()
        params: dict[str, Any] = {"recogniser": "base", "prompt": "", **given}
        needs = (tmp_path / "sound.wav", tmp_path / "silences.json")
        recognise.do(Work(folder, needs, folder, params, lambda *_: None))
        made = json.loads((folder / "words.json").read_text())
        with capsys.disabled():
            told = f"German from {first_ms + 800} to {first_ms + 800 + second_ms}: {made['languages']}"
            print(f"\n{told}", end="")  # noqa: T201
        assert [row[2] for row in made["languages"]] == ["en", "de", "en"]
        assert abs(made["languages"][0][1] - first_ms - 400) <= 1500
        assert abs(made["languages"][1][1] - first_ms - second_ms - 1200) <= 1500
        text = params["language"] or made["language"]
        facts = {"language": text, "people": []}
        transcribe.do(Work(folder, (folder / "words.json",), folder, facts, lambda *_: None))
        read, _ = vtt.read((folder / "transcript.vtt").read_text(), "transcript.vtt")
        assert read.language == "en"
        assert words_of(" ".join(c.text for c in read.cues if c.language == "de")) & words_of(SAID["de"])
        assert {"und", "die"} <= words_of(" ".join(c.text for c in read.cues if c.language == "de"))
        assert not {"und", "die"} & words_of(" ".join(c.text for c in read.cues if not c.language))
