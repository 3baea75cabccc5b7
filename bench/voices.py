"""Who speaks when: our step against the first spike, both in one run, on every labelled clip.

    python bench/voices.py [--shared PATH]

The measure is the field's: of the time in which somebody speaks by the labels, the share that is missed,
heard where nobody speaks, or given to the wrong voice, under the best pairing of voices; in steps of 10 ms,
speech of two people at once counted twice. With a collar, 0.25 s on both sides of every labelled edge do not
count. A clip counts with its length of speech. The spike is spikes/speech/lite_dia.py of the shared folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import sys
import tempfile
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from faster_whisper.audio import decode_audio
from scipy.optimize import linear_sum_assignment

from onrecord.engines import campplus
from onrecord.engines.voiceprint import Sound
from onrecord.steps.diarise import tell_apart

SHARED = Path(__file__).resolve().parents[2] / "shared"
STEP_S = 0.01
LITTLE_OVERLAP = 0.15

Spoken = Sequence[tuple[float, float, str]]
"""Start and end in seconds, and whose voice it is."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A labelled recording."""

    name: str
    sound: Path
    labels: Spoken


@dataclass(frozen=True, slots=True)
class Errors:
    """Seconds of speech by the labels, and of what went wrong; voices by the labels and found."""

    speech_s: float
    missed_s: float
    invented_s: float
    confused_s: float
    voices: int
    found: int

    @property
    def wrong_s(self) -> float:
        """All that went wrong."""
        return self.missed_s + self.invented_s + self.confused_s


def clips(shared: Path) -> list[Clip]:
    """Every labelled clip of the shared data."""
    audio = shared / "data/audio"
    found = []
    for folder in (audio / "pyannote_sample", audio / "pyannote_ami_30s"):
        labels: dict[str, list[tuple[float, float, str]]] = {}
        for file in sorted(folder.glob("*.rttm")):
            for name, row in _rttm(file):
                labels.setdefault(name, []).append(row)
        sounds = {path.stem: path for path in folder.glob("*.wav")}
        found += [Clip(n, sounds[n], rows) for n, rows in sorted(labels.items()) if n in sounds and rows]
    tts = audio / "podcast_scraper_v3_tts"
    for file in sorted(tts.glob("transcripts/v3/*.rttm")):
        rows = [row for _, row in _rttm(file)]
        found.append(Clip(file.stem, tts / f"audio/v3/{file.stem}.mp3", rows))
    told = json.loads((audio / "falcon_test/test_data.json").read_text())["tests"]["diarization_tests"]
    for test in told:
        rows = [(s["start_sec"], s["end_sec"], str(s["speaker_tag"])) for s in test["segments"]]
        found.append(Clip("falcon", audio / "falcon_test" / test["audio_file"], rows))
    for file in sorted((audio / "pyaudioanalysis").glob("*.segments")):
        cells = [line.split() for line in file.read_text().splitlines() if line.strip()]
        rows = [(float(a), float(b), who) for a, b, who in cells]
        found.append(Clip(file.stem, file.with_suffix(".wav"), rows))
    turns = json.loads((audio / "gecko_demo/demo.json").read_text())["monologues"]
    rows = [(t["terms"][0]["start"], t["terms"][-1]["end"], t["speaker"]["id"]) for t in turns]
    return [*found, Clip("gecko_demo", audio / "gecko_demo/demo.mp3", rows)]


def _rttm(path: Path) -> list[tuple[str, tuple[float, float, str]]]:
    cells = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
    return [(c[1], (float(c[3]), float(c[3]) + float(c[4]), c[7])) for c in cells]


def overlap(labels: Spoken, length_s: float) -> float:
    """Of the time in which somebody speaks, the share in which several do."""
    speaking = _grid(labels, length_s)[1].sum(axis=0)
    return float((speaking > 1).sum() / max(1, (speaking > 0).sum()))


def errors(labels: Spoken, found: Spoken, length_s: float, collar_s: float) -> Errors:
    """Compare what was found with the labels."""
    people, truth = _grid(labels, length_s)
    voices, heard = _grid(found, length_s)
    counts = np.ones(truth.shape[1], bool)
    for start, end, _ in labels if collar_s else ():
        for edge in (start, end):
            low, high = round((edge - collar_s) / STEP_S), round((edge + collar_s) / STEP_S)
            counts[max(0, low) : max(0, high)] = False
    truth, heard = truth[:, counts], heard[:, counts]
    speaking, sounding = truth.sum(axis=0), heard.sum(axis=0)
    together = truth.astype(np.int64) @ heard.astype(np.int64).T
    right = int(together[linear_sum_assignment(-together)].sum())
    seconds = STEP_S
    return Errors(
        speech_s=float(speaking.sum()) * seconds,
        missed_s=float(np.maximum(speaking - sounding, 0).sum()) * seconds,
        invented_s=float(np.maximum(sounding - speaking, 0).sum()) * seconds,
        confused_s=float(np.minimum(speaking, sounding).sum() - right) * seconds,
        voices=len(people),
        found=len(voices),
    )


def _grid(spoken: Spoken, length_s: float) -> tuple[list[str], npt.NDArray[np.int64]]:
    names = sorted({who for _, _, who in spoken})
    rows = np.zeros((len(names), round(length_s / STEP_S)), np.int64)
    for start, end, who in spoken:
        rows[names.index(who), round(start / STEP_S) : round(end / STEP_S)] = 1
    return names, rows


@dataclass(frozen=True, slots=True)
class Scored:
    """A clip as one of the two told it: errors with a collar of 0.25 s and with none."""

    little_overlap: bool
    with_collar: Errors
    without: Errors
    cpu_s: float


def _cpu_s(what: Callable[[], Spoken]) -> tuple[Spoken, float]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = what()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return found, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _spike(shared: Path) -> Callable[[npt.NDArray[np.float32]], Spoken]:
    """The first spike with our model file: whole arrays, its own constants, the number of voices found."""
    path = shared / "spikes/speech/lite_dia.py"
    spec = importlib.util.spec_from_file_location("lite_dia", path)
    assert spec is not None
    assert spec.loader is not None
    lite: Any = importlib.util.module_from_spec(spec)
    sys.modules["lite_dia"] = lite
    spec.loader.exec_module(lite)
    model = lite.Emb(str(files("onrecord.engines").joinpath("data/campplus.onnx")))

    def hear(samples: npt.NDArray[np.float32]) -> Spoken:
        stretches, windows, vectors = lite.embed(samples, model)
        found = lite.turns(stretches, windows, lite.spectral(vectors)) if len(windows) else []
        return [(float(a), float(b), str(who)) for a, b, who in found]

    return hear


def _ours(path: Path, engine: campplus.Campplus) -> Spoken:
    with Sound(path) as sound:
        found = tell_apart(engine, sound)
    return [(span.start / 1000, span.end / 1000, str(who)) for span, who in found.voices]


def measure(shared: Path, *, told: bool = True) -> dict[str, Any]:
    """Score both on every clip; shares pooled over clips with little and with much overlap."""
    rows: dict[str, list[Scored]] = {"ours": [], "spike": []}
    sound_s = 0.0
    with tempfile.TemporaryDirectory() as name:
        spike = _spike(shared)
        engine = campplus.load()
        _ours(_wav(Path(name) / "warm.wav", np.zeros(48_000, np.float32)), engine)
        for clip in clips(shared):
            samples = np.asarray(decode_audio(str(clip.sound), sampling_rate=16_000), np.float32)
            path, length_s = _wav(Path(name) / "sound.wav", samples), len(samples) / 16_000
            sound_s += length_s
            share = overlap(clip.labels, length_s)
            for who, hear in (
                ("ours", lambda p=path: _ours(p, engine)),
                ("spike", lambda s=samples: spike(s)),
            ):
                found, cpu_s = _cpu_s(hear)
                with_collar, without = (errors(clip.labels, found, length_s, c) for c in (0.25, 0.0))
                rows[who].append(Scored(share < LITTLE_OVERLAP, with_collar, without, cpu_s))
            if told:
                print(f"  {clip.name:22} overlap {share:4.0%}")
                for who, scored in rows.items():
                    print(f"    {who:6} {_text(scored[-1].with_collar)}", flush=True)
    return _pooled(rows, sound_s)


def _text(e: Errors) -> str:
    parts = f"missed {e.missed_s:.1f} s, invented {e.invented_s:.1f} s, confused {e.confused_s:.1f} s"
    return f"{e.wrong_s / max(e.speech_s, 0.01):6.1%} ({parts}, voices {e.found} for {e.voices})"


def _pooled(rows: Mapping[str, Sequence[Scored]], sound_s: float) -> dict[str, Any]:
    made: dict[str, Any] = {"clips": len(rows["ours"]), "sound_s": sound_s}
    for little, name in ((True, "little"), (False, "much")):
        some = {who: [one for one in scored if one.little_overlap == little] for who, scored in rows.items()}
        ours, spike = (_share([one.with_collar for one in some[who]]) for who in ("ours", "spike"))
        made[f"{name}_overlap"] = {
            "clips": len(some["ours"]),
            "ours": ours,
            "spike": spike,
            "ratio": ours / max(spike, 1e-9),
            "ours_no_collar": _share([one.without for one in some["ours"]]),
            "spike_no_collar": _share([one.without for one in some["spike"]]),
        }
    for who, scored in rows.items():
        counted = [one.with_collar.found == one.with_collar.voices for one in scored if one.little_overlap]
        made[f"{who}_count_right"] = [sum(counted), len(counted)]
        made[f"{who}_cpu"] = sum(one.cpu_s for one in scored) / sound_s
    return made


def _share(some: Sequence[Errors]) -> float:
    return sum(e.wrong_s for e in some) / max(0.01, sum(e.speech_s for e in some))


def _wav(path: Path, samples: npt.NDArray[np.float32]) -> Path:
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(16_000)
        wav.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    print(json.dumps(measure(parser.parse_args().shared), indent=1))
