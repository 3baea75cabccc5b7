"""Reading and writing one hour of captions: our WebVTT against webvtt-py, CPU time, alternating in one run.

    PYTHONPATH=src python bench/captions.py

Both start from the same data and the same text (1,835 captions, two voices). The figure that counts is the
ratio; the median of pairs is printed, so that a busy machine troubles both alike.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

import webvtt

from onrecord.text import vtt

CAPTIONS = 1_835
PAIRS = 25
WORDS = ("the", "of", "and", "to", "in", "that", "we", "have", "energy", "power", "region", "people", "a")


def hour() -> list[tuple[int, int, str, str]]:
    """An hour of made-up captions of one or two lines."""
    dice = random.Random(7)  # noqa: S311 - the same hour each time
    cues, at = [], 0
    for number in range(CAPTIONS):
        words = dice.choices(WORDS, k=dice.randint(5, 11))
        half = len(words) // 2
        text = " ".join(words) if len(words) < 8 else " ".join(words[:half]) + "\n" + " ".join(words[half:])
        length = dice.randint(1_200, 2_700)
        cues.append((at, at + length - 80, ("Ilva Tare", "Srdjan Cvijić")[number // 9 % 2], text))
        at += length
    return cues


def theirs(cues: list[tuple[int, int, str, str]]) -> str:
    """The same captions written by webvtt-py."""
    file = webvtt.WebVTT()
    for start, end, voice, text in cues:
        file.captions.append(webvtt.Caption(vtt.write_time(start), vtt.write_time(end), f"<v {voice}>{text}"))
    return str(file.content)


def compare(what: str, ours: Callable[[], object], other: Callable[[], object]) -> None:
    """Time both in alternating pairs and print the medians and their ratio."""
    pairs: list[tuple[float, float]] = []
    for _ in range(PAIRS):
        times = []
        for work in (ours, other):
            start = time.process_time()
            work()
            times.append((time.process_time() - start) * 1_000)
        pairs.append((times[0], times[1]))
    mine, yours = (statistics.median(p[i] for p in pairs) for i in (0, 1))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"{what}: ours {mine:.1f} ms, webvtt-py {yours:.1f} ms CPU, {ratio:.1f}x")


def main() -> None:
    """Print read and write."""
    cues = hour()
    text = vtt.write_cues(cues, "en")
    transcript, problems = vtt.read(text, "transcript.vtt")
    assert not problems
    assert [(c.span.start, c.span.end, c.voice, c.text) for c in transcript.cues] == cues
    assert len(webvtt.from_string(text)) == CAPTIONS
    print(f"{CAPTIONS} captions, {len(text.encode()) // 1000} kB")
    compare("read", lambda: vtt.read(text, "transcript.vtt"), lambda: webvtt.from_string(text))
    compare("write", lambda: vtt.write(transcript), lambda: theirs(cues))


if __name__ == "__main__":
    main()
