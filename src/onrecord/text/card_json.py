"""Cards as JSON: what a release remembers of its episodes."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from onrecord.model.edition import Card

_CARD: TypeAdapter[Card] = TypeAdapter(Card)


def write(card: Card) -> str:
    """A card as JSON text."""
    return _CARD.dump_json(card).decode()


def read(texts: Iterable[str]) -> tuple[Card, ...] | None:
    """Cards from JSON texts; None if another version of Onrecord wrote them."""
    try:
        return tuple(map(_CARD.validate_json, texts))
    except ValidationError:
        return None
