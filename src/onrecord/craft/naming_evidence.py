"""What a conversation says about whose each voice is: figures for every pair of a voice and a person.

Each time a name is said, the words around it tell what is done with it (naming_cues), and that points at
voices: a person who says `I'm Ana` is Ana; whoever is asked `Ana, how ...` mostly speaks next; whoever is
thanked has mostly just spoken; and whoever talks about Ana is not Ana. Beside the names stands the part that
a voice plays (who opens and closes, who asks and who answers, `welcome to`, `thanks for having me`), which
is worth something where the billing says who is host and who is guest, or where somebody is introduced.

The figures are counts, drawn together by a logarithm: the tenth `Ana,` adds less than the second.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from onrecord.craft.naming_cues import Patterns, patterns
from onrecord.craft.naming_letters import plain
from onrecord.craft.naming_names import Mention, Names

Role = Literal["host", "guest", ""]
Turns = Sequence[tuple[str, str]]

SAID = (
    "me", "perhaps_me", "others",
    "presented_next", "presented_soon", "presented_late", "presented_new",
    "called_next", "called_far", "called_before", "named_last",
    "thanked_before", "thanked_next", "greeted_next", "greeted_before",
    "told_next", "told_before",
)  # fmt: skip
"""What is done with a name, and where the voice stands to it."""

PART = ("asks", "opens", "closes", "host_words", "guest_words", "share")
"""What part a voice plays."""

FOR = ("host", "guest", "presented", "unknown")
"""Whose part it may be: billed as host, as guest, or without a role (introduced by somebody, or not)."""

ROOM = ("any", "share_log", "brief", "advert", "more", "fewer", "alone")
"""What speaks for a voice being anybody's who is billed."""

FEATURES = (*SAID, *(f"{who}_{part}" for who in FOR for part in PART), *ROOM)
"""The order of the figures."""

_NEAR_START = 9  # words before a name that still stands at a turn's beginning
_NEAR_END = 30  # words after a name that still stands at a turn's end
_BIG = 0.04  # of the words: the least of a voice that is somebody's rather than the audience's
_EARLY = 0.12  # of a conversation's words: where people are introduced


@dataclass(frozen=True, slots=True)
class Event:
    """One naming: in which turn (as given, from 0), of whom, to which voice it points, in which words."""

    kind: str
    turn: int
    person: int
    voice: int
    worth: float
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures, shape (features, voices, people), and the events that they were counted from."""

    voices: tuple[str, ...]
    figures: np.ndarray
    events: tuple[Event, ...]
    share: np.ndarray
    parts: np.ndarray = field(repr=False)


def evidence(turns: Turns, names: Sequence[Sequence[str]], roles: Sequence[Role], language: str) -> Evidence:
    """Gather the evidence of one conversation.

    Args:
        turns: Voice and text, in order.
        names: Of each billed person the spellings of the name.
        roles: Of each billed person the role.
        language: BCP 47; a language without cues goes by calls and by order alone.
    """
    joined, places = _joined(turns)
    voices = tuple(dict.fromkeys(voice for voice, _ in joined))
    listener = _Listener(joined, voices, names, patterns(language))
    said = np.zeros((len(SAID), len(voices), len(names)))
    events = tuple(replace(event, turn=places[event.turn]) for event in listener.events())
    for event in events:
        said[SAID.index(event.kind), event.voice, event.person] += event.worth
    presented = np.array(
        [
            1 - math.exp(-sum(e.worth for e in events if e.person == p and e.kind == "presented_next"))
            for p in range(len(names))
        ]
    )
    parts, room, share = _parts(listener)
    who = np.stack([
        np.array([float(r == "host") for r in roles]),
        np.array([float(r == "guest") for r in roles]),
        np.array([float(r == "") for r in roles]) * presented,
        np.array([float(r == "") for r in roles]) * (1 - presented),
    ])  # fmt: skip
    played = np.einsum("wp,kv->wkvp", who, parts).reshape(-1, len(voices), len(names))
    rooms = np.repeat(room[:, :, None], len(names), axis=2)
    spare = float(np.sum(share > _BIG)) - len(names)
    rooms[ROOM.index("more")] = min(3.0, max(0.0, spare))
    rooms[ROOM.index("fewer")] = min(3.0, max(0.0, -spare))
    rooms[ROOM.index("alone")] = (2 * share[:, None] - 1) if len(names) == 1 else 0
    return Evidence(voices, np.concatenate([np.log1p(said), played, rooms]), events, share, parts)


def _joined(turns: Turns) -> tuple[list[tuple[str, str]], list[int]]:
    """Folded turns, neighbours of one voice as one; and where each begins in the given ones."""
    joined: list[tuple[str, str]] = []
    places: list[int] = []
    for place, (voice, text) in enumerate(turns):
        if joined and joined[-1][0] == voice:
            joined[-1] = (voice, f"{joined[-1][1]} {plain(text)}")
        else:
            joined.append((voice, plain(text)))
            places.append(place)
    return joined, places


_NAME_AT_THE_END = re.compile(r"\b[A-Z]\w+$")


class _Listener:
    """Goes through the turns once and tells of each name what is done with it."""

    def __init__(
        self,
        turns: list[tuple[str, str]],
        voices: tuple[str, ...],
        names: Sequence[Sequence[str]],
        cues: Patterns,
    ) -> None:
        self.texts = [text for _, text in turns]
        self.who = [voices.index(voice) for voice, _ in turns]
        self.voices = voices
        self.cues = cues
        self.names = Names(names, self.texts)
        self.first = [self.who.index(v) for v in range(len(voices))]
        self.lengths = [len(text.split()) for text in self.texts]
        self.words = max(1, sum(self.lengths))

    def events(self) -> list[Event]:
        found: list[Event] = []
        passed = 0
        for t, text in enumerate(self.texts):
            mentions = self.names.find(text)
            told: list[Event] = []
            for mention in mentions:
                told += self._of(t, mention, early=passed < _EARLY * self.words or t < 4)
            found += _shared(told)
            passed += self.lengths[t]
        return found

    def _of(self, t: int, name: Mention, *, early: bool) -> list[Event]:
        text = self.texts[t]
        before, after = text[max(0, name.start - 260) : name.start], text[name.end : name.end + 60]
        kind = self._kind(before, after)
        if kind == "quoted":
            return []
        starts = len(before.split()) <= _NEAR_START
        ends = len(text[name.end :].split()) <= _NEAR_END
        snippet = _snippet(text, name)
        worth = name.sure / len(name.who)
        nexts, befores = self._nexts(t), self._befores(t)
        out: list[tuple[str, int, float]] = []
        if kind == "me" or (kind == "perhaps_me" and starts):
            return [Event(kind, t, p, self.who[t], worth, snippet) for p in name.who]
        if len(name.who) == 1:
            out.append(("others", self.who[t], worth))
        if kind == "presents":
            if early:
                out += [
                    ("presented_next" if i == 0 else "presented_soon", v, 1.0)
                    for i, v in enumerate(nexts[:3])
                ]
                out += [("presented_new", v, 1.0) for v in self._news(t)]
            else:
                out += [("presented_late", v, 1.0) for v in nexts[:1]]
        elif kind == "thanks":
            out += [("thanked_before", v, 1.0) for v in befores[:1] if starts]
            out += [("thanked_next", v, 1.0 if ends else 0.5) for v in nexts[:1]]
        elif kind == "greets":
            out += [("greeted_next", v, 1.0 if ends else 0.6) for v in nexts[:1]]
            out += [("greeted_before", v, 1.0) for v in befores[:1] if starts]
        elif kind == "calls":
            out += [("called_next" if ends else "called_far", v, 1.0) for v in nexts[:1]]
            out += [("called_before", v, 1.0) for v in befores[:1] if starts]
        else:
            if len(text[name.end :].split()) <= 4:
                out += [("named_last", v, 1.0) for v in nexts[:1]]
            out += [("told_next", v, 1.0) for v in nexts[:1]]
            out += [("told_before", v, 1.0) for v in befores[:1]]
        return [Event(k, t, p, v, w * worth, snippet) for k, v, w in out for p in name.who]

    def _kind(self, before: str, after: str) -> str:  # noqa: PLR0911 - one return for each kind, in order
        cues = self.cues
        possessive = after.startswith("'s")
        if (me := cues.me.search(before)) and not possessive:
            told = cues.quotes.search(before[: me.start()].rstrip(" ,:\"'") + " ") or before.count('"') % 2
            return "quoted" if told else "me"
        opens = not before.strip() or before.rstrip()[-1] in ".?!"
        if not possessive and opens and cues.me_after.search(after):
            return "perhaps_me"
        if cues.thanks.search(before):
            return "thanks"
        if cues.greets.search(before):
            return "greets"
        sentence = before[max(before.rfind(c) for c in ".?!") + 1 :]
        if not possessive and (cues.presents.search(sentence) or cues.presents_after.search(after)):
            return "presents"
        if not possessive and cues.perhaps_me.search(before) and opens_at(before, cues):
            return "perhaps_me"
        over = cues.hands_over.search(before)
        if over and not _joins(over, before) and not cues.reports.search(after):
            return "calls"
        comma = after[:1] in {",", "?", "!", "."} or not after.strip()
        set_off = opens or before.rstrip().endswith(",")
        if comma and set_off and not cues.reports.search(after[1:] if after[:1] == "," else after):
            return "calls"
        return "tells"

    def _nexts(self, t: int) -> list[int]:
        """The voices that speak after a turn, the nearest first, not the speaker."""
        return list(dict.fromkeys(v for v in self.who[t + 1 : t + 7] if v != self.who[t]))

    def _news(self, t: int) -> list[int]:
        """The first voice within a dozen turns that had not spoken before."""
        return next(([v] for i, v in enumerate(self.who[t + 1 : t + 13], t + 1) if self.first[v] == i), [])

    def _befores(self, t: int) -> list[int]:
        return list(dict.fromkeys(v for v in reversed(self.who[max(0, t - 4) : t]) if v != self.who[t]))


def _shared(told: list[Event]) -> list[Event]:
    """The events of one turn; one that points at a voice for several people is worth less for each."""
    people: dict[tuple[str, int], set[int]] = {}
    for e in told:
        people.setdefault((e.kind, e.voice), set()).add(e.person)
    return [
        e if e.kind in {"others", "me"} else replace(e, worth=e.worth / len(people[e.kind, e.voice]))
        for e in told
    ]


def _joins(cue: re.Match[str], before: str) -> bool:
    """Whether an "and" stands between two names, and not at the beginning of a question.

    >>> [_joins(re.search("and $", text), text) for text in ("Petar and ", "I see. and ")]
    [True, False]
    """
    return cue.group().strip() == "and" and bool(_NAME_AT_THE_END.search(before[: cue.start()].rstrip()))


def opens_at(before: str, cues: Patterns) -> bool:
    """Whether a `this is` stands at the beginning of its sentence."""
    found = cues.perhaps_me.search(before)
    head = before[: found.start()].rstrip() if found else ""
    return not head or head[-1] in ".?!,"


def _snippet(text: str, name: Mention) -> str:
    start = max(text.rfind(c, 0, name.start) for c in ".?!,;:") + 1
    start = max(start, text.rfind(" ", 0, max(0, name.start - 40)) + 1) if name.start - start > 40 else start
    return text[start : name.end].strip()


def _parts(listener: _Listener) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The part of each voice (PART x voices), its room (ROOM x voices) and its share of the words."""
    count = len(listener.voices)
    words, asks, host, guest, advert, turns = (np.zeros(count) for _ in range(6))
    for voice, text, length in zip(listener.who, listener.texts, listener.lengths, strict=True):
        words[voice] += length
        turns[voice] += 1
        asks[voice] += text.count("?")
        host[voice] += len(listener.cues.host.findall(text))
        guest[voice] += len(listener.cues.guest.findall(text))
        advert[voice] += len(listener.cues.advert.findall(text))
    share = words / max(1.0, words.sum())
    opens, closes = np.zeros(count), np.zeros(count)
    if listener.who:
        opens[listener.who[0]] = 1
        closes[listener.who[-1]] = 1
    parts = np.stack([
        asks / max(1.0, asks.sum()) - share, opens, closes, np.log1p(host), np.log1p(guest), share,
    ])  # fmt: skip
    big = share > _BIG
    middle = parts[:, big].mean(axis=1, keepdims=True) if big.any() else 0.0
    brief = (turns <= 2).astype(float)
    room = np.stack([
        np.ones(count), np.log(np.maximum(share, 1e-3)), brief, np.log1p(advert) / np.log1p(turns + 1),
        *np.zeros((3, count)),
    ])  # fmt: skip
    return parts - middle, room, share
