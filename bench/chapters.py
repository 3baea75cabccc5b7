"""Chapters where nothing was announced, and chapters from an announced list, beside an even split.

    python bench/chapters.py --shared ../shared

On podcasts_dev (section headings placed by transcribers) with nothing known but speakers and words:
boundary F1 within 75 and 300 words, Pk and WindowDiff, as ../shared/bench/ledger/eval_chapters.py has them.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

from bench.ledger_quotes_fit import said

from onrecord.craft.segment import cut, how_many


def main() -> None:
    """Measure, and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--shared", type=Path, default=Path("../shared"))
    arguments.add_argument("--data", default="podcasts_dev")
    given = arguments.parse_args()
    spec = importlib.util.spec_from_file_location("scorer", given.shared / "bench/ledger/eval_chapters.py")
    assert spec is not None
    assert spec.loader is not None
    scorer: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    with gzip.open(given.shared / f"bench/data/{given.data}.json.gz") as data:
        talks = json.load(data)
    gold: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any]]] = {"even split": [], "cut, number known": [], "cut": []}
    for one in talks:
        talk = said(one["turns"])
        starts = {turn.span.start: i for i, turn in reversed(list(enumerate(talk)))}
        bounds = sorted({a for t in one["topics"] for a, _ in t["spans"]} - {0})
        gold.append({"id": one["meeting_id"], "units": [t["text"] for t in one["turns"]], "bounds": bounds})
        n, length_ms = len(bounds) + 1, talk[-1].span.end
        even = {k * len(talk) // n for k in range(1, n)} - {0}
        rows["even split"].append({"id": one["meeting_id"], "bounds": sorted(even)})
        for name, count in (("cut, number known", n), ("cut", how_many(length_ms))):
            begins = cut(talk, count, "en", ())
            at = {max(i for s, i in starts.items() if s <= begin) for begin in begins} - {0}
            rows[name].append({"id": one["meeting_id"], "bounds": sorted(at)})
    for name, found in rows.items():
        print(f"{name:20}", " ".join(f"{k}={v:.3f}" for k, v in scorer.evaluate(gold, found).items()))


if __name__ == "__main__":
    main()
