"""Why a voice got its name, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from onrecord.craft.naming_evidence import FEATURES, PART, SAID, Event, Evidence, Role

_SAYS: Mapping[str, str] = MappingProxyType({
    "me": "says so at turn {}: `{}`",
    "perhaps_me": "begins with the name at turn {}: `{}`",
    "presented_next": "is introduced at turn {}: `{}`",
    "presented_soon": "speaks soon after the introduction at turn {}: `{}`",
    "presented_late": "speaks after being presented at turn {}: `{}`",
    "called_next": "answers when called at turn {}: `{}`",
    "called_far": "answers after being called at turn {}: `{}`",
    "called_before": "has just spoken when called at turn {}: `{}`",
    "named_last": "speaks next when named at turn {}: `{}`",
    "thanked_before": "is thanked at turn {}: `{}`",
    "thanked_next": "answers the thanks at turn {}: `{}`",
    "greeted_next": "answers the greeting at turn {}: `{}`",
    "greeted_before": "is greeted back at turn {}: `{}`",
    "told_next": "speaks after being spoken of at turn {}: `{}`",
    "told_before": "has spoken before being spoken of at turn {}: `{}`",
})  # fmt: skip
_PLAYS: Mapping[tuple[str, bool], str] = MappingProxyType({
    ("asks", True): "asks most of the questions",
    ("asks", False): "answers more than it asks",
    ("opens", True): "speaks first",
    ("closes", True): "speaks last",
    ("host_words", True): "opens and closes the conversation in words",
    ("guest_words", True): "thanks for the invitation",
    ("share", True): "speaks more than the others",
    ("share", False): "speaks less than the others",
})  # fmt: skip
_MOST = 4
_LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Case:
    """A voice and a person (places in the evidence), what the sound adds, and the person's role."""

    found: Evidence
    voice: int
    person: int
    sound: float
    role: Role


def reasons(case: Case, weights: np.ndarray) -> tuple[str, ...]:
    """The weightiest reasons first, at most four; elimination is one only where there is no other."""
    adds = weights * case.found.figures[:, case.voice, case.person]
    told: list[tuple[float, str]] = []
    for i, kind in enumerate(SAID):
        events = _events(case, kind)
        if adds[i] >= _LEAST and events and kind in _SAYS:
            more = f" (and {len(events) - 1} more)" if len(events) > 1 else ""
            told.append((adds[i], _SAYS[kind].format(events[0].turn + 1, events[0].words) + more))
    for i, part in enumerate(PART):
        worth = float(sum(adds[j] for j in range(len(SAID) + i, len(FEATURES) - 5, len(PART))))
        said = _PLAYS.get((part, bool(case.found.parts[i, case.voice] > 0)))
        if worth >= _LEAST and said:
            told.append((worth, f"{said}{_as(case.role)}"))
    if case.sound >= _LEAST:
        told.append((case.sound, "sounds like this person's voice print"))
    told.sort(key=lambda reason: -reason[0])
    return tuple(text for _, text in told[:_MOST]) or ("is the one that is left for the name",)


def _events(case: Case, kind: str) -> list[Event]:
    return sorted(
        (e for e in case.found.events if (e.kind, e.voice, e.person) == (kind, case.voice, case.person)),
        key=lambda e: (-e.worth, e.turn),
    )


def _as(role: Role) -> str:
    return f", as a {role} does" if role else ""
