"""Billed names in real speech: spelled right, put nowhere else, no word lost by it, and what is missing told.

    python bench/spelling.py [--shared PATH] [--folder PATH] [--only CASE ...]

The three synthetic interviews and the real conversation of the shared data go through `onrecord build` with
nothing but a recording and the billed names in each folder; the engine alone (the same weights, as its own
documentation runs them) hears the same recordings. Then, for each:

    mentions    of billed people in what was said, and how many stand in the transcript to the letter
                (capitals and marks aside, accents and hyphens not)
    wer         the word error rate of the transcript, and of the engine alone
    control     the same speech billed with people who are not in it, ten at a time: whatever is put right
                there is wrong. No part of their names is said in the conversation.
    cuts        five clauses of three words and more, cut out of the transcript at random, many times: how
                many `onrecord status` tells as speech without words, and what it tells where none was cut

With --folder the series is kept, so that a second run makes only what has changed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jiwer

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import naming_cases
from bench.end_to_end import NORMAL, SERIES, SHARED, Case, cases, lay

from onrecord.craft.align import align
from onrecord.craft.doubt import GAP_MS, doubts
from onrecord.craft.sounding import letters
from onrecord.engines import whisper
from onrecord.flow.plan import plan
from onrecord.folder.layout import EpisodeFolder, SeriesFolder, find_series
from onrecord.folder.load import EpisodeRead, read_episode, read_heard, read_series
from onrecord.make.step import Work
from onrecord.model.people import Billing, Person
from onrecord.model.time import Span
from onrecord.model.transcript import Transcript
from onrecord.steps import spell

ENGINE = "base"
DRAWS = 100
CLAUSES, LEAST_WORDS = 5, 3
AT_A_TIME = 10


def measure(shared: Path, only: Sequence[str] = (), folder: Path | None = None) -> dict[str, Any]:
    """Build the cases and judge each.

    Args:
        shared: The folder of real material.
        only: Names of cases; all where empty.
        folder: Where the series is, or is to be; one that is thrown away where there is none.

    Returns:
        Figures by the name of the case, and under `tts` the mentions of the synthetic interviews together.
    """
    with tempfile.TemporaryDirectory() as thrown_away:
        root = folder or Path(thrown_away)
        root.mkdir(parents=True, exist_ok=True)
        (root / "series.yaml").write_text(f"{SERIES}recogniser: {ENGINE}\n")
        chosen = [case for case in cases(shared) if not only or case.name in only]
        slugs = [_laid(root, case) for case in chosen]
        command = [sys.executable, "-m", "onrecord", "-C", str(root), "build", "--drafts", "--quiet"]
        subprocess.run(command, check=True, stdout=2)  # the standard error
        strangers = _strangers(shared)
        found = {c.name: _judge(root, c, slug, strangers) for c, slug in zip(chosen, slugs, strict=True)}
    tts = [told for name, told in found.items() if re.match(r"p\d", name)]
    if tts:
        said = sum(one["mentions"] for one in tts)
        found["tts"] = {
            "mentions": said,
            "right": sum(one["right"] for one in tts) / said,
            "right_alone": sum(one["right_alone"] for one in tts) / said,
        }
    return found


def _laid(root: Path, case: Case) -> str:
    slug = f"2025-01-01-{case.name.replace('_', '-')}"
    return slug if (root / "episodes" / slug).exists() else lay(root, case).name


def _judge(root: Path, case: Case, slug: str, strangers: Sequence[str]) -> dict[str, Any]:
    home = find_series(root)
    assert home is not None
    own = home.episode(slug)
    read = _read(home, own)
    assert read.transcript is not None
    ours = " ".join(" ".join(cue.text.split()) for cue in read.transcript.cues)
    kept = root / f"alone-{case.name}.txt"
    if not kept.exists():
        kept.write_text(_alone(case.recording))
    alone, said = kept.read_text(), " ".join(text for _, text in case.said)
    names = (case.host, *case.guests)
    mentions, right, wrong = _mentions(said, ours, names)
    _, right_alone, _ = _mentions(said, alone, names)
    tried, control = _control(home, own, said, strangers)
    heard = json.loads((own.record / "spelled.json").read_text())
    return {
        "mentions": mentions,
        "right": right,
        "right_alone": right_alone,
        "wrong": wrong,
        "wer": jiwer.wer(NORMAL(said), NORMAL(ours)),
        "wer_alone": jiwer.wer(NORMAL(said), NORMAL(alone)),
        "repairs": [row[2:4] for row in heard["repairs"]],
        "near": [row[2:4] for row in heard["near"]],
        "control_people": tried,
        "control_repairs": control,
        **_cuts(own, read.transcript),
    }


def _read(home: SeriesFolder, own: EpisodeFolder) -> EpisodeRead:
    series = read_series(home)
    assert series.series is not None
    return read_episode(home, own, series.series, series.register)


def _alone(recording: Path) -> str:
    """What the engine writes by itself."""
    found, _ = whisper.recogniser(ENGINE).model.transcribe(
        str(recording),
        language="en",
        beam_size=5,
        vad_filter=True,
        word_timestamps=True,
        condition_on_previous_text=False,
    )
    return " ".join(part.text.strip() for part in found)


def _bare(text: str) -> list[str]:
    """Words without capitals, without the marks around them and without a possessive."""
    words = (re.sub(r"^\W+|\W+$", "", word) for word in text.casefold().replace("’", "'").split())
    return [re.sub(r"'s$", "", word) for word in words if word]


def _mentions(said: str, written: str, names: Sequence[str]) -> tuple[int, int, list[str]]:
    """How often somebody is named, how often that is spelled right, and what stands there otherwise."""
    truth, ours = _bare(said), _bare(written)
    parts = [_bare(name) for name in names]
    out = jiwer.process_words(" ".join(map(letters, truth)), " ".join(letters(w) or "-" for w in ours))
    at: dict[int, int] = {}
    for part in out.alignments[0]:
        if part.type in ("equal", "substitute"):
            for k in range(part.ref_end_idx - part.ref_start_idx):
                at[part.ref_start_idx + k] = part.hyp_start_idx + k
    mentions, wrong, i = 0, [], 0
    while i < len(truth):
        n = max((_run(truth, i, words) for words in parts), default=0)
        if n:
            mentions += 1
            heard = [ours[at[k]] if k in at else "" for k in range(i, i + n)]
            if heard != truth[i : i + n]:
                wrong.append(f"{' '.join(truth[i : i + n])}: {' '.join(heard)}")
        i += n or 1
    return mentions, mentions - len(wrong), wrong


def _run(truth: Sequence[str], i: int, name: Sequence[str]) -> int:
    """How many words from `i` on are a mention of a name: all of it, or a part that can stand alone."""
    if list(truth[i : i + len(name)]) == list(name):
        return len(name)
    return int(truth[i] in name and len(truth[i]) > 2 and truth[i] != "correspondent")


def _strangers(shared: Path) -> list[str]:
    """People of other conversations, and those of all cases here."""
    found = {b.name for one in naming_cases.cases(shared) for b in one.billed}
    found |= {name for case in cases(shared) for name in (case.host, *case.guests)}
    return sorted(name for name in found if len(name.split()) > 1)


def _control(
    home: SeriesFolder, own: EpisodeFolder, said: str, strangers: Sequence[str]
) -> tuple[int, list[list[str]]]:
    """How many people who are not in it were billed, and what was put right by their names."""
    spoken = {letters(part) for word in said.split() for part in (word, *word.split("-"))}
    absent = [
        name
        for name in strangers
        if not any(letters(p) in spoken for word in name.split() for p in (word, *word.split("-")))
    ]
    series = read_series(home).series
    read = _read(home, own)
    assert series is not None
    assert read.episode is not None
    put: list[list[str]] = []
    for n in range(0, len(absent), AT_A_TIME):
        people = [Billing(Person(f"p{k}", name)) for k, name in enumerate(absent[n : n + AT_A_TIME])]
        billed = replace(read, episode=replace(read.episode, host=None, guests=tuple(people)))
        (task,) = (task for task in plan(home, series, [billed]) if task.step == spell.NAME)
        with tempfile.TemporaryDirectory() as scratch:
            needs = tuple(own.root / path for path in task.needs)
            spell.do(Work(own.root, needs, Path(scratch), json.loads(task.params), lambda *_: None))
            put += [row[2:5] for row in json.loads((Path(scratch) / "spelled.json").read_text())["repairs"]]
    return len(absent), put


def _cuts(own: EpisodeFolder, transcript: Transcript) -> dict[str, Any]:
    """Clauses cut out of a transcript: how many are told as gaps, and how many gaps are told uncut."""
    heard = read_heard(own)
    rows = align(heard.words, transcript.cues)
    places = [(i, k) for i, row in enumerate(rows) for k in range(len(row))]
    clauses: list[list[tuple[int, int]]] = [[]]
    for i, k in places:
        clauses[-1].append((i, k))
        if re.search(r"[,.;:?!…]\W*$", rows[i][k].text):
            clauses.append([])
    clauses = [clause for clause in clauses if len(clause) >= LEAST_WORDS]
    dice = random.Random(5)  # noqa: S311 - for a repeatable draw
    told: list[int] = []
    missed: list[str] = []
    for _ in range(DRAWS):
        cut = dice.sample(clauses, CLAUSES)
        gone = {place for clause in cut for place in clause}
        left = tuple(
            replace(cue, text=" ".join(w.text for k, w in enumerate(rows[i]) if (i, k) not in gone))
            for i, cue in enumerate(transcript.cues)
            if any((i, k) not in gone for k in range(len(rows[i])))
        )
        gaps = [d.span for d in doubts(replace(transcript, cues=left), heard) if d.kind == "gap"]
        spans = [Span(rows[a][b].span.start, rows[c][d].span.end) for (a, b), *_, (c, d) in cut]
        found = [any(span & gap for gap in gaps) for span in spans]
        told.append(sum(found))
        missed += [
            f"{' '.join(rows[i][k].text for i, k in clause)} ({span.length_ms} ms)"
            for clause, span, yes in zip(cut, spans, found, strict=True)
            if not yes
        ]
    uncut = [d.span.length_ms for d in doubts(transcript, heard) if d.kind == "gap"]
    length_ms = max(w.span.end for row in rows for w in row)
    return {
        "clauses": len(clauses),
        "draws": DRAWS,
        "all_five_told": told.count(CLAUSES) / DRAWS,
        "clauses_told": sum(told) / (DRAWS * CLAUSES),
        "clauses_missed": sorted(set(missed)),
        "gaps_uncut": len(uncut),
        "gaps_uncut_long": sum(ms >= 2 * GAP_MS for ms in uncut),
        "minutes": length_ms / 60_000,
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", nargs="+", default=(), metavar="CASE")
    asked = parser.parse_args()
    print(json.dumps(measure(asked.shared, asked.only, asked.folder), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
