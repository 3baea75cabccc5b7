"""Learn what the features of a quote are worth, from meetings whose questions people answered.

    python bench/ledger_quotes_fit.py --shared ../shared

A ridge regression on qmsum_train: candidates are the runs of whole sentences that craft/quotes.py finds in
the annotated stretches of each question, the target is the F1 of content words with the human answer (counted
as ../shared/bench/ledger/eval_quotes.py does). Features and target are centred by question. The penalty is
chosen by cross-validation over meetings, on what the best candidate of each question is worth. It prints the
table of craft/quote_weights.py, and what is gained by it on qmsum_val (gain within the annotated stretch:
0 is a random candidate, 1 the best one).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from onrecord.craft.quotes import FEATURES, idf_of, measured
from onrecord.craft.turn import Said
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

_MS_PER_WORD = 400
_PENALTIES = (1.0, 10.0, 100.0, 1000.0, 10_000.0)
_FOLDS = 5
_TOKEN = re.compile(r"\S+(?:\s+[^\w\s]+(?=\s|$))*")
_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "if",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "with",
        "from",
        "by",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "i",
        "you",
        "he",
        "she",
        "we",
        "they",
        "them",
        "his",
        "her",
        "our",
        "your",
        "their",
        "my",
        "me",
        "us",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "may",
        "might",
        "not",
        "no",
        "yes",
        "so",
        "than",
        "then",
        "there",
        "here",
        "what",
        "which",
        "who",
        "whom",
        "when",
        "where",
        "why",
        "how",
        "about",
        "into",
        "over",
        "under",
        "up",
        "down",
        "out",
        "just",
        "like",
        "really",
        "very",
        "also",
        "think",
        "know",
        "going",
        "get",
        "got",
        "said",
        "say",
        "says",
    ]
)
_ENDINGS = (
    "ations",
    "ation",
    "ingly",
    "ments",
    "ment",
    "ings",
    "ing",
    "edly",
    "ies",
    "ied",
    "ely",
    "ers",
    "ed",
)

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One question: its meeting, the features of its candidates, what each is worth."""

    meeting: str
    features: Matrix
    worth: Matrix


def said(turns: list[dict[str, Any]]) -> tuple[Said, ...]:
    """Turns as a talk of 150 words a minute; marks that stand alone belong to the word before them."""
    talk, at = [], 0
    for turn in turns:
        words = []
        for token in _TOKEN.findall(turn["text"]):
            words.append(Word(Span(Ms(at), Ms(at + _MS_PER_WORD)), token))
            at += _MS_PER_WORD
        talk.append(Said(turn["speaker"], tuple(words or [Word(Span(Ms(at), Ms(at)), "…")])))
    return tuple(talk)


def content(text: str) -> Counter[str]:
    """The content words of a text by a crude stem."""
    words = (w for w in re.findall(r"[\w']+", text.lower()) if w not in _EMPTY and len(w) > 1)
    return Counter(_crude(w) for w in words)


def _crude(word: str) -> str:
    for ending in (*_ENDINGS, "es", "ly", "er", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def f1(a: Counter[str], b: Counter[str]) -> float:
    """Of two bags of words."""
    common = (a & b).total()
    return 2 * common / (a.total() + b.total()) if common else 0.0


def cases(file: Path) -> Iterator[Case]:
    """All questions of a file that have an answer and more than one candidate."""
    with gzip.open(file) as data:
        meetings = json.load(data)
    for meeting in meetings:
        talk = said(meeting["turns"])
        idf = idf_of(talk, "en")
        for query in meeting["queries"]:
            if not query.get("answer"):
                continue
            turns = tuple(talk[i] for a, b in query["spans"] for i in range(a, min(b + 1, len(talk))))
            found, rows = measured(turns, query["query"], "en", idf)
            if len(found) > 1:
                want = content(query["answer"])
                worth = np.array([f1(content(run.text), want) for run in found])
                yield Case(meeting["meeting_id"], np.array(rows), worth)


def ridge(train: list[Case], penalty: float) -> Matrix:
    """Weights on the features as they are; each question counts the same."""
    x = np.concatenate([(c.features - c.features.mean(0)) / np.sqrt(len(c.worth)) for c in train])
    y = np.concatenate([(c.worth - c.worth.mean()) / np.sqrt(len(c.worth)) for c in train])
    scale = np.sqrt((x**2).sum(0) / len(train)) + 1e-9
    z = x / scale
    solved: Matrix = np.linalg.solve(z.T @ z + penalty * np.eye(z.shape[1]), z.T @ y) / scale
    return solved


def gain(held: list[Case], weights: Matrix) -> float:
    """What the best candidate by these weights is worth: 0 as a random one, 1 as the best there is."""
    got = np.mean([c.worth[int(np.argmax(c.features @ weights))] for c in held])
    chance, best = np.mean([c.worth.mean() for c in held]), np.mean([c.worth.max() for c in held])
    return float((got - chance) / (best - chance))


def main() -> None:
    """Fit, and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument(
        "--shared", type=Path, default=Path("../shared"), help="the folder with bench/data"
    )
    data = arguments.parse_args().shared / "bench/data"
    train, val = (list(cases(data / f"qmsum_{split}.json.gz")) for split in ("train", "val"))
    fold = {m: i % _FOLDS for i, m in enumerate(sorted({c.meeting for c in train}))}
    by_penalty = {}
    for penalty in _PENALTIES:
        gains = [
            gain(
                [c for c in train if fold[c.meeting] == k],
                ridge([c for c in train if fold[c.meeting] != k], penalty),
            )
            for k in range(_FOLDS)
        ]
        by_penalty[penalty] = float(np.mean(gains))
        print(f"penalty {penalty:g}: gain {by_penalty[penalty]:.3f} (cross-validated)")
    weights = ridge(train, max(by_penalty, key=by_penalty.__getitem__))
    print("WEIGHTS = {")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f'    "{name}": {weight:.4f},')
    alone = np.zeros(len(FEATURES))
    alone[FEATURES.index("dense")] = 1.0
    print(
        f"}}\nqmsum_val, {len(val)} questions: gain {gain(val, weights):.3f}; "
        f"`dense` alone {gain(val, alone):.3f}"
    )


if __name__ == "__main__":
    main()
