"""Learns the weights of boundary_weights, layout_weights and locate_weights.py from marked conversations.

    python bench/ledger_fit.py [--shared PATH] [--most N] boundary|layout|locate

Prints them; a person looks at them and puts them into the module.

    boundary   logistic regression: which turns begin a marked topic, among all turns (meetings, train)
    layout     the largest likelihood of the marked layouts among all layouts in order, where each boundary
               may be forty words off (podcasts, dev); craft/path.py sums, and the gradient follows from
               the chances of runs
    locate     the greatest expected overlap with the marked run (meetings, train): see craft/locate.py

`--most` takes so many conversations only, for a try.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.ledger import LANGUAGE, Told, told

from onrecord.craft import layout_weights, locate_weights
from onrecord.craft.boundary import FEATURES, boundary, features, opening
from onrecord.craft.boundary_weights import OPENERS
from onrecord.craft.cohesion import counts, tightness
from onrecord.craft.field import GRAIN_WORDS, OPENING_WORDS, ground
from onrecord.craft.locate import Signs, prepare, signs
from onrecord.craft.path import NEVER, Field, weight
from onrecord.craft.relevance import Array, bm25, hear, relevance, sought, standard

SHARED = Path(__file__).resolve().parents[2] / "shared"
LAYOUT = ("RELEVANCE 40", "RELEVANCE 100", "RELEVANCE 250", "OWN", "CUE", "INSIDE", "ASKED", "TOLD")
PAIRS = ("EVEN", "LONG", "TIGHT")
OFF_WORDS = 40
STEP = 1e-3


def read(shared: Path, name: str, most: int) -> list[Told]:
    """Some marked conversations."""
    with gzip.open(shared / "bench" / "data" / f"{name}.json.gz", "rt", encoding="utf-8") as packed:
        return list(told(json.load(packed)[:most]))


def fit_boundary(ones: Sequence[Told]) -> dict[str, float]:
    """What each sign of a beginning weighs."""
    rows, begins = [], []
    for one in ones:
        heard = hear(one.portions, one.idf)
        first = {topic["spans"][0][0] for topic in one.given["topics"]}
        table = np.concatenate((features(one.talk, heard, counts(heard)), opening(heard)), axis=1)
        for i, portion in enumerate(one.portions):
            if portion.opens and portion.turn:
                rows.append(table[i])
                begins.append(float(portion.turn in first))
    x, y = np.column_stack((np.array(rows), np.ones(len(rows)))), np.array(begins)
    x[:, 0] = 0
    spread = np.append(x[:, :-1].std(axis=0) + 1e-3, 0.0)

    def loss(b: Array) -> tuple[float, Array]:
        s = x @ b
        p = 1 / (1 + np.exp(-s))
        return float((np.logaddexp(0, s) - y * s).sum() + 3 * ((b * spread) ** 2).sum()), x.T @ (
            p - y
        ) + 6 * b * spread**2

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return dict(zip((*FEATURES, *OPENERS), np.round(found, 3), strict=False))


Signed = tuple[Array, Array, Array, Array, Array]
"""Of one conversation: signs along, at the beginning, of pairs; words before each place; marked places."""


def signed(one: Told) -> Signed:
    """The signs of a layout, not yet weighed."""
    heard = hear(one.portions, one.idf)
    table = counts(heard)
    on = ground(one.talk, one.portions, LANGUAGE, one.idf)
    stems = [sought(text, LANGUAGE, heard.idf) for text in one.questions]
    edges, grains = on.edges, heard.words / GRAIN_WORDS
    rows = np.array([relevance(heard, s) for s in stems])
    mean = rows.mean(axis=1)
    along = np.stack([*rows.transpose(1, 0, 2), mean - np.logaddexp.reduce(mean, axis=0)]) * grains
    along = np.concatenate((np.zeros((*along.shape[:2], 1)), np.cumsum(along, axis=2)), axis=2)[:, :, edges]
    cue = boundary(one.talk, heard, table, LANGUAGE)
    inside = np.array([float(not portion.opens) for portion in one.portions])
    near = [
        np.array([standard(bm25(heard, window, s), heard.words) for s in stems])
        for window in (heard.after(OPENING_WORDS), heard.ahead(OPENING_WORDS))
    ]
    same = np.ones((len(stems), 1))
    begin = np.stack([same * cue, same * inside, *near])[:, :, on.starts]
    begin[:, :, 0] = 0
    begin = np.concatenate((begin, np.zeros((*begin.shape[:2], 1))), axis=2)
    at_words = heard.at_words[edges]
    share = np.log(np.maximum(at_words[None] - at_words[:, None], 1) / (at_words[-1] / len(stems)))
    pairs = np.stack([-(share**2) / 2, share, tightness(heard, table, on.starts)])
    first = {portion.turn: i for i, portion in reversed(list(enumerate(one.portions)))}
    marked = np.array([heard.at_words[first[query["spans"][0][0]]] for query in one.given["queries"]])
    return along, begin, pairs, at_words, marked


def field_of(signs_of: Signed, given: Array) -> Field:
    """The signs, weighed."""
    along, begin, pairs, at_words, _ = signs_of
    a, b = len(along), len(begin)
    none = np.full(along.shape[1], NEVER)
    return Field(
        np.tensordot(given[:a], along, 1),
        np.tensordot(given[a : a + b], begin, 1),
        np.tensordot(given[a + b :], pairs, 1),
        None,
        none,
        at_words,
    )


def likelihood(signs_of: Signed, given: Array) -> float:
    """How likely the marked layout is among all, as a logarithm."""
    made, marked = field_of(signs_of, given), signs_of[4]
    allowed = np.where(np.abs(made.at_words[None] - marked[:, None]) <= OFF_WORDS, 0.0, NEVER)
    allowed[np.arange(len(marked)), np.abs(made.at_words[None] - marked[:, None]).argmin(axis=1)] = 0
    allowed[0] = np.where(np.arange(allowed.shape[1]) == 0, 0.0, NEVER)
    return weight(replace(made, begin=made.begin + allowed)) - weight(made)


def fit_layout(ones: Sequence[Told]) -> dict[str, float]:
    """What each sign of a run weighs."""
    every = [signed(one) for one in ones]
    w = layout_weights
    start = np.array([*w.RELEVANCE, w.OWN, w.CUE, w.INSIDE, w.ASKED, w.TOLD, w.EVEN, w.LONG, w.TIGHT])

    def loss(given: Array) -> float:
        return float(-sum(likelihood(one, given) for one in every) + 0.5 * given @ given)

    found = minimize(loss, start, method="L-BFGS-B", options={"maxiter": 30, "eps": STEP}).x
    return dict(zip((*LAYOUT, *PAIRS), np.round(found, 3), strict=True))


def fit_locate(ones: Sequence[Told]) -> dict[str, float]:
    """What each sign weighs when one question is looked for."""
    every = [pair for one in ones for pair in _overlaps(one)]

    def loss(given: Array) -> tuple[float, Array]:
        total, slope = 0.0, np.zeros(len(given))
        for found, overlap in every:
            weights = found.weights(given)
            chance = np.exp(weights - weights.max())
            chance /= chance.sum()
            mean = float((chance * overlap).sum())
            pull = chance * (overlap - mean)
            ahead, behind = pull.sum(axis=1), pull.sum(axis=0)
            along = found.along @ behind - found.along @ ahead
            ends = (found.begin @ ahead, found.end @ behind, np.tensordot(found.pairs, pull, 2))
            total, slope = total - mean, slope - np.concatenate((along, *ends))
        n = len(every)
        return total / n + 0.0005 * float(given @ given), slope / n + 0.001 * given

    start = np.array(locate_weights.WEIGHTS)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 50}).x
    return {str(i): round(float(x), 3) for i, x in enumerate(found)}


def _overlaps(one: Told) -> list[tuple[Signs, Array]]:
    """For every fourth question the signs of all runs and their overlap (F1 of turns) with the marked one."""
    on = prepare(one.talk, one.portions, LANGUAGE, one.idf)
    opens = np.array([float(portion.opens) for portion in one.portions])
    edges = on.edges
    turns = np.concatenate(([0.0], np.cumsum(opens)))[edges]
    queries: list[Any] = one.given["queries"]
    out = []
    for k, query in list(enumerate(queries))[::4]:
        gold = {t for a, b in query["spans"] for t in range(a, b + 1)}
        held = np.array([float(p.turn in gold) for p in one.portions]) * opens
        both = np.concatenate(([0.0], np.cumsum(held)))[edges]
        lengths = np.maximum(turns[None] - turns[:, None], 1) + len(gold)
        stems = sought(query["query"], LANGUAGE, one.idf)
        found = signs(on, query["query"], stems, (k + 0.5) / len(queries))
        out.append((found, np.clip(2 * (both[None] - both[:, None]) / lengths, 0, 1)))
    return out


def main() -> None:
    """Fit one of the tables and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("what", choices=("boundary", "layout", "locate"))
    given = parser.parse_args()
    name = "podcasts_dev" if given.what == "layout" else "qmsum_train"
    fits = {"boundary": fit_boundary, "layout": fit_layout, "locate": fit_locate}
    for sign, found in fits[given.what](read(given.shared, name, given.most)).items():
        print(f"{sign}: {found:.3f}")


if __name__ == "__main__":
    main()
