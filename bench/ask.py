"""How fast the archive answers, and what its index costs, on a series made from real transcripts.

    python bench/ask.py [--shared PATH] [--folder PATH] [--times N] [--hours H]

Every conversation of the shared data becomes an episode: the product's own captions of its words at 150 words
a minute, its people billed as the data says. Printed are the CPU time of the index per hour of speech (read,
edit, cut, stem, index), of one changed episode, and how long a question takes once the archive is open: the
search alone, and with the look whether anything changed. `--hours` repeats the conversations until the
archive is that long. The aims: 2 CPU seconds an hour, 50 ms a question.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.naming_cases import Case, cases

from onrecord.craft.cue import cues
from onrecord.craft.turn import Said
from onrecord.flow.ask import Open, ask, refresh
from onrecord.folder.archive import Archive
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import read_series
from onrecord.model.archive import Filter
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Transcript, Word
from onrecord.text import vtt

SHARED = Path(__file__).resolve().parents[2] / "shared"
WORD_MS = 400
QUESTIONS = (
    "How do they view open source funding?",
    "What is a covenant and why does it matter?",
    "why did you start the company",
    "type systems and dependent types",
    '"proof of work"',
    "What is the future of programming?",
    "How do you deal with burnout and maintainers?",
    "the and of to a in that is it you",
    "what was your childhood like, and how did you come to chemistry at the university",
)


def make_series(folder: Path, shared: Path, hours: float) -> tuple[SeriesFolder, float]:
    """Write a series of the conversations; the folder, and how many hours of speech there are."""
    if (folder / "hours.txt").exists():  # made by an earlier run
        return SeriesFolder(folder), float((folder / "hours.txt").read_text())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "series.yaml").write_text(
        "guid: 0b1c6f2e\ntitle: Everything\nlanguage: en\nurl: https://archive.example.org/\n", "utf-8"
    )
    found = cases(shared)
    people = {b.id: b.name for case in found for b in case.billed}
    listed = "".join(f"{who}: {{name: {_quoted(name)}}}\n" for who, name in sorted(people.items()))
    (folder / "people.yaml").write_text(listed, "utf-8")
    said_ms = number = 0
    while not number or said_ms < hours * 3_600_000:
        for case in found:
            said_ms += _episode(folder, case, number)
            number += 1
    (folder / "hours.txt").write_text(str(said_ms / 3_600_000))
    return SeriesFolder(folder), said_ms / 3_600_000


def _episode(folder: Path, case: Case, number: int) -> int:
    on = date(2010, 1, 1) + timedelta(days=7 * number)
    own = folder / f"episodes/{on}-{number}"
    own.mkdir(parents=True, exist_ok=True)
    names = {b.id: b.name for b in case.billed}
    hosts = [b for b in case.billed if b.role == "host"][:1]
    guests = [b for b in case.billed if b not in hosts]
    head = [f"id: {number:08d}", f"title: {_quoted(case.name or case.show)}", f"date: {on}"]
    head += [f"host: {{name: {_quoted(h.name)}, role: Host}}" for h in hosts]
    head += ["guests:", *(f"  - {{name: {_quoted(g.name)}, role: Guest}}" for g in guests)] if guests else []
    head += [f"approved: {{by: Bench, on: {on}}}"]
    (own / "episode.md").write_text("---\n" + "\n".join(head) + "\n---\nA conversation.\n", "utf-8")
    at, turns = 0, []
    for voice, text in case.turns:
        words = []
        for word in text.split():
            words.append(Word(Span(Ms(at), Ms(at + WORD_MS)), word))
            at += WORD_MS
        turns.append(Said(names.get(case.truth.get(voice, ""), voice), tuple(words)))
    (own / "transcript.vtt").write_text(vtt.write(Transcript("en", cues(turns, "en"))), "utf-8")
    return at


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def timed(work: Callable[[], object], times: int) -> list[float]:
    """How long a piece of work takes, in ms, each time."""

    def each() -> Iterator[float]:
        for _ in range(times):
            start = time.perf_counter()
            work()
            yield (time.perf_counter() - start) * 1000

    return sorted(each())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path, help="where the series is made and stays")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--hours", type=float, default=0)
    args = parser.parse_args()
    if not args.shared.is_dir():
        print("no shared data here; nothing is measured")
        return
    with tempfile.TemporaryDirectory() as scratch:
        home, hours = make_series(args.folder or Path(scratch), args.shared, args.hours)
        measure(home, hours, args.times)


def measure(home: SeriesFolder, hours: float, times: int) -> None:
    """Index the series, change one episode, ask."""
    home.archive.unlink(missing_ok=True)
    read = read_series(home)
    assert read.series is not None, read.problems
    print(f"{len(home.episodes)} episodes, {hours:.1f} hours of speech")
    with Archive(home.archive) as archive:
        began = time.process_time()
        refresh(home, read, archive)
        cpu_s = time.process_time() - began
        size_mb = home.archive.stat().st_size / 1e6
        print(
            f"index: {cpu_s:.1f} CPU s, {cpu_s / hours:.2f} CPU s an hour of speech, "
            f"{len(archive)} windows, {size_mb:.1f} MB"
        )
        one = home.episodes[len(home.episodes) // 2]
        text = one.transcript.read_text("utf-8")
        one.transcript.write_text(text + "\n", "utf-8")
        began = time.process_time()
        refresh(home, read, archive)
        print(f"one episode touched, its words the same: {time.process_time() - began:.2f} CPU s")
        one.transcript.write_text(text.replace(" the ", " a ", 1), "utf-8")
        began = time.process_time()
        refresh(home, read, archive)
        print(f"one word changed: {time.process_time() - began:.2f} CPU s")
        opened = Open(archive, read.series)
        wish = Filter(int(datetime.now(UTC).timestamp() * 1000))
        every: list[float] = []
        quickest: list[float] = []
        began = time.process_time()
        for question in QUESTIONS:
            found = timed(lambda q=question: ask(opened, q, wish, 5), times)  # type: ignore[misc]  # bound above
            every += found
            quickest.append(found[0])
            print(f"  {statistics.median(found):6.1f} ms, {found[0]:.1f} to {found[-1]:.1f}: {question}")
        cpu_ms = (time.process_time() - began) * 1000 / len(every)
        every.sort()
        print(
            f"a question: median {statistics.median(every):.1f} ms, "
            f"95 % under {every[int(len(every) * 0.95)]:.1f} ms"
        )
        print(f"  {cpu_ms:.1f} CPU ms on average; each at its best under {max(quickest):.1f} ms")
        looks = timed(lambda: refresh(home, read, archive), 5)
        print(f"the look whether anything changed: {statistics.median(looks):.1f} ms")


if __name__ == "__main__":
    main()
