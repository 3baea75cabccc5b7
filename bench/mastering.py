"""Our mastering beside ffmpeg-normalize's, on the same recording in one run, in CPU seconds.

    python bench/mastering.py [recording] [minutes]

Ours is mastering to MP3 and labelling; theirs is two-pass loudnorm to MP3 with the system's ffmpeg. Reports
the ratio, and beside it the one with taking in (which measures, but also makes the copy for the recogniser,
the waveform and the silences), and the one with M4A too. Without a recording, noise in syllables is used.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.make.step import Work
from onrecord.steps import label, master, take_in

RATE_HZ = 44_100
MOST_RATIO = 0.35


def cpu_s() -> float:
    """CPU seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make(path: Path, source: Path | None, minutes: float) -> None:
    """A stereo WAV of that length: the source repeated, or noise in syllables."""
    if source is None:
        dice = np.random.default_rng(1)
        count = 60 * RATE_HZ
        gain = np.repeat(10 ** (dice.uniform(-45, -18, 300) / 20), count // 300)
        noise = np.convolve(dice.standard_normal(count), np.hanning(26)[1:-1] / 3, mode="same")
        sound = np.stack([noise * gain, np.roll(noise, 60) * gain * 0.8], axis=1)
    else:
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            str(source),
            "-ac",
            "2",
            "-ar",
            str(RATE_HZ),
            "-f",
            "f32le",
            "-",
        ]
        sound = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, np.float32)
        sound = sound.reshape(-1, 2).copy()
        # A room that is a little different on both sides: neither mono nor two strangers.
        sound[:, 1] = 0.8 * sound[:, 1] + 0.2 * np.roll(sound[:, 1], 300)
    raw = (np.clip(sound, -1, 1) * 32767).astype("<i2")
    left = round(minutes * 60 * RATE_HZ)
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE_HZ, 0, "NONE", ""))
        while left > 0:
            file.writeframesraw(raw[:left].tobytes())
            left -= len(raw)


def main(source: Path | None, minutes: float) -> None:
    """Measure both, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording, made = folder / "recording.wav", folder / "made"
        make(recording, source, minutes)
        made.mkdir()

        def measure(step: Any, needs: list[Path], **params: Any) -> tuple[float, dict[str, Any]]:
            before_s = cpu_s()
            whole = {"recording": "recording.wav"} | params
            work = Work(folder, tuple(needs), made, whole, tell=lambda *_: None)
            result = step.do(work)
            return cpu_s() - before_s, result

        report: dict[str, Any] = {"minutes": minutes}
        report["take_in_s"], _ = measure(take_in, [recording], tracks=[])
        kept = [[0, round(minutes * 60_000)]]
        needs = [recording, made / "levels.npz", made / "facts.json"]
        report["master_mp3_s"], heard = measure(master, needs, cut="p", kept=kept, formats=["mp3"])
        report["label_s"], _ = measure(
            label,
            [made / "p.sound.mp3", made / "p.loudness.json"],
            cut="p",
            formats=["mp3"],
            title="A talk",
            chapters=[[0, "Beginning"]],
        )
        report["master_m4a_s"], _ = measure(master, needs, cut="q", kept=kept, formats=["m4a"])
        report["ours"] = {k: heard[k] for k in ("integrated_lufs", "true_peak_dbtp", "limited_db", "renders")}
        before_s = cpu_s()
        tool = Path(sys.executable).with_name("ffmpeg-normalize")
        options = ["-c:a", "libmp3lame", "-b:a", "128k", "-t", "-16", "-tp", "-1", "-q"]
        subprocess.run([tool, recording, *options, "-o", folder / "theirs.mp3"], check=True)
        report["theirs_s"] = cpu_s() - before_s
        ours_s = report["master_mp3_s"] + report["label_s"]
        report["ratio"] = ours_s / report["theirs_s"]
        report["ratio_with_taking_in"] = (ours_s + report["take_in_s"]) / report["theirs_s"]
        report["ratio_with_m4a_too"] = (ours_s + report["take_in_s"] + report["master_m4a_s"]) / report[
            "theirs_s"
        ]
        print(
            json.dumps({k: round(v, 3) if isinstance(v, float) else v for k, v in report.items()}, indent=1)
        )
        assert report["ratio"] <= MOST_RATIO


if __name__ == "__main__":
    if not shutil.which("ffmpeg"):
        sys.exit("this needs ffmpeg")
    given = sys.argv[1:]
    main(Path(given[0]) if given and given[0] != "-" else None, float(given[1]) if len(given) > 1 else 30.0)
