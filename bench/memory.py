"""What a recording of four hours costs in memory: taken in and mastered, parent and children.

    python bench/memory.py [hours] [take_in]

Makes a file of that length by repeating a minute of noise in syllables, and reports the highest resident
set of this process and of any child (`ru_maxrss`), and CPU seconds, for each step. With `take_in` it
stops after that.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from onrecord.make.step import Work
from onrecord.steps import master, take_in

RATE_HZ = 44_100
MOST_TAKING_IN_MB, MOST_MASTERING_MB = 200, 300


def minute() -> bytes:
    """A minute of stereo: two voices in syllables, one a little more to the left.

    Six seconds ten times over, so that making it takes less memory than what is measured.
    """
    dice = np.random.default_rng(1)
    count = 6 * RATE_HZ
    gain = np.repeat(10 ** (dice.uniform(-45, -18, 30) / 20), count // 30)
    noise = np.convolve(dice.standard_normal(count), np.hanning(26)[1:-1] / 3, mode="same")
    stereo = np.stack([noise * gain, noise * np.roll(gain, 400) * 0.8], axis=1)
    return (np.clip(stereo, -1, 1) * 32767).astype("<i2").tobytes() * 10


def write(path: Path, hours: float) -> None:
    """Write a WAV file of that length."""
    tile = minute()
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE_HZ, 0, "NONE", ""))
        for _ in range(round(hours * 60)):
            file.writeframesraw(tile)


def mb(who: int) -> float:
    """Highest resident set so far, in megabytes."""
    return resource.getrusage(who).ru_maxrss / 1024


def cpu_s() -> float:
    """CPU seconds of all children so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(hours: float, last: str = "") -> None:
    """Make the file, run the steps, print what they took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        recording, track = folder / "recording.wav", folder / "ilva.wav"
        for path in (recording, track):
            # In a process of its own: what making it takes would be counted with the parent's memory.
            subprocess.run([sys.executable, __file__, "--make", path, str(hours)], check=True)
        made = folder / "made"
        made.mkdir()

        def work(needs: list[Path], params: dict[str, Any]) -> Work:
            return Work(root=folder, needs=tuple(needs), scratch=made, params=params, tell=lambda *_: None)

        length_ms = round(hours * 3_600_000)
        tracks = [{"person": "ilva", "path": "ilva.wav"}]
        steps = (
            (take_in, [recording, track], {"recording": "recording.wav", "tracks": tracks}),
            (
                master,
                [recording, made / "levels.npz", made / "facts.json"],
                {
                    "recording": "recording.wav",
                    "cut": "programme",
                    "kept": [[5_000, length_ms // 2], [length_ms // 2 + 60_000, length_ms]],
                    "formats": ["mp3", "m4a"],
                },
            ),
        )
        report: dict[str, Any] = {"hours": hours, "file_mb": recording.stat().st_size >> 20}
        for step, needs, params in steps:
            before_s, began = cpu_s(), time.monotonic()
            result = step.do(work(needs, params))
            # Children's highest so far: the steps stand in rising order of what they need.
            children = mb(resource.RUSAGE_CHILDREN)
            report[step.NAME] = {
                "cpu_s": round(cpu_s() - before_s, 1),
                "wall_s": round(time.monotonic() - began, 1),
                "child_mb": round(children),
                "parent_mb": round(mb(resource.RUSAGE_SELF)),
            }
            print(json.dumps({step.NAME: report[step.NAME]}), flush=True)
            most = MOST_TAKING_IN_MB if step is take_in else MOST_MASTERING_MB
            assert max(children, mb(resource.RUSAGE_SELF)) <= most
            if last == step.NAME:
                return
            if step is master:
                assert abs(result["integrated_lufs"] + 16) <= 0.3
        print(json.dumps(report, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        write(Path(sys.argv[2]), float(sys.argv[3]))
        sys.exit()
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0, *sys.argv[2:3])
