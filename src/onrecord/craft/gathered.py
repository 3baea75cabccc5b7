"""The episodes gathered by what they share: the organisation that somebody spoke for, a tag.

Neither is registered anywhere: they are what episode.md says. Spellings that readers take for one
(craft/slug.py, `own_slug`) are gathered as one, which is called as in the newest episode.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onrecord.craft.fold import fold
from onrecord.craft.slug import own_slug
from onrecord.model.edition import Appearance, Card


@dataclass(frozen=True, slots=True)
class Spoke:
    """Somebody's appearance for an organisation, as billed on that day."""

    card: Card
    billed: Appearance


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation and everybody who spoke for it on a day, the newest first."""

    slug: str
    spellings: tuple[str, ...]
    """The newest first."""
    spoke: tuple[Spoke, ...]

    @property
    def name(self) -> str:
        """As the newest episode spells it."""
        return self.spellings[0]

    @property
    def cards(self) -> tuple[Card, ...]:
        """The episodes, each once, the newest first."""
        return tuple({one.card.slug: one.card for one in self.spoke}.values())


@dataclass(frozen=True, slots=True)
class Tag:
    """A subject or place and the episodes about it, the newest first."""

    slug: str
    spellings: tuple[str, ...]
    """The newest first."""
    cards: tuple[Card, ...]

    @property
    def name(self) -> str:
        """As the newest episode spells it."""
        return self.spellings[0]


def organisations(cards: Iterable[Card]) -> tuple[Organisation, ...]:
    """Every organisation that somebody was billed with, by the alphabet; `cards` newest first."""
    spellings: dict[str, dict[str, None]] = {}
    spoke: dict[str, list[Spoke]] = {}
    for card in cards:
        for billed in card.people:
            if key := own_slug(billed.organisation):
                spellings.setdefault(key, {})[_shown(billed.organisation)] = None
                spoke.setdefault(key, []).append(Spoke(card, billed))
    found = (Organisation(key, tuple(spellings[key]), tuple(spoke[key])) for key in spoke)
    return tuple(sorted(found, key=lambda o: (fold(o.name), o.slug)))


def tags(cards: Iterable[Card]) -> tuple[Tag, ...]:
    """Every tag, by the alphabet; `cards` newest first."""
    spellings: dict[str, dict[str, None]] = {}
    tagged: dict[str, dict[str, Card]] = {}
    for card in cards:
        for tag in card.tags:
            if key := own_slug(tag):
                spellings.setdefault(key, {})[_shown(tag)] = None
                tagged.setdefault(key, {})[card.slug] = card
    found = (Tag(key, tuple(spellings[key]), tuple(tagged[key].values())) for key in tagged)
    return tuple(sorted(found, key=lambda t: (fold(t.name), t.slug)))


def held(cards: Iterable[Card]) -> int:
    """How many conversations have taken place: what is only announced is not counted."""
    return sum(card.state != "announced" for card in cards)


def _shown(name: str) -> str:
    return " ".join(name.split())
