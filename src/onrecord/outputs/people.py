"""The people of the programme: a page for each, with every appearance and what they said there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onrecord.craft.gathered import held
from onrecord.craft.url import person_path
from onrecord.model.edition import Appearance, Card, PublishedQuestion, PublishedQuote, Site
from onrecord.model.people import Person
from onrecord.outputs import linked
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import Page, fill, linking_from

NAME = "people"
KIND = "series"
USES = (*LISTED, "asked", "quotes")


@dataclass(frozen=True, slots=True)
class Visit:
    """One episode with a person in it: billed how, what they answered, which words of theirs are quoted."""

    card: Card
    billed: Appearance
    answered: tuple[PublishedQuestion, ...]
    quotes: tuple[PublishedQuote, ...]


def render(site: Site) -> Mapping[str, bytes]:
    """Give `people/index.html` and `people/<id>/index.html`."""
    visits: dict[str, list[Visit]] = {}
    people: dict[str, Person] = {}
    for card in site.cards:
        for billed in card.people:
            person = billed.person
            if not person.id:
                continue
            # Cards come newest first, so a person is shown as in the newest.
            people.setdefault(person.id, person)
            answered = tuple(q for q in card.asked if any(a.by.id == person.id for a in q.answers))
            quotes = tuple(q for q in card.quotes if q.by.id == person.id)
            visits.setdefault(person.id, []).append(Visit(card, billed, answered, quotes))
    made = {person_path(key): _person(site, people[key], tuple(visits[key])) for key in people}
    listed = sorted(people.values(), key=lambda p: (p.name.casefold(), p.id))
    path = "people/index.html"
    page = Page(
        path=path,
        series=site.series,
        title="People",
        description=f"Everybody who has spoken in {site.series.title}.",
        draft=site.draft,
        link=linking_from(path),
    )
    rows = [
        (person, visits[person.id][0], held(visit.card for visit in visits[person.id])) for person in listed
    ]
    return {path: fill("people.html", page, {"rows": rows}), **made}


def _person(site: Site, person: Person, visits: tuple[Visit, ...]) -> bytes:
    path = person_path(person.id)
    page = Page(
        path=path,
        series=site.series,
        title=person.name,
        description=f"{person.name} in {site.series.title}: every conversation, what was asked and said.",
        draft=site.draft,
        kind="profile",
        link=linking_from(path),
        linked=linked.written(linked.of_person(site.series, person, [visit.card for visit in visits])),
        twin=path.replace("index.html", "index.md"),
    )
    is_host = all(visit.billed.part == "host" for visit in visits)
    return fill("person.html", page, {"person": person, "visits": visits, "is_host": is_host})
