"""How far apart a passage is from what was published without it, and with it: the figures behind `ALIKE`.

    python bench/absence.py [--shared FOLDER] [--minutes 5] [--passage 30]

For each recording the programme is mastered with and without a passage, to MP3 and M4A as in a build. For
every window of the passage the best likeness anywhere in the file is taken. With the passage in it, all
should be near 1 ("same"); without it, all should be low ("strangers"). A window that the recording itself has
on the record too (a jingle) is left out and counted. Also the CPU time of comparing an hour. Without
`--shared`, noise in syllables is used.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from onrecord.craft import likeness
from onrecord.engines.media import listen
from onrecord.make.step import Work
from onrecord.steps import master, take_in

RECORDINGS = ("gecko_demo/*.mp3", "podcast_scraper_v3_tts/audio/v3/*.mp3", "pyaudioanalysis/diarization*.wav")


def given(shared: Path | None, minutes: float, folder: Path) -> list[Path]:
    """Recordings of that length, copied beside the results."""
    found: list[Path] = []
    for pattern in RECORDINGS if shared else ():
        for source in sorted((shared / "data/audio").glob(pattern)) if shared else ():
            target = folder / f"{len(found)}" / "recording.wav"
            target.parent.mkdir()
            cut = ["-t", str(minutes * 60), "-ar", "44100", str(target)]
            subprocess.run(["ffmpeg", "-v", "error", "-i", str(source), *cut], check=True)
            found.append(target)
    if not found:
        found.append(folder / "0" / "recording.wav")
        found[0].parent.mkdir()
        dice = np.random.default_rng(1)
        count = int(minutes * 60 * 44_100)
        gain = np.repeat(10 ** (dice.uniform(-45, -18, count // 8820 + 1) / 20), 8820)[:count]
        noise = np.convolve(dice.standard_normal(count), np.hanning(26)[1:-1] / 3, mode="same")
        with wave.open(str(found[0]), "wb") as file:
            file.setparams((1, 2, 44_100, 0, "NONE", ""))
            file.writeframes((np.clip(noise * gain, -1, 1) * 32767).astype("<i2").tobytes())
    return found


def made(recording: Path, kept: list[list[int]], name: str) -> list[Path]:
    """The programme's files."""
    folder = recording.parent
    scratch = folder / name
    scratch.mkdir(exist_ok=True)
    needs = (recording, folder / "in/levels.npz", folder / "in/facts.json")
    params = {"cut": "programme", "kept": kept, "recording": recording.name, "formats": ["mp3", "m4a"]}
    master.do(Work(folder, needs, scratch, params, lambda *_: None))
    return [scratch / f"programme.sound.{kind}" for kind in ("mp3", "m4a")]


def best(wanted: tuple[likeness.Window, ...], pieces: Iterable[likeness.Sound]) -> list[float]:
    """The best likeness of each window anywhere in a sound."""
    likeness.ALIKE = -1.0  # every best place is wanted here, however bad
    return [m.alike for m in likeness.find(wanted, pieces)]


def heard(file: Path) -> Iterator[likeness.Sound]:
    """A file's sound as it is compared."""
    for piece in listen(file, file.name, channels=1, rate_hz=likeness.RATE_HZ):
        yield piece[:, 0]


def main() -> None:
    """Measure and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--shared", type=Path)
    ask.add_argument("--minutes", type=float, default=5)
    ask.add_argument("--passage", type=int, default=30, help="seconds")
    args = ask.parse_args()
    same: list[float] = []
    strangers: list[float] = []
    spent, heard_s = 0.0, 0.0
    likeness_limit = likeness.ALIKE
    with tempfile.TemporaryDirectory() as temp:
        for recording in given(args.shared, args.minutes, Path(temp)):
            folder = recording.parent
            (folder / "in").mkdir()
            work = Work(
                folder,
                (recording,),
                folder / "in",
                {"recording": recording.name, "tracks": []},
                lambda *_: None,
            )
            length = take_in.do(work)["duration_ms"]
            start = length // 2
            end = min(length - 1000, start + args.passage * 1000)
            sound = np.concatenate(list(heard(folder / "in/sound.wav")))
            a, b = (at * likeness.RATE_HZ // 1000 for at in (start, end))
            wanted = likeness.windows([(start, sound[a:b])])
            twice = best(wanted, iter([sound[:a], sound[b:]]))
            again = sum(alike >= likeness_limit for alike in twice)
            wanted = tuple(w for w, alike in zip(wanted, twice, strict=True) if alike < likeness_limit)
            for file in made(recording, [[0, length]], "with"):
                same += best(wanted, heard(file))
            for file in made(recording, [[0, start], [end, length]], "without"):
                before = time.process_time()
                strangers += best(wanted, heard(file))
                spent += time.process_time() - before
                heard_s += (length - end + start) / 1000
            ends = f"same >= {min(same):.3f}, strangers <= {max(strangers):.3f}"
            print(f"{len(wanted)} windows ({again} left out): {ends}", flush=True)
    for name, row in (("same", same), ("strangers", strangers)):
        low, mid, high = np.percentile(row, [1, 50, 99])
        ends = f"min {min(row):.3f} 1% {low:.3f} median {mid:.3f} 99% {high:.3f} max {max(row):.3f}"
        print(f"{name:10} n={len(row)} {ends}")
    print(f"CPU: {spent / heard_s * 3600:.1f} s an hour of file for {args.passage} s of passage")
    sys.exit(not (min(same) > max(strangers)))


if __name__ == "__main__":
    os.nice(5)
    main()
