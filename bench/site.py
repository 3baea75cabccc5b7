"""A series of 300 one-hour episodes: the first build, one with nothing to do, one with a question changed.

`python bench/site.py [EPISODES]` prints CPU seconds (user and system, children too) and wall seconds of the
whole `onrecord build` process, and how each compares with the first. The text is invented.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = [
    "river",
    "ferry",
    "winter",
    "power",
    "council",
    "harbour",
    "report",
    "question",
    "border",
    "school",
    "market",
    "vote",
    "bridge",
    "water",
    "minister",
    "student",
    "engineer",
    "village",
    "promise",
    "summer",
    "train",
    "island",
    "coast",
    "future",
    "language",
    "neighbour",
    "contract",
    "energy",
    "lithium",
    "mine",
    "forest",
    "road",
    "paper",
    "answer",
    "people",
    "city",
    "border",
    "law",
    "reform",
    "debt",
    "budget",
    "music",
]
TURNS, WORDS_A_TURN = 200, 45


def episode(home: Path, n: int) -> None:
    """Write one invented episode of an hour: 200 turns of 45 words."""
    dice = random.Random(n)  # noqa: S311 - invented text, the same every time
    day = f"{2015 + n // 50}-{1 + n % 12:02d}-{1 + n % 28:02d}"
    folder = home / "episodes" / f"{day}-episode-{n:04d}"
    folder.mkdir(parents=True)
    guest = f"{dice.choice(WORDS).title()} {dice.choice(WORDS).title()}son"
    asked = (f"What does the {dice.choice(WORDS)} mean for the {dice.choice(WORDS)}?" for _ in range(5))
    questions = "".join(f"  - {question}\n" for question in asked)
    (folder / "episode.md").write_text(
        f"---\nid: 00000000-0000-4000-8000-{n:012d}\n"
        f"title: The {dice.choice(WORDS)} and the {dice.choice(WORDS)}\n"
        f"date: {day}\nguests:\n  - {guest}, Fellow, Delta Institute\nquestions:\n{questions}"
        f"approved: {{by: Ada Lind, on: {day}}}\n---\nAbout the {dice.choice(WORDS)}.\n"
    )
    out = ["WEBVTT\n"]
    at = 0
    for turn in range(TURNS):
        voice = "Ada Lind" if turn % 2 == 0 else guest
        for _ in range(WORDS_A_TURN // 9):
            text = " ".join(dice.choice(WORDS) for _ in range(9)).capitalize()
            end = at + 3500
            out.append(f"\n{stamp(at)} --> {stamp(end)}\n<v {voice}>{text}.\n")
            at = end + 100
    (folder / "transcript.vtt").write_text("".join(out))


def stamp(ms: int) -> str:
    """WebVTT's own writing of a time."""
    seconds, ms = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def build(home: Path) -> tuple[float, float, float, str]:
    """Run one build: CPU seconds, wall seconds, peak memory (MB) of any child so far, what it said."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-m", "onrecord", "-C", home, "build"], capture_output=True, text=True, check=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - began, after.ru_maxrss / 1024, run.stdout.strip()


def main() -> None:
    """Build three times and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "series"
        home.mkdir()
        (home / "series.yaml").write_text(
            "guid: 00000000-0000-4000-8000-000000000000\ntitle: Bench Debrief\nurl: https://example.org/bench/\n"
            "host: Ada Lind, Senior Fellow, Delta Institute\ncategory: [News, Politics]\n"
        )
        for n in range(count):
            episode(home, n)
        time.sleep(2.1)  # a digest is remembered of a file that has been left alone for two seconds
        print(f"{count} episodes of {TURNS} turns")
        first = None
        for name, change in (
            ("first build", False),
            ("nothing changed", False),
            ("one question changed", True),
        ):
            if change:
                file = next((home / "episodes").glob("*-0007")) / "episode.md"
                file.write_text(file.read_text().replace("What does", "What did", 1))
            cpu, wall, peak_mb, said = build(home)
            first = first or cpu
            figures = f"{cpu:6.2f} CPU s  {wall:6.2f} s  {cpu / first:6.3f} of the first  {peak_mb:4.0f} MB"
            print(f"{name:<22} {figures}  {said}")


if __name__ == "__main__":
    main()
