"""All episodes in one light list by year, which a person, an organisation or a tag narrows.

Each row names the places of its people, organisations and tags in the lists above it (`p3 o0 t12`), so that
the script can narrow a thousand rows without asking for anything, and a row stays small. The lists are
links to the pages of each: who runs no script follows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from onrecord.craft.fold import fold
from onrecord.craft.gathered import organisations, tags
from onrecord.craft.slug import own_slug
from onrecord.craft.url import organisation_path, person_path, tag_path
from onrecord.model.edition import Appearance, Card, Site
from onrecord.outputs.assets import EPISODES
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import Page, fill, linking_from

NAME = "episodes"
KIND = "series"
USES = (*LISTED, "tags")
INDEX = "episodes/index.html"


@dataclass(frozen=True, slots=True)
class Row:
    """An episode in the list: who is named beside it, and where it belongs."""

    card: Card
    named: tuple[Appearance, ...]
    of: str


def render(site: Site) -> Mapping[str, bytes]:
    """Give `episodes/index.html`."""
    cards = site.cards
    people = {a.person.id: a.person.name for c in reversed(cards) for a in c.people if a.person.id}
    by_name = sorted(people.items(), key=lambda one: (fold(one[1]), one[0]))
    known = organisations(cards)
    subjects = tags(cards)
    places = {
        **{("p", key): f"p{n}" for n, (key, _) in enumerate(by_name)},
        **{("o", one.slug): f"o{n}" for n, one in enumerate(known)},
        **{("t", one.slug): f"t{n}" for n, one in enumerate(subjects)},
    }
    rows = [Row(card, _named(card), " ".join(_of(card, places))) for card in cards]
    page = Page(
        path=INDEX,
        series=site.series,
        title="Episodes",
        description=f"Every episode of {site.series.title}, by year, person, organisation and tag.",
        draft=site.draft,
        link=linking_from(INDEX),
    )
    values: dict[str, Any] = {
        "module": EPISODES,
        "count": len(rows),
        "years": [(year, list(some)) for year, some in groupby(rows, key=lambda r: r.card.published[:4])],
        "lists": [
            ("person", "Person", [(person_path(key), name) for key, name in by_name]),
            ("organisation", "Organisation", [(organisation_path(one.name), one.name) for one in known]),
            ("tag", "Tag", [(tag_path(one.name), one.name) for one in subjects]),
        ],
    }
    return {INDEX: fill("episodes.html", page, values)}


def _named(card: Card) -> tuple[Appearance, ...]:
    """The guests; the host where there is none."""
    return tuple(a for a in card.people if a.part == "guest") or card.people


def _of(card: Card, places: Mapping[tuple[str, str], str]) -> Iterator[str]:
    keys = [("p", billed.person.id) for billed in card.people]
    keys += [("o", own_slug(billed.organisation)) for billed in card.people]
    keys += [("t", own_slug(tag)) for tag in card.tags]
    yield from dict.fromkeys(places[key] for key in keys if key in places)
