"""The question index: every question of the programme, who answered it, and those that were asked again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from onrecord.craft.asked_again import asked_again
from onrecord.model.edition import Appearance, Card, PublishedQuestion, Site
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import Page, fill, linking_from

NAME = "questions"
KIND = "series"
USES = (*LISTED, "asked")


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it was put in one episode, and who answered it, each as billed on that day."""

    card: Card
    question: PublishedQuestion
    answered: tuple[tuple[Appearance, int], ...]
    """Who, and where they begin (published clock, ms)."""

    @property
    def year(self) -> str:
        """The year in which it was put."""
        return self.card.published[:4]


def render(site: Site) -> Mapping[str, bytes]:
    """Give `questions/index.html`: those that were asked again first, then all by year, the newest first."""
    path = "questions/index.html"
    put = [Put(card, question, tuple(_answered(card, question))) for card, question in _all(site.cards)]
    again = asked_again([(p.question.text, p.card.language) for p in put])
    page = Page(
        path=path,
        series=site.series,
        title="Questions",
        description=f"Every question asked in {site.series.title}, and who answered it.",
        draft=site.draft,
        link=linking_from(path),
    )
    values = {
        "again": [[put[i] for i in group] for group in again],
        "years": [(year, list(group)) for year, group in groupby(put, key=lambda p: p.year)],
    }
    return {path: fill("questions.html", page, values)}


def _all(cards: Iterable[Card]) -> Iterator[tuple[Card, PublishedQuestion]]:
    """Every question that was or will be put; what was left out of a conversation is on its page alone."""
    for card in cards:
        for question in card.asked:
            if question.found != "never asked":
                yield card, question


def _answered(card: Card, question: PublishedQuestion) -> Iterator[tuple[Appearance, int]]:
    billed = {a.person.id or a.person.name: a for a in card.people}
    seen = set()
    for answer in question.answers:
        key = answer.by.id or answer.by.name
        if key in billed and key not in seen:
            seen.add(key)
            yield billed[key], answer.at.start
