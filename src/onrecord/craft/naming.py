"""Voices to names: who of the billed people each anonymous voice is, from what is said.

A recording gives voices (`Speaker 1`), a billing gives names. What joins them is said in the conversation:
people are introduced, greeted, called, thanked; they say who they are; hosts open, ask and close. Each of
these is weak alone. `Maxim, how do they ...` is mostly answered by Maxim, but now and then a colleague is
quicker. So every pair of a voice and a person gets a worth, the sum of its evidence (naming_evidence) times
what such evidence has turned out to be worth (naming_weights), in the manner of log odds; and then all
voices are named at once, by the assignment of the greatest sum, in which a voice may also be nobody's, for
nothing:

                  Ilva    Maxim   nobody
    Speaker 1      4.1     -2.0     0        opens, asks, says `joining me is Maxim`
    Speaker 2     -3.2      3.5     0        speaks next, answers
    Speaker 3     -1.9     -0.7     0        an advertisement

One assignment for all is what makes elimination safe: a voice takes the last name that is left only if the
whole naming is better with it than without. How sure a name is follows from just that: by how much is this
naming better than the best one in which the voice is *not* this person (its margin)? Two Marias, or two
hosts who never name each other, have nearly equal namings and stay anonymous. Margins become chances by a
logistic curve, fitted to shows that the weights had not seen (bench/naming_fit.py); a name is given from
`SURE` on, chosen so that at most 1.5 % of the words get a wrong one. No name is better than a wrong one.

A person gets one voice. Only where the parts of a split voice each have evidence in words or in sound of
their own may a second one go to the same person, and that costs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.optimize import linear_sum_assignment

from onrecord.craft.naming_cues import CUES
from onrecord.craft.naming_evidence import FEATURES, SAID, Evidence, Role, Turns, evidence
from onrecord.craft.naming_reasons import Case, reasons
from onrecord.craft.naming_weights import AGAIN, LIKE, SLOPE, SURE, WEIGHTS, ZERO

__all__ = ["CUES", "Billed", "Naming", "Role", "Turns", "name_voices"]

_WEIGHTS = np.array([WEIGHTS.get(name, 0.0) for name in FEATURES])
_NEVER = -1e6
_NO_LIKES: Mapping[tuple[str, str], float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Billed:
    """Somebody who may speak: an id, the name, other spellings and nicknames, the role if it is known."""

    id: str
    name: str
    also: tuple[str, ...] = ()
    role: Role = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """Whose a voice is.

    `person` is an id of the billing, empty where the voice stays anonymous; `sure` (0 to 1) is the chance
    that the name is right, or, for an anonymous voice, that `runner_up` would have been. `reasons` are
    plain sentences without a subject (`is introduced at turn 3: ...`; turns count from 1).
    """

    voice: str
    person: str
    sure: float
    reasons: tuple[str, ...] = ()
    runner_up: str = ""


def name_voices(
    turns: Turns,
    billed: Sequence[Billed],
    *,
    language: str = "en",
    likes: Mapping[tuple[str, str], float] = _NO_LIKES,
) -> tuple[Naming, ...]:
    """Name the voices of one conversation.

    Args:
        turns: Voice and text of each turn, in order.
        billed: Who may speak, in any order; somebody billed may be absent, somebody heard may not be billed.
        language: BCP 47. One without cues (see `CUES`) is named only by what needs no words.
        likes: How alike a voice and a person's voice print are (cosine, 1 = the same), by voice and id.

    Returns:
        One naming for each voice, in order of first speaking.

    >>> said = [("Speaker 1", "Welcome to the show. Joining me is Ana Lind."),
    ...         ("Speaker 2", "Thanks for having me."),
    ...         ("Speaker 1", "Ana, what is new?"), ("Speaker 2", "A lot, Bo. A lot.")]
    >>> [n.person for n in name_voices(said, [Billed("ana", "Ana Lind"), Billed("bo", "Bo Ek")])]
    ['bo', 'ana']
    """
    people = sorted(billed, key=lambda b: b.id)
    if not people or not turns:
        return tuple(
            Naming(voice, "", 0.0, ("nobody is billed",)) for voice in dict.fromkeys(v for v, _ in turns)
        )
    found = evidence(turns, [(b.name, *b.also) for b in people], [b.role for b in people], language)
    sound = _sound(found.voices, people, likes)
    worth = worth_of(found, _WEIGHTS) + sound
    own = own_of(found, _WEIGHTS) + sound
    named = []
    for v, (best, margin, other) in enumerate(assign(worth, own)):
        sure = chance(margin) if best >= 0 else 0.0
        if sure >= SURE:
            case = Case(found, v, best, sound[v, best], people[best].role)
            runner_up = people[other].id if other >= 0 else ""
            named.append(Naming(found.voices[v], people[best].id, sure, reasons(case, _WEIGHTS), runner_up))
        else:
            near = people[best] if best >= 0 else None
            why = f"could be {near.name}, but not surely enough" if near else "fits nobody who is billed"
            named.append(Naming(found.voices[v], "", sure, (why,), near.id if near else ""))
    return tuple(named)


def worth_of(found: Evidence, weights: np.ndarray) -> np.ndarray:
    """What speaks for each pair of a voice and a person, together; shape (voices, people)."""
    worth: np.ndarray = np.einsum("f,fvp->vp", weights, found.figures)
    return worth


def own_of(found: Evidence, weights: np.ndarray) -> np.ndarray:
    """The part of `worth_of` that comes from names said, not from the part that a voice plays."""
    own: np.ndarray = np.einsum("f,fvp->vp", weights[: len(SAID)], found.figures[: len(SAID)])
    return own


def chance(margin: float) -> float:
    """The chance that a name with that margin is right."""
    return 1 / (1 + math.exp(-(SLOPE * margin + ZERO)))


def assign(worth: np.ndarray, own: np.ndarray) -> list[tuple[int, float, int]]:
    """The best naming of all voices together.

    Args:
        worth: Of each pair of a voice and a person.
        own: The part of it that is evidence of the voice's own: a person's second voice needs it.

    Returns:
        For each voice the person (-1 nobody), the margin over the best naming without it, and the person
        whom that other naming gives to the voice (-1 nobody).
    """
    voices, people = worth.shape
    table = np.concatenate([worth, np.minimum(worth, own) - AGAIN, np.zeros((voices, voices))], axis=1)

    def solve(table: np.ndarray) -> tuple[float, list[int]]:
        rows, columns = linear_sum_assignment(-table)
        got = [int(c) % people if c < 2 * people else -1 for c in columns]
        return float(table[rows, columns].sum()), got

    best, chosen = solve(table)
    out = []
    for v, p in enumerate(chosen):
        if p < 0:
            out.append((-1, 0.0, -1))
            continue
        without = table.copy()
        without[v, [p, p + people]] = _NEVER
        second, others = solve(without)
        out.append((p, best - second, others[v]))
    return out


def _sound(
    voices: Sequence[str], people: Sequence[Billed], likes: Mapping[tuple[str, str], float]
) -> np.ndarray:
    """What the voice prints say: nothing at 0.5, the same person above, somebody else below."""
    likeness = np.array([[likes.get((voice, p.id), 0.5) for p in people] for voice in voices])
    return LIKE * np.clip(likeness.reshape(len(voices), len(people)) - 0.5, -0.25, 0.25)
