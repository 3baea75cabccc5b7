"""The files above the episodes: made from the cards, or kept where nothing they tell of changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from onrecord import outputs
from onrecord.flow.memory import Memory, Remembered
from onrecord.flow.wish import Wish
from onrecord.folder.release import Entry, Kept
from onrecord.model.edition import Card, Site
from onrecord.model.episode import Series
from onrecord.outputs.base import RevisedOutput, SeriesOutput
from onrecord.text import card_json


@dataclass(frozen=True, slots=True)
class OfSeries:
    """The files above the episodes, and which output made which."""

    entries: dict[str, Entry]
    made: dict[str, tuple[str, ...]]


def of_series(
    series: Series,
    episodes: Mapping[str, Remembered],
    wish: Wish,
    before: Memory | None = None,
    public: Path = Path(),
    there: Collection[str] = (),
    lay: Callable[[Mapping[str, Entry]], Mapping[str, Entry]] = dict,
) -> OfSeries:
    """The files of the series' outputs.

    Args:
        series: The series.
        episodes: All of its episodes by slug.
        wish: What the build is asked for.
        before: What the release in public/ knew, where all that every page depends on is as it was.
        public: Where that release lies.
        there: The paths of those of its files that lie there as they were made.
        lay: Is given the files of each output as they are made, and gives what stands for them from then on.
    """
    other = _other(before.episodes, episodes) if before else None
    cards: tuple[Card, ...] | None = None
    found = OfSeries({}, {})
    for output in outputs.series_outputs():
        made: Mapping[str, Entry] | None = None
        paths = before.of_series.get(output.NAME) if before else None
        if other is not None and paths is not None and all(path in there for path in paths):
            if _stays(output, series, other.fields):
                made = dict.fromkeys(paths, Kept())
            elif paths and isinstance(output, RevisedOutput) and other.fields.isdisjoint(output.PLACED):
                site = Site(series, _cards(episodes[slug] for slug in other.slugs), draft=wish.drafts)
                revised = output.revise((public / paths[0]).read_bytes(), site)
                made = {paths[0]: revised} if revised is not None else None
        if made is None:
            cards = _cards(episodes.values()) if cards is None else cards
            made = output.render(Site(series, cards, draft=wish.drafts))
        found.entries.update(lay(made))
        found.made[output.NAME] = tuple(made)
    return found


@dataclass(frozen=True, slots=True)
class _Other:
    """The cards that are other than before, and the fields in which one of them is."""

    slugs: tuple[str, ...]
    fields: frozenset[str]


def _other(before: Mapping[str, Remembered], now: Mapping[str, Remembered]) -> _Other | None:
    """What is other than before; None where an episode came or went."""
    was, cards = ({slug: e.card for slug, e in of.items() if e.card is not None} for of in (before, now))
    if was.keys() != cards.keys():
        return None
    slugs = tuple(slug for slug, card in cards.items() if card != was[slug])
    pairs = [(json.loads(was[slug]), json.loads(cards[slug])) for slug in slugs]
    fields = {key for old, new in pairs for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return _Other(slugs, frozenset(fields))


def _stays(output: SeriesOutput, series: Series, other: frozenset[str]) -> bool:
    """Whether an output's files are as they were; what a theme's own templates look at, nobody knows."""
    uses = getattr(output, "USES", None)
    return uses is not None and other.isdisjoint(other if series.theme.templates else uses)


def _cards(episodes: Iterable[Remembered]) -> tuple[Card, ...]:
    """All cards, newest first."""
    cards = card_json.read([e.card for e in episodes if e.card is not None]) or ()
    return tuple(sorted(cards, key=lambda c: (datetime.fromisoformat(c.published), c.slug), reverse=True))
