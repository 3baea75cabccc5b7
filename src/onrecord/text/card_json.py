"""Cards as JSON: what a release remembers of its episodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from onrecord.model.edition import Card

_CARDS: TypeAdapter[tuple[Card, ...]] = TypeAdapter(tuple[Card, ...])


def write(cards: Sequence[Card]) -> list[Any]:
    """Cards as plain JSON data."""
    found: list[Any] = _CARDS.dump_python(tuple(cards), mode="json")
    return found


def read(data: object) -> tuple[Card, ...] | None:
    """Cards from plain JSON data; None if another version of Onrecord wrote them."""
    try:
        return _CARDS.validate_python(data)
    except ValidationError:
        return None
