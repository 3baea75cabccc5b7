"""Fits what each piece of evidence is worth (craft/naming_weights.py) to the real transcripts.

    python bench/naming_fit.py [--shared PATH] [--write]

The likelihood is that of the whole naming of a conversation among all namings that give no person two voices
(a voice may be nobody's): the namings are counted out, so that elimination is learned with the rest. Large
meetings are cut into parts of four voices. The weights are drawn to the hand-written ones (HAND), as there
are more kinds of evidence than conversations of some kinds. To see whether it holds for shows that were not
there, every show is left out once; the confidence is fitted to the names given in those left-out shows only.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.naming_cases import Case, cases

from onrecord.craft.naming import Billed, assign
from onrecord.craft.naming_evidence import FEATURES, SAID, evidence

TABLE = Path(__file__).parents[1] / "src/onrecord/craft/naming_weights.py"

HAND: Mapping[str, float] = {
    "me": 4.0, "perhaps_me": 2.0, "others": -1.5,
    "presented_next": 2.0, "presented_soon": 0.6, "presented_late": 0.4,
    "called_next": 2.0, "called_far": 0.8, "called_before": 1.0, "named_last": 0.6,
    "thanked_before": 2.0, "thanked_next": 1.0, "greeted_next": 1.5, "greeted_before": 1.0,
    "told_next": 0.2, "told_before": 0.2, "presented_new": 1.0,
    "host_asks": 2.0, "host_opens": 1.0, "host_closes": 0.5, "host_host_words": 1.2, "host_guest_words": -1.0,
    "host_share": -0.5, "guest_asks": -2.0, "guest_opens": -1.0, "guest_closes": -0.5,
    "guest_host_words": -1.2,
    "guest_guest_words": 1.0, "guest_share": 0.5, "presented_asks": -1.0, "presented_opens": -0.5,
    "presented_closes": -0.3, "presented_host_words": -0.6, "presented_guest_words": 0.8,
    "presented_share": 0.3,
    "share_log": 0.4, "brief": -1.0, "advert": -2.0, "more": -0.7, "fewer": 0.3, "alone": 0.5,
}  # fmt: skip
"""What we would have said by hand; the first of the three ways of bench/naming.py."""

_BITCOIN = {"bitcoin", "podcasts"}  # whose people meet in many shows: a stranger comes from the other sets
_MOST = 5  # voices or people counted out together
_RARE = 0.3  # what a conversation with somebody unbilled or absent counts beside one as billed
_PULL = 3.0  # how strongly weights are drawn to the hand-written ones


@dataclass(frozen=True, slots=True)
class Sample:
    """A part of a talk: figures (features x voices x people), and whose each voice is (-1: nobody's)."""

    show: str
    figures: np.ndarray
    truth: tuple[int, ...]
    weight: float = 1.0


def group(case: Case) -> str:
    """What is left out together: one show, or shows with one host."""
    return (
        case.set
        if case.set in {"changelog", "haskell_interlude", "futureofcoding", "ohms_xml", "earnings21"}
        else case.show
    )


def variants(case: Case, strangers: Sequence[str], dice: random.Random) -> Iterator[tuple[Case, float]]:
    """The case as it is, without its roles, with somebody unbilled, with somebody absent."""
    plainly = replace(case, billed=tuple(replace(b, role="") for b in case.billed))
    for one in [case, plainly] if case.roles else [case]:
        yield one, 1.0
        gone = dice.choice(case.billed)
        left = tuple(b for b in one.billed if b.id != gone.id)
        if left:
            truth = {v: "" if p == gone.id else p for v, p in one.truth.items()}
            yield replace(one, billed=left, truth=truth), _RARE
        role = dice.choice(one.billed).role
        name = dice.choice([s for s in strangers if s not in {b.name for b in one.billed}])
        yield replace(one, billed=(*one.billed, Billed("absent", name, role=role))), _RARE


def samples(found: Iterable[Case], seed: int = 1) -> list[Sample]:
    """The samples of all cases with their variants."""
    dice = random.Random(seed)  # noqa: S311 - for a repeatable draw
    found = list(found)
    names = {
        field: sorted({b.name for c in found if (c.set in _BITCOIN) == field for b in c.billed})
        for field in (True, False)
    }
    out = []
    for case in found:
        for one, weight in variants(case, names[case.set not in _BITCOIN], dice):
            out += [replace(s, weight=s.weight * weight) for s in _samples(one, dice)]
    return out


def _samples(case: Case, dice: random.Random) -> Iterator[Sample]:
    seen = evidence(case.turns, [(b.name, *b.also) for b in case.billed], [b.role for b in case.billed], "en")
    ids = [b.id for b in case.billed]
    truth = [ids.index(case.truth[v]) if case.truth[v] else -1 for v in seen.voices]
    order = sorted(range(len(truth)), key=lambda v: -seen.share[v])
    if len(truth) <= _MOST and len(ids) <= _MOST:
        yield Sample(group(case), seen.figures, tuple(truth))
        return
    dice.shuffle(order)
    for at in range(0, len(order), 4):
        some = order[at : at + 4]
        people = [truth[v] for v in some if truth[v] >= 0]
        others = [p for p in range(len(ids)) if p not in people]
        people += dice.sample(others, min(len(others), 5 - len(people)))
        figures = seen.figures[:, some][:, :, people]
        yield Sample(
            group(case), figures, tuple(people.index(truth[v]) if truth[v] >= 0 else -1 for v in some), 0.5
        )


def namings(voices: int, people: int) -> np.ndarray:
    """All namings of so many voices, shape (namings, voices); the value `people` stands for nobody."""
    rows = [
        row
        for row in itertools.product(range(people + 1), repeat=voices)
        if len({p for p in row if p < people}) == sum(p < people for p in row)
    ]
    return np.array(rows, dtype=np.int8).reshape(-1, voices)


class _Batch:
    """Samples of one shape, so that their namings are counted out together."""

    def __init__(self, some: Sequence[Sample]) -> None:
        self.figures = np.stack([s.figures for s in some])
        _, _, self.voices, self.people = self.figures.shape
        self.table = namings(self.voices, self.people)
        self.weight = np.array([s.weight for s in some])
        self.truth = np.zeros((len(some), self.voices, self.people + 1))
        for n, s in enumerate(some):
            self.truth[n, np.arange(self.voices), list(s.truth)] = 1  # -1, nobody, is the last place

    def loss(self, w: np.ndarray) -> tuple[float, np.ndarray]:
        worth = np.einsum("f,nfvp->nvp", w, self.figures, optimize=True)
        worth = np.concatenate([worth, np.zeros((*worth.shape[:2], 1))], axis=2)
        scores = np.zeros((len(worth), len(self.table)))
        for v in range(self.voices):
            scores += worth[:, v, self.table[:, v]]
        top = scores.max(axis=1, keepdims=True)
        chance = np.exp(scores - top)
        norm = chance.sum(axis=1, keepdims=True)
        lost = top[:, 0] + np.log(norm[:, 0]) - (worth * self.truth).sum(axis=(1, 2))
        chance /= norm
        expected = np.zeros_like(self.truth)
        for v in range(self.voices):
            for p in range(self.people + 1):
                expected[:, v, p] = chance[:, self.table[:, v] == p].sum(axis=1)
        off = (expected - self.truth)[:, :, : self.people] * self.weight[:, None, None]
        return float(self.weight @ lost), np.einsum("nfvp,nvp->f", self.figures, off, optimize=True)


def fit(train: Sequence[Sample], start: np.ndarray, pull: float = _PULL) -> np.ndarray:
    """The weights under which the true namings are likeliest, drawn to `start`."""
    batches = [
        _Batch([s for s in train if s.figures.shape[1:] == shape])
        for shape in {s.figures.shape[1:] for s in train}
    ]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        total = 0.5 * pull * float(np.sum((w - start) ** 2))
        slope = pull * (w - start)
        for batch in batches:
            more, steeper = batch.loss(w)
            total, slope = total + more, slope + steeper
        return total, slope

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)


def pairwise(train: Sequence[Sample], start: np.ndarray, pull: float = _PULL) -> np.ndarray:
    """The weights of a plain logistic regression on pairs, as if each pair stood alone; for comparison."""
    rows = np.concatenate([s.figures.reshape(len(start), -1).T for s in train])
    truth = np.concatenate([np.eye(s.figures.shape[2] + 1)[list(s.truth)][:, :-1].ravel() for s in train])
    weight = np.concatenate([np.full(s.figures[0].size, s.weight) for s in train])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        chance = 1 / (1 + np.exp(-np.clip(rows @ w, -30, 30)))
        lost = -np.sum(weight * (truth * np.log(chance) + (1 - truth) * np.log(1 - chance)))
        slope = rows.T @ (weight * (chance - truth)) + pull * (w - start)
        return float(lost) + 0.5 * pull * float(np.sum((w - start) ** 2)), slope

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)


Fitting = Callable[[Sequence[Sample], np.ndarray], np.ndarray]


def left_out(
    all_samples: Sequence[Sample], start: np.ndarray, fitting: Fitting = fit
) -> dict[str, np.ndarray]:
    """For each show the weights that were fitted without it."""
    shows = sorted({s.show for s in all_samples})
    return {show: fitting([s for s in all_samples if s.show != show], start) for show in shows}


def start() -> np.ndarray:
    """The hand-written weights in the order of the figures."""
    return np.array([HAND.get(name, 0.0) for name in FEATURES])


def margins(drawn: Sequence[Sample], weights: Mapping[str, np.ndarray]) -> np.ndarray:
    """Of each name given in a show that the weights had not seen: margin, right or not, weight."""
    rows = []
    for s in drawn:
        w = weights[s.show]
        own = np.einsum("f,fvp->vp", w[: len(SAID)], s.figures[: len(SAID)])
        for v, (p, margin, _) in enumerate(assign(np.einsum("f,fvp->vp", w, s.figures), own)):
            if p >= 0:
                rows.append((margin, float(p == s.truth[v]), s.weight))
    return np.array(rows)


def calibrate(rows: np.ndarray) -> tuple[float, float]:
    """Slope and zero of the logistic curve from margins to chances."""
    margin, right, weight = rows.T

    def loss(a: np.ndarray) -> float:
        return float(np.sum(weight * np.log1p(np.exp(-(2 * right - 1) * (a[0] * margin + a[1])))))

    slope, zero = minimize(loss, [1.0, 0.0]).x
    return float(slope), float(zero)


def main() -> None:
    """Fit, say how well the confidence holds in shows left out, and write the table if asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    drawn = samples(cases(asked.shared))
    rows = margins(drawn, left_out(drawn, start()))
    slope, zero = calibrate(rows)
    said = 1 / (1 + np.exp(-(slope * rows[:, 0] + zero)))
    print(f"slope {slope:.2f}, zero {zero:.2f}; in shows left out:")
    for low, high in itertools.pairwise((0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)):
        some = (said >= low) & (said < high)
        right = np.average(rows[some, 1], weights=rows[some, 2]) if some.any() else 0
        told = f"{some.sum():4} names, {100 * right:5.1f} % right"
        print(f"  said {100 * low:3.0f} to {100 * high:3.0f} %: {told}")
    weights = fit(drawn, start())
    table = "".join(f'    "{name}": {w:.2f},\n' for name, w in zip(FEATURES, weights, strict=True))
    print(table)
    if asked.write:
        text = TABLE.read_text("utf-8")
        head, _, rest = text.partition("WEIGHTS: Mapping[str, float] = {\n")
        rest = rest.partition("}\n")[2]
        text = f"{head}WEIGHTS: Mapping[str, float] = {{\n{table}}}\n{rest}"
        TABLE.write_text(re.sub(r"SLOPE, ZERO = .*", f"SLOPE, ZERO = {slope:.2f}, {zero:.2f}", text), "utf-8")


if __name__ == "__main__":
    main()
