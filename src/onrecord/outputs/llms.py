"""For programs that read text: what the series is and where everything of it stands (https://llmstxt.org)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from onrecord.craft.gathered import Organisation, Tag, organisations, tags
from onrecord.craft.url import absolute, episode_path, organisation_path, person_path, relative, tag_path
from onrecord.model.edition import Appearance, Card, Site
from onrecord.outputs import twin
from onrecord.outputs.base import LISTED
from onrecord.outputs.frame import day
from onrecord.outputs.twin import one_line

NAME = "llms"
KIND = "series"
USES = (*LISTED, "tags", "asked", "quotes")


def render(site: Site) -> Mapping[str, bytes]:
    """Give `llms.txt`, and the twins of the home page, of each person's, organisation's and tag's."""
    made = {"llms.txt": _lines(site, "llms.txt"), "index.md": _lines(site, "index.md")}
    visits: dict[str, list[tuple[Card, Appearance]]] = {}
    for card in site.cards:
        for billed in card.people:
            if billed.person.id:
                visits.setdefault(billed.person.id, []).append((card, billed))
    for key, mine in visits.items():
        path = person_path(key).replace("index.html", twin.FILE)
        made[path] = _person(path, mine)
    for organisation in organisations(site.cards):
        path = organisation_path(organisation.name).replace("index.html", twin.FILE)
        made[path] = _organisation(path, organisation)
    for tag in tags(site.cards):
        path = tag_path(tag.name).replace("index.html", twin.FILE)
        made[path] = _tag(path, tag)
    return {path: ("\n".join(lines) + "\n").encode(errors="replace") for path, lines in made.items()}


def _lines(site: Site, path: str) -> Iterator[str]:
    series = site.series
    yield f"# {one_line(series.title)}"
    if series.tagline:
        yield f"\n> {one_line(series.tagline)}"
    yield "\nEvery episode: who spoke, what was asked, and every word with its time. Quotes are verbatim.\n"
    feed = absolute(series.url, "feed.xml")
    if feed:
        yield f"Podcast feed: <{feed}>\n"
    yield "## Episodes\n"
    for card in site.cards:
        yield _entry(path, card)


def _entry(path: str, card: Card, of_day: str = "") -> str:
    to = relative(path, episode_path(card.slug, twin.FILE))
    names = ", ".join(billed.person.name for billed in card.people if billed.part == "guest")
    coming = "coming on " if card.state == "announced" else ""
    said = "; ".join(part for part in (coming + day(card.published), of_day or one_line(names)) if part)
    return f"- [{one_line(card.title)}]({to}): {said}"


def _person(path: str, visits: list[tuple[Card, Appearance]]) -> Iterator[str]:
    yield f"# {one_line(visits[0][1].person.name)}\n"
    for card, billed in visits:
        title = ", ".join(part for part in (billed.role, billed.organisation) if part)
        yield _entry(path, card, one_line(f"{billed.part}, {title}" if title else billed.part))
        for quote in card.quotes:
            if quote.by.id == billed.person.id:
                yield f"  > {one_line(quote.text)}"


def _organisation(path: str, organisation: Organisation) -> Iterator[str]:
    yield f"# {one_line(organisation.name)}\n"
    for one in organisation.spoke:
        who = ", ".join(part for part in (one.billed.person.name, one.billed.part, one.billed.role) if part)
        yield _entry(path, one.card, one_line(who))


def _tag(path: str, tag: Tag) -> Iterator[str]:
    yield f"# {one_line(tag.name)}\n"
    for card in tag.cards:
        yield _entry(path, card)
        for question in card.asked:
            if question.found != "never asked":
                yield f"  - {one_line(question.text)}"
