"""The table of docs/quality-ledger.md: the ledger beside BM25 alone, on conversations that people marked.

    python bench/quality_ledger.py [--shared PATH] [--only WORD] [--write]

Both systems read the same files and are scored by the same scorers (in `--shared`). BM25 alone is what a
search box would do: of all windows of a hundred words, the one that scores best. Intervals (95 %) are of the
difference, drawn over conversations (paired bootstrap). Half lists and foreign questions are drawn here, by
fixed seeds. Takes some minutes; `--only podcasts` makes the rows of one set.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.ledger import LANGUAGE, MODES, Conversation, Predictions, told

from onrecord.craft.relevance import bm25, hear, sought

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "quality-ledger.md"
WINDOW_WORDS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """What is measured: a name, the file of conversations, the adapter's mode and the scorer."""

    name: str
    data: str
    mode: str
    scorer: str = "locate"


ROWS = (
    Row("podcasts, announced list", "podcasts_dev", "agenda"),
    Row("podcasts, shuffled list", "podcasts_dev", "shuffled"),
    Row("podcasts, half of the list", "podcasts_dev", "half"),
    Row("podcasts, a quarter foreign", "podcasts_dev", "absent", "absent"),
    Row("meetings, topics as agenda", "qmsum_agenda_val", "agenda"),
    Row("meetings, shuffled topics", "qmsum_agenda_val", "shuffled"),
    Row("meetings, a quarter foreign", "qmsum_agenda_val", "absent", "absent"),
    Row("meetings, single questions", "qmsum_val", "single"),
    Row("meetings, archive", "qmsum_val", "archive", "archive"),
    Row("meetings, quotes", "qmsum_val", "quotes", "quotes"),
)
INTRODUCTION = """# The ledger, measured

<!-- Written by bench/quality_ledger.py (`make quality-ledger`). -->

Podcasts and talks with their transcribers' headings as the announced list, and meetings with marked topics
and questions. The weights were tuned on these conversations and on others of the same kind
(bench/ledger_fit.py), so the figures are a little kind. Against BM25 alone; in brackets the 95 % interval
of the difference.

| set | figures | BM25 alone | difference | CPU s and MB |
|---|---|---|---|---|
"""
BY_HAND = "<!-- From here on written by hand; kept. -->"


def searched(conversations: Sequence[Conversation]) -> Predictions:
    """BM25 alone: the best windows of a hundred words, apart from each other."""
    out: Predictions = []
    for one in told(conversations):
        heard = hear(one.portions, one.idf)
        first, end = heard.around(WINDOW_WORDS)
        for query in one.given["queries"]:
            scores = bm25(heard, (first, end), sought(query["query"], LANGUAGE, one.idf))
            ranked = [int(i) for i in np.argsort(-scores, kind="stable")]
            turns = [one.portions[i].turn for i in ranked]
            best = ranked[0]
            span = [one.portions[int(first[best])].turn, one.portions[int(end[best]) - 1].turn]
            row = {"meeting_id": one.id, "qid": query["qid"], "spans": [span]}
            out.append({**row, "turns": list(dict.fromkeys(turns))})
    return out


def halved(conversations: Sequence[Conversation]) -> list[Conversation]:
    """A random half of each list, in its order."""
    draw = random.Random(1)  # noqa: S311
    halves: list[Conversation] = []
    for one in conversations:
        queries = one["queries"]
        kept = sorted(draw.sample(range(len(queries)), max(1, len(queries) // 2)))
        halves.append({**one, "queries": [queries[i] for i in kept]})
    return halves


def run(script: Path, *given: Path | str) -> str:
    """What a scorer prints."""
    asked = [sys.executable, str(script), *map(str, given)]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


def measure(row: Row, scorers: Path, conversations: list[Conversation], folder: Path) -> str:
    """One line of the table."""
    gold, ours, theirs = (folder / f"{name}.json" for name in ("gold", "ours", "theirs"))
    shown = conversations = halved(conversations) if row.mode == "half" else conversations
    gold.write_text(json.dumps(conversations), encoding="utf-8")
    if row.scorer == "absent":
        run(scorers / "make_absent.py", gold, folder / "shown.json", folder / "key.json")
        shown = json.loads((folder / "shown.json").read_text(encoding="utf-8"))
        gold = folder / "key.json"
    made, cost = _timed(MODES[row.mode], shown)
    ours.write_text(json.dumps(made), encoding="utf-8")
    hours = sum(len(t["text"].split()) for c in conversations for t in c["turns"]) / 9000
    spent = f"{cost / hours:.2f} s an hour, {_peak_mb():.0f} MB in all"
    if row.scorer != "locate":
        score = run(scorers / f"eval_{row.scorer}.py", gold, ours).strip()
        return f"| {row.name} | {_short(score)} | | | {spent} |"
    theirs.write_text(json.dumps(searched(shown)), encoding="utf-8")
    figures = [_short(run(scorers / "eval_locate.py", "--gold", gold, "--pred", p)) for p in (ours, theirs)]
    apart = run(scorers / "bootstrap.py", gold, theirs, ours).strip().replace("B-A = ", "")
    return f"| {row.name} | {figures[0]} | {figures[1]} | {apart.replace(chr(10), '<br>')} | {spent} |"


def _timed(
    mode: Callable[[Sequence[Conversation]], Predictions], shown: Sequence[Conversation]
) -> tuple[Predictions, float]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    made = mode(shown)
    return made, resource.getrusage(resource.RUSAGE_SELF).ru_utime - before


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def _short(score: str) -> str:
    kept = (
        *("F1", "hit@1", "start@30s", "start@2min", "point@1", "placed_F1"),
        *("s@1", "s@5", "s@10", "m@1", "gain", "overlap_gain", "verbatim", "sentences", "length"),
    )
    found: dict[str, Any] = dict(re.findall(r"(\S+)=([\d.]+)", score))
    return "<br>".join(f"{name} {float(found[name]):.3f}" for name in kept if name in found)


def main() -> None:
    """Measure all rows, print the table and write the page if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    bench = given.shared / "bench"
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for row in ROWS:
            if given.only not in f"{row.name} {row.mode}":
                continue
            with gzip.open(bench / "data" / f"{row.data}.json.gz", "rt", encoding="utf-8") as packed:
                conversations = json.load(packed)
            lines.append(measure(row, bench / "ledger", conversations, Path(folder)))
            print(lines[-1], flush=True)
    if given.write and not given.only:
        kept = PAGE.read_text("utf-8").partition(BY_HAND)[2] if PAGE.exists() else ""
        PAGE.write_text(INTRODUCTION + "\n".join(lines) + f"\n\n{BY_HAND}{kept}", encoding="utf-8")


if __name__ == "__main__":
    main()
