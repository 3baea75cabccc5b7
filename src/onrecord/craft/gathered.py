"""The episodes gathered by what they share: the organisation that somebody spoke for, a tag.

Neither is registered anywhere: they are what episode.md says. Spellings that readers take for one
(craft/slug.py, `own_slug`) are gathered as one, which is called as in the newest episode.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from onrecord.craft.fold import fold
from onrecord.craft.slug import own_slug
from onrecord.model.edition import Appearance, Card

T = TypeVar("T")


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
        return _once(one.card for one in self.spoke)


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
    named = ((one.organisation, Spoke(card, one)) for card in cards for one in card.people)
    return tuple(Organisation(*own) for own in _by_name(named))


def tags(cards: Iterable[Card]) -> tuple[Tag, ...]:
    """Every tag, by the alphabet; `cards` newest first."""
    named = ((tag, card) for card in cards for tag in card.tags)
    return tuple(Tag(slug, spellings, _once(tagged)) for slug, spellings, tagged in _by_name(named))


def held(cards: Iterable[Card]) -> int:
    """How many conversations have taken place: what is only announced is not counted."""
    return sum(card.state != "announced" for card in cards)


def _by_name(named: Iterable[tuple[str, T]]) -> list[tuple[str, tuple[str, ...], tuple[T, ...]]]:
    """What is named alike together, by the alphabet: its slug, its spellings, and all of it, as it came."""
    spellings: dict[str, dict[str, None]] = {}
    found: dict[str, list[T]] = {}
    for name, one in named:
        if slug := own_slug(name):
            spellings.setdefault(slug, {})[" ".join(name.split())] = None
            found.setdefault(slug, []).append(one)
    together = [(slug, tuple(spellings[slug]), tuple(all_of_it)) for slug, all_of_it in found.items()]
    return sorted(together, key=lambda own: (fold(own[1][0]), own[0]))


def _once(cards: Iterable[Card]) -> tuple[Card, ...]:
    """Each episode once, where it first came."""
    return tuple({card.slug: card for card in cards}.values())
