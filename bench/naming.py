"""How well voices get their names from what is said, on real transcripts whose speakers are hidden.

    python bench/naming.py [--shared PATH] [--held-out] [--ways]

Words are counted. Of the words of everybody who is billed: how many stand under the right name, under a
wrong one, under none. A voice that is nobody's (an advertisement, the audience, an operator) and gets a name
counts as wrong. Intervals (95 %) are drawn over episodes. `--held-out` names each show by weights that were
fitted without it (a minute), `--ways` compares the three ways of weighing. See naming_cases.py for the sets.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.naming_cases import Case, cases, scripts
from bench.naming_damage import DAMAGES
from bench.naming_fit import group, left_out, pairwise, samples, start

from onrecord.craft.naming import assign, chance, name_voices, own_of, worth_of
from onrecord.craft.naming_evidence import evidence
from onrecord.craft.naming_weights import SURE

SHARED = Path(__file__).resolve().parents[2] / "shared"

Namer = Callable[[Case], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of words in per cent with their intervals, and how many words and episodes there were."""

    right: float
    right_interval: tuple[float, float]
    wrong: float
    wrong_interval: tuple[float, float]
    words: int
    episodes: int

    def __str__(self) -> str:
        (a, b), (c, d) = self.right_interval, self.wrong_interval
        return (
            f"right {self.right:5.1f} ({a:.1f} to {b:.1f})  wrong {self.wrong:4.2f} ({c:.2f} to {d:.2f})  "
            f"unnamed {100 - self.right - min(self.wrong, 100 - self.right):4.1f}  "
            f"{self.words} words, {self.episodes} episodes"
        )


def plainly(case: Case) -> Case:
    """The case without roles."""
    return replace(case, billed=tuple(replace(b, role="") for b in case.billed))


def by_default(case: Case) -> dict[str, str]:
    """The names that `name_voices` gives."""
    return {n.voice: n.person for n in name_voices(case.turns, case.billed)}


def by_weights(weights: np.ndarray, sure: Callable[[float], float] = chance, least: float = SURE) -> Namer:
    """The same with other weights."""

    def names(case: Case) -> dict[str, str]:
        found = evidence(
            case.turns, [(b.name, *b.also) for b in case.billed], [b.role for b in case.billed], "en"
        )
        given = assign(worth_of(found, weights), own_of(found, weights))
        return {
            voice: case.billed[p].id if p >= 0 and sure(margin) >= least else ""
            for voice, (p, margin, _) in zip(found.voices, given, strict=True)
        }

    return names


def count(case: Case, names: dict[str, str]) -> tuple[int, int, int]:
    """Words of the billed, of these right, and wrong ones anywhere."""
    billed = right = wrong = 0
    for voice, text in case.turns:
        words, truth, name = len(text.split()), case.truth[voice], names[voice]
        billed += words * bool(truth)
        right += words * (bool(name) and name == truth)
        wrong += words * (bool(name) and name != truth)
    return billed, right, wrong


def score(found: Iterable[Case], namer: Callable[[Case], Namer] = lambda _: by_default) -> Score:
    """The shares over all cases; `namer` gives the namer for a case (another for each show left out)."""
    counts = np.array([count(case, namer(case)(case)) for case in found], dtype=float).reshape(-1, 3)
    draws = np.random.default_rng(1).integers(0, len(counts), (2000, len(counts)))
    drawn = counts[draws].sum(axis=1)

    def interval(column: int) -> tuple[float, float]:
        low, high = np.percentile(100 * drawn[:, column] / drawn[:, 0], [2.5, 97.5])
        return float(low), float(high)

    billed, right, wrong = counts.sum(axis=0)
    return Score(
        100 * right / billed, interval(1), 100 * wrong / billed, interval(2), int(billed), len(counts)
    )


def figures(shared: Path, namer: Callable[[Case], Namer] = lambda _: by_default) -> dict[str, Score]:
    """All figures by name: per set, pooled, with and without roles, and the scripts."""
    found, written = cases(shared), scripts(shared)
    roles = [case for case in found if case.roles]
    stated = [case for case in found if not case.roles]
    out = {"with roles": score(roles, namer)}
    out |= {f"with roles, {name}": score([c for c in roles if c.set == name], namer) for name in _sets(roles)}
    out["without roles"] = score([plainly(c) for c in found], namer)
    out["without roles, sets that state none"] = score(stated, namer)
    out |= {
        f"without roles, {n}": score([plainly(c) for c in found if c.set == n], namer) for n in _sets(found)
    }
    out["scripts (synthetic episodes, sales call)"] = score(written)
    out["scripts without roles"] = score([plainly(c) for c in written])
    return out


def damaged(shared: Path, namer: Callable[[Case], Namer] = lambda _: by_default) -> dict[str, Score]:
    """The pooled figures after each kind of damage, with roles where the set states them."""
    found = [case for case in cases(shared) if len(case.billed) > 1]
    out = {}
    for name, damage in DAMAGES.items():
        dice = random.Random(7)  # noqa: S311 - for a repeatable draw
        out[name] = score([damage(case, dice) for case in found], namer)
    return out


def _sets(found: Sequence[Case]) -> list[str]:
    return list(dict.fromkeys(case.set for case in found))


def _held_out(shared: Path) -> Callable[[Case], Namer]:
    by_show = {show: by_weights(w) for show, w in left_out(samples(cases(shared)), start()).items()}
    return lambda case: by_show.get(group(case), by_default)


def _ways(shared: Path) -> None:
    found = cases(shared)
    drawn = samples(found)
    ways: dict[str, Callable[[Case], Namer]] = {"weighed by hand": lambda _: by_weights(start())}
    pairs = {show: by_weights(w) for show, w in left_out(drawn, start(), fitting=pairwise).items()}
    joint = {show: by_weights(w) for show, w in left_out(drawn, start()).items()}
    ways["each pair by itself (logistic), show left out"] = lambda case: pairs[group(case)]
    ways["whole namings, show left out"] = lambda case: joint[group(case)]
    for name, namer in ways.items():
        print(f"{name:48} with roles    {score([c for c in found if c.roles], namer)}")
        print(f"{'':48} without roles {score([plainly(c) for c in found], namer)}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--ways", action="store_true")
    asked = parser.parse_args()
    if asked.ways:
        _ways(asked.shared)
        return
    namer: Callable[[Case], Namer] = _held_out(asked.shared) if asked.held_out else lambda _: by_default
    for name, result in figures(asked.shared, namer).items():
        print(f"{name:42} {result}")
    for name, result in damaged(asked.shared, namer).items():
        print(f"damaged: {name:33} {result}")
    longest = max(cases(asked.shared), key=lambda case: len(case.turns))
    before = time.process_time()
    by_default(longest)
    words = sum(len(text.split()) for _, text in longest.turns)
    print(f"CPU {time.process_time() - before:.2f} s for {words} words, {len(longest.turns)} turns")


if __name__ == "__main__":
    main()
